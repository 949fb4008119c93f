"""Judging answers against a gold question set: run, measure, compare, calibrate."""
