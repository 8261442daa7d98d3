"""A changed parameter that nobody met is named, with what did not happen."""

from typing import Any

import pytest

from sim.model.rooms import OBSERVABLES
from sim.model.scenario import Change, Scenario
from sim.parameters.labels import label
from sim.parameters.paths import set_path
from sim.parameters.registry import parameters
from sim.report.run_page import write_report
from sim.results.result import Result
from sim.results.unmet import OCCASIONS, occasion_of, unmet_sentence
from sim.runs.run import run
from sim.studies.comparison.changed import EQUAL
from sim.studies.comparison.compare import compare
from sim.studies.comparison.comparison_words import what_changes
from tests import worlds

pytestmark = pytest.mark.filterwarnings("ignore::sim.scenario.practical.ScenarioWarning")


def small(**fixed: Any) -> Scenario:
    return worlds.world({"market.customers": 120, "run.periods": 8, "run.replications": 2, **fixed})


def nobody_complains(**fixed: Any) -> Scenario:
    return small(**{"voice.complain_share": 0.0, **fixed})


def result_of(scenario: Scenario) -> Result:
    return run(scenario, threads=1)


def test_every_line_of_the_register_names_parameters_and_observables_that_there_are():
    known, counted = {info.path for info in parameters()}, {row.name for row in OBSERVABLES}
    for line in OCCASIONS:
        assert set(line.counts) <= counted
        for pattern in line.paths:
            matched = [path for path in known if occasion_of(path) is line]
            assert matched, pattern


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("firm.desk.agents", 7.0, "no complaint reached the desk"),
        ("rivals.rival 0.desk.patience_days", 3.0, "no complaint reached the desk"),
        ("firm.desk.compensation", 0.9, "nobody complained"),
        ("recovery.gain", 3.0, "nobody complained"),
    ],
)
def test_a_lever_whose_occasion_never_came_is_named(path: str, value: float, reason: str):
    met = result_of(set_path(small(), path, value))
    assert path not in met.unmet
    idle = result_of(set_path(nobody_complains(), path, value))
    assert idle.unmet[path] == reason
    assert label(path) in unmet_sentence(idle.unmet)
    assert idle.as_json()["unmet"][path] == reason
    assert "met by nobody" in " ".join(idle.sentences)
    assert "met by nobody" in write_report(idle)


def test_what_is_not_changed_is_not_named():
    assert "firm.desk.apology" not in result_of(nobody_complains()).unmet


def test_an_offer_to_former_customers_where_there_are_none():
    nobody_leaves = {"firms.initial_share": 0.0, "firms.strategy.advertising_hazard": 0.0}
    nobody_leaves |= {"talk.strong_adoption": 0.0, "talk.weak_adoption": 0.0}
    found = result_of(set_path(small(**nobody_leaves), "firm.win_back.contacts_per_year", 6.0)).unmet
    assert found["firm.win_back.contacts_per_year"] == "there was no former customer who might come back"


@pytest.mark.parametrize(
    ("path", "value", "switch", "reason"),
    [
        ("certificate.trust", 0.5, {"certificate.held": True}, "the firm holds no certificate"),
        ("guarantee.unasked", 1.0, {"guarantee.payout": 0.5}, "the firm gives no guarantee"),
        ("price_reply.weeks", 3.0, {"price_reply.rises": 0.5}, "the firm answers no prices, or there is no other firm"),
    ],
)
def test_what_belongs_to_a_rule_that_is_off_is_named(path: str, value: float, switch: dict[str, Any], reason: str):
    """Of the firm and of a rival; not where it is on at the start or by a change."""
    for firm in ("firm", "rivals.rival 0"):
        off = set_path(small(), f"{firm}.{path}", value)
        assert result_of(off).unmet[f"{firm}.{path}"] == reason
        switched = {f"{firm}.{name}": there for name, there in switch.items()}
        later = off.model_copy(update={"timeline": [Change(at=3, set=switched)]})
        assert f"{firm}.{path}" not in result_of(later).unmet
        on = off
        for name, there in switched.items():
            on = set_path(on, name, there)
        assert f"{firm}.{path}" not in result_of(on).unmet
        ends = on.model_copy(
            update={"timeline": [Change(at=3, set={name: type(there)() for name, there in switched.items()})]}
        )
        assert not [name for name in result_of(ends).unmet if name.startswith(firm) and name in switched]


def test_a_survey_of_the_service_is_met_by_those_who_rate_it():
    """It steers nothing, and so nothing is reported; where nobody answers it is named."""
    asked = set_path(small(), "firm.learning.servqual_share", 0.9)
    assert result_of(asked).series["rated"].sum() > 0
    assert "firm.learning.servqual_share" not in result_of(asked).unmet
    unanswered = result_of(set_path(asked, "firm.learning.response_rate", 0.0)).unmet
    assert unanswered["firm.learning.servqual_share"] == "no customer rated the service"
    assert unanswered["firm.learning.response_rate"] == "no survey was answered"


def test_tiers_that_nobody_reaches_are_named():
    offered = set_path(small(), "firm.programme.offered", True)
    far = set_path(set_path(offered, "firm.programme.silver", 60_000.0), "firm.programme.gold", 65_000.0)
    found = result_of(set_path(far, "firm.programme.barrier", 0.3)).unmet
    assert found["firm.programme.barrier"].endswith("no customer was in one of its tiers")


def test_a_comparison_with_a_world_where_it_is_on_does_not_name_what_is_off():
    held = set_path(small(), "firm.certificate.held", True).model_copy(update={"name": "today"})
    given_up = set_path(held, "firm.certificate.held", False).model_copy(update={"name": "given up"})
    assert compare([held, given_up], replications=2, threads=1).unmet["given up"] == {}


def test_a_dated_change_is_looked_at_while_it_holds():
    """The desk has cases while people complain, in the first periods, and none while its change holds."""
    first = Change(at=0, until=2, set={"voice.complain_share": 0.9})
    later = Change(at=5, set={"firm.desk.answer_share": 0.123})
    scenario = nobody_complains(**{"firm.desk.patience_days": 3.0, "firms.desk.answer_share": 1.0})
    found = result_of(scenario.model_copy(update={"timeline": [first, later]}))
    rows = found.series[(found.series["firm"] == "focal")]
    assert rows["registered"].sum() > 0
    assert found.unmet["firm.desk.answer_share"] == "no complaint reached the desk"
    moved = later.model_copy(update={"at": 1})
    assert "firm.desk.answer_share" not in result_of(scenario.model_copy(update={"timeline": [first, moved]})).unmet


def test_what_a_dated_change_ends_was_met_if_it_happened_before():
    """A programme that ends issues no points any more, which is what its end does; where none was, nobody met it."""
    end = {"timeline": [Change(at=5, set={"firm.programme.offered": False})]}
    offered = set_path(small(**{"customers.encounters.purchases_per_year": 30.0}), "firm.programme.offered", True)
    assert "firm.programme.offered" not in result_of(offered.model_copy(update=end)).unmet
    assert "firm.programme.offered" in result_of(small().model_copy(update=end)).unmet


def test_a_comparison_knows_exactly_that_a_change_did_nothing():
    """The desk's agents without a complaint, and a parameter that is in no line of the register."""
    today = nobody_complains().model_copy(update={"name": "today"})
    idle = set_path(today, "firm.desk.agents", 9.0).model_copy(update={"name": "idle"})
    unseen = set_path(today, "money.assumed_retention", 0.31).model_copy(update={"name": "unseen"})
    both = set_path(idle, "firm.systems.failure_scale", 1.0).model_copy(update={"name": "both"})
    found = compare([today, idle, both], replications=2, threads=1)
    assert found.unmet["idle"] == {"firm.desk.agents": EQUAL}
    assert found.unmet["both"] == {"firm.desk.agents": "no complaint reached the desk"}
    assert "equal to the last bit" in " ".join(what_changes(found, "idle"))
    assert "no complaint reached the desk" in " ".join(what_changes(found, "both"))
    assert found.as_json()["unmet"]["idle"] == {"firm.desk.agents": EQUAL}
    assert compare([today, unseen], replications=2, threads=1).unmet["unseen"] == {}


def test_a_lever_that_is_met_in_one_of_the_worlds_is_not_named():
    today = small().model_copy(update={"name": "today"})
    silent = set_path(set_path(today, "voice.complain_share", 0.0), "firm.desk.agents", 9.0)
    found = compare([today, silent.model_copy(update={"name": "silent"})], replications=2, threads=1)
    assert found.unmet["silent"] == {}
