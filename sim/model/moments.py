"""Moments of a period at which rules from outside are asked, and what they may ask, keep and change: a contract.

A rule from outside is a function of numbers whose arguments have the names of `FIELDS` (or of the outcomes of its
moment, of its own columns, of its own parameters). Engine and twin look these up in the table of this file: a row is a
quantity, a column of the table a customer. Whatever is renamed, reordered or given another meaning here is a new
`VERSION`.

>>> [name for name, moment in MOMENTS.items() if "review_chance" in moment.changes]
['before_moving']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.compiled import kernel
from sim.kernel_marks import Names
from sim.model.contexts import Clock, Environment
from sim.model.expectation import owed, predicted
from sim.model.person import CAPTIVE, COMPLAINT_OPEN, HAS_COMPLAINED, INFLUENTIAL, NEWCOMER
from sim.vocabulary.column import Column

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from sim.model.state_types import State

VERSION = 1
"""Of this contract. A rule file states the version that it was written for, and is refused under any other."""


def _field(name: str, unit: str, meaning: str) -> Column:
    return Column(name, "f8", 1, unit, meaning)


KNOWN = (
    _field("period", "period", "number of the period, from 0 (negative in a warm-up)"),
    _field("years", "years", "length of a period"),
    _field("tenure", "years", "time since the person became a customer of the supplier, in whole periods"),
    _field("firm", "index", "supplier; 0 is the focal firm"),
    _field("segment", "index", "segment"),
    _field("captive", "yes/no", "whether the person cannot leave"),
    _field("influential", "yes/no", "whether many listen to the person"),
    _field("has_complained", "yes/no", "whether the person ever complained to the supplier"),
    _field("complaint_open", "yes/no", "whether a complaint waits for an answer"),
    _field("newcomer", "yes/no", "whether the person became a customer during the run"),
    _field("satisfaction", "points (0-100)", "cumulative satisfaction with the supplier"),
    _field("confirmation", "points (1-7)", "cumulative disconfirmation"),
    _field("history", "encounters", "encounters with the supplier so far, as memory weighs them"),
    _field("level", "code", "0 dissatisfied, 1 satisfied, 2 delighted by the last encounter"),
    _field("will", "points (1-7)", "what the person expects will be, weighted over the dimensions of quality"),
    _field("should", "points (1-7)", "what the person expects should be, weighted over the dimensions of quality"),
    _field("opinion", "index (-1 to 1)", "opinion of the supplier, from talk"),
    _field("disposition", "points (0-100)", "personal disposition to be satisfied"),
    _field("switching_cost", "index (0-1)", "personal switching cost"),
    _field("attrition", "per period", "hazard of leaving for reasons that no service can mend"),
    _field("frequency", "ratio", "personal frequency of encounters, 1 on average"),
    _field("spend", "money", "personal spend per purchase"),
)
"""What is known of a customer at every moment."""

LUCK = tuple(_field(f"luck_{n}", "share", "luck of its own for this rule, person and period") for n in range(1, 5))
"""Uniform numbers between 0 and 1, drawn for rules that ask for them; no other draw is moved by them."""

OUTCOMES = (
    _field("quality", "points (1-7)", "quality that was perceived, weighted over the dimensions"),
    _field("felt", "points (1-7)", "disconfirmation that was felt, weighted over the dimensions"),
    _field("now", "points (0-100)", "satisfaction with this encounter alone"),
    _field("earned", "money", "margin of the encounter"),
    _field("review_chance", "per period", "chance to compare suppliers in this period"),
)
"""What some moments know besides."""

DONE = _field("done", "yes/no", "whether a rule came to its end; not for rules")

FIELDS = (*KNOWN, *LUCK, *OUTCOMES, DONE)

W = Names()
"""Row of each field: `table[W.tenure, j]`. The columns of the rules follow, then their observables."""

W.number(field.name for field in FIELDS)


class Moment(NamedTuple):
    """A moment at which rules are asked about customers.

    Attributes:
        meaning: When, and about whom.
        outcomes: What may be asked there beside what is always known.
        changes: What a rule may change, with the lowest and highest value: beyond them it is cut.
    """

    meaning: str
    outcomes: tuple[str, ...]
    changes: dict[str, tuple[float, float]]


MOMENTS = {
    "after_encounter": Moment(
        "every customer who has just been served, paid, and judged it, before deciding what to do",
        ("quality", "felt", "now", "earned"),
        {"satisfaction": (0.0, 100.0)},
    ),
    "before_moving": Moment(
        "every customer, before listeners take in what they heard and people move",
        ("review_chance",),
        {"review_chance": (0.0, 1.0)},
    ),
    "end_of_period": Moment("every customer who is left or has come when people have moved", (), {}),
}
"""The moments, in the order of a period."""

MOST = 2.0**52
"""Largest number that a rule may give: steps of fixed-point numbers are whole beyond it no more."""

NO_LUCK = -1
"""In place of a key of luck: the rule draws none."""


class Outside(NamedTuple):
    """The rules from outside as compiled loops read them: where they lie, and with which numbers they are called.

    Attributes:
        after_encounter, before_moving, end_of_period: int64[rules, 2], of each moment: the address of a loop over a
            table, and the key of its luck or `NO_LUCK`.
        parameters: float64, the parameters of all rules.
        scales: float64[observables], steps to the unit: 1 for counts, 65536 for amounts.
        flaws: int64[1], how often a rule gave no usable number.
    """

    after_encounter: npt.NDArray[np.int64]
    before_moving: npt.NDArray[np.int64]
    end_of_period: npt.NDArray[np.int64]
    parameters: npt.NDArray[np.float64]
    scales: npt.NDArray[np.float64]
    flaws: npt.NDArray[np.int64]


@kernel
def describe(state: State, environment: Environment, clock: Clock, rows: Any, people: int, table: Any) -> None:
    """Write what is known at every moment of the first `people` of `rows`, all of them customers, into the table.

    Args:
        state: All people.
        environment: Parameters.
        clock: Seed and period.
        rows: Rows of the people, in the order of the table's columns.
        people: How many of them.
        table: float64[fields, people], or more rows; those of `KNOWN` are filled.
    """
    years = environment.world[0].years
    for j in range(people):
        i = rows[j]
        person = state.people[i]
        importance = environment.segments[person.segment].judgement.importance
        table[W.period, j] = clock.period
        table[W.years, j] = years
        table[W.tenure, j] = (clock.period - state.joined[i]) * years
        table[W.firm, j] = state.supplier[i]
        table[W.segment, j] = person.segment
        table[W.captive, j] = (person.flags & CAPTIVE) != 0
        table[W.influential, j] = (person.flags & INFLUENTIAL) != 0
        table[W.has_complained, j] = (person.flags & HAS_COMPLAINED) != 0
        table[W.complaint_open, j] = (person.flags & COMPLAINT_OPEN) != 0
        table[W.newcomer, j] = (person.flags & NEWCOMER) != 0
        table[W.satisfaction, j] = state.satisfaction[i]
        table[W.confirmation, j] = person.confirmation
        table[W.history, j] = person.history
        table[W.level, j] = person.level
        table[W.will, j] = predicted(person, importance)
        table[W.should, j] = owed(person, importance)
        table[W.opinion, j] = state.opinion[i, state.supplier[i]]
        table[W.disposition, j] = person.disposition
        table[W.switching_cost, j] = state.switching_cost[i]
        table[W.attrition, j] = state.attrition[i]
        table[W.frequency, j] = state.frequency[i]
        table[W.spend, j] = state.spend[i]
