"""The matrix: beside each recommendation of a report, the passages that bear on it."""
