"""Compare scenarios under the same luck."""
