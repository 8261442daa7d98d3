"""Fit parameters to data: an ensemble that fits, and what stays unidentified."""
