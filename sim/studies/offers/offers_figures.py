"""The uplift curves: what each way of choosing earns, and saves, over the share of customers who get the offer."""

from __future__ import annotations

from matplotlib.figure import Figure

from sim.plots import Drawing, Gallery
from sim.plots.style import BLUE, GREEN, GREY, INK, ORANGE, SIZE, FigureSheet, spread, write_beside
from sim.plots.told_values import note, told
from sim.results.amounts import rounded
from sim.studies.offers.targeting import AT_RANDOM, BOUND, BY_RISK, BY_UPLIFT, BY_VALUE
from sim.studies.offers.worth_an_offer import WorthAnOffer
from sim.studies.study_of_scenario import foot_of
from sim.words import percent, say

_COLOURS = {BOUND: INK, BY_UPLIFT: BLUE, BY_RISK: ORANGE, BY_VALUE: GREEN, AT_RANDOM: GREY}


def _draw(found: WorthAnOffer, width: float, what: str, title: str, unit: str) -> Figure:
    """A line a way of choosing, with its band; upright: the share that was asked for."""
    foot = foot_of(found)
    subtitle = say("{unit}; bands are 95% intervals over replications", unit=unit)
    sheet = FigureSheet(found, width, 3.4, title, subtitle, foot=foot)
    axes = sheet.single(left=0.75, right=1.75, bottom=0.5, top=0.12)
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    axes.axvline(found.share, color=GREY, linewidth=0.8, linestyle=":")
    ends, labels = [], []
    for policy, colour in _COLOURS.items():
        rows = found.curves[found.curves["policy"] == policy]
        shares, values, low, high = (
            [0.0, *rows[name].tolist()] for name in ("share", what, f"{what}_low", f"{what}_high")
        )
        axes.fill_between(shares, low, high, color=colour, alpha=0.13, linewidth=0.0)
        axes.plot(shares, values, color=colour, linewidth=2.0 if policy == BY_UPLIFT else 1.4)
        for at, *limits in zip(shares, values, low, high, strict=True):
            note(axes, at, limits[0], _short(policy), percent(at), told(lambda value: rounded(value, 3), *limits))
        middle = len(values) // 2
        ends.append(values[middle])
        labels.append((_short(policy), colour))
    bottom, top = axes.get_ylim()
    places = spread(ends, 0.07 * (top - bottom), bottom, top)
    for place, (label, colour) in zip(places, labels, strict=True):
        write_beside(axes, label, (1.0, place), size=SIZE - 1.5, color=colour)
    axes.set_xlim(0.0, 1.0)
    axes.set_xlabel(say("part of the customers who get the offer"), size=SIZE - 1)
    axes.xaxis.set_major_formatter(lambda value, _: percent(value))
    axes.yaxis.set_major_formatter(lambda value, _: rounded(value, 3))
    return sheet.figure


def _short(policy: str) -> str:
    return {
        BOUND: say("true uplift"),
        BY_UPLIFT: say("predicted uplift"),
        BY_RISK: say("risk of leaving"),
        BY_VALUE: say("spending"),
        AT_RANDOM: say("at random"),
    }[policy]


def _money(found: WorthAnOffer, width: float) -> Figure:
    unit = say("{currency} per 1,000 customers", currency=found.scenario.money.currency)
    return _draw(found, width, "money", say("What offers earn, by who is chosen"), unit)


def _saved(found: WorthAnOffer, width: float) -> Figure:
    unit = say("customers saved less driven away, of 1,000")
    return _draw(found, width, "net", say("Whom offers keep, by who is chosen"), unit)


FIGURES = Gallery({"money": Drawing(_money), "saved": Drawing(_saved)})
