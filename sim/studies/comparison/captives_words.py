"""What a change does to customers who cannot leave: there money alone says nothing, for nobody goes for bad service.

A public office, or a firm without a rival: whoever asks what service does to captives (`asks: captives`) is told what
they get and what it costs, and not whether it pays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from sim.model.scenario import Scenario
from sim.report.wording import told_amount
from sim.studies.comparison.comparison_rows import change_of, size_of, surely
from sim.words import say


class ForCaptives(NamedTuple):
    """What a change does where customers cannot leave; rows as those of a comparison's differences and money.

    Attributes:
        label: What it is called.
        satisfaction: Its change in satisfaction.
        margin: Its change in margin.
        borne: Its change in what captives bear; None where it is not measured.
        time: How long the worlds are lived, in words.
    """

    label: str
    satisfaction: pd.Series
    margin: pd.Series
    borne: pd.Series | None
    time: str


def is_about_captives(today: Scenario) -> bool:
    """Whether a scenario asks what becomes of customers who cannot leave."""
    return today.asks == "captives"


def served(change: ForCaptives) -> str:
    """What they get and what it costs, as a sentence without its full stop."""
    values = {"label": change.label, "change": change_of(change.satisfaction)}
    better = surely(change.satisfaction)
    if better > 0:
        told = say("{label} serves those who cannot leave better: satisfaction {change}", **values)
    elif better < 0:
        told = say("{label} serves those who cannot leave worse: satisfaction {change}", **values)
    else:
        told = say("{label} makes no sure difference to those who cannot leave: satisfaction {change}", **values)
    return "; ".join(part for part in (told, _borne(change), _paid(change)) if part)


def _borne(change: ForCaptives) -> str:
    if change.borne is None or surely(change.borne) == 0:
        return ""
    amount = size_of(change.borne)
    if change.borne["difference"] < 0:
        return say("they bear {amount} less", amount=amount)
    return say("they bear {amount} more", amount=amount)


def _paid(change: ForCaptives) -> str:
    values = {"amount": size_of(change.margin), "time": change.time}
    dearer = surely(change.margin)
    if dearer < 0:
        return say("it takes {amount} of margin over {time}", **values)
    if dearer > 0:
        return say("it brings {amount} of margin over {time}", **values)
    return say("margin hardly changes over {time}", **values)


def served_best(changes: Sequence[ForCaptives], today: str) -> tuple[str, str]:
    """Of several plans, which serves those best who cannot leave, and what the others do."""
    first, *others = sorted(changes, key=lambda change: -float(change.satisfaction["difference"]))
    values = {
        "count": len(changes),
        "label": first.label,
        "change": change_of(first.satisfaction),
        "time": first.time,
        "margin": change_of(first.margin),
        "today": today,
    }
    told = (
        say(
            "Of the {count}, {label} serves those best who cannot leave: satisfaction {change}, margin over {time} "
            "{margin}.",
            **values,
        )
        if surely(first.satisfaction) > 0
        else say("None of the {count} surely serves those better than {today} who cannot leave.", **values)
    )
    named = [
        say(
            "{label} {change}, {margin}",
            label=one.label,
            change=change_of(one.satisfaction),
            margin=change_of(one.margin),
        )
        for one in others
    ]
    return told, say("Next, satisfaction and margin: {others}.", others="; ".join(named))


def prices(changes: Sequence[ForCaptives], today: str) -> str:
    """What to do where there are several plans: what each point of satisfaction takes in those that bring some."""
    better = [change for change in changes if surely(change.satisfaction) > 0]
    if not better:
        return say("Stay with {today}.", today=today)
    told = [
        say("{label} takes {price}", label=change.label, price=_price(change))
        if surely(change.margin) < 0
        else say("{label} takes nothing", label=change.label)
        for change in better
    ]
    return say(
        "What better service is worth is to be decided, and not by money: those who cannot leave pay for none. For "
        "each point of satisfaction {prices}.",
        prices="; ".join(told),
    )


def _price(change: ForCaptives) -> str:
    price = abs(float(change.margin["difference"]) / float(change.satisfaction["difference"]))
    return told_amount(price, price, price, str(change.margin["unit"]))


def advised(change: ForCaptives, today: str) -> str:
    """What to do: a price for each point of satisfaction, where better service is not paid for by anybody.

    Args:
        change: The change.
        today: Name of today's scenario.
    """
    better, paid = surely(change.satisfaction), surely(change.margin)
    if better > 0 and paid >= 0:
        return say("Do {label}: it is better for those who cannot leave, and takes nothing.", label=change.label)
    if better > 0:
        return say(
            "Whether that is worth {amount} is to be decided, and not by money: those who cannot leave pay for no "
            "better service. Each point of satisfaction takes {price}.",
            amount=size_of(change.margin),
            price=_price(change),
        )
    if better < 0 and paid > 0:
        return say(
            "It saves {amount} at the expense of those who cannot leave, and who have no other way to answer.",
            amount=size_of(change.margin),
        )
    return say("Stay with {today}.", today=today)
