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
    folded = _folded(words)
    own = SYNONYMS.get(folded)
    return own or next((found for name, found in SYNONYMS.items() if translated(name) == folded), Synonym())


def meant_within(words: str, least: int = 1) -> Synonym:
    """What the longest phrases within a question may mean; nothing where no phrase of it is in the table.

    Args:
        words: The question.
        least: Words of a phrase, at least.

    >>> meant_within("drop the joining fee").parameters[0], meant_within("nothing of the kind")
    ('firm.strategy.welcome_cost', Synonym(parameters=(), outputs=()))
    """
    said = _folded(words).split()
    for length in range(len(said), least - 1, -1):
        phrases = [meant(" ".join(said[start : start + length])) for start in range(len(said) - length + 1)]
        paths = dict.fromkeys(path for phrase in phrases for path in phrase.parameters)
        outputs = dict.fromkeys(name for phrase in phrases for name in phrase.outputs)
        if paths or outputs:
            return Synonym(tuple(paths), tuple(outputs))
    return Synonym()


def called(path: str) -> list[str]:
    """What people call a parameter, in the reader's language too.

    >>> "joining fee" in called("firm.strategy.welcome_cost")
    True
    """
    words = [word for word, found in SYNONYMS.items() if path in found.parameters]
    return list(dict.fromkeys([*words, *map(translated, words)]))


def _folded(words: str) -> str:
    return " ".join(words.lower().replace("_", " ").replace("-", " ").replace(".", " ").split())
