"""Rules: one file per idea, each a scalar, pure, compiled function that reads like its equation."""
