"""The complaint desk of the readable twin, and how a complaint ends."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from typing import Any

from sim.model.desk import ANSWER_TALK, DAYS_PER_YEAR, DESK_DRAWS, pay_for_handling, time_of_work
from sim.model.desk import Desk as Policy
from sim.model.luck import exponential, uniforms
from sim.model.recovery import LOGGED, RECOVERY_DRAWS, Answer, outcome_of, settle
from sim.twin.customer import Customer
from sim.vocabulary.streams import DESK, RECOVERY, TALK


@dataclass(eq=False)
class Complaint:
    """A complaint that goes to the desk. All times are in years since the start.

    Attributes:
        sender: Who complained.
        period, encounter: When: the key of the complaint's luck.
        severity: How far below adequate the encounter fell, points.
        arrival: When it reaches the desk.
        gives_up: When the sender's patience ends.
        handling: Working time that it needs.
        inquiry: Elapsed time that it needs beyond that.
        ignored: The desk will never answer it.
        answer: When the answer comes, once handling has begun.
    """

    sender: Customer
    period: int
    encounter: int
    severity: float
    arrival: float = field(init=False)
    gives_up: float = field(init=False, default=math.inf)
    handling: float = field(init=False)
    inquiry: float = field(init=False)
    ignored: bool = field(init=False)
    answer: float | None = field(init=False, default=None)

    def luck(self, stream: int, index: int) -> tuple[float, float, float, float]:
        """Random numbers of the period in which the customer complained, whenever they are needed."""
        model, sender = self.sender.model, self.sender
        numbers: tuple[float, float, float, float] = uniforms(model.key, stream, sender.luck, self.period, index)
        return numbers

    def register(self, policy: Policy, firm: Any, years: float) -> None:
        """Draw what the desk does not decide: arrival, work, patience; and whether it will be ignored."""
        draw = self.luck(DESK, DESK_DRAWS * self.encounter)
        self.arrival = (self.period + draw[0]) * years
        self.handling = time_of_work(draw[1], firm["desk"], firm["desk_hours"])
        self.inquiry = exponential(draw[3], policy.investigation_days / DAYS_PER_YEAR)
        self.ignored = self.luck(RECOVERY, RECOVERY_DRAWS * self.encounter + 1)[0] >= policy.answer_share
        if policy.patience_days > 0.0:
            self.gives_up = self.arrival + exponential(draw[2], policy.patience_days / DAYS_PER_YEAR)
        elif self.ignored:
            self.gives_up = self.arrival

    @property
    def ends(self) -> float:
        """When it ends: with the answer, or else with the sender's patience."""
        return self.gives_up if self.answer is None else self.answer

    @property
    def is_moot(self) -> bool:
        """Whether the sender has left the firm meanwhile, even if only to return."""
        return not self.sender.complaint_open or self.sender.joined > self.period


class ComplaintDesk:
    """The desk of one firm: staff who are free from some time on, a queue, and complaints that are still open."""

    def __init__(self, firm: int, staff: int, now: float = 0.0) -> None:
        self.firm = firm
        self.free_from = [now] * staff
        self.arriving: list[Complaint] = []
        self.queue: list[tuple[float, float, int, Complaint]] = []
        self.open: list[Complaint] = []

    def set_staff(self, count: int, now: float) -> None:
        """Hire people, who are free from now on, or let those go who have been idle longest."""
        self.free_from.sort()
        fewer = max(0, len(self.free_from) - count)
        self.free_from = self.free_from[fewer:]
        self.free_from += [now] * (count - len(self.free_from))
        heapq.heapify(self.free_from)

    def receive(self, complaint: Complaint) -> None:
        """Take a complaint of this period."""
        model = complaint.sender.model
        complaint.register(model.firms[self.firm].desk, model.environment.firms[self.firm], model.years)
        complaint.sender.count("registered")
        self.arriving.append(complaint)
        self.open.append(complaint)

    def work(self, close: float) -> None:
        """One period, until `close`: whoever is first in the queue is served as soon as someone is free."""
        arrivals = [complaint for complaint in self.arriving if not complaint.ignored]
        arrivals.sort(key=lambda complaint: complaint.arrival)
        arrivals.reverse()  # the next one is at the end
        self.arriving = []
        while self.free_from:
            if not self.queue:
                if not arrivals:
                    break
                self.line_up(arrivals.pop())
            start = max(self.free_from[0], self.queue[0][-1].arrival)
            if start >= close:
                break
            while arrivals and arrivals[-1].arrival <= start:
                self.line_up(arrivals.pop())
            complaint = heapq.heappop(self.queue)[-1]
            if complaint.gives_up > start:
                self.handle(complaint, start)
        for complaint in arrivals:
            self.line_up(complaint)
        for complaint in self.open:
            if complaint.ends < close:
                self.close(complaint)
        self.open = [complaint for complaint in self.open if complaint.ends >= close]

    def line_up(self, complaint: Complaint) -> None:
        """Queue a complaint: first come, first served, or the most valuable customer first."""
        sender = complaint.sender
        rank = complaint.arrival
        if sender.model.firms[self.firm].desk.queue == "value":
            rank = -sender.spend * sender.frequency
        heapq.heappush(self.queue, (rank, complaint.arrival, sender.luck, complaint))

    def handle(self, complaint: Complaint, start: float) -> None:
        """Someone takes up the complaint, is busy with it for a while, and the answer comes some time later."""
        sender, waited = complaint.sender, start - complaint.arrival
        sender.count("desk_started", firm=self.firm)
        sender.count("desk_waited", int(waited > 0.0), firm=self.firm)
        sender.book("desk_wait_days", waited * DAYS_PER_YEAR, firm=self.firm)
        firm = sender.model.environment.firms[self.firm]
        cost = pay_for_handling(complaint.handling * float(firm["desk_hours"]), firm["desk"])
        sender.book("complaint_cost", cost, firm=self.firm)
        complaint.answer = start + complaint.handling + complaint.inquiry
        heapq.heapreplace(self.free_from, start + complaint.handling)

    def close(self, complaint: Complaint) -> None:
        """The complaint ends; it is settled if its sender still is a customer."""
        sender, policy = complaint.sender, complaint.sender.model.firms[self.firm].desk
        days = (complaint.ends - complaint.arrival) * DAYS_PER_YEAR
        answered = complaint.answer is not None
        if answered:
            sender.count("desk_answered", firm=self.firm)
            sender.book("desk_answer_days", days, firm=self.firm)
        if sender.supplier != self.firm or complaint.is_moot:
            sender.count("complaint_moot", firm=self.firm)
            return
        sender.mark("complaint_open", yes=False)
        draw = complaint.luck(RECOVERY, RECOVERY_DRAWS * complaint.encounter + 1)
        u_talk = complaint.luck(TALK, ANSWER_TALK + complaint.encounter)[0]
        outcome = outcome_of(answered, draw[1] < policy.resolution_share, days, policy.speed_target_days)
        answer = Answer(outcome, days, complaint.severity, policy.resolution_share)
        further = complaint.luck(RECOVERY, RECOVERY_DRAWS * complaint.encounter + LOGGED)[1:3]
        model = sender.model
        settle(sender.state, 0, model.environment, model.books, model.clock, answer, *draw[2:4], u_talk, *further)
