"""Choose levers under a budget, for the best expected value or the worst case."""
