"""The table of patterns that the baseline must show and that nobody built in one by one (Grimm et al. 2005)."""
