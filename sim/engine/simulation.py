"""A run: the population, the order of the period, threads, stopping and going on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from sim.compiled import once_called
from sim.engine import accounts, census, checkpoint, compile_ahead, layout
from sim.engine.desk import agents_of, cases_of, desk_period, empty_desks, taken_up, with_room_for, with_staff
from sim.engine.encounters import all_found, encounter_stage
from sim.engine.first_people import Beginning, draw_people
from sim.engine.fitting import too_large
from sim.engine.footprint import everybody
from sim.engine.free import usable_cores
from sim.engine.kept_environment import environment_of
from sim.engine.kept_networks import kept_network
from sim.engine.known_people import known_people, people_file
from sim.engine.learning import learning_stage, no_learners, with_corrections
from sim.engine.listeners import everybody_may_hear, some_may_post, with_rows
from sim.engine.load import load_stage, no_crews
from sim.engine.movement import movement_stage
from sim.engine.network import in_bytes, slim
from sim.engine.outside import outside_stage
from sim.engine.panel import join_panel, panel_rows
from sim.engine.population import begin_counting, enter_market
from sim.engine.price_reply import price_reply_stage
from sim.engine.recount import recounted
from sim.engine.settling import settled_world
from sim.engine.state import empty_state
from sim.engine.tables import Tables, come_from_outside, count_stayers, with_those_who_stay, without_supplier
from sim.engine.talk import NOT_YET_FOUND, Circle, Tellers, find_tellers, talk_stage
from sim.model import records
from sim.model.contexts import Books, Clock, Environment
from sim.model.desk import desk_staff
from sim.model.in_use import unused
from sim.model.movement import CAUSES, COHORTS
from sim.model.order import PERIOD
from sim.model.population import entered_by
from sim.model.price_reply import replies
from sim.model.records import environment_records, knowing
from sim.model.rooms import columns_outside, observables_of
from sim.model.scenario import Scenario
from sim.model.talk import words_of_posts
from sim.parameters.timeline import Patch, phases
from sim.rules.loops import flawed, rules_as_read
from sim.rules.reading import RuleSource
from sim.rules.scenario_kinds import kind_with, named, refuse_other_rules
from sim.vocabulary.errors import ScenarioError
from sim.words import say

ROWS_PER_THREAD = layout.ROWS_PER_THREAD

STAGES = tuple(f"_{stage}" for stage in PERIOD)  # methods of a `Simulation`, one after the other in a period


class Simulation:
    """One run of a scenario, period by period.

    Args:
        scenario: What to simulate.
        seed: Key of all luck; the scenario's if left out.
        threads: Threads of the compiled loops (results do not depend on it); all processors if left out.
        base_dir: Folder of the scenario file, for a network's edge list.
        patch: Parameters by path that hold in every period that is counted, whatever the timeline says: the same people
            with the same luck in another world, such as `sim.parameters.timeline.WITHOUT_FAILURES`.
        today: What holds before the first period that is counted, if not the scenario itself.

    Raises:
        ScenarioError: If it takes more memory than is free, or its edge list is not right.

    >>> from sim.model.market import Market, Run
    >>> run = Simulation(Scenario(market=Market(customers=500), run=Run(periods=4)))
    >>> run.run().tallies.shape[0]
    4
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int | None = None,
        threads: int | None = None,
        base_dir: Path | None = None,
        patch: Patch | None = None,
        today: Scenario | None = None,
    ) -> None:
        self.scenario = scenario
        self.seed = scenario.run.seed if seed is None else seed
        self.threads = threads or usable_cores()
        self.base_dir, self.today, self._managed = base_dir, today, False
        self.patch = dict(patch or {})
        self.phases = phases(scenario, self.patch, today)
        memory = too_large(scenario, self.threads, base_dir)
        if memory is not None:
            raise ScenarioError(memory)
        compile_ahead.begin()
        self.period = -scenario.run.warm_up
        market, run = scenario.market, scenario.run
        self.people = everybody(scenario)
        self.present = self._present_before = market.customers
        self.firm_count, self.segment_count = len(scenario.firms), len(scenario.all_segments)
        self._pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        self._chunks = layout.chunk_count(self.people, self.threads, ROWS_PER_THREAD) if self._pool else 1
        self._key: Any = np.uint64(self.seed)  # a Python int above 2**63 does not fit the compiled loops
        self._known_types: dict[Callable[..., Any], Callable[..., Any]] = {}
        before: Any = None
        self.environment: Environment = before
        self.flaws = np.zeros(1, np.int64)
        self._take_phase(self.period, self.phases[0][1])
        table = people_file(scenario, base_dir)
        self.network = slim(kept_network(market.network, self.people, self.seed, base_dir, table, self.threads))
        listeners = self.people if everybody_may_hear(self.people) else 0
        self._online = some_may_post([one for _, one in self.phases])
        nobody_needs = unused([one for _, one in self.phases] + ([] if today is None else [today]))
        columns = len(columns_outside(scenario))
        self.state = empty_state(self.people, self.firm_count, columns, listeners, nobody_needs)
        shape = (run.periods, self.firm_count, self.segment_count, len(observables_of(scenario)))
        self.tallies = np.zeros(shape, np.int64)
        self._carried = np.tile(np.isin(np.arange(shape[-1]), census.CARRIED), (*shape[1:3], 1)).astype(np.int64)
        self.leavers = np.zeros((self.firm_count, len(COHORTS), len(CAUSES), run.periods + 1), np.int64)
        self.moves = np.zeros((run.periods, self.firm_count + 2, self.firm_count + 2), np.int64)
        self.desks, self._open = with_staff(empty_desks(self.firm_count), self.agents, self._now_in_years()), 0
        self.crews, self.learners = no_crews(self.firm_count), no_learners(self.firm_count)
        self._used = accounts.room_for(self.firm_count)
        self._populate()
        self.initial = self._recounted()
        self.environment = knowing(self.environment, self.initial)
        self._panel: list[dict[str, Any]] = []

    def _call(self, stage: Callable[..., Any], *arguments: Any) -> Any:
        """Call a kernel of the period, whose arguments have the same types each time: they are looked at once a run."""
        known = self._known_types.get(stage)
        if known is not None:
            return known(*arguments)
        result = stage(*arguments)
        self._known_types[stage] = once_called(stage, *arguments)
        return result

    def _populate(self) -> None:
        settled = settled_world(self.today or self.scenario, self.seed, self.base_dir, self.threads)
        table = known_people(self.scenario, self.base_dir)
        begins = Beginning(self.period, self.present, self.seed, self._key)
        draw_people(self.state, self.environment, self.scenario, begins, table, settled, self._in_chunks)
        if settled is not None:
            self.environment = environment_records(self._now, settled.environment, self.period)

    def _recounted(self) -> Any:
        return recounted(self.state, self.environment, self.tallies.shape[1:], self._in_chunks)

    # ---- one period ------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Simulate one period: the stages of `sim.model.order.PERIOD`, in that order.

        Periods of a warm-up have negative numbers; only their stocks are kept, as those before the next period.
        """
        counted = self.period >= 0
        self._begin()
        for stage in STAGES:
            getattr(self, stage)()
        if counted and self.scenario.run.panel:
            known = columns_outside(self.scenario)
            self._panel.append(panel_rows(self.state, self.scenario.run.panel, self.period, known))
        self.period += 1
        if not counted:
            self.initial = census.only_stocks(self.tally)
        if self.period == 0:
            begin_counting(self.state)
            self.leavers[:], self.moves[:] = 0, 0

    def _begin(self) -> None:
        """What the stages of a period share, which takes as long as some of the people of a small market."""
        self.tally = self.tallies[self.period] if self.period >= 0 else np.zeros_like(self.initial)
        self.clock = Clock(self._key, self.period)
        self.books = Books(self.tally, self.leavers.reshape(-1), self.moves[max(self.period, 0)])

    @property
    def _stocks_before(self) -> Any:
        """The stocks before the present period."""
        return self.tallies[self.period - 1] if self.period > 0 else self.initial

    def _policy(self) -> None:
        np.multiply(self._stocks_before, self._carried, out=self.tally)
        self._present_before = self.present
        for first, scenario in self.phases[1:]:
            if first == self.period:
                self._take_phase(first, scenario)
        if self.present < self.people:
            years = records.period_length(self.scenario)
            arrived = entered_by(self.scenario.market.entrants_per_year, self.period + 1, years)
            present = min(self.scenario.market.customers + arrived, self.people)
            enter_market(self.state, self.tally, self.present, present)
            self.present = present

    def _price_reply(self) -> None:
        if self._replying:
            self.environment = price_reply_stage(self.environment, self._rested, self._now.firms)

    def _load(self) -> None:
        if not self._managed:
            self.crews[:] = 0.0  # complaints of the period before are noted there
            return
        given = self._rested, self._now.firms, self.crews, self.tally, self._stocks_before
        self.environment = with_corrections(load_stage(self.environment, *given), self.learners)

    def _encounters(self) -> None:
        self._found = all_found(self._of_all(encounter_stage, self.clock, self.outside))

    def _complaint_desk(self) -> None:
        cases = self._open + len(self._found.row)
        if cases > 0:
            self.desks = with_room_for(self.desks, cases)
            among = self.state, self.environment, self.books, self.clock
            self._open = self._call(desk_period, *among, self._found, self.desks)

    def _word_of_mouth(self) -> None:
        told: dict[int, Tellers] = {}
        if not everybody_may_hear(self.people):  # else each has a row of the inbox, and who tells is seen as they speak
            find = partial(self._call, find_tellers, self.state.story)
            tellers = dict(self._in_chunks(lambda low, high, _: find(low, high)))
            count = partial(words_of_posts, self.state, self.environment, self.clock)
            seen = self._in_chunks(lambda low, high, _: count(low, high, tellers[low])) if self._online else ()
            self.state, free = with_rows(self.state, self.environment, self.people, tellers, dict(seen))
            told = {low: Tellers(rows, free[low]) for low, rows in tellers.items()}
        ties = self.network.offsets, in_bytes(self.network.ties)
        circle = Circle(*ties, self.scenario.market.network.kind == "complete", self.present, self._online)
        self._in_chunks(
            lambda low, high, tally: self._call(
                *(talk_stage, self.state, circle, self.environment, self._books(tally), self.clock),
                *(low, high, told.get(low, NOT_YET_FOUND)),
            )
        )

    def _movement(self) -> None:
        self._of_all(movement_stage, self.clock, self.outside)
        come_from_outside(self.books.moves, self.state, self._present_before, self.present, self.period)

    def _outside(self) -> None:
        if self.outside.end_of_period.size:
            self._in_chunks(
                lambda low, high, tally: outside_stage(
                    self.state, self.environment, self._books(tally), self.clock, self.outside, low, high
                )
            )
        if self.flaws[0]:
            raise flawed(self.scenario, int(self.flaws[0]), self.period)

    def _learning(self) -> None:
        if self._managed:
            learning_stage(self.environment, self._now.firms, self.learners, self.tally, self.clock)

    def _accounts(self) -> None:
        stocks, close = (self._stocks_before, self.initial), partial(self._call, accounts.close_period)
        among = self.environment, self.tally, *stocks, self.crews, self._used
        self.environment = accounts.end_period(*among, close)

    # ---- the whole run ---------------------------------------------------------------------------------------

    def run(self, progress: Callable[[int], None] | None = None, *, census: bool = True) -> Tables:
        """Simulate the periods that are left; `progress` is told the customer-periods just done; see `tables`."""
        while self.period < self.scenario.run.periods:
            self.step()
            if progress is not None:
                progress(self.people)
        return self.tables(census=census)

    def tables(self, *, census: bool = True) -> Tables:
        """The results so far, with the customer types of those who are there, or with none.

        Raises:
            LedgerError: If a recount of everybody's relations disagrees with the stocks.
        """
        accounts.check_recount(self._stocks_before, self._recounted())
        accounts.check_unused(self.state)
        return Tables(
            self.scenario,
            self.seed,
            self.tallies[: max(self.period, 0)].copy(),
            self.initial.copy(),
            self.leavers.copy(),
            count_stayers(self.state, self.firm_count, self.scenario.run.periods, self.period),
            with_those_who_stay(self.moves[: max(self.period, 0)], self.tallies, without_supplier(self.state)),
            self._customer_types() if census else {},
            join_panel(self._panel) if self._panel else None,
        )

    def _customer_types(self) -> dict[str, dict[str, int]]:
        return census.customer_types(self.state, self.environment, self.period, self._in_chunks)

    def save(self, path: Path | str) -> None:
        """Write everything that is needed to go on later, whole or not at all."""
        about = {
            "scenario": json.loads(self.scenario.model_dump_json()),
            "seed": self.seed,
            "period": self.period,
            "present": self.present,
            "patch": self.patch,
            "today": None if self.today is None else json.loads(self.today.model_dump_json()),
            "rules": named(self.scenario.outside),
            "observables": [row.name for row in observables_of(self.scenario)],
            "network": checkpoint.fingerprint(self.network),
        }
        arrays = checkpoint.columns(self.state)
        for f, (cases, free) in enumerate(zip(cases_of(self.desks), agents_of(self.desks), strict=True)):
            arrays[f"cases_{f}"], arrays[f"free_{f}"] = cases, free
        for name in ("tallies", "initial", "leavers", "moves", "crews", "learners"):
            arrays[name] = getattr(self, name)
        checkpoint.write(Path(path), about, arrays | records.remembered(self.environment), self._panel)

    @classmethod
    def load(
        cls,
        path: Path | str,
        *,
        threads: int | None = None,
        base_dir: Path | None = None,
        rules: Sequence[RuleSource] = (),
    ) -> Simulation:
        """Take up a saved run; going on gives exactly what the uninterrupted run gives.

        Raises:
            ScenarioError: If it is no saved run, or was saved by another version or with other rules from outside.
        """
        about, arrays, panel = checkpoint.read(Path(path))
        kind = kind_with(rules)
        refuse_other_rules(path, about["rules"], kind.outside)
        scenario = kind.model_validate_json(json.dumps(about["scenario"]))
        today = None if about["today"] is None else kind.model_validate_json(json.dumps(about["today"]))
        run = cls(scenario, seed=about["seed"], threads=threads, base_dir=base_dir, patch=about["patch"], today=today)
        if about["observables"] != [row.name for row in observables_of(scenario)]:
            raise ScenarioError(say("{path}: saved by a version that counted other things", path=path))
        if checkpoint.fingerprint(run.network) != about["network"]:
            raise ScenarioError(say("{path}: saved with another network; has the edge list changed since?", path=path))
        run.period, run.present = about["period"], about["present"]
        checkpoint.take_up(path, run.state, arrays)
        for first, phase in run.phases[1:]:
            if first < run.period:
                run._take_phase(first, phase)
        run.environment = records.remembering(run.environment, arrays)
        run._take_phase(run.period, run._now)  # again, by what is remembered
        cases, free = ([arrays[f"{name}_{f}"] for f in range(run.firm_count)] for name in ("cases", "free"))
        run.desks, run._open = taken_up(cases, free), sum(map(len, cases))
        for name in ("tallies", "initial", "leavers", "moves", "crews", "learners"):
            setattr(run, name, arrays[name])
        run._panel = panel
        return run

    # ---- helpers ---------------------------------------------------------------------------------------------

    def _books(self, tally: Any) -> Books:
        return self.books if tally is self.tally else self.books._replace(tally=tally)

    def _take_phase(self, first: int, scenario: Scenario) -> None:
        """Make the parameters of a stretch of the timeline, which begins with period `first`, the present ones."""
        begun = self.environment is not None
        self._now = scenario
        self.environment = environment_of(scenario, self.environment, first, self.today)
        self._rested = self.environment.firms
        # what no firm has done so far is not looked at, which takes as long as some of the people of a small market
        self._replying = any(replies(firm.price_reply) for firm in scenario.firms)
        self._managed |= any(firm.people.followed or firm.learning.steering != "none" for firm in scenario.firms)
        self.outside = rules_as_read(scenario, self.flaws)
        customers = scenario.market.customers
        self.agents = [desk_staff(firm.desk, customers).people for firm in scenario.firms]
        if begun:
            self.desks = with_staff(self.desks, self.agents, self._now_in_years())

    def _now_in_years(self) -> float:
        """The beginning of the present period, years since the first that is counted."""
        return self.period * records.period_length(self.scenario)

    def _of_all(self, stage: Callable[..., Any], *given: Any) -> list[Any]:
        """Call a kernel of the period for everybody, in chunks of rows; what it returned of each."""
        among = self.state, self.environment
        if self._chunks == 1:  # as below, sooner
            return [self._call(stage, *among, self.books, *given, 0, self.people)]
        parts = self._in_chunks(lambda *rows: self._call(stage, *among, self._books(rows[2]), *given, *rows[:2]))
        return [found for _, found in parts]

    def _in_chunks(self, stage: Callable[[int, int, Any], Any]) -> list[tuple[int, Any]]:
        """Run a stage over chunks of rows, on threads where it pays; tallies are whole numbers and add up exactly."""
        chunks = self._chunks
        if self._pool is None or chunks == 1:
            return [(0, stage(0, self.people, getattr(self, "tally", None)))]
        bounds = [self.people * c // chunks for c in range(chunks + 1)]
        parts = [np.zeros(self.tallies.shape[1:], np.int64) for _ in range(chunks)]
        jobs = [self._pool.submit(stage, bounds[c], bounds[c + 1], parts[c]) for c in range(chunks)]
        results = [(bounds[c], jobs[c].result()) for c in range(chunks)]
        if hasattr(self, "tally"):
            for part in parts:
                self.tally += part
        return results
