"""What an answer rests on: every assumption of a scenario at both ends of its plausible range, one at a time."""
