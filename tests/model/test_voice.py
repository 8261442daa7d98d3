"""Exit, voice or loyalty (docs/odd.md, 7.5), worked out away from where it says nothing."""

from collections import namedtuple

import pytest

from sim.model.contexts import Served
from sim.model.person import PRESENT
from sim.model.rooms import O
from sim.model.voice import Drivers, closure, complaint_shift, decide, severity_driver
from tests.engine.loops.small import Small, put, shifted
from tests.model.worked import Examples, numbers, worked

FirmsOwn = namedtuple("FirmsOwn", "ease expected_success")

EXAMPLES: Examples = {
    # as many points below adequate as felt disconfirmation lies under -tolerance, less the one point of the reference
    severity_driver: [
        ((-3.75, 1.5), 3.75 - 1.5 - 1),
        ((-0.4, 2.2), 0.4 - 2.2 - 1),
        ((0.8, 0.3), -0.8 - 0.3 - 1),
    ],
    complaint_shift: [
        (
            (Drivers(1.3, 2.1, 0.8, -0.6, 0.35, 0.65, 3.0, 0.45), Drivers(0.7, 0.25, -1.6, 0.9, 2.4, 0.95, 0.15, 1.1)),
            0.7 * 1.3 + 0.25 * 2.1 - 1.6 * 0.3 - 0.9 * 0.6 - 2.4 * 0.15 + 0.95 * 0.65 + 0.15 * 3 + 1.1 * 0.45,
        ),
        (
            (
                Drivers(-0.4, -1.7, 0.15, 1.9, 0.92, 0.75, 2.0, -2.3),
                Drivers(1.4, 0.6, -0.85, -0.3, 1.2, 0.45, -0.35, 0.55),
            ),
            -1.4 * 0.4 - 0.6 * 1.7 + 0.85 * 0.35 - 0.3 * 1.9 + 1.2 * 0.42 + 0.45 * 0.75 - 0.35 * 2 - 0.55 * 2.3,
        ),
    ],
    # what ease and the expected success shift, each against its average of 0 and a half
    closure: [
        ((1.3, 0.35, FirmsOwn(0.7, 2.4)), 0.7 * 1.3 - 2.4 * 0.15),
        ((-0.4, 0.92, FirmsOwn(1.4, 1.2)), -1.4 * 0.4 + 1.2 * 0.42),
    ],
}

test_rule = worked(EXAMPLES)


@pytest.mark.parametrize(("before", "counts", "after"), [(0, 0, 1), (2, 2, 3), (7, 3, 8), (255, 3, 255)])
@pytest.mark.parametrize("complains", [True, False])
def test_earlier_complaints_move_the_next_one(before: int, counts: int, after: int, complains: bool) -> None:
    """With .8 a complaint on the logit scale, up to three, the person is a hair beside the edge of the draw."""
    edge_without, served = 0.0, Served(2, -2.5, 0.999, -1)
    for weight in (0.0, 0.8):
        small = Small()
        small.become(1, supplier=0, flags=PRESENT, complaints=before)
        put(small.world, "voice.complaint_drivers.experience", weight)
        put(small.world, "voice.headquarters_share", 1.0)
        if weight == 0.0:
            low, high = 0.0, 1.0
            for _ in range(60):  # the base share on whose edge the draw stands without experience
                middle = (low + high) / 2
                put(small.world, "voice.complain_share", middle)
                small.become(1, complaints=before, flags=PRESENT)
                spoke = decide(small.state, 1, small.environment, small.books, small.clock(9), served)
                low, high = (low, middle) if spoke else (middle, high)
            edge_without = high
            continue
        edge = float(shifted(edge_without, -numbers.mpf("0.8") * counts))
        put(small.world, "voice.complain_share", edge * (1 + 1e-9 if complains else 1 - 1e-9))
        spoke = decide(small.state, 1, small.environment, small.books, small.clock(9), served)
        assert spoke is complains
        assert small.of(1, "complaints") == (after if complains else before)
        assert small.tally[0, 0, O.complained_again] == (complains and before > 0)
