"""Workers import the tasks of these tests by name, so their folder has to be on the path, as a user's is."""

import sys
from pathlib import Path

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)
