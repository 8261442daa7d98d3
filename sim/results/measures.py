"""Measures derived from the tallies of a row: one definition each, with unit, meaning and formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.model.dimensions import DIMENSIONS
from sim.model.learning import BELIEVED
from sim.model.movement import FLOWS_IN, FLOWS_OUT
from sim.vocabulary.observables import FLOW, STOCK

if TYPE_CHECKING:
    import pandas as pd

AnyArray = npt.NDArray[Any]
TallyColumns = Mapping[str, AnyArray]
"""Columns by name, all of one length: int64 counts, float64 amounts."""
MARKET = "market_active"
"""Customers of all firms, in the row's period and segment: known while measures are computed, not kept."""

RATIO = "ratio"
"""Kind of a measure that is neither a stock nor a flow: shares, means, rates."""
_SCALE_POINTS = "points (1-7)"


@dataclass(frozen=True)
class Measure:
    """A derived column.

    Attributes:
        name: Column name.
        unit: Unit of the value.
        meaning: One sentence.
        formula: The definition in terms of other columns.
        compute: The column from the others and the periods in a year.
        kind: `flow` (its sum over periods says something), `stock` or `ratio`.
    """

    name: str
    unit: str
    meaning: str
    formula: str
    compute: Callable[[TallyColumns, int], AnyArray]
    kind: str = RATIO


def ratio(numerator: AnyArray, denominator: AnyArray) -> AnyArray:
    """`numerator / denominator`, NaN where the denominator is 0.

    >>> ratio(np.array([1.0, 1.0]), np.array([2, 0])).tolist()
    [0.5, nan]
    """
    return numerator / np.where(denominator != 0, denominator, np.nan)


def _sum(
    name: str, unit: str, meaning: str, plus: tuple[str, ...], minus: tuple[str, ...] = (), kind: str = FLOW
) -> Measure:
    formula = " + ".join(plus) + "".join(f" - {column}" for column in minus)

    def compute(table: TallyColumns, _: int) -> AnyArray:
        total: AnyArray = sum((table[column] for column in plus[1:]), start=table[plus[0]])
        return sum((-table[column] for column in minus), start=total)

    return Measure(name, unit, meaning, formula, compute, kind)


def _ratio(name: str, unit: str, meaning: str, over: str, under: str) -> Measure:
    return Measure(name, unit, meaning, f"{over} / {under}", lambda table, _: ratio(table[over], table[under]))


def acsi(satisfaction: AnyArray, expectation: AnyArray, ideal: AnyArray) -> AnyArray:
    """American Customer Satisfaction Index, 0-100: 100 (mean of three items - 1) / 9, equal weights.

    The items, on 1-10, are overall satisfaction (1 + 9 S / 100 from cumulative satisfaction S on 0-100), satisfaction
    compared with expectations, and compared with the ideal. Source: Fornell et al. 1996 for the items; they weight them
    by partial least squares, and that ours weigh the same is an assumption.

    >>> acsi(np.array([75.0]), np.array([7.0]), np.array([6.25])).round(3).tolist()
    [66.667]
    """
    overall = 1.0 + 9.0 * satisfaction / 100.0
    return 100.0 * ((overall + expectation + ideal) / 3.0 - 1.0) / 9.0


def annual_retention(loss: AnyArray, periods_per_year: int) -> AnyArray:
    """Share of customers who would still be there after a year of such periods: (1 - loss)^periods.

    >>> annual_retention(np.array([0.5]), 2).tolist()
    [0.25]
    """
    return np.maximum(1.0 - loss, 0.0) ** periods_per_year


def _spread(table: TallyColumns, _: int) -> AnyArray:
    mean = ratio(table["satisfaction_sum"], table["active"])
    variance = ratio(table["satisfaction_squares"], table["active"]) - mean * mean
    return np.maximum(variance, 0.0) ** 0.5


def _measured_or_estimated(table: TallyColumns, _: int) -> AnyArray:
    measured = table["opportunity_measured"]
    return np.where(np.isnan(measured), table["opportunity_estimate"], measured)


def _people() -> list[Measure]:
    return [
        Measure(
            "customer_years",
            "customer-years",
            "time spent as customers in the period",
            "(active_start + active) / 2 / periods per year",
            lambda table, per_year: (table["active_start"] + table["active"]) / 2.0 / per_year,
            FLOW,
        ),
        _sum("joined", "people", "customers won or regained", FLOWS_IN),
        _sum("departed", "people", "customers who left, for whatever cause", FLOWS_OUT),
        _ratio("loss", "share per period", "share of the customers at the start who left", "departed", "active_start"),
        Measure(
            "retention",
            "share per year",
            "share of customers who stay, annualised",
            "(1 - loss) ^ periods per year",
            lambda table, per_year: annual_retention(table["loss"], per_year),
        ),
        Measure(
            "market_share",
            "share",
            "share of all customers of all firms",
            "active / sum of active over firms",
            lambda table, _: ratio(table["active"], table[MARKET]),
        ),
        _sum(
            "reachable",
            "people",
            "people who are, were or may become customers",
            ("prospects", "active", "lapsed"),
            kind=STOCK,
        ),
        _ratio("penetration", "share", "customers among those who may be", "active", "reachable"),
    ]


def _satisfaction() -> list[Measure]:
    mean = [
        ("satisfaction_mean", "points (0-100)", "mean cumulative satisfaction of customers", "satisfaction_sum"),
        (
            "acsi_expectation",
            "points (1-10)",
            "mean of the ACSI item 'compared with expectations'",
            "acsi_expectation_sum",
        ),
        ("acsi_ideal", "points (1-10)", "mean of the ACSI item 'compared with the ideal'", "acsi_ideal_sum"),
        ("will_mean", _SCALE_POINTS, "mean weighted will expectation of customers", "will_sum"),
        ("should_mean", _SCALE_POINTS, "mean weighted should expectation of customers", "should_sum"),
        ("opinion_mean", "index (-1 to 1)", "mean opinion formed by talk, of customers", "opinion_sum"),
    ]
    measures = [_ratio(name, unit, meaning, column, "active") for name, unit, meaning, column in mean]
    measures += [
        Measure(
            "satisfaction_sd",
            "points (0-100)",
            "standard deviation of satisfaction between customers",
            "sqrt(satisfaction_squares / active - satisfaction_mean^2)",
            _spread,
        ),
        Measure(
            "acsi",
            "points (0-100)",
            "American Customer Satisfaction Index: items of Fornell et al. 1996, equal weights (assumption)",
            "100 ((1 + 9 satisfaction_mean / 100 + acsi_expectation + acsi_ideal) / 3 - 1) / 9",
            lambda table, _: acsi(table["satisfaction_mean"], table["acsi_expectation"], table["acsi_ideal"]),
        ),
        Measure(
            "nps",
            "points (-100 to 100)",
            "Net Promoter Score (Reichheld 2003)",
            "100 (promoters - detractors) / active",
            lambda table, _: 100.0 * ratio(table["promoters"] - table["detractors"], table["active"]),
        ),
    ]
    for level in ("dissatisfied", "satisfied", "delighted"):
        measures += [_ratio(f"{level}_share", "share of encounters", f"encounters that {level}", level, "encounters")]
    measures += [
        _ratio("failure_share", "share of encounters", "encounters with a felt failure", "failures_felt", "encounters"),
        _sum("failures_believed", "encounters", "felt failures as a firm that learns believes", BELIEVED),
    ]
    for name in DIMENSIONS:
        told = f"gap on {name} as a SERVQUAL survey tells it to the firm, beside gap_{name}"
        measures.append(_ratio(f"servqual_{name}", _SCALE_POINTS, told, f"rated_gap_{name}", "rated"))
    return measures + _gaps("should", "gap", "what should be") + _gaps("will", "gap_will", "what was predicted")


def _gaps(reference: str, prefix: str, words: str) -> list[Measure]:
    """SERVQUAL gaps (Parasuraman, Zeithaml & Berry 1988) to one of the two expectations, and their plain mean."""

    def gap(name: str) -> Callable[[TallyColumns, int], AnyArray]:
        return lambda table, _: ratio(table[f"perceived_{name}"] - table[f"{reference}_{name}"], table["encounters"])

    five = tuple(f"{prefix}_{name}" for name in DIMENSIONS)
    total = _sum("", "", "", five)
    each = [
        Measure(
            f"{prefix}_{name}",
            _SCALE_POINTS,
            f"SERVQUAL gap on {name}: perceived minus {words}, per encounter",
            f"(perceived_{name} - {reference}_{name}) / encounters",
            gap(name),
        )
        for name in DIMENSIONS
    ]
    mean = Measure(
        f"{prefix}_mean",
        _SCALE_POINTS,
        f"mean over the five gaps to {words}, equal weights",
        f"({total.formula}) / 5",
        lambda table, per_year: total.compute(table, per_year) / 5.0,
    )
    return [*each, mean]


def _voice_and_talk() -> list[Measure]:
    return [
        _ratio("complaint_share", "share of the dissatisfied", "who complained anywhere", "complained", "dissatisfied"),
        _sum(
            "recorded",
            "complaints",
            "the firm's complaint register: at the desk, and logged at the front line",
            ("registered", "logged"),
        ),
        _ratio(
            "seen_share",
            "share of the dissatisfied",
            "what the firm's complaint register shows",
            "recorded",
            "dissatisfied",
        ),
        _ratio("silent_lost_share", "share of the silent", "who left for ever", "silent_lost", "silent"),
        _sum(
            "complaints_ended",
            "complaints",
            "complaints that ended, however",
            ("unanswered", "unresolved", "resolved", "resolved_quickly"),
        ),
        _sum(
            "complaints_kept",
            "complaints",
            "complainers who buy again",
            ("unanswered_kept", "unresolved_kept", "resolved_kept", "resolved_quickly_kept"),
        ),
        _ratio(
            "complainers_kept_share",
            "share of ended complaints",
            "complainers who buy again",
            "complaints_kept",
            "complaints_ended",
        ),
        _ratio(
            "wait_days",
            "days",
            "mean waiting time of complaints until handling began",
            "desk_wait_days",
            "desk_started",
        ),
        _ratio("answer_days", "days", "mean time from complaint to answer", "desk_answer_days", "desk_answered"),
        _ratio(
            "justice_mean",
            "index (-1 to 1)",
            "mean perceived justice of ended complaints",
            "justice_sum",
            "complaints_ended",
        ),
        _ratio(
            "talk_ratio",
            "people per person",
            "people told something good per person told something bad",
            "told_positive",
            "told_negative",
        ),
    ]


def _people_and_load() -> list[Measure]:
    return [
        _ratio("work_pressure", "ratio", "work against what the staff can do", "work_demanded", "work_capacity"),
        _ratio(
            "work_standard",
            "ratio",
            "time that an order ought to take, relative to the start: morale as well",
            "work_demanded",
            "work_ordered",
        ),
        _ratio(
            "time_per_order",
            "ratio",
            "time that an order takes, relative to the standard of the start",
            "work_needed",
            "work_ordered",
        ),
        _ratio("overtime_share", "ratio", "overtime relative to the capacity", "overtime", "work_capacity"),
    ]


KEEPING = ("prevention_cost", "appraisal_cost", "complaint_cost", "compensation_cost")
_DAILY = ("goods_cost", "operation_cost", "service_cost", "overhead_cost", "staff_cost")
ACQUISITION = ("advertising_cost", "welcome_cost", "win_back_cost")
"""What it costs to win customers, and not to serve and keep those in hand."""
RUNNING_COSTS = (*_DAILY, *ACQUISITION, "programme_cost")
"""All that is booked beside the costs of quality."""


def _money() -> list[Measure]:
    external = ("failure_effect_cost", "warranty_cost", "complaint_cost", "compensation_cost")
    return [
        _ratio("price_asked", "ratio", "price index that customers are asked, on average", "price_sum", "active"),
        _sum("external_failure_cost", "money", "cost of quality: failures that the customer felt", external),
        _sum(
            "failure_cost",
            "money",
            "direct cost of failures, internal and external",
            ("internal_failure_cost", "external_failure_cost"),
        ),
        _sum(
            "quality_cost",
            "money",
            "cost of quality that is booked: prevention, appraisal, failure",
            ("prevention_cost", "appraisal_cost", "failure_cost"),
        ),
        _sum("operating_cost", "money", "all costs that are booked", (*RUNNING_COSTS, "quality_cost")),
        _sum("running_cost", "money", "all costs that are booked but the goods", ("operating_cost",), ("goods_cost",)),
        _sum("margin", "money", "what is left of revenue", ("revenue",), ("operating_cost",)),
        _sum(
            "spending",
            "money",
            "what the firm decides to spend on quality, complaints and winning customers",
            (*KEEPING, *ACQUISITION),
        ),
        Measure(
            "opportunity_cost",
            "money",
            "margin that never came because of failures: measured, or else the rule of thumb",
            "opportunity_measured, where measured, else opportunity_estimate",
            _measured_or_estimated,
            FLOW,
        ),
        _sum(
            "poor_quality_cost",
            "money",
            "cost of quality with the opportunity cost",
            ("quality_cost", "opportunity_cost"),
        ),
    ]


MEASURES: tuple[Measure, ...] = (*_people(), *_satisfaction(), *_voice_and_talk(), *_people_and_load(), *_money())
"""All derived columns, in the order in which they are computed."""

BY_NAME: dict[str, Measure] = {measure.name: measure for measure in MEASURES}


def add_measures(table: pd.DataFrame, periods_per_year: int) -> pd.DataFrame:
    """Append every measure to a table of tallies.

    Args:
        table: Rows with the tallies, `active_start`, `opportunity_measured`, `replication`, `period`, `segment`.
        periods_per_year: 365, 52 or 12.

    Returns:
        A new table with the columns of `MEASURES` behind the others. A share of nothing is NaN.
    """
    import pandas as pd

    keys = [table[name] for name in ("replication", "period", "segment")]
    market = table["active"].groupby(keys, sort=False).transform("sum")
    columns: dict[str, AnyArray] = {str(name): each.to_numpy() for name, each in table.select_dtypes("number").items()}
    columns[MARKET] = market.to_numpy()
    for measure in MEASURES:
        columns[measure.name] = measure.compute(columns, periods_per_year)
    computed = pd.DataFrame({name: columns[name] for name in BY_NAME}, index=table.index)
    return pd.concat([table, computed], axis=1)
