"""For how many the inbox has room: few hear something in a period, so that rows are for them and not for everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from sim.model.contexts import Environment
from sim.model.scenario import Scenario
from sim.model.talk import most_told

OWN_ROWS = 65_536
"""Up to so many people everybody has a row: there is nothing to be saved."""


def everybody_may_hear(people: int) -> bool:
    """Whether so many people have a row of the inbox each from the start.

    >>> everybody_may_hear(1000), everybody_may_hear(1_000_000)
    (True, False)
    """
    return people <= OWN_ROWS


def some_may_post(worlds: Sequence[Scenario]) -> bool:
    """Whether somebody may post in any stretch of the timeline.

    >>> some_may_post([Scenario()])
    False
    """
    return any(world.talk.online.post_share > 0.0 for world in worlds)


def with_rows(
    state: Any, environment: Environment, people: int, tellers: Mapping[int, Any], readers: Mapping[int, int]
) -> tuple[Any, dict[int, int]]:
    """Make room in the inbox, which is empty: whoever heard something has taken it in.

    Args:
        state: All people.
        environment: Parameters.
        people: How many there are.
        tellers: Who has a story, for each chunk of rows, by its first.
        readers: How many may read posts, likewise; empty where nobody posts.

    Returns:
        The state, and for each chunk the first row that is free; 0 where everybody has a row.
    """
    everybody = dict.fromkeys(tellers, 0)
    if len(state.inbox) > people:
        return state, everybody
    words = [most_words(state.story[rows], environment) + readers.get(low, 0) for low, rows in tellers.items()]
    needed = 1 + min(sum(words), people)
    if needed > len(state.inbox):
        room = min(needed + needed // 4, people + 1)
        state = state._replace(inbox=np.zeros((room, *state.inbox.shape[1:]), np.int64))
    if needed > people:
        return state, everybody
    return state, dict(zip(tellers, accumulate(words, initial=1), strict=False))


def most_words(stories: Any, environment: Environment) -> int:
    """To how many people these stories are told at most: each as if its teller had the most influence.

    Args:
        stories: uint8, the stories, none of them "nothing to tell".
        environment: Parameters.
    """
    segments: Any = environment.segments
    world: Any = environment.world
    influence = segments["sociability"]["influencer_factor"].tolist()
    told = np.array([most_told(reach, influence) for reach in world["talk"]["reach"][0].tolist()])
    return int(told[stories - 1].sum())
