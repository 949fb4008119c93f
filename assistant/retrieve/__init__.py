"""Retrieving: the passages that bear on a question, ranked."""
