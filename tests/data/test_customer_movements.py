"""What most firms count of their customers: how many there were, how many left and how many came, month by month."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.data.customer_movements import read_movements
from sim.data.describe import describe, guessed_kind
from sim.data.read_table import read_table
from sim.data.table_kinds import MOVEMENTS
from sim.data.table_settings import TableSettings
from sim.vocabulary.errors import ScenarioError

OPENING, LOST, WON = (1000, 1050, 1020, 990), (30, 90, 60, 20), (80, 60, 30, 40)
"""1,000 - 30 + 80 = 1,050; - 90 + 60 = 1,020; - 60 + 30 = 990; - 20 + 40 = 1,010 at the end."""


def lines(header: str, *columns: tuple[object, ...]) -> str:
    dates = [f"2026-0{month}" for month in range(1, len(columns[0]) + 1)]
    return "\n".join([header, *(",".join(map(str, row)) for row in zip(dates, *columns, strict=True))]) + "\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def to(text: str) -> Path:
        file = tmp_path / "book.csv"
        file.write_text(text, encoding="utf-8")
        return file

    return to


def told(file: Path, **said: object) -> str:
    settings = TableSettings(**said)
    return "\n".join(describe(file, guessed_kind(file, settings), settings).lines())


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("Month,Opening customers,Churned,New customers", (OPENING, LOST, WON)),
        ("Monat,Kunden Anfang,Verloren,Neue", (OPENING, LOST, WON)),
        ("mes,clientes al inicio,bajas,altas", (OPENING, LOST, WON)),
        ("month,closing,lost,won", ((*OPENING[1:], 1010), LOST, WON)),
        ("month,customers,lost,won", ((*OPENING[1:], 1010), LOST, WON)),  # at the end, as only then they add up
        ("month,customers,churn rate,new", (OPENING, (0.03, 0.0857, 0.0588, 0.0202), WON)),
    ],
)
def test_however_it_is_kept_it_says_the_same(write, header, columns):
    file = write(lines(header, *columns))
    assert guessed_kind(file, TableSettings()) == "movements"
    text = told(file)
    assert "customers  1,000 at the beginning of the first row, 990 of the last" in text
    assert "lost       200: 4.93% of those who were there a month" in text  # 200 / 4,060
    assert "won        210: 5.17% of those who were there a month" in text
    assert "unit       months, by the distance of the dates: `unit:` says another" in text
    found = read_movements(read_table(file, MOVEMENTS), "months", stated=False)
    assert found.lost.counts.tolist() == list(LOST)
    assert found.won is not None
    assert found.won.counts.tolist() == list(WON)
    assert found.lost.customers.tolist() == found.won.customers.tolist() == list(OPENING)
    assert ("is taken at the end of each period" in text) == header.startswith("month,customers,lost")


def test_customers_of_one_day_whom_nobody_joins_are_a_cohort(write):
    assert guessed_kind(write(lines("month,customers,lost", (1000, 970, 880), (30, 90, 60))), TableSettings()) == (
        "retention"
    )
    assert guessed_kind(write(lines("month,customers,lost", OPENING, LOST)), TableSettings()) == "movements"


def test_what_does_not_add_up_is_said(write):
    text = told(write(lines("month,customers,lost,won", (1000, 1050, 1320, 1290), LOST, WON)))
    assert "1,050 customers, 60 won and 90 lost do not make the 1,320 of line 4" in text


def test_segments_are_added_up_also_of_rates(write):
    rows = "".join(
        f"2026-0{month},{segment},{there},{rate}\n"
        for month in (1, 2, 3)
        for segment, there, rate in (("a", 100, 0.1), ("b", 300, 0.02))
    )
    found = read_movements(
        read_table(write("month,segment,customers,rate\n" + rows), MOVEMENTS), "months", stated=False
    )
    assert found.lost.counts.tolist() == [16.0] * 3
    assert found.lost.customers.tolist() == [400.0] * 3
    assert found.won is None


@pytest.mark.parametrize(
    ("header", "columns", "says"),
    [
        (
            "month,customers,lost",
            ((100, 90, 80), (10, 91, 5)),
            "book.csv:3: lost: more than were there; found '91'; allowed: at most 90",
        ),
        ("month,closing,lost,won", ((0, 20, 30), (5, 5, 5), (5, 20, 20)), "nobody was there to be lost"),
        ("month,customers,lost", ((100, 90, 80), (1, 1, 1)), "3 rows, 3 customers lost"),
        ("month,customers,lost", ((100, 90, 80), (10, -1, 5)), "book.csv:3: lost"),
        ("month,customers,rate", ((100, 90, 80), (10, 9, 5)), "rates in per cent? Then scale: percent"),
    ],
)
def test_what_cannot_be_is_refused(write, header, columns, says):
    with pytest.raises(ScenarioError) as refused:
        describe(write(lines(header, *columns)), "movements", TableSettings())
    assert says in str(refused.value)
