"""The desk's queue and its staff, in every order in which a handful of complaints can come."""

from itertools import permutations

import numpy as np

from sim.engine.desk import pop, push, take_agent
from sim.engine.layout import CASE
from sim.engine.state import empty_state
from sim.model.records import attributed

# Rank, arrival and luck of each complaint, in the order in which they are to be served.
SERVED = [(-3.0, 0.5, 4), (-2.0, 0.1, 6), (-2.0, 0.2, 1), (-2.0, 0.2, 3), (0.0, 0.0, 5), (1.0, 0.0, 2)]


def test_whatever_the_order_of_coming_the_first_by_rank_arrival_and_luck_is_served():
    """All 720 orders of six complaints, among them equal ranks, and equal ranks and arrivals."""
    state = empty_state(len(SERVED), 1)
    cases = attributed(np.zeros(len(SERVED), CASE))
    for c, (rank, arrival, luck) in enumerate(SERVED):
        cases[c].row, cases[c].rank, cases[c].arrival = c, rank, arrival
        state.luck[c] = luck
    for order in permutations(range(len(SERVED))):
        heap = np.full(len(SERVED), 99, np.int64)
        for size, case in enumerate(order):
            push(heap, size, case, cases, state)
        assert [int(pop(heap, size, cases, state)) for size in range(len(SERVED), 0, -1)] == list(range(len(SERVED)))


def test_a_long_queue_is_served_in_order_while_others_come():
    """Forty complaints, two in and one out, against a plain list that is sorted each time."""
    ranks = [(17 * c) % 40 for c in range(40)]
    state = empty_state(40, 1)
    cases = attributed(np.zeros(40, CASE))
    for c, rank in enumerate(ranks):
        cases[c].row, cases[c].rank = c, float(rank)
    heap, waiting, size = np.full(40, 99, np.int64), [], 0
    for c in range(40):
        push(heap, size, c, cases, state)
        size += 1
        waiting.append(ranks[c])
        if c % 2 == 1:
            waiting.sort()
            assert ranks[int(pop(heap, size, cases, state))] == waiting.pop(0)
            size -= 1
    served = []
    while size:
        served.append(ranks[int(pop(heap, size, cases, state))])
        size -= 1
    assert served == sorted(waiting)


def test_whoever_is_free_first_takes_the_next_complaint():
    """Seven agents are made busy for 1, 2, 3 ... in turn, in each of many orders; the first is always the least."""
    for order in permutations([0.0, 1.0, 2.0, 3.0, 3.0]):
        free, plain = np.sort(np.array(order)), sorted(order)
        for step, busy in enumerate((2.5, 0.5, 4.0, 1.0, 3.0, 0.25, 6.0)):
            until = order[step % 5] + busy + step
            take_agent(free, until)
            plain[0] = until
            plain.sort()
            assert free[0] == plain[0]
        assert sorted(free.tolist()) == plain
