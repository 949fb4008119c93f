"""How a statement is held against the text it cites: words, numbers, actors, negations, scope."""
