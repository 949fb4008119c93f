"""Conversations as files that leave the assistant: Markdown and Word."""
