"""Conversations: what was asked and answered in turn, and how it is kept."""
