"""People: the staff who serve customers, how many there are, what they can do, and what load does to them.

The parameters. The equations and what is counted stand in `sim.model.work_pressure`, and what they do to customers in
`sim.model.cut_corners`.
"""

from __future__ import annotations

from sim.vocabulary.parameter import PRICE_PAID, Section, amount, parameter, price_paid, share, switch, weeks

HOW_LONG = "how long the work takes"
HOW_PEOPLE_ARE = "how people work and come and go, and no decision"
_OLIVA = "Oliva & Sterman 2001 (form); assumption (size)"


class People(Section):
    """The staff who serve customers, as load wears them down."""

    followed: bool = switch(
        False,
        "Whether the staff are followed; if not, there are always enough, and load does nothing",
        "model design",
        label="Staff are followed",
        no_lever="whether it is looked at, and no decision",
    )
    staffing: float = parameter(
        1.0,
        "Staff relative to what the work at the start takes",
        label="Staff for the work of the start",
        unit="ratio",
        allowed=(0.01, 100.0),
        practical=(0.6, 1.5),
        paid_by="firm.people.pay",
    )
    expected_share: float = share(
        0.0,
        "Share of the market's people whom the staff of the start is there for, if that is more than its customers",
        "assumption: those who are customers then; a firm that enters the market expects more",
        label="Market share staffed for",
        practical=(0.0, 0.6),
        no_lever="what is expected at the start, and no decision",
    )
    follow_load: float = share(
        0.0,
        "How far hiring follows the work at hand rather than that of the start",
        label="Hiring follows the load",
        practical=(0.0, 1.0),
        paid_by="firm.people.pay",
    )
    hours_per_purchase: float = parameter(
        0.05,
        "Working time on a purchase, at the standard of the start",
        label="Hours per purchase",
        unit="hours",
        allowed=(0.0, 10_000.0),
        practical=(0.0, 4.0),
        no_lever=HOW_LONG,
    )
    hours_per_help: float = parameter(
        0.2,
        "Working time on a 'help me' service, at the standard of the start",
        label="Hours per help request",
        unit="hours",
        allowed=(0.0, 10_000.0),
        practical=(0.0, 4.0),
        no_lever=HOW_LONG,
    )
    hours_per_repair: float = parameter(
        1.5,
        "Working time on a repair, at the standard of the start",
        label="Hours per repair",
        unit="hours",
        allowed=(0.0, 10_000.0),
        practical=(0.0, 20.0),
        no_lever=HOW_LONG,
    )
    hours_per_complaint: float = parameter(
        3.0,
        "Working time of the staff on a front-line complaint; those at the desk take the desk's time",
        label="Hours per front-line complaint",
        unit="hours",
        allowed=(0.0, 10_000.0),
        practical=(0.0, 20.0),
        no_lever=HOW_LONG,
    )
    expected_complaints: float = parameter(
        0.0,
        "Front-line complaints that the staff of the start is there for",
        label="Front-line complaints expected",
        unit="per customer and year",
        source="assumption: none, where all go to the desk; a run says how many there are",
        allowed=(0.0, 1000.0),
        practical=(0.0, 2.0),
        no_lever="what is expected at the start, and no decision",
    )
    hours_per_year: float = parameter(
        1700.0,
        "Hours that one of the staff is paid for",
        label="Paid hours a year",
        unit="hours per year",
        gt=0.0,
        le=8784.0,
        practical=(1200.0, 2200.0),
        no_lever="a definition: what a working year is",
        definition=True,
    )
    absence: float = parameter(
        0.08,
        "Share of the paid hours in which people are ill or away",
        label="Absence",
        unit="share",
        allowed=(0.0, 0.9),
        practical=(0.0, 0.3),
        no_lever=HOW_PEOPLE_ARE,
    )
    rookie_effect: float = parameter(
        0.5,
        "What a new colleague gets done, relative to an experienced one",
        label="What rookies get done",
        unit="ratio",
        source=_OLIVA,
        allowed=(0.05, 1.0),
        practical=(0.2, 1.0),
        no_lever=HOW_PEOPLE_ARE,
    )
    rookie_weeks: float = weeks(
        13.0,
        "Time constant with which rookies become experienced; 0 at once",
        _OLIVA,
        label="Time to become experienced",
        practical=(2.0, 104.0),
        no_lever=HOW_PEOPLE_ARE,
    )
    leaving_per_year: float = parameter(
        0.25,
        "Yearly probability that one of the staff leaves",
        label="Staff who leave",
        unit="per year",
        allowed=(0.0, 0.999999),
        practical=(0.0, 0.6),
        no_lever=HOW_PEOPLE_ARE,
    )
    hiring_weeks: float = weeks(
        12.0,
        "Mean time from the decision to hire to the first day at work; 0 at once",
        _OLIVA,
        label="Time to hire",
        practical=(0.0, 52.0),
        no_lever=HOW_PEOPLE_ARE,
    )
    pressure_effect: float = parameter(
        0.64,
        "a: time per order goes with pressure^-a; 0: pressure cuts no corners",
        label="Pressure on time per order",
        unit="ratio",
        source="Oliva & Sterman 2001 (second-hand: the lending centre of a bank)",
        allowed=(0.0, 5.0),
        practical=(0.0, 1.0),
        no_lever=HOW_PEOPLE_ARE,
    )
    least_time: float = parameter(
        0.5,
        "Floor of time per order, relative to the standard of the moment",
        label="Shortest time per order",
        unit="ratio",
        allowed=(0.01, 1.0),
        practical=(0.2, 1.0),
        no_lever=HOW_PEOPLE_ARE,
    )
    most_time: float = parameter(
        1.5,
        "Ceiling of time per order where there is little to do, relative to the standard of the moment",
        label="Longest time per order",
        unit="ratio",
        allowed=(1.0, 100.0),
        practical=(1.0, 2.0),
        no_lever=HOW_PEOPLE_ARE,
    )
    most_overtime: float = parameter(
        1.25,
        "Hours worked at most, relative to the capacity; 1 is no overtime",
        label="Hours with overtime",
        unit="ratio",
        source=_OLIVA,
        allowed=(1.0, 5.0),
        practical=(1.0, 1.5),
        paid_by="firm.people.overtime_premium",
    )
    fatigue_effect: float = parameter(
        0.5,
        "Capacity lost per unit of overtime in the last weeks: with .5, a lasting 20% of overtime loses 10%; 0 is off",
        label="Fatigue by overtime",
        unit="ratio",
        source=_OLIVA,
        allowed=(0.0, 5.0),
        practical=(0.0, 1.5),
        no_lever=HOW_PEOPLE_ARE,
    )
    fatigue_weeks: float = weeks(
        6.0,
        "Time constant of the weeks whose overtime tires; 0 the present period only",
        _OLIVA,
        label="Weeks that tire",
        practical=(1.0, 26.0),
        no_lever=HOW_PEOPLE_ARE,
    )
    erosion_weeks: float = parameter(
        18.83,
        "Time constant with which the standard of time per order sinks to what is taken",
        label="Sinking of the standard",
        unit="weeks",
        source="Oliva & Sterman 2001 (second-hand: the lending centre of a bank)",
        allowed=(0.0, 1e7),
        practical=(4.0, 260.0),
        no_lever=HOW_PEOPLE_ARE,
    )
    recovery_weeks: float = parameter(
        260.0,
        "Time constant with which it rises; their estimate, 8.14e6, is never",
        label="Rising of the standard",
        unit="weeks",
        source="Oliva & Sterman 2001 (that it hardly rises); assumption (size)",
        allowed=(0.0, 1e7),
        practical=(13.0, 8.14e6),
        no_lever=HOW_PEOPLE_ARE,
    )
    target_weeks: float = parameter(
        1.0,
        "Time within which work left over shall be done",
        label="Target for work left over",
        unit="weeks",
        gt=0.0,
        le=520.0,
        practical=(0.2, 13.0),
        no_lever="a definition: what counts as in time",
        definition=True,
    )
    corner_effect: float = parameter(
        1.5,
        "k: responsiveness and empathy lose k ln(T0 / T) when an order takes T, not T0 as at the start; 0 is off",
        label="Cut corners in the service",
        unit="points (1-7)",
        allowed=(0.0, 6.0),
        practical=(0.0, 3.0),
        no_lever=HOW_PEOPLE_ARE,
    )
    mistakes: float = parameter(
        1.5,
        "phi: broken commitments, wrong answers and lack of coordination go with (T0 / T)^phi; 0 is off",
        label="Mistakes in haste",
        unit="ratio",
        allowed=(0.0, 10.0),
        practical=(0.0, 3.0),
        no_lever=HOW_PEOPLE_ARE,
    )
    morale_effect: float = parameter(
        1.0,
        "Apathy, coldness and their like go with (1 / morale)^x, morale being the standard against its start; 0 is off",
        label="Morale and bad manners",
        unit="ratio",
        source="notes 'Servicio al cliente' (the sins of service); assumption (form and size)",
        allowed=(0.0, 10.0),
        practical=(0.0, 3.0),
        no_lever=HOW_PEOPLE_ARE,
    )
    waiting_effect: float = parameter(
        0.5,
        "Responsiveness loses c ln(1 + wait / target) by the time that work left over waits; 0 is off",
        label="Waiting in the service",
        unit="points (1-7)",
        allowed=(0.0, 6.0),
        practical=(0.0, 2.0),
        no_lever=HOW_PEOPLE_ARE,
    )
    training: float = amount(
        0.0,
        "Training of the staff: fewer wrong answers, and a standard that comes back; booked as prevention",
        "money per person and year",
        label="Training of the staff",
        practical=(0.0, 3000.0),
        paid_by="firm.people.training",
    )
    training_scale: float = parameter(
        1500.0,
        "So much training divides wrong answers by e, and lets the standard return as the next line says",
        label="Training that divides by e",
        unit="money per person and year",
        gt=0.0,
        le=1e9,
        practical=(300.0, 6000.0),
        no_lever="what training brings; what is spent on it is the lever",
    )
    training_weeks: float = parameter(
        26.0,
        "Time constant of a sunken standard's return with that much training; half the training takes twice as long",
        label="Return by training",
        unit="weeks",
        gt=0.0,
        le=1e6,
        practical=(8.0, 260.0),
        no_lever="what training brings; what is spent on it is the lever",
    )
    empowerment: float = share(
        0.0,
        "How far the staff may decide themselves; 0 is as `firm.desk` and `firm.systems` say",
        label="Empowerment",
        practical=(0.0, 1.0),
        paid_by="firm.people.empowerment_cost",
    )
    empowered_resolution: float = share(
        0.4,
        "Share of the front-line complaints else unresolved that fully empowered staff resolve",
        label="Resolved when empowered",
        practical=(0.0, 0.9),
        no_lever="what empowerment brings",
    )
    empowered_rules: float = share(
        0.5,
        "Share of inflexibility and of answers by the rulebook that full empowerment takes away",
        label="Rulebook when empowered",
        practical=(0.0, 0.9),
        no_lever="what empowerment brings",
    )
    empowerment_cost: float = price_paid(
        800.0,
        "Coaching and what is given away, at full empowerment; booked as prevention",
        "money per person and year",
        label="Cost of empowerment",
        practical=(0.0, 5000.0),
    )
    pay: float = price_paid(
        30_000.0,
        "Pay of one of the staff, which is then no part of the costs to serve in `firm.costs`",
        "money per person and year",
        label="Pay of the staff",
        practical=(15_000.0, 80_000.0),
    )
    overtime_premium: float = parameter(
        0.5,
        "Pay of an hour of overtime above that of another hour",
        label="Premium for overtime",
        unit="ratio",
        allowed=(0.0, 10.0),
        practical=(0.0, 1.0),
        no_lever=PRICE_PAID,
    )
    hiring_cost: float = price_paid(
        3000.0,
        "Finding and choosing somebody new",
        "money per person hired",
        label="Cost of hiring",
        practical=(0.0, 20_000.0),
    )
