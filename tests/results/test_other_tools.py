"""lifelines, PyMC-Marketing and fightchurn, whose own code reads the event log as it is and finds the truth.

None of them is needed for anything else, so that each test is skipped where its tool is not installed: docs/results.md
says how to run them.
"""

from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.model.movement import CAUSES
from sim.results.result import Result
from sim.runs.run import run
from sim.scenario import load_text
from tests.results.test_event_tables import AT_REST, BUSY, DROP_OUT, assert_truth

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs

ALPHA, BETA, YEARS, COHORT = 0.704, 1.182, 8, 4000
"""Fader & Hardie's (2007) "Regular" segment, and how many customers are watched for how long."""

MEAN, POLARIZATION = ALPHA / (ALPHA + BETA), 1 / (1 + ALPHA + BETA)


@pytest.fixture(scope="module")
def spells() -> pd.DataFrame:
    text = (
        f"extends: {AT_REST}\nquestion: beta-geometric\nrun: {{periods: {12 * YEARS}, replications: 1}}\n"
        f"market: {{customers: {COHORT}}}\ncustomers: {{bonds: {{attrition_per_year: {MEAN}, "
        f"attrition_polarization: {POLARIZATION}}}}}"
    )
    found = run(load_text(text), seed=5, events=COHORT, threads=1).spells
    assert found is not None
    return found


def test_lifelines_finds_the_curve_of_the_shifted_beta_geometric_model(spells: pd.DataFrame):
    """Its Kaplan-Meier estimate after 1 to 8 years, within four standard errors: false alarm below .001."""
    lifelines = pytest.importorskip("lifelines")
    fitted = lifelines.KaplanMeierFitter().fit(spells["periods"], spells["left"])
    year = np.arange(1, YEARS + 1)
    exact = np.cumprod((BETA + year - 1) / (ALPHA + BETA + year - 1))
    error = np.sqrt(exact * (1 - exact) / COHORT)
    assert (abs(fitted.predict(12 * year).to_numpy() - exact) < 4 * error).all()


@pytest.mark.slow
def test_pymc_marketing_fits_the_shifted_beta_geometric_model(spells: pd.DataFrame, tmp_path: Path):
    """Its ShiftedBetaGeoModel, by years, within some four standard errors; its priors weigh next to nothing."""
    clv = pytest.importorskip("pymc_marketing.clv")
    year = np.ceil(spells["periods"] / 12).astype(int)
    data = pd.DataFrame(
        {
            "customer_id": spells["customer"],
            "recency": np.where((spells["left"] == 1) & (year < YEARS), year, YEARS),
            "T": YEARS,
            "cohort": "start",
        }
    )
    model = clv.ShiftedBetaGeoModel(data)
    model.fit(method="map", progressbar=False)
    alpha, beta = (float(np.squeeze(model.fit_result[name].to_numpy())) for name in ("alpha", "beta"))
    assert alpha / (alpha + beta) == pytest.approx(MEAN, abs=0.03)
    assert 1 / (1 + alpha + beta) == pytest.approx(POLARIZATION, abs=0.04)


@pytest.mark.slow
def test_pymc_marketing_fits_the_bg_nbd_model():
    """Its rfm_summary and BetaGeoModel on purchases of 2,500 people; being a customer is the first transaction."""
    clv = pytest.importorskip("pymc_marketing.clv")
    log = run(load_text(DROP_OUT), seed=3, events=2500, threads=1).events
    assert log is not None
    table = clv.rfm_summary(
        log[log["event"].isin(["start", "joined", "purchase"])],
        "customer",
        "date",
        "amount",
        observation_period_end="2027-06-28",
    )
    assert len(table) == 2500
    model = clv.BetaGeoModel(table)
    model.fit(method="map", progressbar=False)
    assert_truth(*(float(np.squeeze(model.fit_result[name].to_numpy())) for name in ("r", "alpha", "a", "b")))


def test_fightchurns_own_query_of_churn_is_the_runs_own():
    """Its listing 2.2 as it is shipped, in DuckDB, on `spells` with three columns renamed: in three months of a run."""
    pytest.importorskip("fightchurn")
    import duckdb

    busy: Result = run(load_text(BUSY), seed=1, replications=1, events=800, threads=1)
    assert busy.spells is not None
    own = busy.series.query("firm == 'focal'")
    query = files("fightchurn.listings.chap2").joinpath("listing_2_2_churn_rate.sql").read_text(encoding="utf-8")
    named = {"customer": "account_id", "start": "start_date", "end": "end_date"}
    with duckdb.connect() as base:
        base.register("subscription", busy.spells.rename(columns=named))
        for month in (0, 7, 20):
            first, last = own["date"].iloc[month : month + 2] - pd.Timedelta(days=1)  # people move on last days
            asked = query.replace("%from_yyyy-mm-dd", f"{first:%Y-%m-%d}").replace("%to_yyyy-mm-dd", f"{last:%Y-%m-%d}")
            _, _, there, gone = base.execute(asked).fetchall()[0]
            assert there == own["active_start"].iloc[month]
            assert gone == sum(own[cause].iloc[month] for cause in CAUSES)
