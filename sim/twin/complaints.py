"""The complaint desk of the readable twin; what a complaint takes and leaves stands in `sim.model.case`."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.model.case import Case, Ended, finish, registered, take_up, write_down
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

    @property
    def turn(self) -> tuple[float, float, int]:
        """Who has the lowest is served first."""
        return self.known.rank, self.known.arrival, self.sender.luck


class ComplaintDesk:
    """The desk of one firm: staff who are free from some time on, and complaints that are still open."""

    def __init__(self, firm: int, staff: int, now: float = 0.0) -> None:
        self.firm = firm
        self.free_from = [now] * staff
        self.open: list[Complaint] = []

    def set_staff(self, count: int, now: float) -> None:
        """Hire people, who are free from now on, or let those go who have been idle longest."""
        self.free_from = sorted(self.free_from)[max(0, len(self.free_from) - count) :]
        self.free_from += [now] * (count - len(self.free_from))

    def receive(self, complaint: Complaint) -> None:
        """Take a complaint of this period."""
        sender, model = complaint.sender, complaint.sender.model
        firm, key = model.environment.firms[self.firm], (model.key, complaint.period, complaint.encounter)
        complaint.known = registered(sender.state, 0, firm, model.years, *key)
        write_down(model.books.tally[self.firm, sender.segment], firm, complaint.known.ignored)
        self.open.append(complaint)

    def work(self, close: float) -> None:
        """One period, until `close`: of those who are there, the first is served as soon as someone is free."""
        waiting = [complaint for complaint in self.open if complaint.answer is None and not complaint.known.ignored]
        while waiting and self.free_from:
            start = max(min(self.free_from), min(complaint.known.arrival for complaint in waiting))
            if start >= close:
                break
            there = (complaint for complaint in waiting if complaint.known.arrival <= start)
            first = min(there, key=lambda complaint: complaint.turn)
            waiting.remove(first)
            if first.known.gives_up > start:
                self.handle(first, start)
        for complaint in self.open:
            if complaint.ends < close:
                self.end(complaint)
        self.open = [complaint for complaint in self.open if complaint.ends >= close]

    def handle(self, complaint: Complaint, start: float) -> None:
        """Someone takes up the complaint, is busy with it for a while, and the answer comes some time later."""
        sender, known = complaint.sender, complaint.known
        tally, firm = sender.model.books.tally, sender.model.environment.firms[self.firm]
        take_up(tally[self.firm, sender.segment], firm, start - known.arrival, known.handling)
        complaint.answer = start + known.handling + known.inquiry
        self.free_from.remove(min(self.free_from))
        self.free_from.append(start + known.handling)

    def end(self, complaint: Complaint) -> None:
        """The complaint is over; it is settled if its sender still is a customer."""
        sender, model, years = complaint.sender, complaint.sender.model, complaint.ends - complaint.known.arrival
        answered = complaint.answer is not None
        ended = Ended(complaint.period, complaint.encounter, complaint.severity, answered, years)
        finish(sender.state, 0, model.environment, model.books, model.clock, self.firm, ended)
