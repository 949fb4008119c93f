"""Answering: choosing what to say, citing it, verifying it, or saying that it is not there."""
