"""What else people call parameters and outputs: for `sim explain`, and for suggestions after a wrong name.

Words stand in small letters, with spaces. A target is the path of a parameter, or the name of an output as it stands in
an experiment; a test holds that each exists. The table is `synonyms.json` beside this file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from sim.words import translated


class Synonym(NamedTuple):
    """What a word may mean.

    Attributes:
        parameters: Paths, the likeliest first.
        outputs: Names of outputs, the likeliest first.
    """

    parameters: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


SYNONYMS: dict[str, Synonym] = {
    word: Synonym(tuple(told.get("parameters", ())), tuple(told.get("outputs", ())))
    for told in json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    for word in told["words"]
}


def meant(words: str) -> Synonym:
    """What a word may mean besides a parameter's own name; nothing where it is in no table.

    >>> meant("Response-Time").outputs, meant("ease").parameters
    (('answer_days.mean', 'wait_days.mean'), ())
    """
    folded = " ".join(words.lower().replace("_", " ").replace("-", " ").replace(".", " ").split())
    own = SYNONYMS.get(folded)
    return own or next((found for name, found in SYNONYMS.items() if translated(name) == folded), Synonym())
