"""Doing many runs: tasks, limits, workers and engines, behind one interface."""
