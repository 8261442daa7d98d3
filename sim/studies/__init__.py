"""Studies: runs with replications, tidy tables, key figures with intervals, and the folder that keeps them."""
