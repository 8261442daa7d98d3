"""Columns that somebody needs: one that only rules need that are off has a single element, for everybody.

What is known of a person by a contract, a loyalty programme, a post or a chance to drop out is nothing where no firm
has the one and nobody does the other, and takes no memory then. Rules need not know: `at` is where a row stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sim.compiled import rule

if TYPE_CHECKING:
    from sim.model.scenario import Scenario

CONTRACT, PROGRAMME, POSTS, DROPPING_OUT = "contract", "programme", "posts", "drop_out"
KEYS = "keys"
"""What a column may be needed for, see `sim.vocabulary.column.Column.needed_for`."""

NEEDED: dict[str, Callable[[Scenario], bool]] = {
    CONTRACT: lambda world: any(firm.contract.months > 0.0 for firm in world.firms),
    PROGRAMME: lambda world: any(firm.programme.offered for firm in world.firms),
    POSTS: lambda world: world.talk.online.post_share > 0.0,
    KEYS: lambda world: False,  # but where people change places, to see that it makes no difference
    DROPPING_OUT: lambda world: any(segment.drop_out.per_purchase > 0.0 for segment in world.all_segments),
}
"""Whether anybody needs it under some parameters."""


@rule
def at(column: Any, i: int) -> int:
    """Where row i stands in a column: there, or at the one element of a column that nobody needs, which is zero.

    >>> import numpy as np
    >>> at(np.zeros(7), 5), at(np.zeros(1), 5)
    (5, 0)
    """
    return min(i, column.shape[0] - 1)


def unused(worlds: Sequence[Scenario]) -> frozenset[str]:
    """What columns are needed for that nobody needs in any of these worlds.

    >>> from sim.model.scenario import Scenario
    >>> sorted(unused([Scenario()]))
    ['contract', 'drop_out', 'keys', 'posts', 'programme']
    """
    return frozenset(name for name, needed in NEEDED.items() if not any(needed(world) for world in worlds))
