"""Situations from public reports, each a small file: what is read of it and said, or refused with what to write.

Files are made up in the shape of what a report describes; nothing is copied. Besides those of `cases`.
"""

import datetime as dt

import pytest

from sim.data.describe import describe
from sim.data.table_settings import TableSettings
from sim.vocabulary.errors import ScenarioError

EXPORTED = dt.date(2025, 12, 31)


def rows(count, line):
    """Rows by their number."""
    return "".join(f"{line(number)}\n" for number in range(count))


def churn(*more, header="tenure,churned", form="{},{}"):
    """Six of twelve customers left, after 1 to 12 units; and further rows."""
    return f"{header}\n" + rows(12, lambda i: form.format(i + 1, "yes" if i % 2 else "no")) + "".join(more)


def spans(never, header="joined,left"):
    """Five of ten customers left on 1 March 2025."""
    return f"{header}\n" + rows(10, lambda i: f"2024-01-{i + 1:02d},{'2025-03-01' if i % 2 else never}")


def amounts(usual, last, mark=","):
    """Purchases of ten customers, nine of the usual amount; the tenth has one of nothing besides."""
    cell = '"{}"' if mark == "," else "{}"
    line = mark.join(("c{}", "2026-01-{:02d}", cell))
    return mark.join(("customer", "date", "amount\n")) + rows(
        11, lambda i: line.format(min(i, 9), i + 1, "0" if i > 9 else usual if i < 9 else last)
    )


def answers(*cells, header="overall", times=30):
    """Answers in turn."""
    return f"{header}\n" + rows(times, lambda i: cells[i % len(cells)])


def days(cell, times=10):
    """Purchases of as many customers on days in turn."""
    return "customer,date\n" + rows(times, lambda i: f"c{i},{cell(i)}")


LEFT = "12: 6 left (50.0%), 6 still there"
MARCH = "10: 5 left (50.0%), 5 still there"
TRIANGLE = "cohort,0,1,2,3\nJan,100,80,70,60\nFeb,100,82,71,{0}\nMar,100,81,{0},{0}\n"

READ = [
    # numbers
    (
        "actualbudget/actual 807",
        "transactions",
        amounts("$400.00", "($30.00)"),
        {},
        ["3,570 in all", "1 row is below 0: no purchase"],
    ),
    ("firefly-iii 1087", "transactions", amounts("€1,44", "€(63,12)"), {}, ["-50.16 in all"]),
    (
        "SheetJS 1966",
        "transactions",
        amounts("12.50", "49.03-"),
        {},
        ["-49.03 to 12.5", "10 purchases", "1 row is below 0"],
    ),
    ("tableExport.jquery 296", "transactions", amounts("5.00", "'-0.02"), {}, ["44.98 in all"]),
    (
        "pandas 59299",
        "transactions",
        amounts("1,20", "1.234,56", ";"),
        {},
        ["decimal comma ('1,20')", "1,245.36 in all"],
    ),
    ("polars 18797", "transactions", amounts("1.299,99", "7", ";"), {}, ["decimal comma", "11,706.91 in all"]),
    ("invoice2data 306", "transactions", amounts("1'234.50", "2’000.00"), {}, ["decimal point", "13,110.5 in all"]),
    ("d3-format 51", "transactions", amounts("1\u202f234,50", "7,00", ";"), {}, ["11,117.5 in all"]),
    (
        "csvlint.io 171",
        "retention",
        "time;share;customers\n0;100%;500\n1;71,5%;500\n2;60%;500\n",
        {},
        ["60.0% are still there"],
    ),
    # days
    ("rsv 8", "transactions", days(lambda i: 45383 + i), {}, ["2024-04-01 to 2024-04-10 (days as Excel counts them)"]),
    (
        "ClickHouse 367",
        "transactions",
        days(lambda i: 1484820207 + 86400 * i),
        {},
        ["2017-01-19 to 2017-01-28 (seconds"],
    ),
    (
        "omnivore 3030",
        "transactions",
        days(lambda i: 1484820207000 + 86400000 * i),
        {},
        ["2017-01-19 to 2017-01-28 (milli"],
    ),
    ("bcgov/mds 3314", "churn", spans("9999-12-31"), {"exported": EXPORTED}, [MARCH, "'9999-12-31' in 'left'"]),
    ("PostHog 51339", "churn", spans("0000-00-00"), {"exported": EXPORTED}, [MARCH, "'0000-00-00' in 'left'"]),
    ("csvkit 49", "churn", spans("N/A"), {"exported": EXPORTED, "missing": ["N/A"]}, [MARCH]),
    (
        "lifelines 1305",
        "churn",
        spans("2026-02-01"),
        {"exported": EXPORTED},
        [MARCH, "5 leave after the day of the export"],
    ),
    (
        "frictionless-r 25",
        "complaints",
        "month,complaints,customers\n202601,5,100\n202602,7,100\n202603,6,100\n",
        {},
        ["2026-01-01 to 2026-03-01 (a month is its first day)", "18 complaints"],
    ),
    # rows and columns
    ("parsecsv 26", "churn", churn().replace("\n", "\r").rstrip("\r"), {}, [LEFT]),
    ("pandas 14124", "churn", churn(form="{},{},"), {}, [LEFT, "12 rows, 2 columns"]),
    ("deephaven 1800", "churn", churn(header="tenure|churned|", form="{}|{}|"), {}, [LEFT, "cells between bars"]),
    ("pandas 9295", "churn", churn().replace("1,no\n", "1,no,\n", 1), {}, [LEFT]),
    (
        "pandas 14066",
        "retention",
        "Kunden\nStand;Mai\n\nZeit;Überlebende\n0;1000\n1;700\n2;650\n".encode("latin-1"),
        {"header": 4, "columns": {"time": "Zeit", "survivors": "Überlebende"}},
        ["Windows-1252", "65.0% are still there"],
    ),
    (
        "simple-search-service 2",
        "churn",
        churn("\\N,no\n", "NULL,no\n"),
        {"missing": ["\\N", "NULL"]},
        [LEFT, "2 of 14 rows left aside"],
    ),
    (
        "xsv 245",
        "churn",
        churn(header="Tenure (days),Churn"),
        {},
        [LEFT, "days, by the name 'Tenure (days)'", "1 to 12 days"],
    ),
    (
        "powershell-intune 140",
        "transactions",
        "customer,date\n" + rows(24, lambda i: f"{'8.96529E+19' if i < 12 else i},2026-01-{i + 1:02d}"),
        {},
        ["ids such as '8.96529E+19' have lost digits"],
    ),
    (
        "SEED 2562",
        "churn",
        churn(header="id,tenure,churned", form="0{0},{0},{1}").replace("012,", "1,"),
        {},
        ["1 id of 'id' differs"],
    ),
    # cohorts
    ("blazer 461", "retention", TRIANGLE.format("0"), {}, ["the ends of 2 cohorts are 0", "missing: [0]"]),
    ("PostHog 58679", "retention", TRIANGLE.format("0"), {"missing": [0]}, ["60.4% are still there"]),
    (
        "PostHog 30624",
        "retention",
        "cohort,customers,0,1,2\nJan,200,100%,80%,70%\nFeb,100,100%,82%,\n",
        {},
        ["300 in 2 cohorts of 100 to 200", "70.6% are still there"],
    ),
    # surveys
    (
        "GravityExport 82",
        "satisfaction",
        answers("5 - Very satisfied", "4 - Satisfied", "1 - Very dissatisfied"),
        {"scale": "1-5"},
        ["mean 3.33 on the scale", "the number before the words counts"],
    ),
    (
        "appcues article 354",
        "nps",
        "user id,nps\n" + rows(30, lambda i: f"u{i // 2},{(10, 8, 0)[i % 3]}"),
        {},
        ["promoters (9, 10) 33.3%, detractors (0 to 6) 33.3%", "15 rows repeat an id of 'user id'"],
    ),
    (
        "likert 94",
        "satisfaction",
        answers("4", "8", "Not sure"),
        {"missing": ["Not sure"]},
        ["20, mean 6 on the scale"],
    ),
    ("arlo 1233", "nps", "recommend,answers\n10,30\n8,20\nTotal,50\n", {}, ["1 row of sums ('Total')", "50, mean 9.2"]),
    (
        "WP-Survey 412",
        "satisfaction",
        answers("Satisfied", "Neutral"),
        {},
        ["'Neutral' is 3 and 'Satisfied' is 4", "62.5 of 100"],
    ),
    ("RubixML/Divorce 1", "satisfaction", answers("0", "4", "2"), {"scale": "0-4"}, ["50.0 of 100"]),
    # ties
    ("gephi 2216", "edges", "Source,Target\na,b\nb,a\na,c\nc,a\n", {}, ["4 ties", "2 ties repeat other ones"]),
    ("gephi 683", "edges", "Source,Target\na,a\na,b\n", {}, ["1 tie of a person to itself is left aside"]),
    (
        "gephi 638",
        "edges",
        '"Source","Destination","Type"\n"n1","n2","Orienté"\n"n1","n6","Orienté"\n',
        {},
        ["target = 'Destination'", "2 ties"],
    ),
    ("gephi 1772", "edges", "Id,Source,Target\n5,a,b\n5,b,c\n5,c,d\n", {}, ["3 ties", "4 with ties"]),
]

REFUSED = [
    ("lifelines 1693", "churn", churn("-1,yes\n"), {}, ["situation.csv:14: tenure: too small"]),
    (
        "lifelines 159",
        "churn",
        spans("2023-03-01"),
        {"exported": EXPORTED},
        ["situation.csv:2: left: before the day of joining"],
    ),
    ("lifelines 1163", "churn", churn(",no\n"), {}, [":14: tenure: empty", "missing: ['']"]),
    ("slycat 743", "churn", churn("null,no\n"), {}, ["missing: ['null']"]),
    ("hmslincs 86", "churn", churn("(12 rows)\n"), {}, [":14: a row of the wrong length"]),
    ("s3-concat 3", "churn", churn() + churn(), {}, [":14: tenure: not a number; found 'tenure'"]),
    (
        "datapusher 74",
        "churn",
        churn(header="tenure,churned,churned", form="{},{},no"),
        {},
        ["churned: stands twice in the header"],
    ),
    (
        "qualtRics 187",
        "satisfaction",
        "overall\nHow satisfied?\n" + rows(24, lambda i: i % 10 + 1),
        {},
        [":2: overall: not a number", "missing:"],
    ),
    (
        "survey-library 7759",
        "satisfaction",
        answers("1", "5", "99", header="score"),
        {},
        ["on which scale? The answers go from 1 to 5"],
    ),
    (
        "pycounter 1",
        "complaints",
        "month,complaints,customers\n2026-01,5,100\n2026-02,7,100\n2026-04,6,100\n",
        {},
        [":4: month: does not follow"],
    ),
    ("CSV.jl 620", "transactions", days(lambda i: f"{i + 1:02d}/03/26"), {}, ["years need four digits"]),
    ("gephi 1496", "edges", "A, B\nB, C\nC, D\n", {}, ["no column source", "market.network.source_column"]),
]


def told(tmp_path, kind, text, settings):
    """What is said of a file."""
    file = tmp_path / "situation.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return "\n".join(describe(file, kind, TableSettings(**settings)).lines())


def test_there_are_thirty_and_more():
    reports = [report for report, *_ in READ + REFUSED]
    assert len(set(reports)) == len(reports) >= 30


@pytest.mark.parametrize(("report", "kind", "text", "settings", "said"), READ, ids=[row[0] for row in READ])
def test_read(tmp_path, report, kind, text, settings, said):
    shown = told(tmp_path, kind, text, settings)
    for words in said:
        assert words in shown


@pytest.mark.parametrize(("report", "kind", "text", "settings", "said"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused(tmp_path, report, kind, text, settings, said):
    with pytest.raises(ScenarioError) as caught:
        told(tmp_path, kind, text, settings)
    for words in said:
        assert words in str(caught.value)
