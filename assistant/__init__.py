"""A document-grounded question-answering assistant for military planners."""

__version__ = "0.1.0"
