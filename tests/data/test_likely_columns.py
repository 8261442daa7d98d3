"""Columns that nobody can know by their names are proposed by what stands in them, and never taken."""

from pathlib import Path

import pytest

from sim.data.describe import describe, guessed_kind
from sim.data.likely_columns import likely_in
from sim.data.table_kinds import CHURN, COMPLAINTS, NPS, RETENTION, TRANSACTIONS
from sim.data.table_settings import TableSettings
from sim.runs.experiment.table_options import with_options
from sim.vocabulary.errors import ScenarioError

CONTRACTS = "Nr;Vertrag ab;Kündigung zum;Betrag (EUR)\n" + "".join(
    f"K{n};{n % 28 + 1:02d}.03.2024;{f'{n % 28 + 1:02d}.11.2025' if n % 3 else '-n/a'[n % 2 : n % 2 * 3 + 1]};{n},50\n"
    for n in range(60)
)
"""Two columns of days, the later of which has `-` or `n/a` where somebody is still there."""


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    file = tmp_path / "contracts.csv"
    file.write_text(CONTRACTS, encoding="cp1252")
    return file


def test_a_table_that_tells_nothing_by_name_is_read_by_what_is_proposed(contracts: Path):
    with pytest.raises(ScenarioError) as asked:
        guessed_kind(contracts, TableSettings())
    options = "--read 'columns.joined=Vertrag ab' --read 'columns.left=Kündigung zum'"
    assert "what does it hold?; found columns of no kind; allowed: retention, churn" in str(asked.value)
    assert str(asked.value).endswith(f"perhaps --as churn {options}")
    with pytest.raises(ScenarioError) as asked:
        describe(contracts, "churn", TableSettings())
    assert f"perhaps columns: {{joined: Vertrag ab, left: Kündigung zum}}, or {options}" in str(asked.value)
    said = ["columns.joined=Vertrag ab", "columns.left=Kündigung zum"]
    with pytest.raises(ScenarioError) as asked:
        describe(contracts, "churn", with_options(TableSettings(), said))
    [dash, none] = asked.value.problems
    assert (dash.message, none.message) == ("not a date, in 10 rows", "not a date, in 10 rows")
    assert "somebody is still there: missing: ['-', 'n/a'], or --read missing=- --read missing=n/a" in str(dash)
    said += ["missing=-", "missing=n/a", "exported=2025-12-31"]
    found = "\n".join(describe(contracts, "churn", with_options(TableSettings(), said)).lines())
    assert "customers   60: 40 left (66.7%), 20 still there" in found


@pytest.mark.parametrize(
    ("kind", "header", "columns", "expected"),
    [
        (CHURN, ["a", "b"], [["12", "7", "30"] * 9, ["yes", "no", "no"] * 9], {}),  # how long? of what?
        (CHURN, ["Months since start", "gone"], [["12", "7", "30"] * 9, ["yes", "no", "no"] * 9], {}),
        (
            CHURN,
            ["Laufzeit bisher", "gone?"],
            [["12", "7", "30"] * 9, ["yes", "no", "no"] * 9],
            {"tenure": "Laufzeit bisher", "churned": "gone?"},
        ),
        (CHURN, ["from", "to"], [["2024-01-03"] * 9, ["2025-01-03"] * 9], {}),  # which is which?
        (NPS, ["q7", "age"], [list(map(str, range(11))), [str(20 + 3 * n) for n in range(11)]], {"recommend": "q7"}),
        (NPS, ["q7"], [["1", "2", "3", "4", "5"]], {}),  # a scale of 5
        (
            TRANSACTIONS,
            ["client no", "on"],
            [["K7", "K8", "K7"], ["2024-01-03"] * 3],
            {"customer": "client no", "date": "on"},
        ),
        (TRANSACTIONS, ["client no", "on"], [["K7", "K8", "K9"], ["2024-01-03"] * 3], {}),  # nobody comes again
        (RETENTION, ["when", "n"], [["0", "1", "2"], ["100", "80", "60"]], {}),
        (COMPLAINTS, ["week no", "complaints in all"], [["1", "2"], ["4", "9"]], {}),
    ],
)
def test_what_is_likely(kind, header, columns, expected):
    assert likely_in(header, columns, kind, {}) == expected


def test_a_scale_behind_a_name_is_none_of_the_name_and_a_time_zone_is(tmp_path: Path):
    file = tmp_path / "answers.csv"
    file.write_text("Respondent,NPS (0-10)\n" + "".join(f"R{n},{n % 11}\n" for n in range(40)))
    assert guessed_kind(file, TableSettings()) == "nps"
    file.write_text("Ticket,Created (UTC)\n" + "".join(f"T{n},2024-05-{n % 28 + 1:02d}\n" for n in range(40)))
    with pytest.raises(ScenarioError, match="what does it hold"):
        guessed_kind(file, TableSettings())
