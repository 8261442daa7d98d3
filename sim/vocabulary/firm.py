"""Firms, by the parts of the service triangle: strategy, systems (people come with the load rule)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import model_validator

from sim.vocabulary.dimensions import Levels
from sim.vocabulary.failures import Failures
from sim.vocabulary.parameter import OneLine, OptionalLine, Section, parameter


def _money(default: float, meaning: str, unit: str, source: str = "assumption") -> Any:
    return parameter(default, meaning, unit=unit, source=source, ge=0.0, le=1e9)


def _share(default: float, meaning: str, source: str = "assumption", **extra: Any) -> Any:
    return parameter(default, meaning, unit="share", source=source, ge=0.0, le=1.0, **extra)


class Strategy(Section):
    """What the firm promises, asks and spends to win customers."""

    promise: Levels = Levels.of(5.6)
    price_index: float = parameter(
        1.0, "Price relative to the market's; multiplies revenue", unit="ratio", source="assumption", gt=0.0, le=10.0
    )
    gross_margin: float = _share(
        0.55, "Share of revenue left after the goods themselves, before service and quality",
        "assumption: a service firm; a shop has a third or less",
    )  # fmt: skip
    advertising_hazard: float = parameter(
        0.10, "a: yearly probability that advertising alone wins a prospect", unit="per year",
        source="Bass 1969, p = .03 (order); assumption (size)", ge=0.0, le=0.999999,
    )  # fmt: skip
    advertising_cost: float = _money(6.0, "Advertising spent per prospect in the market", "money per prospect and year")
    welcome_cost: float = _money(45.0, "Discounts and set-up work for each customer won", "money per new customer")


class Channels(Section):
    """Share of encounters by channel, and how much each filters the human touch."""

    chat: float = _share(0.2, "Share of encounters by chat: words only")
    telephone: float = _share(0.3, "Share of encounters by telephone: words and tone")
    counter: float = _share(0.5, "Share of encounters face to face: words, tone and gestures")
    filter_strength: float = _share(
        0.15, "How strongly poorer channels flatten empathy and assurance (0 off; 1 the notes' .07/.35/.58)",
        "notes 'Servicio al cliente' after Mehrabian 1967, who measured contradictory messages about feelings only: "
        "often misused",
    )  # fmt: skip

    @model_validator(mode="after")
    def _sum_to_one(self) -> Channels:
        total = self.chat + self.telephone + self.counter
        if abs(total - 1.0) > 1e-9:
            raise ValueError(f"the shares of chat, telephone and counter must sum to 1, found {total:.6g}")
        return self


class Systems(Section):
    """Service design: level per dimension, its variation, failures, channels."""

    service: Levels = Levels.of(5.6)
    staff_variation: float = parameter(
        0.45, "Standard deviation of delivery from encounter to encounter, per dimension (heterogeneity)",
        unit="points (1-7)", ge=0.0, le=6.0,
        source="notes 'Servicio al cliente' (services are heterogeneous); assumption (size)",
    )  # fmt: skip
    failures: Failures = Failures()
    failure_scale: float = parameter(
        1.0, "Multiplies all failure probabilities; 0 is a world without failures", unit="ratio", source="model design",
        ge=0.0, le=100.0,
    )  # fmt: skip
    interception_share: float = _share(
        0.3, "Share of failures that inspection finds and mends before the customer feels them",
        "Juran (internal against external failure); assumption (size)",
    )  # fmt: skip
    channels: Channels = Channels()


class Desk(Section):
    """The complaint desk and the response policy."""

    agents: float = parameter(
        1.0, "Desk staff per 10,000 people in the market; whole people work (at least one unless 0)",
        unit="people per 10,000", source="assumption", ge=0.0, le=10_000.0,
    )  # fmt: skip
    handling_hours: float = parameter(
        3.0, "Mean working time on one complaint (exponential)", unit="hours", source="assumption", ge=0.0, le=10_000.0
    )
    hours_per_year: float = parameter(
        1700.0, "Hours that a desk agent works", unit="hours per year", source="assumption", gt=0.0, le=8784.0
    )
    queue: Literal["first_come", "value"] = parameter(
        "first_come", "Who is served first: the longest waiting, or the most valuable customer", unit="name",
        source="model design",
    )  # fmt: skip
    patience_days: float = parameter(
        60.0, "Mean time until a waiting complainer gives up (exponential); 0 means never", unit="days",
        source="Erlang A (form); assumption (size)", ge=0.0, le=1e6,
    )  # fmt: skip
    investigation_days: float = parameter(
        3.0, "Mean elapsed time that an answer needs beyond the desk's own work (exponential)", unit="days",
        source="assumption", ge=0.0, le=3650.0,
    )  # fmt: skip
    speed_target_days: float = parameter(
        2.0, "An answer within this time after the complaint counts as quick", unit="days",
        source="TARP ('resolved quickly'); assumption (size)", ge=0.0, le=3650.0,
    )  # fmt: skip
    ease: float = parameter(
        0.0, "Ease of complaining: number and visibility of channels, 0 average", unit="index", source="assumption",
        ge=-10.0, le=10.0,
    )  # fmt: skip
    answer_share: float = _share(0.9, "Share of complaints at the desk that get an answer at all")
    resolution_share: float = _share(0.6, "Share of answered complaints that are resolved")
    front_line_resolution: float = _share(
        0.4, "Share of front-line complaints that empowered staff resolve on the spot"
    )
    compensation: float = _share(0.25, "Compensation of the complainer, as a share of a purchase")
    apology: float = _share(0.6, "Quality of apology and treatment, 0 none to 1 perfect")
    follow_up: float = _share(0.2, "Share of answered complainers who are called back")
    handling_cost: float = _money(8.0, "Material cost of one handled complaint", "money per complaint")
    agent_cost: float = _money(38_000.0, "Cost of a desk agent", "money per person and year")
    follow_up_cost: float = _money(4.0, "Cost of calling back", "money per call")


class WinBack(Section):
    """Offers to customers who left."""

    contacts_per_year: float = parameter(
        0.3, "How often a lapsed customer is contacted", unit="per year", source="assumption", ge=0.0, le=365.0
    )
    acceptance_share: float = _share(0.12, "Base share of contacted lapsed customers who come back")
    cost: float = _money(6.0, "Cost of one contact", "money per contact")


class QualityCosts(Section):
    """Unit costs by which the costs of quality are booked where they arise (Feigenbaum 1956, Juran)."""

    purchase_service: float = _money(2.5, "Cost to serve a purchase", "money per purchase")
    help_service: float = _money(7.0, "Cost to serve a 'help me' request", "money per request")
    repair_service: float = _money(28.0, "Cost to serve a 'fix it' request", "money per repair")
    warranty_share: float = _share(0.5, "Share of repairs within warranty, paid by the firm")
    repair_price: float = _money(45.0, "Price of a repair out of warranty", "money per repair")
    prevention: float = _money(2.0, "Training and process design against failures", "money per customer and year")
    appraisal: float = _money(4.0, "Inspection, mystery shopping, surveys", "money per customer and year")
    internal_failure: float = _money(15.0, "Rework of a failure found before the customer felt it", "money per failure")
    failure_effect: float = _money(
        25.0, "Direct effects of a failure that reached the customer: redo, refunds, staff time", "money per failure",
        "notes 'El buen y mal servicio' ('costes efectos'); assumption (size)",
    )  # fmt: skip


class Firm(Section):
    """One firm, the focal one or a rival."""

    name: OneLine = parameter(
        "focal", "Name of the firm", unit="name", source="user's data", setup=True,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9 _\-]{0,39}$",
    )  # fmt: skip
    culture: OptionalLine = parameter(
        None,
        "Named service culture: awful, poor, normal, exceptional",
        unit="name",
        source="notes 'Servicio al cliente'",
    )
    initial_share: float = _share(0.45, "Share of the market's people who are its customers at the start", setup=True)
    strategy: Strategy = Strategy()
    systems: Systems = Systems()
    desk: Desk = Desk()
    win_back: WinBack = WinBack()
    costs: QualityCosts = QualityCosts()
