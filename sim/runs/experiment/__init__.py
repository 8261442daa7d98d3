"""Experiment files: what is varied, over what range, by which design, and what is recorded."""
