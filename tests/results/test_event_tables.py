"""Other people's tools read the event log as it is, and find the truth of the world that made it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, special, stats

from sim.model.market import Market, Run
from sim.model.movement import CAUSES
from sim.model.scenario import Scenario
from sim.results.folder import read_parquet, write_folder
from sim.results.result import Result
from sim.runs.run import run
from sim.scenario import load_text

AT_REST = Path(__file__).parents[1] / "closed_forms" / "everything_off.yaml"

DROP_OUT = f"""
extends: {AT_REST}
question: purchases at personal rates, after each of which a customer is gone with a personal chance
run: {{period: day, periods: 540, replications: 1}}
market: {{customers: 2500}}
customers:
  encounters: {{purchases_per_year: 14.6, frequency_cv: 0.8, spend_per_purchase: 30, spend_cv: 0.5}}
  judgement: {{tolerance: 0}}
  bonds: {{switching_cost: 0.5, switching_cost_spread: 0.25}}
firm: {{systems: {{service: {{reliability: 2}}}}}}
voice: {{repurchase: {{silent: 0.85}}, repurchase_drivers: {{switching_cost: 4}}}}
"""
RATE, SHAPE = 14.6 / 365, 1 / 0.8**2
"""Truth: mean purchases a day, shape of their gamma distribution."""

COSTS = np.clip(stats.norm(0.5, 0.25).ppf((np.arange(10_000) + 0.5) / 10_000), 0, 1)
CHANCES = special.expit(special.logit(0.15) - 4 * (COSTS - 0.5))
"""Truth: chances of being gone after a purchase, of ten thousand people: logit-normal, which is nearly beta."""


@pytest.fixture(scope="module")
def purchases() -> Result:
    return run(load_text(DROP_OUT), seed=3, events=2500, threads=1)


def bg_nbd(frequency: np.ndarray, recency: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Maximum likelihood of BG/NBD by Fader, Hardie & Lee 2005, equation 6: r, alpha, a, b."""

    def loss(logs: np.ndarray) -> float:
        r, alpha, a, b = np.exp(logs)
        x, seen = frequency, frequency > 0
        first = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha)
        second = special.betaln(a, b + x) - special.betaln(a, b) - (r + x) * np.log(alpha + age)
        last = special.betaln(a + 1, b + np.maximum(x, 1) - 1) - special.betaln(a, b)
        gone = np.where(seen, last - (r + x) * np.log(alpha + recency), -np.inf)
        return -float((first + np.logaddexp(second, gone)).sum())

    found = optimize.minimize(loss, np.log([1, 10, 1, 5]), method="Nelder-Mead", options={"maxiter": 4000})
    assert found.success
    return np.exp(found.x)


def assert_truth(r: float, alpha: float, a: float, b: float) -> None:
    """Within some five standard errors: 2,500 people and some 12,000 purchases."""
    assert r == pytest.approx(SHAPE, rel=0.15)
    assert r / alpha == pytest.approx(RATE, rel=0.08)
    assert a / (a + b) == pytest.approx(CHANCES.mean(), abs=0.02)
    spread = CHANCES.var() / (CHANCES.mean() * (1 - CHANCES.mean()))
    assert 1 / (1 + a + b) == pytest.approx(spread, abs=0.05)


def test_bg_nbd_by_its_published_likelihood_recovers_rates_and_drop_out(purchases: Result):
    log = purchases.events
    assert log is not None
    start, end = pd.Timestamp("2026-01-04"), pd.Timestamp("2026-01-05") + pd.Timedelta(days=539)
    bought = log[log["event"] == "purchase"].groupby("customer")["date"].agg(["size", "max"])
    of_all = bought.reindex(np.arange(2500))
    recency = (of_all["max"] - start).dt.days.fillna(0).to_numpy(float)
    assert_truth(*bg_nbd(of_all["size"].fillna(0).to_numpy(float), recency, np.full(2500, (end - start).days)))
    assert log["amount"].mean() == pytest.approx(30, rel=0.05)


@pytest.mark.filterwarnings("ignore")
def test_lifetimes_reads_the_log_as_it_is_and_recovers_the_truth(purchases: Result):
    """The package's own table of frequency and recency, and its own fit; joining is the first transaction."""
    lifetimes = pytest.importorskip("lifetimes")
    from lifetimes.utils import summary_data_from_transaction_data

    log = purchases.events
    assert log is not None
    table = summary_data_from_transaction_data(
        log[log["event"].isin(["start", "purchase"])], "customer", "date", observation_period_end="2027-06-28"
    )
    assert len(table) == 2500
    fitted = lifetimes.BetaGeoFitter(penalizer_coef=0.0).fit(table["frequency"], table["recency"], table["T"])
    assert_truth(*(float(fitted.params_[name]) for name in ("r", "alpha", "a", "b")))


def test_sbg_recovers_the_truth_from_spells_and_scipys_kaplan_meier_is_ours():
    """Fader & Hardie 2007's "Regular" segment, from the spells of a hundred months, by its published likelihood."""
    alpha, beta = 0.704, 1.182
    text = (
        f"extends: {AT_REST}\nquestion: beta-geometric\nrun: {{periods: 100, replications: 1}}\n"
        f"market: {{customers: 20000}}\ncustomers: {{bonds: {{attrition_per_year: {alpha / (alpha + beta)}, "
        f"attrition_polarization: {1 / (1 + alpha + beta)}}}}}"
    )
    result = run(load_text(text), seed=5, events=20_000, threads=1)
    spells = result.spells
    assert spells is not None
    assert len(spells) == 20_000
    gone, years = spells["left"] == 1, spells["periods"].to_numpy(float) / 12
    left = np.bincount(np.ceil(years[gone]).astype(int), minlength=10)[1:9]  # by the end of year 1 to 8
    still = int((~gone).sum() + (years[gone] > 8).sum())

    def loss(logs: np.ndarray) -> float:
        a, b = np.exp(logs)
        year = np.arange(1, 9)
        dies = special.betaln(a + 1, b + year - 1) - special.betaln(a, b)
        stays = special.betaln(a, b + 8) - special.betaln(a, b)
        return -float((left * dies).sum() + still * stays)

    found = np.exp(optimize.minimize(loss, [0, 0], method="Nelder-Mead").x)
    assert found[0] / found.sum() == pytest.approx(alpha / (alpha + beta), abs=0.012)
    assert 1 / (1 + found.sum()) == pytest.approx(1 / (1 + alpha + beta), abs=0.02)

    data = stats.CensoredData(uncensored=spells["periods"][gone], right=spells["periods"][~gone])
    curve = stats.ecdf(data).sf
    active = result.series["active"].to_numpy() / 20_000
    at = np.searchsorted(curve.quantiles, np.arange(1, 100), side="right") - 1
    assert np.allclose(curve.probabilities[at], active[:99], atol=1e-12)


BUSY = """
question: much moves
run: {period: month, periods: 24, warm_up: 3, replications: 2}
market: {customers: 800}
customers: {bonds: {attrition_per_year: 0.3, renewal_per_year: 0.3, reviews_per_year: 6, returns_per_year: 4}}
voice: {lapse_share: 0.5}
firm: {contract: {bills_per_year: 12}}
"""


@pytest.fixture(scope="module")
def busy() -> Result:
    """People come, go, come back and are replaced, under bills; also in a warm-up that is not counted."""
    return run(load_text(BUSY), seed=1, events=800, threads=1)


def test_spells_are_the_survival_table_and_hold_all_money(busy: Result):
    """Spells by tenure and cause are those of the run's own table, which the engine counts while people move."""
    spells, events = busy.spells, busy.events
    assert spells is not None
    assert events is not None
    assert (spells["spell"] > 1).any()
    assert (spells["customer"] >= 800).any()
    own = busy.series.query("replication == 0 and firm == 'focal'")
    for cause in CAUSES:
        assert (spells["cause"] == cause).sum() == own[cause].sum(), cause
    assert (spells["left"] == 0).sum() == own["active"].iloc[-1]
    assert spells["amount"].sum() == pytest.approx(events["amount"].sum())
    assert spells["amount"].sum() == pytest.approx(own["revenue"].sum(), rel=1e-5)
    lived = (spells["end"].dt.year - spells["start"].dt.year) * 12 + spells["end"].dt.month - spells["start"].dt.month
    assert (lived == spells["periods"])[spells["left"] == 1].all(), "dates tell the same tenure"
    assert (spells["end"].isna() == (spells["left"] == 0)).all()
    assert not spells.duplicated(["customer", "spell"]).any()
    later = spells.sort_values(["customer", "spell"])
    previous = later.groupby("customer")["end"].shift()
    assert (later["start"] >= previous)[previous.notna()].all(), "spells of a customer do not overlap"


def test_churn_by_sql_over_subscriptions_is_the_runs_own(busy: Result):
    """The usual query of churn from subscriptions: who was there at the start of a month and not at its end."""
    import duckdb

    spells, series = busy.spells, busy.series.query("replication == 0 and firm == 'focal'")
    query = """
        with at_start as (select distinct customer from spells where "start" < $a and ("end" >= $a or "end" is null)),
             at_end as (select distinct customer from spells where "start" < $b and ("end" >= $b or "end" is null))
        select count(*), count(*) filter (where at_end.customer is null)
        from at_start left join at_end using (customer)
    """
    assert spells is not None
    with duckdb.connect() as base:
        base.register("spells", spells)
        for month in (0, 7, 20):
            dates = series["date"].iloc[month], series["date"].iloc[month + 1]
            there, gone = base.execute(query, {"a": dates[0], "b": dates[1]}).fetchall()[0]
            now = series.iloc[month]
            assert there == now["active_start"]
            assert gone == sum(now[cause] for cause in CAUSES)


def test_the_log_is_of_replication_0_whatever_else_is_run(busy: Result):
    alone = run(load_text(BUSY), seed=1, replications=1, events=800, threads=2)
    pd.testing.assert_frame_equal(alone.events, busy.events)
    fewer = run(load_text(BUSY), seed=1, replications=1, events=80, threads=1).events
    assert busy.events is not None
    pd.testing.assert_frame_equal(fewer, busy.events[busy.events["customer"] % 800 < 80].reset_index(drop=True))
    assert run(load_text(BUSY), seed=1, replications=1).events is None


def test_files_hold_the_log_typed_and_explained(tmp_path: Path):
    result = run(Scenario(market=Market(customers=200), run=Run(periods=4, replications=1)), events=200)
    write_folder(result, tmp_path / "out", csv=True, figures=False, report=False)
    events = read_parquet(tmp_path / "out" / "events.parquet")
    assert events["date"].dtype.kind == "M"
    assert events["amount"].dtype == float
    pd.testing.assert_frame_equal(events, result.events)
    as_csv = pd.read_csv(tmp_path / "out" / "spells.csv", parse_dates=["start", "end"])
    assert list(as_csv) == list(result.spells)
    assert (as_csv["start"] == pd.Timestamp("2026-01-04"))[as_csv["at_start"] == 1].all()
    told = pd.read_csv(tmp_path / "out" / "dictionary.csv")
    for name in ("events", "spells"):
        assert told.loc[told["table"] == name, "column"].tolist() == list(getattr(result, name))
