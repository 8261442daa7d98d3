"""The complaint desk of the readable twin, and how a complaint ends."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

from sim.model.case import Case, Ended, close, end, registered, take_up, write_down
from sim.model.desk import DAYS_PER_YEAR
from sim.twin.customer import Customer


@dataclass(eq=False)
class Complaint:
    """A complaint that goes to the desk. All times are in years since the start.

    Attributes:
        sender: Who complained.
        period, encounter: When: the key of the complaint's luck.
        severity: How far below adequate the encounter fell, points.
        known: What the desk does not decide, from when it is registered.
        answer: When the answer comes, once handling has begun.
    """

    sender: Customer
    period: int
    encounter: int
    severity: float
    known: Case = field(init=False)
    answer: float | None = field(init=False, default=None)

    @property
    def ends(self) -> float:
        """When it ends: with the answer, or else with the sender's patience."""
        return self.known.gives_up if self.answer is None else self.answer


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
        sender, model = complaint.sender, complaint.sender.model
        firm = model.environment.firms[self.firm]
        complaint.known = registered(
            sender.state, 0, firm, model.years, model.key, complaint.period, complaint.encounter
        )
        write_down(model.books.tally[self.firm, sender.segment], firm, complaint.known.ignored)
        self.arriving.append(complaint)
        self.open.append(complaint)

    def work(self, close: float) -> None:
        """One period, until `close`: whoever is first in the queue is served as soon as someone is free."""
        arrivals = [complaint for complaint in self.arriving if not complaint.known.ignored]
        arrivals.sort(key=lambda complaint: complaint.known.arrival)
        arrivals.reverse()  # the next one is at the end
        self.arriving = []
        while self.free_from:
            if not self.queue:
                if not arrivals:
                    break
                self.line_up(arrivals.pop())
            start = max(self.free_from[0], self.queue[0][-1].known.arrival)
            if start >= close:
                break
            while arrivals and arrivals[-1].known.arrival <= start:
                self.line_up(arrivals.pop())
            complaint = heapq.heappop(self.queue)[-1]
            if complaint.known.gives_up > start:
                self.handle(complaint, start)
        for complaint in arrivals:
            self.line_up(complaint)
        for complaint in self.open:
            if complaint.ends < close:
                self.close(complaint)
        self.open = [complaint for complaint in self.open if complaint.ends >= close]

    def line_up(self, complaint: Complaint) -> None:
        """Queue a complaint: first come, first served, or the most valuable customer first."""
        known = complaint.known
        heapq.heappush(self.queue, (known.rank, known.arrival, complaint.sender.luck, complaint))

    def handle(self, complaint: Complaint, start: float) -> None:
        """Someone takes up the complaint, is busy with it for a while, and the answer comes some time later."""
        sender, known = complaint.sender, complaint.known
        tally, firm = sender.model.books.tally, sender.model.environment.firms[self.firm]
        take_up(tally[self.firm, sender.segment], firm, start - known.arrival, known.handling)
        complaint.answer = start + known.handling + known.inquiry
        heapq.heapreplace(self.free_from, start + known.handling)

    def close(self, complaint: Complaint) -> None:
        """The complaint ends; it is settled if its sender still is a customer."""
        sender, model, answered = complaint.sender, complaint.sender.model, complaint.answer is not None
        days = (complaint.ends - complaint.known.arrival) * DAYS_PER_YEAR
        if end(sender.state, 0, model.books, self.firm, complaint.period, answered, days):
            ended = Ended(complaint.period, complaint.encounter, complaint.severity, answered, days)
            close(sender.state, 0, model.environment, model.books, model.clock, ended)
