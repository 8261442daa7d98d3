"""Calibration: from a user's own table to an ensemble of parameter values that fits it, and what stays unidentified."""
