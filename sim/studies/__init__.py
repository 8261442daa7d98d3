"""Studies: the kinds of questions that are put to many runs, one package each."""
