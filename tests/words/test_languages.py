"""Another language: chosen, left out where it is missing, safe where it is wrong, and spoken everywhere."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from sim.report.signed_changes import change
from sim.report.wording import told_amount
from sim.results.amounts import rounded
from sim.words import (
    choose_language,
    day,
    in_years,
    language,
    listed,
    money,
    month,
    plural,
    rounded_money,
    say,
    translated,
    with_signs,
    written,
)
from sim.words.languages import CATALOGUES, languages
from tests.words.pseudo import LANGUAGE, write_pseudo


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    choose_language("en")


def _catalogue(folder: Path, code: str, sentences: dict, header: str = "nplurals=2; plural=(n != 1);") -> None:
    catalogue = Catalog(charset="utf-8")
    for english, other in sentences.items():
        catalogue.add(english, other)
    place = folder / code / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "exitvoice.mo").open("wb") as file:
        write_mo(file, catalogue)


def test_a_sentence_and_its_forms_are_translated(tmp_path: Path):
    forms = {("{n} run failed", "{n:,} runs failed"): ("{n} Lauf scheiterte", "{n:,} Läufe scheiterten")}
    _catalogue(tmp_path, "de", {"{left} of {total} left": "Von {total} gingen {left}", **forms})
    assert choose_language("de_AT.UTF-8", tmp_path) == "de_AT"
    assert say("{left} of {total} left", left=3, total="{5}") == "Von {5} gingen 3"
    assert plural("{n} run failed", "{n:,} runs failed", 1) == "1 Lauf scheiterte"
    assert plural("{n} run failed", "{n:,} runs failed", 2000) == "2,000 Läufe scheiterten"
    assert say("not translated: {what}", what="x") == "not translated: x"
    assert translated("{left} of {total} left") == "Von {total} gingen {left}"
    assert translated("") == ""


@pytest.mark.parametrize("wrong", ["{gone} left", "{count:q} left", "{count", "{0} left", "{count.x} left"])
def test_a_translation_with_wrong_places_gives_the_english_sentence(tmp_path: Path, wrong: str):
    _catalogue(tmp_path, "de", {"{count} of them left": wrong})
    choose_language("de", tmp_path)
    assert say("{count} of them left", count=3) == "3 of them left"


def test_english_needs_no_catalogue(capsys: pytest.CaptureFixture[str]):
    for code in ("", "en", "en_GB.UTF-8", "C", "C.UTF-8", "POSIX"):
        assert choose_language(code) == "en"
    assert capsys.readouterr().err == ""
    assert "en" in languages()


def test_a_language_that_is_not_there_is_told_once_and_english_is_spoken(capsys: pytest.CaptureFixture[str]):
    assert choose_language("tlh") == language() == "en"
    assert say("no such file") == "no such file"
    known = ", ".join(languages())
    notice = "note: there is no language 'tlh' here, so English is used; EXITVOICE_LANGUAGE can be: " + known
    assert capsys.readouterr().err == f"{notice}\n"


def test_a_damaged_catalogue_is_as_good_as_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    place = tmp_path / "de" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "exitvoice.mo").write_bytes(b"not a catalogue")
    assert choose_language("de", tmp_path) == "en"
    assert "there is no language 'de'" in capsys.readouterr().err


def test_the_environment_chooses_and_english_loads_no_gettext():
    code = "import sys; from sim.words import say; print(say('no such file'), 'gettext' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "no such file False\n"
    code = "import os; os.environ['EXITVOICE_LANGUAGE'] = 'tlh'; from sim.words import say; print(say('a'), say('b'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "a b\n"
    assert done.stderr.count("there is no language 'tlh'") == 1


# --- Spanish ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def _spanish(_english_again: None) -> None:
    assert choose_language("es_ES.UTF-8") == "es_ES"


@pytest.mark.usefixtures("_spanish")
@pytest.mark.parametrize(
    ("told", "text"),
    [
        (lambda: written(1234567.5, ",.1f"), "1_234_567,5"),
        (lambda: written(-1234.5, ",.1f"), "-1234,5"),  # four digits stand together
        (lambda: written(0.125, "+.1%"), "+12,5~%"),
        (lambda: written(True), "True"),
        (lambda: with_signs("59 of 100, 0.1; 1,234, and 98,765.4"), "59 of 100, 0,1; 1234, and 98_765,4"),
        (lambda: written("1,5", ">4"), " 1,5"),
        (lambda: money(12345.6, "EUR"), "12_346\N{NO-BREAK SPACE}EUR"),
        (lambda: rounded_money(-229532.0, "EUR"), "−0,230 M\N{NO-BREAK SPACE}EUR"),
        (lambda: rounded_money(2.5e9, "EUR"), "2,50 mil M\N{NO-BREAK SPACE}EUR"),
        (lambda: day(dt.date(2026, 7, 3)), "3 de julio de 2026"),
        (lambda: month(dt.date(2026, 9, 1)), "sept 2026"),
        (lambda: in_years(104, "week"), "2 años"),
        (lambda: listed(["quejas", "boca a boca", "fidelidad"]), "quejas, boca a boca y fidelidad"),
        (lambda: listed(["quejas", "ingresos"]), "quejas e ingresos"),
        (lambda: listed(["agua", "hielo"]), "agua y hielo"),
        (lambda: told_amount(80000.0, 42000.0, 120000.0, "EUR"), "0,080 M\N{NO-BREAK SPACE}EUR (0,042 a 0,120)"),
        (lambda: change(-3014.2, "EUR", 3500.0), "−3000\N{NO-BREAK SPACE}EUR"),
        (lambda: rounded(0.01203, 4) + rounded(12345.6), "0,0120312_300"),
        (lambda: say("{share:.0%} of {n:,}", share=0.04, n=20000), "4~% of 20_000"),
        (lambda: say("write {value:.6g}", value=0.5), "write 0.5"),  # as in a file
    ],
)
def test_spanish_has_its_numbers_money_dates_and_lists(told: Callable[[], str], text: str):
    assert told() == text.replace("_", "\u202f").replace("~", "\u00a0")


def test_the_command_line_chooses_it():
    code = "import sys; sys.argv[1:] = ['--language', 'es', 'explain', 'no.such']; from sim.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert "error: " in done.stderr
    assert "no existe ese parámetro" in done.stderr


def test_shipped_catalogues_lie_in_the_package():
    assert CATALOGUES.is_relative_to(Path(sys.modules["sim.words"].__file__ or "").parent)


# --- the pseudo-language: whatever is shown comes from the catalogue, or from the data --------------------------------


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("catalogues")
    write_pseudo(folder)
    return folder


SCENARIO = """\
name: zz
market: {customers: 300}
run: {periods: 8, replications: 2}
rivals: [{name: other}]
"""
# What is no sentence: names of files, parameters, columns and people, numbers, code, and names of methods.
_DATA = re.compile(
    r"ExitVoice|sim [a-z]+|--[a-z]+|[\w./-]+\.(yaml|json|html|csv|parquet)|[a-z_]+(\.[a-z_]+)+(\[\])?"
    r"|\b[a-z]+_[a-z_]+\b|\b[0-9a-f]{8,}\b|\b(EUR|ACSI|TARP|SERVQUAL|Greenwood|zz|other|focal)\b"
)


def _bare(text: str) -> str:
    """What is left of a text when all that is translated, innermost first, and all data are taken out."""
    before = None
    while before != text:
        before, text = text, re.sub(r"«[^«»]*»", "", text)
    return _DATA.sub("", text)


def _english(text: str) -> list[str]:
    """Two words and more in a row that stand outside."""
    return re.findall(r"[A-Za-z]{2,}[,;:]? [a-z]{2,}[A-Za-z ]*", _bare(text))


def test_what_counts_as_english():
    assert _english("«It is «{3} of 4» so.» EUR 12 firm.desk.ease") == []
    assert _english("«It is so.» But not here") == ["But not here"]


class _Visible(HTMLParser):
    """The texts of a page, block by block; a figure is one block, for it breaks its sentences into lines."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = [""]
        self.hidden = self.figures = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in _UNSEEN
        self.figures += tag == "figure"
        labels = [value or "" for name, value in attributes if name in ("title", "aria-label")]
        if self.figures <= (tag == "figure") and tag not in _WITHIN:
            self.texts.append("")
        self.texts[:0] = labels

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in _UNSEEN
        self.figures -= tag == "figure"
        if tag == "figure":
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.texts[-1] += " ".join(data.split()) + " "


_UNSEEN = ("style", "script")
_WITHIN = ("code", "em", "span", "br", "small", "strong")


def _page(file: Path) -> list[str]:
    visible = _Visible()
    visible.feed(file.read_text(encoding="utf-8"))
    return visible.texts


def _call(arguments: list[str], catalogues: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    start = (
        "import sys; from pathlib import Path; from sim.words import choose_language; "
        f"choose_language({LANGUAGE!r}, Path({str(catalogues)!r})); from sim.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", start, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def run_of(spoken: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("run")
    (folder / "a.yaml").write_text(SCENARIO, encoding="utf-8")
    return folder, _call(["run", "a.yaml", "--out", "out"], spoken, folder)


def test_the_command_line_speaks_it(run_of: tuple[Path, subprocess.CompletedProcess[str]]):
    _, done = run_of
    assert done.returncode == 0, done.stderr
    assert "«Yearly retention»" in done.stdout
    assert _english(done.stdout + done.stderr) == []


def test_the_page_speaks_it(run_of: tuple[Path, subprocess.CompletedProcess[str]]):
    folder, _ = run_of
    texts = _page(folder / "out" / "report.html")
    assert any("«What else it says»" in text for text in texts)
    assert [found for text in texts for found in _english(text)] == []


def test_the_dictionary_speaks_it(run_of: tuple[Path, subprocess.CompletedProcess[str]]):
    folder, _ = run_of
    rows = json.loads((folder / "out" / "dictionary.json").read_text(encoding="utf-8"))
    assert [row["meaning"] for row in rows if _english(row["meaning"])] == []


ASKED = {
    "validate a.yaml": 0,
    "explain firm.desk.ease": 0,
    "explain voice.preset": 0,
    "explain complain": 0,
    "show a.yaml": 0,
    "validate wrong.yaml": 2,
    "run gone.yaml": 2,
    "run a.yaml --set firm.desk.ease=much": 2,
    "run a.yaml --set firm.price=+3%": 2,
    "explain no.such.thing": 2,
}
ANSWERS = """
import json, sys
from pathlib import Path
from sim.words import choose_language
language, catalogues, folder, *asked = sys.argv[1:]
choose_language(language, Path(catalogues))
from tests.cli.calling import call
answers = {words: call(Path(folder), *words.split()) for words in asked}
print(json.dumps({words: (done.returncode, done.stdout + done.stderr) for words, done in answers.items()}))
"""


@pytest.fixture(scope="module")
def answers(spoken: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """Status and text of every command in `ASKED`, one after the other in a process that speaks it from its start."""
    folder = tmp_path_factory.mktemp("asked")
    (folder / "a.yaml").write_text(SCENARIO, encoding="utf-8")
    wrong = "firm: {desk: {ease: 9, answr_share: 2}}\nvoice: {preset: sloga}\nrun: {periods: 0}\nextends: {}\n"
    (folder / "wrong.yaml").write_text(wrong, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", ANSWERS, LANGUAGE, str(spoken), str(folder), *ASKED],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, tuple[int, str]] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize(("words", "status"), ASKED.items())
def test_answers_and_errors_speak_it(answers: dict[str, tuple[int, str]], words: str, status: int):
    found, text = answers[words]
    assert found == status, text
    assert "«" in text
    assert _english(text) == []


def test_a_comparison_speaks_it(spoken: Path, tmp_path: Path):
    (tmp_path / "a.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(f"extends: a.yaml\n{'name: yy'}\nfirm: {{desk: {{ease: 1}}}}\n", encoding="utf-8")
    done = _call(["compare", "a.yaml", "b.yaml", "--replications", "3", "--out", "out"], spoken, tmp_path)
    assert done.returncode == 0, done.stderr
    assert _english(done.stdout + done.stderr) == []
    assert [found for text in _page(tmp_path / "out" / "report.html") for found in _english(text)] == []


EXPERIMENT = """\
name: zz
scenario: a.yaml
levers: {firm.desk.ease: {low: 0, high: 2, levels: 2, cost: 100}}
uncertainties: {voice.complain_share: {low: 0.05, high: 0.3}}
design: {kind: random, points: 4, seed: 1}
replications: 2
outputs: [retention, satisfaction, margin]
sensitivity: {method: morris, samples: 4, outputs: [retention]}
optimise: {goals: [{output: margin, sense: maximise}], draws: 2, trials: 4, finalists: 2, final_replications: 2}
"""


@pytest.mark.slow
@pytest.mark.parametrize("command", ["sweep", "sensitivity", "optimise"])
def test_studies_speak_it(spoken: Path, tmp_path: Path, command: str):
    (tmp_path / "a.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "e.yaml").write_text(EXPERIMENT, encoding="utf-8")
    done = _call([command, "e.yaml", "--out", "out", "--workers", "1"], spoken, tmp_path)
    assert done.returncode == 0, done.stderr
    assert _english(done.stdout + done.stderr) == []
    for page in tmp_path.glob("out/analysis/report.html"):
        assert [found for text in _page(page) for found in _english(text)] == []
