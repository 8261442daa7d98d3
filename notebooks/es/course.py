"""What the Spanish notebooks share: all of `notebooks/course.py`, with the program's own words in Spanish.

A notebook finds this one because it stands beside it. Whoever has chosen a language keeps it.
"""

import os
import runpy
from pathlib import Path

from sim.words.languages import VARIABLE, languages

if "es" in languages():
    os.environ.setdefault(VARIABLE, "es")  # before the first word, and for worker processes too
globals().update(
    (name, value)
    for name, value in runpy.run_path(str(Path(__file__).resolve().parents[1] / "course.py")).items()
    if not name.startswith("__")
)
