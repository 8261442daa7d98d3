"""Where more people at the desk hardly shorten the time until an answer, a comparison says what does take it."""

import numpy as np
import pytest

from sim.model.rooms import observables_of
from sim.model.scenario import Change, Scenario
from sim.parameters.paths import set_path
from sim.studies.comparison.changed import Met
from sim.studies.comparison.desk_time import desk_time_notes
from sim.vocabulary.observables import FIXED_POINT

TODAY = set_path(Scenario(name="today"), "firm.desk.investigation_days", 3.0)
MORE = set_path(TODAY, "firm.desk.agents", 2.0)
LATER = TODAY.model_copy(update={"timeline": [Change(at=10, set={"firm.desk.agents": 1.5})]})


def lived(plan: Scenario, waited: float, whole: float) -> Met:
    """Ten complaints that waited so many days on average, and had their answer after so many."""
    met = Met({"today": TODAY, "plan": plan})
    names = [row.name for row in observables_of(TODAY)]
    counts = np.zeros((len(TODAY.firms), len(names)), np.int64)
    counts[0, names.index("desk_started")] = counts[0, names.index("desk_answered")] = 10
    counts[0, names.index("desk_wait_days")] = round(10 * waited * FIXED_POINT)
    counts[0, names.index("desk_answer_days")] = round(10 * whole * FIXED_POINT)
    counts[1] = 1_000_000_000  # what a rival's desk does is not asked
    met.add([counts, counts], ["a", "b"])
    return met


@pytest.mark.parametrize("plan", [MORE, LATER])
def test_nobody_waits_and_it_is_said_what_takes_the_time(plan: Scenario):
    assert desk_time_notes(lived(plan, 0.1, 4.0)) == [
        "plan: more people at the desk hardly shorten the time until an answer. In today it is 4.0 days, 0.1 of which "
        "go by until somebody begins; most of the rest is “Complaint desk: Days of investigation”."
    ]


def test_what_takes_it_is_named_only_where_it_does():
    assert desk_time_notes(lived(MORE, 0.1, 9.0))[0].endswith(
        "In today it is 9.0 days, 0.1 of which go by until somebody begins."
    )


@pytest.mark.parametrize(
    ("plan", "waited", "whole"),
    [(MORE, 0.5, 4.0), (TODAY, 0.1, 4.0), (set_path(TODAY, "firm.desk.agents", 0.5), 0.1, 4.0), (MORE, 0.0, 0.0)],
)
def test_where_people_wait_or_staff_do_not_rise_nothing_is_said(plan: Scenario, waited: float, whole: float):
    assert desk_time_notes(lived(plan, waited, whole)) == []
