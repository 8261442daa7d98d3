"""Answers in words: those of the usual five steps are numbers, and of any others it is said once what they lack."""

from __future__ import annotations

from collections import Counter

from sim.data.column_names import folded
from sim.data.known_names import KNOWN
from sim.data.users_table import UsersTable
from sim.vocabulary.errors import ScenarioError
from sim.words import counted, listed, say

STEPS: list[list[str]] = KNOWN["steps"]
"""Words of the steps 1 to 5, as `folded` writes them."""

SCALE = (1.0, 5.0)
MOST_WORDS = 6


def numbered_words(table: UsersTable, column: str) -> bool:
    """Write the usual five steps as 1 to 5, and say so; whether there were any words.

    Args:
        table: Of answers.
        column: Our name of the column with them.

    Raises:
        ScenarioError: If most answers are other words: good and bad, or steps of another scale.
    """
    texts = table.columns[column]
    words = Counter(text for text in texts if text and not any(sign.isdigit() for sign in text))
    if 2 * words.total() <= len(texts):
        return False
    step = {word: number for number, names in enumerate(STEPS, 1) for word in names}
    numbers = {text: step.get(folded(text)) for text in words}
    some = sorted(words, key=lambda text: (numbers[text] or 0, -words[text], text))
    if None in numbers.values() or len(set(numbers.values())) < len({folded(text) for text in words}):
        raise ScenarioError(
            say("answers in words that are no usual steps"),
            table.names[column],
            table.label,
            listed([f"{text!r} ({counted(words[text])})" for text in some[:MOST_WORDS]]),
            say("numbers, '5 - very satisfied', or the five steps from very dissatisfied to very satisfied"),
            hint=say(
                "words that say nothing: missing: [...]; good and bad are a share of the satisfied and no "
                "satisfaction: no fit takes them"
            ),
        )
    table.columns[column] = [str(numbers[text]) if text in words else text for text in texts]
    told = listed([say("{text!r} is {number}", text=text, number=numbers[text]) for text in some])
    table.about(say("answers")).say("in words, on 1 to 5: {told}", told=told)
    return True
