"""The model: one room for each idea, with its parameters, equations and sources."""
