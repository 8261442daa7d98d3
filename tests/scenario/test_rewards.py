"""Rewards with bad service (Dick & Basu 1994): loyalty without attitude, which goes first, and what is left of it.

Thirty paired replications of the shipped scenario: without a programme, with one, with the rival's offer, and with the
end of the programme; everybody has the same luck in all of them. Who goes over to the rival is counted in twenty worlds
of 100,000 people, for the rewards alone hold one in a dozen customers, of whom an offer of half a year takes one in
fifty. Three standard errors are beyond what luck does with a probability of .0028 (30 replications) or .0037 (20).
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.compiled import kernel
from sim.engine.simulation import Simulation
from sim.model.choice import share_who_switch
from sim.model.rooms import O
from sim.model.scenario import Scenario
from sim.model.typology import LOYALTY_TYPES, loyalty_type_of
from sim.parameters.paths import set_path
from sim.scenario import load_scenario

FILE = Path(__file__).parents[2] / "scenarios" / "rewards_with_bad_service.yaml"
OFFER, OFFER_ENDS, END, YEAR = 78, 104, 117, 52
RIVAL = 1
SUSTAINABLE, SPURIOUS, NONE = (LOYALTY_TYPES.index(name) for name in ("sustainable", "spurious", "none"))
REPLICATIONS = 30
MANY_PEOPLE, FEWER = 100_000, 20


def customers(run: Any) -> Any:
    return np.flatnonzero(run.state.supplier == 0)


def without_programme(environment: Any) -> Any:
    firms = environment.firms.copy()
    firms["programme"]["offered"] = 0.0
    return environment._replace(firms=firms)


def types(run: Any, people: Any, *, offered: bool = True) -> Any:
    """Types of loyalty of the focal firm's customers, as they are or as if the firm had no programme."""
    environment = run.environment if offered else without_programme(run.environment)
    return np.array([loyalty_type_of(run.state, int(i), environment) for i in people])


def lived(scenario: Scenario, seed: int) -> dict[str, float]:
    """Types before the offer; how ready they are to switch as it begins; who stays for a year from the end on.

    *Bought* are those whom the rewards alone hold: spurious with the programme, and held by nothing without.
    """
    run, seen = Simulation(scenario, seed=seed, threads=1), {}

    def go_on_until(period: int) -> None:
        while run.period < period:
            run.step()

    go_on_until(OFFER)
    mine = customers(run)
    kinds = types(run, mine)
    bought = (kinds == SPURIOUS) & (types(run, mine, offered=False) == NONE)
    seen["spurious"] = (kinds == SPURIOUS).mean()
    go_on_until(OFFER + 1)
    stayed = run.state.supplier[mine] == 0
    around = run.environment, run.clock, 1
    ready = np.array([share_who_switch(run.state, int(i), *around) for i in mine])
    seen["bought ready"] = ready[stayed & bought].mean() if bought.any() else 0.0
    seen["others ready"] = ready[stayed & ((kinds == SUSTAINABLE) | (kinds == SPURIOUS) & ~bought)].mean()
    go_on_until(END)
    mine = customers(run)
    seen["owed at the end"] = run.tallies[END - 1, 0, :, O.programme_liability].sum()
    go_on_until(END + YEAR)
    seen["retention"] = ((run.state.supplier[mine] == 0) & (run.state.joined[mine] < END)).mean()
    seen["owed a year later"] = run.tallies[END + YEAR - 1, 0, :, O.programme_liability].sum()
    return seen


@pytest.fixture(scope="module")
def worlds() -> dict[str, dict[str, Any]]:
    shipped = load_scenario(FILE, ["market.customers=3000"]).scenario
    offer, end = shipped.timeline
    kept = shipped.model_copy(update={"timeline": []})
    of = {
        "never": set_path(kept, "firm.programme.offered", False),
        "kept": kept,
        "offer": shipped.model_copy(update={"timeline": [offer]}),
        "ended": shipped.model_copy(update={"timeline": [end]}),
    }
    found = {name: [lived(scenario, seed) for seed in range(REPLICATIONS)] for name, scenario in of.items()}
    return {name: {what: np.array([one[what] for one in runs]) for what in runs[0]} for name, runs in found.items()}


@kernel
def note_types(state: Any, environment: Any, people: Any, found: Any) -> None:
    """Types of loyalty of many, as of `types`."""
    for n in range(people.size):
        found[n] = loyalty_type_of(state, people[n], environment)


def types_of_many(run: Any, people: Any, *, offered: bool = True) -> Any:
    environment = run.environment if offered else without_programme(run.environment)
    found = np.empty(people.size, np.int64)
    note_types(run.state, environment, people, found)
    return found


def gone_over(scenario: Scenario, seed: int) -> dict[str, float]:
    """Shares of the customers as the offer begins who go over to the rival while it lasts, by what held them then."""
    run = Simulation(scenario, seed=seed, threads=1)
    while run.period < OFFER:
        run.step()
    mine = customers(run)
    kinds, bare = types_of_many(run, mine), types_of_many(run, mine, offered=False)
    bought = (kinds == SPURIOUS) & (bare == NONE)
    loyal = (kinds == SUSTAINABLE) | (kinds == SPURIOUS) & ~bought
    went = np.zeros(mine.size, bool)
    while run.period < OFFER_ENDS:
        run.step()
        went |= run.state.supplier[mine] == RIVAL
    groups = {"bought": bought, "others": loyal, "sustainable": kinds == SUSTAINABLE}
    return {name: went[of].mean() for name, of in groups.items()}


def surely_above_0(differences: Any) -> bool:
    """By three standard errors of paired differences."""
    return bool(differences.mean() > 3.0 * differences.std(ddof=1) / np.sqrt(len(differences)))


@pytest.mark.slow
def test_rewards_keep_customers_by_spurious_loyalty(worlds: dict[str, dict[str, Any]]) -> None:
    assert surely_above_0(worlds["kept"]["spurious"] - worlds["never"]["spurious"] - 0.02)
    assert surely_above_0(worlds["kept"]["retention"] - worlds["never"]["retention"])


@pytest.mark.slow
def test_a_rivals_offer_takes_those_first_whom_rewards_hold(worlds: dict[str, dict[str, Any]]) -> None:
    """Of comparisons as the offer begins, more end in a switch, of those whom rewards alone hold most of all."""
    gains = {who: worlds["offer"][f"{who} ready"] - worlds["kept"][f"{who} ready"] for who in ("bought", "others")}
    assert surely_above_0(gains["others"])
    assert surely_above_0(gains["bought"] - gains["others"])


@pytest.mark.slow
def test_of_those_whom_rewards_hold_more_go_over_to_the_rival() -> None:
    """Counted: who is with the rival because of the offer, and would not be without it, with the same luck."""
    shipped = load_scenario(FILE, [f"market.customers={MANY_PEOPLE}", f"run.periods={OFFER_ENDS}"]).scenario
    offer = shipped.timeline[0]
    worlds = {"kept": [], "offer": [offer]}
    found = {
        name: [gone_over(shipped.model_copy(update={"timeline": timeline}), seed) for seed in range(FEWER)]
        for name, timeline in worlds.items()
    }
    more = {
        who: np.array([there[who] - here[who] for there, here in zip(found["offer"], found["kept"], strict=True)])
        for who in ("bought", "others", "sustainable")
    }
    assert surely_above_0(more["others"])
    assert surely_above_0(more["bought"] - more["others"])
    assert surely_above_0(more["bought"] - more["sustainable"])


@pytest.mark.slow
def test_when_the_programme_ends_retention_falls_below_never_having_had_it(worlds: dict[str, dict[str, Any]]) -> None:
    assert surely_above_0(worlds["never"]["retention"] - worlds["ended"]["retention"])
    later, then = worlds["ended"]["owed a year later"], worlds["ended"]["owed at the end"]
    assert (later > 0.3 * then).all()
