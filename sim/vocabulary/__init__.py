"""Vocabulary: the nouns of the model (parameters, state, random streams, errors)."""
