"""Waiting: word while waiting, unasked, which makes a wait at the complaint desk feel shorter."""

from __future__ import annotations

from sim.compiled import rule
from sim.vocabulary.parameter import Section, parameter, price_paid, share


class Waiting(Section):
    """What complainers who wait for the desk hear of it."""

    word: float = share(
        0.0,
        "Word while waiting: how fully complainers are told, unasked, why and how long they wait; 0 not at all",
        "notes 'Servicio al cliente' (a demand: to be kept informed); assumption: none",
        label="Word while waiting",
        practical=(0.0, 1.0),
        paid_by="firm.waiting.word_cost",
    )
    word_cost: float = price_paid(
        2.0,
        "Keeping a complainer fully informed until the answer",
        "money per complaint at the desk",
        label="Cost of word while waiting",
        practical=(0.0, 20.0),
    )
    unfelt: float = parameter(
        0.3,
        "Part of a wait that is not felt by who is fully informed",
        label="Wait unfelt when informed",
        unit="share",
        source="Maister 1985 (sign: uncertain and unexplained waits feel longer); assumption (form and size)",
        allowed=(0.0, 0.9),
        practical=(0.0, 0.6),
        no_lever="how people feel a wait, and no decision",
    )


@rule
def pace(word: float, unfelt: float) -> float:
    """Felt days in a day of waiting for an answer: 1 - unfelt x word; patience lasts 1 / pace times as long.

    >>> pace(0.5, 0.25)
    0.875
    """
    return 1.0 - unfelt * word
