"""Tables that somebody brings to the page: how they are understood, asked about and fitted."""

import base64
import datetime as dt

import pytest

from sim.app.brought import HOLDS, MOST_TOLD
from sim.data.describe import kinds
from sim.runs.experiment.reader import read_experiment
from tests.app.asking import asked, client, problems

pytest.importorskip("starlette")

GERMAN = "Nr;Vertrag ab;Kündigung zum\n" + "".join(
    f"K{n};1{n % 9}.03.2024;{'' if n % 2 else '14.05.2025'}\n" for n in range(40)
)

MONTHS = "date,complaints,customers\n" + "".join(f"01/{n:02d}/2026,{30 + n},900\n" for n in range(1, 13))


@pytest.fixture
def server(starts, turns):
    return client(starts, turns)


def table(text, file="ours.csv", **also):
    return asked(file=file, data=base64.b64encode(text.encode()).decode(), **also)


def test_a_table_of_the_users_is_understood_and_becomes_a_fit(server, today):
    # 40 customers watched for a year each, 10 of them left at its end: 10 leavers in 40 years
    rows = "".join(f"{number},12,{'yes' if number < 10 else 'no'}\n" for number in range(40))
    answer = server.post("/table", json=table(f"customer,tenure,churned\n{rows}", unit="months")).json()
    told = dict(map(tuple, answer["lines"]))
    assert told["read as"] == "churn"
    assert told["customers"] == "40: 10 left (25.0%), 30 still there"
    assert told["leaving"].startswith("22.1% in a year")  # 1 - exp(-10/40)
    file = today.parent / answer["fit"]["file"]
    file.write_text(answer["fit"]["text"], encoding="utf-8")
    plan = read_experiment(file)
    assert (plan.scenario.run.period, plan.scenario.run.periods) == ("month", 12)
    assert plan.experiment.calibrate.data == "churn"


def test_a_book_of_customers_becomes_a_fit_that_begins_with_it(server, today):
    # 10 of 500 lost in each of 6 months: 60 in 3,000 months, or 250 years
    rows = "".join(f"2025-{month:02d};500;10;10\n" for month in range(1, 7))
    answer = server.post("/table", json=table(f"Month;Opening customers;New customers;Cancellations\n{rows}")).json()
    told = dict(map(tuple, answer["lines"]))
    assert told["read as"] == "movements"
    assert told["leaving"].startswith("21.3% in a year")  # 1 - exp(-60/250)
    file = today.parent / answer["fit"]["file"]
    file.write_text(answer["fit"]["text"], encoding="utf-8")
    plan = read_experiment(file)
    assert (str(plan.scenario.run.start), plan.scenario.run.period, plan.scenario.run.periods) == (
        "2025-01-01", "month", 6
    )  # fmt: skip
    assert plan.experiment.calibrate.data == "movements"
    assert [axis.path for axis in plan.axes] == [
        "customers.bonds.attrition_per_year",
        "firm.strategy.advertising_hazard",
    ]


@pytest.mark.parametrize(
    ("asks", "told"),
    [
        (table("a,b\n1,2\n"), "what does it hold?"),
        (table("", file="ours.exe"), "no table"),
        (asked(file="ours.csv", data="%%%"), "did not arrive whole"),
    ],
)
def test_a_table_that_cannot_be_read_is_told_at_its_field(server, asks, told):
    found = problems(server.post("/table", json=asks))
    assert told in found["table"]
    assert "--as" not in found["table"]
    assert "exitvoice-table" not in found["table"]


def test_every_kind_of_table_can_be_chosen():
    assert tuple(HOLDS) == kinds()


def test_columns_called_otherwise_are_proposed_and_taken(server, today):
    answer = server.post("/table", json=table(GERMAN))
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["text"].endswith("say it under “How to read it”")
    [proposal] = answer.json()["proposals"]
    assert proposal["text"] == "Read it as churn: 'Vertrag ab' → joined, 'Kündigung zum' → left"
    read = {"kind": proposal["kind"], "columns": proposal["columns"]}
    found = problems(server.post("/table", json=table(GERMAN, **read)))
    assert "exported: 2025-05-14" in found["table"]
    answer = server.post("/table", json=table(GERMAN, **read, exported="2026-01-31")).json()
    assert dict(map(tuple, answer["lines"]))["customers"] == "40: 20 left (50.0%), 20 still there"
    file = today.parent / answer["fit"]["file"]
    file.write_text(answer["fit"]["text"], encoding="utf-8")
    said = read_experiment(file).experiment.calibrate
    assert said.columns == {"joined": "Vertrag ab", "left": "Kündigung zum"}
    assert said.exported == dt.date(2026, 1, 31)


def test_a_table_of_two_kinds_is_asked_which_and_nothing_is_proposed(server):
    rows = "".join(f"{n},0{n % 9 + 1}.03.2024,1,5,7\n" for n in range(30))
    two = table(f"ticket,date,complaints,overall,customers\n{rows}")
    answer = server.post("/table", json=two)
    assert "columns that fit complaints, satisfaction" in problems(answer)["table"]
    assert answer.json()["proposals"] == []
    chosen = server.post("/table", json={**two, "kind": "satisfaction", "scale": "1-5"}).json()
    assert ["read as", "satisfaction"] in chosen["lines"]


@pytest.mark.parametrize(
    ("rows", "said", "line"),
    [
        ("overall\n" + "4\n5\n3\n" * 20, {"scale": "1-5"}, ["scale", "1 to 5, as stated"]),
        ("source,target\nA,B\nB,C\nC,A\n", {"kind": "edges"}, ["ties", "3 ties"]),
        (MONTHS, {"dates": "day first"}, ["span", "12 months"]),
        ("ours\n\noverall\n" + "4\n5\n3\n" * 20, {"further": "header=3; scale=1-5"}, ["scale", "1 to 5, as stated"]),
    ],
)  # fmt: skip
def test_what_a_table_does_not_tell_is_said(server, rows, said, line):
    assert line in server.post("/table", json=table(rows, **said)).json()["lines"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"further": "colums.tenure=x"}, "did you mean columns.tenure?"),
        ({"further": "nonsense"}, "no setting of a table"),
        ({"exported": "soon"}, "exported: not a date"),
        ({"scale": "x" * 500}, "too long"),
        ({"columns": [1]}, "not the columns of a table"),
        ({"columns": {"tenure": 1}}, "not the columns of a table"),
        ({"kind": "gossip"}, "no such kind of table"),
    ],
)
def test_a_wrong_setting_is_told_and_names_no_option(server, said, told):
    found = problems(server.post("/table", json=table("tenure,churned\n1,yes\n", **said)))
    assert told in found["table"]
    assert "--read" not in found["table"]


def test_problems_of_a_table_stand_in_lines_of_their_own_and_are_few(server):
    rows = "".join(f"bad{n},yes\n" for n in range(30))
    found = server.post("/table", json=table(f"tenure,churned\n{rows}")).json()["problems"]
    assert 1 < len(found) <= MOST_TOLD
    assert not any("\n" in one["text"] or "\\n" in one["text"] for one in found)


def test_an_empty_table_is_called_so(server):
    assert problems(server.post("/table", json=table("")))["table"] == "the file is empty"
