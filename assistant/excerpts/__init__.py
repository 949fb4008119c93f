"""Excerpts: every passage on a matter, sentence by sentence, with its place."""
