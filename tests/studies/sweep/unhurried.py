"""`python -m tests.studies.sweep.unhurried`: `sim` that stores each row when it comes, and then takes its time.

Whoever waits for the first row on the disk comes amid the runs, however fast these are and however late the other is.
"""

import time

from sim.cli import main
from sim.runs.store import store

BETWEEN_ROWS = 0.1
"""Seconds: a quarter of a minute for 144 runs, in which a signal finds the program as at any other moment."""
AS_IT_IS = store.Store.append


def append(self, rows):
    AS_IT_IS(self, rows)
    time.sleep(BETWEEN_ROWS)


if __name__ == "__main__":  # and not in workers, which look at the program that started them
    store.LONGEST_WAIT = 0.0
    store.Store.append = append
    main()
