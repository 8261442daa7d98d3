"""Files in their many forms, and everything that a setting can say of a table."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sim.data.churn_table import read_tenures
from sim.data.cohorts import read_cohorts
from sim.data.describe import describe, guessed_kind
from sim.data.read_table import read_table
from sim.data.survey_answers import read_answers
from sim.data.table_kinds import CHURN, COMPLAINTS, RETENTION, SATISFACTION
from sim.data.table_settings import TableSettings
from sim.data.understood import understood
from sim.runs.experiment.table_options import with_options
from sim.vocabulary.errors import ScenarioError

Write = Callable[..., Path]
FRAME = pd.DataFrame(
    {"Tenure": [1.5, 2.0, 12.0, 30.25] * 5, "Churn": [True, False, True, False] * 5, "id": [f"C{n}" for n in range(20)]}
)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def table(text: str | bytes, name: str = "data.csv") -> Path:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return table


def problems(read: Callable[[], object]) -> str:
    with pytest.raises(ScenarioError) as caught:
        read()
    return str(caught.value)


def told(table) -> str:
    return "\n".join(understood(table).lines())


# --- forms of files -------------------------------------------------------------------------------------------------


def check_frame(file: Path) -> None:
    found = read_tenures(read_table(file, CHURN), "months")
    assert found.tenure.tolist() == FRAME["Tenure"].tolist()
    assert found.left.tolist() == FRAME["Churn"].tolist()


def test_parquet(tmp_path: Path):
    FRAME.to_parquet(tmp_path / "data.parquet")
    check_frame(tmp_path / "data.parquet")
    typed = pd.DataFrame({"date": pd.date_range("2026-01-01", periods=4, freq="MS"), "complaints": [1, 5, 3, 2]})
    typed.assign(customers=1000).to_parquet(tmp_path / "dates.parquet")
    assert "from 2026-01-01 to 2026-04-01" in "\n".join(describe(tmp_path / "dates.parquet", "complaints").lines())


def test_a_parquet_file_that_is_none(write: Write):
    assert "not a Parquet file" in problems(lambda: read_table(write(b"PAR1 and no more", "x.parquet"), CHURN))


def test_numbers_with_three_decimals_in_a_file_with_types_are_no_thousands(tmp_path: Path):
    frame = pd.DataFrame({"time": [0, 1, 2], "share": [1.0, 0.875, 0.755], "customers": [1000, 1000, 1000]})
    frame.to_parquet(tmp_path / "data.parquet")
    found = read_cohorts(read_table(tmp_path / "data.parquet", RETENTION), "months", None)
    assert found.at_risk.tolist() == [1000, 875]


def test_workbook(tmp_path: Path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "customers"
    sheet.append(list(FRAME.columns))
    for row in FRAME.itertuples(index=False):
        sheet.append(list(row))
    notes = book.create_sheet("notes")
    notes.append(["date", "complaints", "customers"])
    for month in range(1, 5):
        notes.append([dt.datetime(2026, month, 1), 3 * month, 900])
    file = tmp_path / "data.xlsx"
    book.save(file)
    check_frame(file)
    assert "workbook, sheet 'customers' (notes left aside" in told(read_table(file, CHURN))
    table = read_table(file, COMPLAINTS, TableSettings(sheet="notes"))
    assert table.columns["date"] == ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"]
    message = problems(lambda: read_table(file, CHURN, TableSettings(sheet="note")))
    assert "no such sheet" in message
    assert "customers, notes" in message


def test_a_workbook_that_is_none(write: Write):
    pytest.importorskip("openpyxl")
    assert "not a workbook" in problems(lambda: read_table(write(b"PK\x03\x04 and no more", "x.xlsx"), CHURN))


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\ntenure;churned\n",
        "# exported yesterday\n# by hand\ntenure;churned\n",
        "tenure\tchurned\r\n",
        "tenure|churned\n",
        '"tenure","churned","",""\n',
        "TENURE,Churn?\n",
        "\ufefftenure;churned\n",
    ],
)
def test_headers_and_separators(write: Write, text: str):
    mark = next(mark for mark in ";\t|," if mark in text.splitlines()[-1])
    extra = mark * text.splitlines()[-1].count('""')
    rows = "".join(f"{n}{mark}{'yes' if n % 2 else 'no'}{extra}\n" for n in range(20))
    found = read_tenures(read_table(write(text + rows), CHURN), "months")
    assert found.tenure.tolist() == list(range(20))
    assert found.left.sum() == 10


def test_a_header_below_a_title(write: Write):
    text = "Customers of 2025\n\ntenure,churned\n" + "3,yes\n4,no\n" * 10
    table = read_table(write(text), CHURN, TableSettings(header=3))
    assert table.lines[:2] == [4, 5]
    assert "1 line above the header" in told(table)


def test_stated_encodings(write: Write):
    file = write("größe,tenure,churned\n1,2,yes\n".encode("mac_roman"))
    table = read_table(file, CHURN, TableSettings(encoding="mac_roman"))
    assert "'größe'" in told(table)
    assert "no such encoding" in problems(lambda: read_table(file, CHURN, TableSettings(encoding="utf-17")))
    assert "not written in" in problems(lambda: read_table(file, CHURN, TableSettings(encoding="ascii")))


# --- columns --------------------------------------------------------------------------------------------------------


def test_usual_names_are_taken_and_said(write: Write):
    text = "customerID,Tenure in months,Churn Label,City\n" + "A,3,Yes,Bonn\nB,4,No,Bonn\n" * 10
    table = read_table(write(text), CHURN)
    assert "customer = 'customerID', tenure = 'Tenure in months', churned = 'Churn Label'" in told(table)
    assert "left aside  column 'City'" in told(table)


def test_two_columns_that_could_be_one_are_asked_about(write: Write):
    message = problems(lambda: read_table(write("tenure,Churn Label,Churn Value\n3,Yes,1\n"), CHURN))
    assert "which of these columns is it?; found 'Churn Label' and 'Churn Value'" in message
    assert "columns: {churned: Churn Label}" in message


def test_every_missing_column_is_told_at_once(write: Write):
    message = problems(lambda: read_table(write("tenure_x,churned_x,customer\n3,Yes,1\n"), CHURN))
    assert "data.csv:1: tenure, churned: no such columns; found tenure_x, churned_x, customer" in message
    assert "did you mean tenure_x?" in message
    assert "tenure, churned | joined, left" in message


def test_what_would_change_the_answer_is_not_left_aside_in_silence(write: Write):
    text = "tenure,churned,segment,n\n" + "3,yes,a,5\n4,no,b,7\n" * 10
    table = read_table(write(text), CHURN)
    assert [odd.split(" is left aside, and")[0] for odd in table.odd] == ["the column 'n'"]
    read_tenures(table, "months")
    assert "the column 'segment' has 2 values, and all are taken together where they are no segments" in told(table)
    counted = read_tenures(read_table(write(text), CHURN, TableSettings(columns={"customers": "n"})), "months")
    assert counted.weights.tolist() == [5, 7] * 10


def test_repeated_ids_are_said(write: Write):
    text = "id,tenure,churned\n" + "".join(f"C{n % 18},{n},{'yes' if n % 2 else 'no'}\n" for n in range(20))
    table = read_table(write(text), CHURN)
    read_tenures(table, "months")
    assert "2 rows repeat an id of 'id' ('C0' in lines 2 and 20 and 'C1' in lines 3 and 21)" in told(table)


def test_rows_that_say_nothing(write: Write):
    text = "tenure,churned\n" + "3,yes\n4,no\n" * 10 + "NA,yes\n,no\n-99,yes\n"
    message = problems(lambda: read_tenures(read_table(write(text), CHURN), "months"))
    assert "data.csv:22: tenure: not a number" in message
    assert "missing: ['NA']" in message
    assert "data.csv:23: tenure: empty" in message
    assert "data.csv:24: tenure: too small" in message
    table = read_table(write(text), CHURN, TableSettings(missing=["NA", "", -99]))
    assert len(read_tenures(table, "months").tenure) == 20
    assert "3 of 23 rows left aside, with 'NA', '' and '-99' in 'tenure'" in told(table)


def test_only_some_rows(write: Write):
    text = "contract,tenure,churned\n" + "Month-to-month,3,yes\nTwo year,4,no\n" * 10
    table = read_table(write(text), CHURN, TableSettings(only={"contract": "Two year"}))
    assert set(table.columns["tenure"]) == {"4"}
    message = problems(lambda: read_table(write(text), CHURN, TableSettings(only={"contract": "Two years"})))
    assert "Month-to-month, Two year" in message
    assert "did you mean Two year?" in message
    assert "did you mean contract?" in problems(
        lambda: read_table(write(text), CHURN, TableSettings(only={"contracts": "Two year"}))
    )


# --- churn ----------------------------------------------------------------------------------------------------------


def test_weights_are_worth_fewer_customers(write: Write):
    """Kish: weights 1 and 3 in equal parts are worth n (1 + 3)^2 / 2 / (1 + 9) = 0.8 n."""
    text = "tenure,churned,weight\n" + "3,yes,1\n4,no,3\n" * 10
    table = read_table(write(text), CHURN)
    found = read_tenures(table, "months")
    assert found.weights.sum() == pytest.approx(16.0)
    assert found.weights[1] == pytest.approx(3 * found.weights[0])
    assert "20 are worth 16.0 with equal weights" in told(table)
    life = found.life_table()
    assert life.at_risk.tolist() == pytest.approx([16, 16, 16, 12])
    assert life.left.tolist() == pytest.approx([0, 0, 4, 0])


def test_dates_of_leaving_after_the_export_are_plans(write: Write):
    rows = "".join(f"2024-01-{n + 1:02},2024-{6 if n < 6 else 9}-01\n" for n in range(12))
    table = read_table(write("joined,left\n" + rows), CHURN, TableSettings(exported=dt.date(2024, 7, 1)))
    found = read_tenures(table, "months")
    assert found.left.sum() == 6
    assert "6 leave after the day of the export" in told(table)


def test_dates_in_the_wrong_order(write: Write):
    text = "joined,left\n" + "2024-01-01,2024-03-01\n" * 12 + "2024-05-01,2024-03-01\n2025-01-01,\n"
    message = problems(
        lambda: read_tenures(read_table(write(text), CHURN, TableSettings(exported=dt.date(2024, 7, 1))), "months")
    )
    assert "data.csv:14: left: before the day of joining" in message
    assert "data.csv:15: joined: after the day of the export" in message


# --- retention ------------------------------------------------------------------------------------------------------


def test_monthly_rates_with_counts(write: Write):
    """Of 1,000, 940 and 900 at the beginning of a month 6%, 5% and 4% leave."""
    text = "month,churn rate,customers\n1,6%,1000\n2,5%,940\n3,4%,900\n"
    table = read_table(write(text), RETENTION)
    found = read_cohorts(table, "months", None)
    assert found.times.tolist() == [1, 2, 3]
    assert found.at_risk.tolist() == [1000, 940, 900]
    assert found.left.tolist() == [60, 47, 36]
    assert "143 left in all" in told(table)
    counts = "month,lost,customers\n0,60,1000\n1,47,940\n2,36,900\n"
    found = read_cohorts(read_table(write(counts), RETENTION), "months", None)
    assert found.times.tolist() == [1, 2, 3]
    assert found.left.tolist() == [60, 47, 36]


def test_shares_in_per_cent(write: Write):
    text = "time,share,customers\n0,100,500\n1,63,500\n2,50,500\n"
    assert "scale: percent" in problems(lambda: read_cohorts(read_table(write(text), RETENTION), "months", None))
    found = read_cohorts(read_table(write(text), RETENTION, TableSettings(scale="percent")), "months", None)
    assert found.at_risk.tolist() == [500, 315]
    signed = "time,share,customers\n0,100%,500\n1,63%,500\n2,50%,500\n"
    assert read_cohorts(read_table(write(signed), RETENTION), "months", None).at_risk.tolist() == [500, 315]


def test_cohorts_that_are_wrong_are_told_together(write: Write):
    text = "cohort,0,1,2,3\n2025-01,400,,210,168\n2025-02,420,294,320,\n2025-03,440,x,,\n"
    message = problems(lambda: read_cohorts(read_table(write(text), RETENTION), "months", None))
    assert "data.csv:2: 1: empty" in message
    assert "data.csv:4: 1: not a number" in message
    text = "cohort,0,1,2,3\n2025-01,400,300,310,168\n2025-02,420,294,320,\n"
    message = problems(lambda: read_cohorts(read_table(write(text), RETENTION), "months", None))
    assert message.count("rises") == 2
    several = "time,survivors\n0,100\n1,80\n0,100\n1,70\n"
    assert "columns: {cohort: ...}" in problems(
        lambda: read_cohorts(read_table(write(several), RETENTION), "months", None)
    )


# --- surveys --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scale", "points"),
    [("0-10", [0, 50, 100]), ("1-7", [0, 50, 100]), ("1 to 5", [0, 50, 100]), ("percent", [0, 50, 100])],
)
def test_any_stated_scale(write: Write, scale: str, points: list[float]):
    low, high = TableSettings(scale=scale).scale_ends
    text = "overall\n" + f"{low:g}\n{(low + high) / 2:g}\n{high:g}\n" * 10
    found = read_answers(read_table(write(text), SATISFACTION, TableSettings(scale=scale)))
    assert found.answers[:3, 0].tolist() == [0, 50, 100]


def test_survey_weights_and_counts(write: Write):
    text = "overall,weight,responses\n" + "9,1,2\n3,3,1\n" * 15
    table = read_table(write(text), SATISFACTION)
    found = read_answers(table)
    # 30 answers of weight 1 and 15 of weight 3 are worth 75^2 / (30 + 135), and sum to 75
    scale = 75 / 165
    assert found.times.tolist() == pytest.approx([2 * scale, 3 * scale] * 15)
    assert found.squares.tolist() == pytest.approx([2 * scale**2, 9 * scale**2] * 15)
    assert "answers = 'responses'" in told(table)


@pytest.mark.parametrize(("most", "asked"), [(5, True), (7, True), (8, False), (10, False)])
def test_a_narrower_scale_is_asked_about(write: Write, most: int, asked: bool):
    text = "overall\n" + "".join(f"{1 + n % most}\n" for n in range(40))
    if asked:
        assert f"The answers go from 1 to {most}" in problems(
            lambda: read_answers(read_table(write(text), SATISFACTION))
        )
    else:
        assert read_answers(read_table(write(text), SATISFACTION)).answers.max() == pytest.approx((most - 1) * 100 / 9)


def test_codes_for_no_answer_are_hinted_at(write: Write):
    message = problems(lambda: read_answers(read_table(write("overall\n" + "9\n3\n" * 15 + "99\n"), SATISFACTION)))
    assert "missing: [99]" in message
    assert "another scale? Then scale: 0-10" in message


# --- what is asked of the command line --------------------------------------------------------------------------------


def test_settings_on_the_command_line():
    found = with_options(
        TableSettings(columns={"tenure": "Months"}),
        [
            "columns.churned=Gone",
            "missing=[NA, -99]",
            "only.contract=Two year",
            "exported=2026-01-31",
            "scale=1-5",
            "left=2",
        ],
    )
    assert found.columns == {"tenure": "Months", "churned": "Gone"}
    assert found.missing == ["NA", -99]
    assert found.only == {"contract": "Two year"}
    assert found.exported == dt.date(2026, 1, 31)
    assert found.left == ["2"]
    assert with_options(TableSettings(), ["missing="]).missing == [""]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("scal=1-5", ["--read: scal: no setting of a table", "did you mean scale?"]),
        ("columns=x", ["no setting of a table", "columns.NAME"]),
        ("scale", ["no setting of a table"]),
        ("scale=5", ["--read: scale"]),
        ("dates=american", ["--read: dates", "unknown name"]),
        ("exported=yesterday", ["--read: exported", "date"]),
    ],
)
def test_wrong_settings_on_the_command_line(text: str, says: list[str]):
    message = problems(lambda: with_options(TableSettings(), [text]))
    assert all(part in message for part in says), message


def test_the_kind_is_found_by_its_columns(write: Write):
    assert guessed_kind(write("tenure,churned\n3,yes\n"), TableSettings()) == "churn"
    assert guessed_kind(write("overall\n3\n"), TableSettings()) == "satisfaction"
    message = problems(lambda: guessed_kind(write("a,b\n3,1\n"), TableSettings()))
    assert "what does it hold?" in message
    assert "--as" in message
