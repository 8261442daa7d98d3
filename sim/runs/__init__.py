"""Runs: doing one or a hundred thousand, from an experiment file to stored rows."""
