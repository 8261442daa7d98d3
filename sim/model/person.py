"""Person: who somebody is, as a row of the state, whatever the firm does."""

from __future__ import annotations

from sim.vocabulary.column import Column

CAPTIVE, INFLUENTIAL, HAS_COMPLAINED, COMPLAINT_OPEN, GONE, PRESENT, NEWCOMER = (1 << bit for bit in range(7))
"""Bits of `flags`."""

COLUMNS = (
    Column("luck", "u4", 1, "id", "key of the person's luck"),
    Column("segment", "u1", 1, "index", "segment"),
    Column("flags", "u1", 1, "bits", "captive, influential, has complained, complaint open, gone, present, newcomer"),
)
OBSERVABLES = ()
