"""The chat in the browser: it renders values and asks the assistant, nothing more."""
