"""Kinds of data as companies have them: late entry, segments, purchases, recommendations, complaints by mode."""

import datetime as dt
import math
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.data.churn_table import read_tenures
from sim.data.describe import describe, guessed_kind
from sim.data.read_table import read_table
from sim.data.repeat_buying import log_likelihood
from sim.data.table_kinds import CHURN, TRANSACTIONS
from sim.data.table_settings import TableSettings
from sim.data.transactions import read_purchases
from sim.vocabulary.errors import ScenarioError

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def table(text: str) -> Path:
        file = tmp_path / "data.csv"
        file.write_text(text, encoding="utf-8")
        return file

    return table


def told(file: Path, kind: str, **said: object) -> str:
    return "\n".join(describe(file, kind, TableSettings.model_validate(said)).lines())


# --- late entry and segments ------------------------------------------------------------------------------------------

LATE = (
    "entry,tenure,churned\n" + "0,3,no\n" * 10 + "0,1,yes\n" * 5 + "1,2,yes\n" * 5 + "2,3,no\n" * 5 + "1.5,2,yes\n" * 2
)


def test_who_is_watched_late_is_at_risk_late(write: Write):
    """Counted by hand: 15, 15 and 15 at risk; the two who came and went within a month tell nothing."""
    life = read_tenures(read_table(write(LATE), CHURN), "months").life_table()
    assert life.at_risk.tolist() == [15, 15, 15]
    assert life.left.tolist() == [5, 5, 0]


def test_late_entry_recovers_a_hazard_that_is_missed_without_it(write: Write):
    """Geometric tenures with a hazard of .1, of which those are in the table that lasted until the system came."""
    dice = np.random.default_rng(4)
    tenure, entry = dice.geometric(0.1, 40_000), dice.integers(0, 20, 40_000)
    entry[:8000] = 0
    seen = tenure > entry
    rows = "\n".join(f"{e},{t},yes" for e, t in zip(entry[seen], tenure[seen], strict=True))
    life = read_tenures(read_table(write(f"entry,tenure,churned\n{rows}\n"), CHURN), "months").life_table()
    assert life.left.sum() / life.at_risk.sum() == pytest.approx(0.1, abs=0.002)
    without = read_table(write(f"was,tenure,churned\n{rows}\n"), CHURN)
    naive = read_tenures(without, "months").life_table()
    assert naive.left.sum() / naive.at_risk.sum() < 0.075


def test_late_entry_is_said_and_checked(write: Write):
    text = told(write(LATE), "churn")
    assert "12 of 27 are watched only from a tenure of 1 to 2 months on ('entry')" in text
    with pytest.raises(ScenarioError, match="entry: after the end of the tenure; found '5'; allowed: at most 3"):
        told(write(LATE + "5,3,no\n"), "churn")
    nobody = LATE.replace("0,1,yes", "1,2,yes").replace("0,3,no", "1,3,no")
    with pytest.raises(ScenarioError, match="nobody is watched in the unit of time that ends at 1"):
        read_tenures(read_table(write(nobody), CHURN), "months").life_table()


def test_segments_are_counted_and_one_can_be_chosen(write: Write):
    text = "tenure,churned,segment\n" + "3,yes,gold\n5,no,gold\n" * 6 + "2,yes,tin\n9,no,tin\n9,no,tin\n" * 8
    whole = told(write(text), "churn")
    assert "segments   'tin' 24 (33.3% left), 'gold' 12 (50.0% left)" in whole
    assert (
        "has 2 values, and all are taken together where they are no segments of a scenario: only.segment=tin" in whole
    )
    assert "only.segment=tin chooses one" in whole
    gold = told(write(text), "churn", only={"segment": "gold"})
    assert "'gold' 12 (50.0% left)" in gold
    assert "taken together" not in gold


# --- transactions -----------------------------------------------------------------------------------------------------

DATASETS = Path(find_spec("lifetimes").submodule_search_locations[0]) / "datasets"


def test_cdnow_as_it_is_published_gives_the_published_table():
    """The log without a header, with spaces; repeat purchases, recency and age of the first 39 weeks are published."""
    file = DATASETS / "CDNOW_sample.txt"
    found = read_purchases(read_table(file, TRANSACTIONS, TableSettings(exported=dt.date(1997, 9, 30))))
    published = pd.read_csv(DATASETS / "cdnow_customers_summary.csv")
    assert len(found.customers) == len(published) == 2357
    assert found.frequency.tolist() == published["frequency"].tolist()
    assert (found.recency / 7).round(2).tolist() == published["recency"].tolist()
    assert (found.age / 7).round(2).tolist() == published["T"].tolist()


def test_cdnow_is_understood_and_said():
    file = DATASETS / "CDNOW_sample.txt"
    text = told(file, "transactions")
    assert "cells between spaces, no header; 6919 rows, 5 columns" in text.replace("6,919", "6919")
    assert "customer = 'column 1', date = 'column 3', amount = 'column 5'" in text
    assert "left aside  columns 'column 2', 'column 4'" in text
    assert "2,357 with 6,919 purchases" in text
    assert "1998-06-30, the last day in the table" in text
    assert "are on the same day as another of their customer" in text


def test_cdnow_is_fitted_by_the_published_parameters():
    """Fader, Hardie & Lee 2005, table 2: the first 39 weeks of the 1-in-10 sample."""
    text = told(DATASETS / "CDNOW_sample.txt", "transactions", exported=dt.date(1997, 9, 30))
    found = re.search(r"r ([0-9.]+), alpha ([0-9.]+), a ([0-9.]+), b ([0-9.]+), log-likelihood (-[0-9.,]+)", text)
    assert [float(number.replace(",", "")) for number in found.groups()] == pytest.approx(
        [0.243, 4.414, 0.793, 2.426, -9582.4], abs=0.0015
    )
    assert "purchases_per_year 2.87 and frequency_cv 2.03 while customers are active" in text
    assert "customers.drop_out.per_purchase 0.246 and polarization 0.237" in text


def test_likelihood_of_two_customers_by_hand():
    """Who never comes back: (alpha / (alpha + T))^r. One purchase more, by r = 1 and a = b = 1:
    alpha / 2 ((alpha + T)^-2 + (alpha + t)^-2)."""
    seldom = log_likelihood(np.array([0.5, 3.0, 0.7, 2.0]), np.zeros(1), np.zeros(1), np.array([9.0]))
    assert math.exp(seldom[0]) == pytest.approx(0.5)
    once = log_likelihood(np.array([1.0, 2.0, 1.0, 1.0]), np.ones(1), np.array([3.0]), np.array([8.0]))
    assert math.exp(once[0]) == pytest.approx(2.0 / 2.0 * (1 / 100 + 1 / 25))


def test_a_log_with_a_header_is_found_by_its_columns(write: Write):
    rows = "".join(f"C{n % 12};{1 + n % 28:02}.{1 + n % 12:02}.2026;{n},50\n" for n in range(60))
    file = write("Client ID;Order Date;Total\n" + rows)
    assert guessed_kind(file, TableSettings()) == "transactions"
    text = told(file, "transactions")
    for renamed in ("customer = 'Client ID'", "date = 'Order Date'", "amount = 'Total'"):
        assert renamed in text
    assert "12 with 60 purchases" in text
    assert "1,800 in all, 30 a purchase, 0.5 to 59.5" in text


def test_purchases_after_the_export_refunds_and_empty_ids_are_said(write: Write):
    rows = "".join(f"C{n % 12},2026-01-{1 + n % 28:02},{n - 3}\n" for n in range(60))
    text = told(write("customer,date,amount\n" + rows), "transactions", exported=dt.date(2026, 1, 20))
    assert "rows are later than the day of the export, and left aside" in text
    assert "3 rows are below 0: no purchases, but given back" in text
    assert "12 with" in text  # 44 up to the day of the export
    with pytest.raises(ScenarioError, match=r"data.csv:62: customer: empty"):
        told(write("customer,date,amount\n" + rows + ",2026-01-05,3\n"), "transactions")


# --- recommendations --------------------------------------------------------------------------------------------------

ANSWERED = "nps,n\n10,20\n9,30\n8,20\n7,10\n6,10\n0,10\n"


def test_nps_is_promoters_less_detractors_with_its_interval(write: Write):
    """Half are promoters, a fifth detractors: 30, and by hand 1.96 sqrt((.7 - .09) / 100) = .1531."""
    text = told(write(ANSWERED), "nps")
    assert "100, mean 7.6 of 10: promoters (9, 10) 50.0%, detractors (0 to 6) 20.0%" in text
    assert "net promoter score 30.0 ± 15.3 (95%)" in text
    assert "recommend = 'nps'" in text
    assert "answers = 'n'" in text


def test_weights_of_a_survey_count_for_what_they_are_worth(write: Write):
    """Weights 3 and 1 of fifty each: promoters 3/4; worth (200)^2 / 500 = 80 answers."""
    text = told(write("recommend,weight\n" + "10,3\n" * 50 + "3,1\n" * 50), "nps")
    assert "promoters (9, 10) 75.0%, detractors (0 to 6) 25.0%" in text
    assert "100 are worth 80.0 with equal weights" in text


def test_another_scale_is_asked_or_told(write: Write):
    assert "nobody answers above 5 of 10" in told(write("nps\n" + "5\n4\n3\n" * 10), "nps")
    with pytest.raises(ScenarioError, match=r"too large, in 10 rows; found '11'.*missing: \[11\]"):
        told(write("nps\n" + "11\n4\n3\n" * 10), "nps")
    with pytest.raises(ScenarioError, match="of answers from 0 to 10"):
        told(write(ANSWERED), "nps", scale="1-5")
    assert "nobody answers 0" in told(write("nps\n" + "1\n4\n10\n" * 40), "nps")


# --- items of service -------------------------------------------------------------------------------------------------


def items(factor: float = 1.0) -> str:
    rows = [("reliability", 5, 7), ("reliability", 7, 7), ("Empathy", 4, 6), ("tangibles", 6, 5)]
    return "dimension,perception,expectation\n" + "".join(f"{d},{p * factor:g},{e * factor:g}\n" for d, p, e in rows)


def test_servqual_items_give_means_and_gaps_by_dimension(write: Write):
    text = told(write(items()), "servqual")
    assert "reliability  2 answers, perceived 6.00 ± 1.39 of 7, expected 7.00: gap -1.00" in text
    assert "empathy      1 answer, perceived 4.00 ± 0.00 of 7, expected 6.00: gap -2.00" in text
    assert "nobody was asked of assurance" in text


def test_servqual_on_another_scale_is_converted_or_asked_for(write: Write):
    """5 of 1 to 5 is 7 of 1 to 7, and 3 is 4."""
    small = write("dimension,perceived\nreliability,5\nreliability,3\n")
    with pytest.raises(ScenarioError, match=r"on which scale\? The answers go from 3 to 5"):
        told(small, "servqual")
    assert "perceived 5.50" in told(small, "servqual", scale="1-5")
    with pytest.raises(ScenarioError, match=r"no such dimension; found 'reliabilty'.*did you mean reliability\?"):
        told(write("dimension,perceived\nreliabilty,7\n"), "servqual")


# --- complaints by mode -----------------------------------------------------------------------------------------------


def test_complaints_by_mode_are_added_up_and_told(write: Write):
    rows = "".join(f"{period},{mode},{count}\n" for mode, count in (("rude", 5), ("late", 12)) for period in range(4))
    text = told(write("period,reason,complaints\n" + rows), "complaints", customers=1000)
    assert "'late' 48, 'rude' 20" in text
    assert "68 complaints of 1,000 customers" in text
    assert "4 months, numbered 0 to 3" in text
    assert "2 modes of complaints are added up: no fit tells them apart" in text
    with pytest.raises(ScenarioError, match="stands twice at that time; found 'late'"):
        told(write("period,reason,complaints\n" + rows + "3,late,1\n"), "complaints", customers=1000)
