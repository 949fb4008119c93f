"""The command ``assistant``."""
