"""The assumptions that usually move an answer most: those that are looked at without being asked for.

An answer may rest on others; that, only a look at all of them tells.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.usual_assumptions import PLAN, USUALLY
from sim.studies.assumed.candidates import Assumed


def usual_of(found: Sequence[Assumed]) -> tuple[Assumed, ...]:
    """Those of some assumptions that usually move an answer most, in their order.

    >>> from sim.model.scenario import Scenario
    >>> from sim.studies.assumed.candidates import find_assumptions
    >>> found = usual_of(find_assumptions([Scenario(rivals=[]), Scenario(rivals=[])], ["firm.strategy.gross_margin"]))
    >>> [item.name for item in found][:2], len(found)
    (['customers.encounters.purchases_per_year', 'customers.encounters.spend_per_purchase'], 6)
    """
    by_name = {item.name: item for item in found}
    return tuple(by_name[name] for name in USUALLY[PLAN] if name in by_name)
