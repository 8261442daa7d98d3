"""The readable twin: the same model as the engine, one customer at a time, in plain Python.

Every customer is a `mesa.Agent` with a state of its own. The stages are those of `sim.model.order.PERIOD`; what happens
to one person is the rooms' of `sim.model`, called with a state of one, and every draw is the engine's, so that all that
is known of everybody equals the engine's to the last bit. Order, queue, inboxes, and what is counted of whom are
written once more, for people to read and for tests to compare. Mesa's own random generators are never used.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import mesa
import numpy as np
from mesa.datacollection import DataCollector

from sim.engine import accounts
from sim.engine.census import only_stocks, quarters_of
from sim.engine.kept_networks import kept_network
from sim.engine.known_people import known_people, people_file
from sim.engine.learning import learning_stage, no_learners, with_corrections
from sim.engine.load import load_stage, no_crews
from sim.engine.panel import join_panel, panel_rows
from sim.engine.price_reply import price_reply_stage
from sim.engine.settling import settled_world
from sim.engine.tables import Tables, come_from_outside, with_those_who_stay
from sim.model.choice import relation_to
from sim.model.contexts import Books, Clock, Environment
from sim.model.desk import desk_staff
from sim.model.loyalty_points import keep
from sim.model.movement import CAUSES, COHORTS
from sim.model.opinion import SWAYS, sways_of_one
from sim.model.order import PERIOD
from sim.model.population import be_somebody, count_from_now, enter, entered_by, ladders
from sim.model.records import environment_records, knowing, period_length
from sim.model.rooms import columns_outside, observables_of
from sim.model.scenario import Scenario
from sim.model.typology import TYPOLOGIES, kind_of, margin_a_year
from sim.parameters.timeline import Patch, phases
from sim.rules.reading import RuleSource
from sim.runs.batch_iteration import iteration_of_batch_run
from sim.runs.run import replication_seed
from sim.twin.complaints import ComplaintDesk
from sim.twin.customer import Customer
from sim.twin.encounters import have_encounters
from sim.twin.inputs import Source, chosen_seed, resolved
from sim.twin.movement import move_on, review_chance
from sim.twin.outside import ask
from sim.twin.reporters import REPORTERS
from sim.twin.talk import be_read_of, forget, hear, tell_on


class Twin(mesa.Model):
    """A run of a scenario with one Mesa agent for each person.

    Args:
        source: What to simulate: a `Scenario`, a scenario file, or None for the default scenario. Some thousands of
            people at most, for every one of them is an object.
        seed: Key of all luck; the scenario's if left out. `rng` is Mesa's newer name for it. Under `batch_run` each
            iteration has another luck from it, as replications of `sim.run`.
        base_dir: Folder of the scenario file, for a network's edge list; a file brings its own.
        patch: Parameters by path that hold in every period that is counted, whatever the timeline says: the same people
            with the same luck in another world.
        today: What holds before the first period that is counted, if not the scenario itself.
        rules: Files with rules from outside.
        **kwargs: Parameters by path, and `customers`, `periods` and `preset`, as for `FastModel`.

    Attributes:
        people: Everybody, by number; also in Mesa's `agents`.
        parameters: The scenario as its timeline has it in the present period.
        desks: The complaint desk of each firm.
        environment: The parameters as records, and what the market knows of each firm.
        books: The tallies of the period, int64[firms, segments, observables]; amounts are whole numbers of 1/65536.
        datacollector: The main measures of the focal firm, a row a period.

    >>> from sim.model.market import Market, Run
    >>> twin = Twin(Scenario(market=Market(customers=20), run=Run(periods=2)))
    >>> twin.run().tallies.shape[0], len(twin.agents)
    (2, 20)
    """

    running: bool

    def __init__(
        self,
        source: Source = None,
        seed: int | None = None,
        base_dir: Path | None = None,
        patch: Patch | None = None,
        rng: Any = None,
        rules: Sequence[RuleSource] = (),
        today: Scenario | None = None,
        **kwargs: Any,
    ) -> None:
        scenario, folder = resolved(source, kwargs, rules)
        self.seed = replication_seed(chosen_seed(seed, rng, scenario.run.seed), iteration_of_batch_run())
        super().__init__(rng=self.seed)
        self.initial_parameters = scenario
        self.base_dir = base_dir or folder
        self.key: Any = np.uint64(self.seed)  # a Python int above 2**63 does not fit compiled code
        self.period = -scenario.run.warm_up
        self.years = period_length(scenario)
        self.phases = phases(scenario, patch, today)
        before: Any = None
        self.environment: Environment = before
        self._take_parameters(self.phases[0][1], today)
        self.ladder = np.array(ladders(scenario))

        market, periods = scenario.market, scenario.run.periods
        self.present = market.customers
        self.complete_mix = market.network.kind == "complete"
        everybody = market.customers + math.floor(market.entrants_per_year * periods * self.years)
        table = known_people(scenario, self.base_dir)
        self.known = None if table is None else table.rows
        self.people = [Customer(self, luck, present=luck < self.present) for luck in range(everybody)]
        self._settle(today or scenario)
        self._tie_people()
        self.desks = [ComplaintDesk(f, staff, self.period * self.years) for f, staff in enumerate(self.staff)]

        self.crews = no_crews(len(self.firms))
        self.learners = no_learners(len(self.firms))
        self.leavers = np.zeros((len(self.firms), len(COHORTS), len(CAUSES), periods + 1), np.int64)
        self.moves = np.zeros((periods, len(self.firms) + 2, len(self.firms) + 2), np.int64)
        self._begin_counting()
        self.initial = self._initial_stocks()
        self.tallies: list[Any] = []
        self.environment = knowing(self.environment, self.initial)
        self.followed: list[dict[str, Any]] = []
        self.datacollector = DataCollector(model_reporters=REPORTERS)

    def _settle(self, today: Scenario) -> None:
        """Where a small world has lived before, those who are there are its people, and know and pay what these do."""
        settled = settled_world(today, self.seed, self.base_dir, 1)
        if settled is None:
            return
        for person in self.people[: self.present]:
            be_somebody(person.state, 0, settled.people, self.period, self.key)
        self.environment = environment_records(self.parameters, settled.environment, self.period)

    def _tie_people(self) -> None:
        """Give each person the list of the people whom it can tell, and over which kind of tie."""
        market, table = self.parameters.market, people_file(self.initial_parameters, self.base_dir)
        network = kept_network(market.network, len(self.people), self.seed, self.base_dir, table)
        for person, first, end in zip(self.people, network.offsets, network.offsets[1:], strict=False):
            person.ties = [(self.people[tie >> 1], bool(tie & 1)) for tie in network.ties[first:end].tolist()]

    # ---- one period, in the order of PERIOD -------------------------------------------------------------------

    def step(self) -> None:
        """Simulate one period, and before the first the warm-up; nothing happens after the last."""
        if not self.running:
            return
        while self.period < 0:
            self._live()
        self._live()
        for person in self.people[: self.initial_parameters.run.panel]:
            row = panel_rows(person.state, 1, self.period - 1, columns_outside(self.initial_parameters))
            self.followed.append(row)
        self.running = self.period < self.initial_parameters.run.periods
        self.datacollector.collect(self)

    def _live(self) -> None:
        """All stages of the present period; of the warm-up only people remain, and stocks."""
        self._begin_counting()
        for stage in PERIOD:
            getattr(self, stage)()
        self.period += 1
        if self.period <= 0:
            self.initial = only_stocks(self.tallies.pop())
        if self.period == 0:
            self.leavers[:], self.moves[:] = 0, 0
            for person in self.people:
                count_from_now(person.state, 0)

    def policy(self) -> None:
        """The timeline's changes take effect, and newcomers enter the market."""
        for first, parameters in self.phases[1:]:
            if first == self.period:
                self._take_parameters(parameters)
                for desk, staff in zip(self.desks, self.staff, strict=True):
                    desk.set_staff(staff, self.period * self.years)
        market = self.initial_parameters.market
        arrived = entered_by(market.entrants_per_year, self.period + 1, self.years)
        now = min(market.customers + arrived, len(self.people))
        for person in self.people[self.present : now]:
            enter(person.state, 0, self.books.tally)
        self.newcomers = self.people[self.present : now]
        self.present = now

    def price_reply(self) -> None:
        """Firms that answer the prices of others set theirs anew."""
        self.environment = price_reply_stage(self.environment, self.rested, self.firms)

    def load(self) -> None:
        """Each firm's work against its staff: what its service suffers, and how staff and standard move on."""
        given = self.rested, self.firms, self.crews, self.books.tally, self._stocks_before
        self.environment = with_corrections(load_stage(self.environment, *given), self.learners)

    def encounters(self) -> None:
        """Service is delivered, perceived and judged; the dissatisfied exit, speak up or stay."""
        for person in self.people:
            have_encounters(person)

    def complaint_desk(self) -> None:
        """Complaints queue, are answered, and the answers are judged."""
        for desk in self.desks:
            desk.work(close=(self.period + 1) * self.years)

    def word_of_mouth(self) -> None:
        """Those with a story tell it, and strangers read what was posted."""
        for person in self.people:
            tell_on(person)
            be_read_of(person)

    def movement(self) -> None:
        """Listeners take in what they heard; people leave, switch, return, join; the customers are counted."""
        for person in self.people:
            reviews = review_chance(person)
            hear(person)
            move_on(person, reviews)
            forget(person)
            keep(person.state, 0, self.environment, self.books, self.clock)
            person.be_counted()
        for person in self.newcomers:
            come_from_outside(self.books.moves, person.state, 0, 1, self.period)

    def outside(self) -> None:
        """Rules from outside look at the customers."""
        for person in self.people:
            if person.supplier is not None:
                ask(person, "end_of_period", {})

    def learning(self) -> None:
        """Firms hear of failures by their instruments, and correct them."""
        learning_stage(self.environment, self.firms, self.learners, self.books.tally, self.clock)

    def accounts(self) -> None:
        """What is booked by the period, and the ledgers are checked."""
        tally = self.books.tally
        stocks, room = (self._stocks_before, self.initial), accounts.room_for(len(self.firms))
        self.environment = accounts.end_period(self.environment, tally, *stocks, self.crews, room)
        self.tallies.append(tally)

    # ---- the whole run ----------------------------------------------------------------------------------------

    def run(self) -> Tables:
        """Simulate the periods that are left and return the tables."""
        while self.running:
            self.step()
        return self.tables()

    def tables(self) -> Tables:
        """The results so far, as the engine's `Simulation.tables`."""
        run = self.initial_parameters.run
        shape = (len(self.tallies), len(self.firms), len(self.segments), len(observables_of(self.initial_parameters)))
        stayers = np.zeros((len(self.firms), len(COHORTS), run.periods + 1), np.int64)
        for person in self.people:
            if person.supplier is not None:
                tenure = max(self.period, 0) - max(person.joined, 0)
                stayers[person.supplier, int(person.newcomer), tenure] += 1
        without = sum(person.supplier is None and person.present and not person.gone for person in self.people)
        panel = join_panel(self.followed) if self.followed else None
        return Tables(
            self.initial_parameters,
            self.seed,
            np.array(self.tallies, np.int64).reshape(shape),
            self.initial.copy(),
            self.leavers.copy(),
            stayers,
            with_those_who_stay(self.moves[: len(self.tallies)], self.tallies, without),
            self.customer_types(),
            panel,
        )

    def customer_types(self) -> dict[str, dict[str, int]]:
        """The focal firm's customers at the present moment, counted by the types of `sim.model.typology`."""
        given = self.environment, self.period
        mine = [person for person in self.people if person.supplier == 0]
        margins = [margin_a_year(person.state, 0, *given) for person in mine]
        traits = [[person.frequency for person in mine], [person.spend for person in mine]]
        quarters = quarters_of([margins, *np.array(traits, np.float32)])
        kinds = [kind_of(person.state, 0, *given, quarters) for person in self.people]
        return {
            name: {kind: sum(each[typology] == place for each in kinds) for place, kind in enumerate(types)}
            for typology, (name, types) in enumerate(TYPOLOGIES.items())
        }

    # ---- helpers ----------------------------------------------------------------------------------------------

    @property
    def _stocks_before(self) -> Any:
        """The stocks before the present period."""
        return self.tallies[-1] if self.tallies else self.initial

    def _take_parameters(self, parameters: Scenario, today: Scenario | None = None) -> None:
        """Make these parameters the present ones, and turn yearly rates into chances per period."""
        self.parameters = parameters
        self.firms, self.segments = parameters.firms, parameters.all_segments
        self.environment = environment_records(parameters, self.environment, self.period, today)
        self.rested = self.environment.firms
        self.sways = np.empty((len(self.segments), SWAYS))
        sways_of_one(self.environment, self.sways)
        self.staff = [desk_staff(firm.desk, parameters.market.customers).people for firm in self.firms]

    def _begin_counting(self) -> None:
        tally = np.zeros((len(self.firms), len(self.segments), len(observables_of(self.parameters))), np.int64)
        self.books = Books(tally, self.leavers.reshape(-1), self.moves[max(self.period, 0)])
        self.clock = Clock(self.key, self.period)

    def _initial_stocks(self) -> Any:
        for person in self.people:
            person.be_counted()
        stocks = self.books.tally
        stocks[:, :, accounts.STOCKS] = 0
        for person in self.people[: self.present]:
            for f in range(len(self.firms)):
                stocks[f, person.segment, accounts.STOCKS[relation_to(person.state, 0, f)]] += 1
        return stocks
