"""Tests of who is worth an offer."""
