"""The loops one call at a time, only where nothing is compiled: each kernel would be compiled for each kind of call.

That compiled code gives the same bits is a test of its own, and `tests/engine/test_loops.py` runs this folder.
"""

from sim.compiled import PLAIN

collect_ignore_glob = [] if PLAIN else ["test_*.py"]
