"""Rules from outside."""
