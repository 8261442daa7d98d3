"""Files that an analyst has at hand, with the names and shapes that their tools give them, read without a setting.

Made up in the shape of what spreadsheets, ticket systems and databases export; nothing is copied.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook

from sim.data.churn_table import read_tenures
from sim.data.cohorts import read_cohorts
from sim.data.complaint_series import read_counts
from sim.data.describe import describe, guessed_kind
from sim.data.read_table import read_table
from sim.data.table_kinds import CHURN, COMPLAINTS, RETENTION, TRANSACTIONS
from sim.data.table_settings import TableSettings
from sim.data.understood import understood
from sim.data.users_table import UsersTable
from sim.runs.experiment.definition import CalibrationSettings
from sim.scenario import load_text
from sim.studies.calibration.targets import read_data
from sim.vocabulary.errors import ScenarioError


@pytest.fixture
def table(tmp_path: Path):
    """A file of this text, read as a kind."""

    def read(text: str, kind, encoding: str = "utf-8", **settings) -> UsersTable:
        file = tmp_path / "data.csv"
        file.write_text(text, encoding=encoding)
        return read_table(file, kind, TableSettings(**settings))

    return read


def told(table: UsersTable) -> str:
    return "\n".join(understood(table).lines())


# --- a header further down --------------------------------------------------------------------------------------------


def workbook(file: Path) -> Path:
    """A report with a title and merged names above the header, and a line of sums at its end."""
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "Kundenbericht 2025"
    sheet.merge_cells("A1:D1")
    sheet["A3"], sheet["C3"] = "Kunde", "Vertrag"
    sheet.merge_cells("A3:B3")
    sheet.merge_cells("C3:D3")
    sheet.append(["Kundennr", "Ort", "Laufzeit (Monate)", "Gekündigt"])
    for row in range(15):
        sheet.append([f"K-{row}", "Bonn", row + 1, "Ja" if row % 3 == 0 else "Nein"])
    sheet.append(["Summe", None, None, None])
    book.save(file)
    return file


def test_a_workbook_with_merged_names_above_its_header(tmp_path: Path):
    file = workbook(tmp_path / "report.xlsx")
    found = read_table(file, CHURN)
    tenures = read_tenures(found, "months")
    assert tenures.tenure.tolist() == list(range(1, 16))
    assert tenures.left.sum() == 5
    assert "header      in line 4" in told(found)
    assert "left aside  1 row of sums (" in told(found)
    assert "tenure = 'Laufzeit (Monate)', churned = 'Gekündigt'" in told(found)


@pytest.mark.parametrize("title", ["Churn report 2025", "Churn report 2025;;", "Report\n\nMade on 2026-01-05, by hand"])
def test_a_title_above_the_header(table, title: str):
    rows = "".join(f"{n};{n + 1},5;{'yes' if n % 2 else 'no'}\n" for n in range(12))
    found = table(f"{title}\nid;tenure;churned\n{rows}", CHURN)
    assert read_tenures(found, "months").tenure[0] == 1.5
    assert "cells between semicolons" in told(found)
    assert "above the header" in told(found)


def test_the_first_line_is_the_header_where_none_is_better(table):
    """The fault that is told is that of the first line; nothing below it is taken for names."""
    with pytest.raises(ScenarioError) as caught:
        table("No,Months,Gone\n1,3,yes\n2,4,no\n", CHURN)
    assert "data.csv:1: tenure, churned: no such columns; found No, Months, Gone" in str(caught.value)


def test_a_line_that_may_be_anything_is_not_quoted(table):
    with pytest.raises(ScenarioError) as caught:
        table("secret=5f/3;root:x:0\n1;3\n2;4\n", CHURN)
    assert "secret" not in str(caught.value)
    assert "found 2 other columns" in str(caught.value)


def test_a_setting_says_where_the_header_is(table):
    with pytest.raises(ScenarioError) as caught:
        table("a,b\nx,y\ntenure,churned\n3,yes\n", CHURN, header=2)
    assert "data.csv:2" in str(caught.value)


# --- names and days in other languages --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("Kundennummer;Vertragsbeginn;Kündigungsdatum", "6. März 2024"),
        ("Cliente;Fecha de alta;Fecha de baja", "6 de marzo de 2024"),
        ("Client;Created (UTC);Canceled At (UTC)", "2024-03-06 09:30"),
        ("Kunde;Kunde seit;Gekündigt am", "6. Mrz 2024"),
        ("Customer ID;Start date;End date", "6 mars 2024"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_contracts_with_two_dates(table, header: str, day: str, encoding: str):
    rows = "".join(f"{n};{day};{'06.09.2024' if n % 3 == 0 else ''}\n" for n in range(15))
    found = table(f"{header}\n{rows}", CHURN, encoding, exported=dt.date(2024, 12, 6))
    tenures = read_tenures(found, "months")
    assert tenures.tenure.tolist() == [6.0 if n % 3 == 0 else 9.0 for n in range(15)]
    assert tenures.left.sum() == 5


def test_a_code_that_says_nothing_is_answered_with_what_to_write(table):
    text = "customerID,tenure,Churn\n" + "1,3,Yes\n2,4,No\n3,5,NA\n" * 5
    with pytest.raises(ScenarioError) as caught:
        read_tenures(table(text, CHURN), "months")
    (problem,) = caught.value.problems
    assert "in 5 rows" in problem.message
    assert "missing: ['NA'] leaves such rows aside" in problem.hint
    assert len(read_tenures(table(text, CHURN, missing=["NA"]), "months").tenure) == 10


# --- counts of a firm, and times that are dates -----------------------------------------------------------------------


def test_times_that_are_months_of_the_calendar(table):
    text = "month,active_customers\n" + "".join(f"2025-{m + 1:02},{1000 - 40 * m}\n" for m in range(6))
    found = table(text, RETENTION)
    cohort = read_cohorts(found, "months", None)
    assert cohort.times.tolist() == [1, 2, 3, 4, 5]
    assert cohort.left.tolist() == [40] * 5
    assert "counted in months since the first row" in told(found)
    assert "Counts of a whole firm, which wins new ones meanwhile, are none" in told(found)


@pytest.mark.parametrize("month", ["{m:02}/2025", "{m:02}.2025", "2025-{m:02}-01", "{m}/1/2025"])
def test_a_firms_months_with_cancellations(table, month: str):
    rows = "".join(f"{month.format(m=m)};{1000 + 5 * m};60;{40 + m}\n" for m in range(1, 13))
    found = table(f"Month;Customers at start;New customers;Cancellations\n{rows}", RETENTION, dates="month first")
    cohort = read_cohorts(found, "months", None)
    assert cohort.times.tolist() == list(range(1, 13))
    assert cohort.at_risk.tolist() == [1000 + 5 * m for m in range(1, 13)]
    assert cohort.left.tolist() == [40 + m for m in range(1, 13)]


def test_cohorts_and_months_as_databases_give_them(table):
    """The age of a cohort is the months between its date and the row's, whichever row is its first."""
    rows = [
        "2025-01-01,2025-01-01,400",
        "2025-01-01,2025-02-01,300",
        "2025-01-01,2025-04-01,200",
        "2025-03-01,2025-03-01,500",
        "2025-03-01,2025-04-01,410",
    ]
    found = table("cohort_month,activity_month,active_users\n" + "\n".join(rows) + "\n", RETENTION)
    with pytest.raises(ScenarioError, match="has no row for 1"):
        read_cohorts(table("\n".join(["cohort,month,active", *rows[:1], *rows[2:], ""]), RETENTION), "months", None)
    assert read_cohorts(found, "months", None).at_risk.tolist() == [900, 300]
    assert "since the cohort's own date" in told(found)


def test_weeks_are_told_by_the_dates(table):
    days = [dt.date(2025, 1, 6) + dt.timedelta(weeks=n) for n in range(5)]
    rows = "".join(f"{day},{99 - n}\n" for n, day in enumerate(days))
    cohort = read_cohorts(table(f"time,survivors\n{rows}", RETENTION), "months", None)
    assert cohort.unit == "weeks"
    assert cohort.times.tolist() == [1, 2, 3, 4]


def test_survivors_in_per_cent(table):
    text = "Monat;Kundenbestand\n0;100 %\n1;93,5 %\n2;89,1 %\n"
    with pytest.raises(ScenarioError, match="--read customers=1000"):
        read_cohorts(table(text, RETENTION), "months", None)
    cohort = read_cohorts(table(text, RETENTION), "months", 1000)
    assert cohort.left.tolist() == [65, 44]


@pytest.mark.parametrize(
    ("header", "rows", "left"),
    [
        ("time,survivors", ["0,1000", "1,700", "2,560", "4,430"], 570),
        ("month,survivors", ["2025-01,1000", "2025-02,700", "2025-03,560", "2025-04,430"], 570),
        ("time,customers,lost", ["1,1000,300", "2,900,140", "3,870,130"], 570),
        ("cohort,time,survivors", ["a,0,1000", "a,1,700", "a,2,560", "b,0,500", "b,1,300"], 640),
    ],
)
def test_newest_first_is_the_same_table(table, header, rows, left):
    """As dashboards export it. One that is in neither order keeps its complaint: a slip of the pen would be one."""
    ahead = read_cohorts(table("\n".join([header, *rows, ""]), RETENTION), "months", None)
    backwards = table("\n".join([header, *rows[::-1], ""]), RETENTION)
    back = read_cohorts(backwards, "months", None)
    for column in ("times", "at_risk", "left"):
        assert getattr(back, column).tolist() == getattr(ahead, column).tolist()
    assert back.left.sum() == left
    assert "turned round: the newest stands first" in told(backwards)
    assert backwards.columns[back.column][back.latest] == ahead.table.columns[ahead.column][ahead.latest]
    with pytest.raises(ScenarioError, match="not later than the row before"):
        read_cohorts(table("\n".join([header, *rows[1::-1], *rows[2:], ""]), RETENTION), "months", None)


def test_the_size_of_cohorts_is_found_by_its_name(table):
    text = "Cohort,Users,Week 1,Week 2,Week 3\nJan,1200,45.0%,31.0%,25.0%\nFeb,1100,44.0%,30.0%,\n"
    found = table(text, RETENTION)
    assert read_cohorts(found, "weeks", None).at_risk.tolist() == [2300, 540 + 484, 372]
    assert "customers = 'Users'" in told(found)
    assert "customers = 'Cohort size'" in told(
        table("time,share,Cohort size\n0,1,500\n1,.8,500\n2,.7,500\n", RETENTION)
    )


# --- complaints -------------------------------------------------------------------------------------------------------

LOG = [
    "7000,2025-01-30 10:00,late",
    "7001,2025-02-03 11:00,rude",
    "7002,2025-02-03 12:00,late",
    "7003,2025-04-30 09:00,late",
    "7003,2025-05-02 09:00,late",
    "7004,2025-04-01 09:00,rude",
    "7005,2025-04-02 09:00,rude",
]


@pytest.mark.parametrize("turn", [1, -1])
def test_a_log_of_complaints_is_counted(table, turn: int):
    """A row a complaint, in any order; months without one count 0, and a ticket that stands twice counts once."""
    rows = LOG if turn == 1 else LOG[::-1]
    found = table("Ticket ID,Created at,Category\n" + "\n".join(rows) + "\n", COMPLAINTS, customers=100)
    series = read_counts(found, "months", 100, stated=False)
    assert series.counts.tolist() == [1, 2, 0, 3]
    assert series.spans[0] == (dt.date(2025, 1, 1), dt.date(2025, 2, 1))
    assert series.spans[-1][1] == dt.date(2025, 5, 1)
    said = told(found)
    assert "a row a complaint: 6 complaints, counted by months of the calendar" in said
    assert "1 row repeats an id of 'Ticket ID'" in said
    assert "'late' 3" in said
    assert "'rude' 3" in said
    assert "half ones look better" in said


def test_a_log_by_weeks_in_a_weekly_run(table, tmp_path: Path):
    table(
        "case id,opened\n" + "".join(f"{n},{dt.date(2026, 1, 5) + dt.timedelta(days=n)}\n" for n in range(28)),
        COMPLAINTS,
    )
    scenario = load_text("market: {customers: 300}\nrun: {period: week, periods: 6, start: 2026-01-05}\n").scenario
    (found,), target = read_data(tmp_path / "data.csv", CalibrationSettings(data="complaints", customers=500), scenario)
    assert target.counts.tolist() == [7, 7, 7, 7]
    assert "half ones" not in told(found)


def test_counts_without_their_column_are_no_log(table):
    """A table of counts whose column of counts is not known is asked about, and not taken for a complaint a row."""
    with pytest.raises(ScenarioError, match="complaints: no such column"):
        table("month,reclamos,customers\n2025-01,5,100\n2025-02,7,100\n2025-03,6,100\n", COMPLAINTS)


def test_a_log_of_purchases_is_no_log_of_complaints(table, tmp_path: Path):
    table("customer,date,amount\n" + "".join(f"{n},2025-01-{n + 1:02},5\n" for n in range(12)), TRANSACTIONS)
    assert guessed_kind(tmp_path / "data.csv", TableSettings()) == "transactions"


SEGMENTS = "month,segment,complaints,customers\n" + "".join(
    f"2026-{m:02},{name},{m + more},{size}\n"
    for m in (1, 2, 3)
    for name, more, size in (("gold", 2, 100), ("tin", 5, 400))
)


def test_segments_that_are_not_split_are_added_up(table):
    """Complaints and customers of both, by month: so `sim data` takes them, and a scenario without these segments."""
    found = table(SEGMENTS, COMPLAINTS)
    series = read_counts(found, "months", None, stated=False)
    assert series.counts.tolist() == [9, 11, 13]
    assert series.customers.tolist() == [500] * 3
    assert "2 segments are added up, their customers too" in told(found)


@pytest.mark.parametrize(
    ("market", "parts"),
    [
        ("", [""]),
        ("segments: [{name: gold, share: .2}, {name: tin, share: .8}]\n", ["gold", "tin"]),
        ("segments: [{name: east, share: .2}, {name: west, share: .8}]\n", [""]),
    ],
)
def test_segments_of_complaints_in_a_fit(table, tmp_path: Path, market: str, parts: list[str]):
    table(SEGMENTS, COMPLAINTS)
    scenario = load_text(
        f"{market}market: {{customers: 300}}\nrun: {{period: month, periods: 3, start: 2026-01-01}}\n"
    ).scenario
    tables, _ = read_data(tmp_path / "data.csv", CalibrationSettings(data="complaints"), scenario)
    assert [one.of_segment for one in tables] == parts
    counted = [[float(cell) for cell in one.columns["complaints"]] for one in tables]
    assert counted == ([[9, 11, 13]] if parts == [""] else [[3, 4, 5], [6, 7, 8]])


def test_modes_and_segments_together(table):
    rows = "".join(
        f"{m},{mode},{name},{m + 1},{size}\n"
        for m in range(3)
        for mode in ("late", "rude")
        for name, size in (("gold", 100), ("tin", 400))
    )
    series = read_counts(
        table(f"period,mode,segment,complaints,customers\n{rows}", COMPLAINTS), "months", None, stated=False
    )
    assert series.counts.tolist() == [4, 8, 12]
    assert series.customers.tolist() == [500] * 3


@pytest.mark.parametrize(
    ("change", "message"),
    [("2026-02,tin,7,400\n", "a time without a row of each segment"), ("2026-02,gold,4,100\n", "stands twice")],
)
def test_segments_that_do_not_add_up_are_refused(table, change: str, message: str):
    text = SEGMENTS.replace(change, "") if "without" in message else SEGMENTS + change
    with pytest.raises(ScenarioError, match=message):
        read_counts(table(text, COMPLAINTS), "months", None, stated=False)


# --- end to end -------------------------------------------------------------------------------------------------------


def test_what_sim_data_says_of_them_without_a_kind(tmp_path: Path):
    for text, kind in (
        (
            "Month;Customers at start;New customers;Cancellations\n01/2025;90;9;3\n02/2025;96;8;2\n03/2025;102;7;4\n",
            "movements",
        ),
        ("Kunde;Kunde seit;Gekündigt am\n" + "1;06.02.2024;06.04.2024\n" * 12, "churn"),
        (
            "Ticket ID,Created at,customers\n" + "".join(f"{n},2025-0{1 + n % 4}-02,90\n" for n in range(12)),
            "complaints",
        ),
    ):
        file = tmp_path / "data.csv"
        file.write_text(text)
        assert guessed_kind(file, TableSettings()) == kind
        assert np.isfinite(len(describe(file, kind, TableSettings(customers=90)).lines()))
