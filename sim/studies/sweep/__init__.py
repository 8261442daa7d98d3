"""Sweep: run a scenario at many points, keep every run, and describe how outputs respond."""
