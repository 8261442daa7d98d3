"""Results: what a run leaves, as tables, series, measures, key figures, with their dictionary and their folder."""
