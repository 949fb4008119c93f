"""The HTTP API: questions, searches and documents for other programs."""
