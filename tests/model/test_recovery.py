"""The answer to a complaint and how it is judged (docs/odd.md, 7.6 and 7.7), worked out in every branch."""

from sim.model.recovery import (
    distributive_justice,
    interactional_justice,
    justice_of,
    outcome_of,
    procedural_justice,
    satisfaction_after_answer,
)
from tests.model.worked import Examples, worked

EXAMPLES: Examples = {
    # 0 unanswered, 1 unresolved, 2 resolved, 3 resolved within the target
    outcome_of: [
        ((False, False, 9.0, 2.5), 0),
        ((False, True, 1.5, 2.5), 0),
        ((True, False, 1.5, 2.5), 1),
        ((True, False, 9.0, 2.5), 1),
        ((True, True, 2.625, 2.5), 2),
        ((True, True, 2.5, 2.5), 3),
        ((True, True, 1.5, 2.5), 3),
    ],
    distributive_justice: [
        ((0, 0.3, 0.45, -0.65, 1.0), -1.0),
        ((1, 0.3, 0.45, -0.65, 1.0), -0.65),
        ((2, 0.3, 0.45, -0.65, 1.0), 0.45 + 0.55 * 0.3),
        ((3, 0.3, 0.45, -0.65, 1.0), 0.45 + 0.55 * 0.3),
        ((2, 0.8, 0.15, -0.2, 1.0), 0.15 + 0.85 * 0.8),
        ((3, 0.09, 0.2, -0.65, 0.5), 0.2 + 0.8 * 0.3),
        ((2, 0.125, 0.25, -0.65, 1.0 / 3.0), 0.25 + 0.75 * 0.5),
        ((2, 0.0, 0.4, -0.65, 0.5), 0.4),
    ],
    # 2 apology - 1, and a part of the way from there to 1 after a call back
    interactional_justice: [
        ((0, 0.9, False, 0.3), -1.0),
        ((0, 0.9, True, 0.3), -1.0),
        ((1, 0.9, False, 0.3), 0.8),
        ((1, 0.9, True, 0.3), 0.8 + 0.3 * 0.2),
        ((2, 0.2, False, 0.75), -0.6),
        ((2, 0.2, True, 0.75), -0.6 + 0.75 * 1.6),
        ((3, 0.35, True, 0.6), -0.3 + 0.6 * 1.3),
    ],
    # 1 - days / (2 target) between -1 and 1; unresolved at most 0; with a target of no days 1 at once and -1 later
    procedural_justice: [
        ((0, 0.5, 2.5), -1.0),
        ((2, 0.0, 2.5), 1.0),
        ((2, 3.0, 2.5), 1 - 3 / 5),
        ((3, 1.5, 2.5), 1 - 1.5 / 5),
        ((2, 7.0, 2.5), 1 - 7 / 5),
        ((2, 12.0, 2.5), -1.0),
        ((2, -1.0, 2.5), 1.0),
        ((2, 0.3, 0.4), 1 - 3 / 8),
        ((1, 1.5, 2.5), 0.0),
        ((1, 4.5, 2.5), 0.0),
        ((1, 8.0, 2.5), 1 - 8 / 5),
        ((1, 30.0, 2.5), -1.0),
        ((2, 0.0, 0.0), 1.0),
        ((2, 0.25, 0.0), -1.0),
        ((2, -0.25, 0.0), 1.0),
        ((1, 0.0, 0.0), 0.0),
        ((1, 0.25, 0.0), -1.0),
    ],
    justice_of: [
        ((0.7, -0.4, 0.25, 0.45, 0.33, 0.22), 0.45 * 0.7 - 0.33 * 0.4 + 0.22 * 0.25),
        ((-0.9, 0.6, -0.35, 0.2, 0.3, 0.5), -0.2 * 0.9 + 0.3 * 0.6 - 0.5 * 0.35),
    ],
    satisfaction_after_answer: [
        ((62.0, 0.3, 18.0, 27.0), 62 + 18 * 0.3),
        ((62.0, -0.7, 18.0, 27.0), 62 - 27 * 0.7),
        ((93.0, 0.8, 18.0, 27.0), 100.0),
        ((7.0, -0.6, 18.0, 27.0), 0.0),
        ((62.0, 0.0, 18.0, 27.0), 62.0),
    ],
}

test_rule = worked(EXAMPLES)
