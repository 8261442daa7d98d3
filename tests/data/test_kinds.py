"""Kinds of data as companies have them: late entry, segments, purchases, recommendations, complaints by mode."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.data.churn_table import read_tenures
from sim.data.describe import describe
from sim.data.read_table import read_table
from sim.data.table_kinds import CHURN
from sim.data.table_settings import TableSettings
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
    assert "has 2 values, and all are taken together: only.segment=tin chooses one" in whole
    gold = told(write(text), "churn", only={"segment": "gold"})
    assert "'gold' 12 (50.0% left)" in gold
    assert "taken together" not in gold
