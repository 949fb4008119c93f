"""Indexing: passages become vectors and words that can be searched."""
