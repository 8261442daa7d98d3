"""Every sentence that the code says is in the catalogue, and whole: none stands outside, none is glued together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from sim.report.templates import environment
from tests.words.judged import EXEMPT, Code, glued, numbers, outside

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "sim").rglob("*.py"))
Judge = Callable[[Code, str], Iterable[tuple[int, str]]]
TEMPLATES = sorted((ROOT / "sim").rglob("*.jinja"))


def _listed(found: list[tuple[str, int, str]]) -> str:
    return "\n".join(f"{path}:{line}: {what}" for path, line, what in found)


@cache
def _codes() -> tuple[tuple[str, Code], ...]:
    return tuple((file.relative_to(ROOT).as_posix(), Code(file.read_text(encoding="utf-8"))) for file in FILES)


def _all(judge: Judge) -> list[tuple[str, int, str]]:
    return [(path, line, what) for path, code in _codes() for line, what in judge(code, path)]


def test_no_sentence_stands_outside():
    found = _all(outside)
    assert not found, f"say(...) them, or declare them at the top level of their module:\n{_listed(found)}"


def test_no_sentence_is_glued():
    found = _all(glued)
    assert not found, f"write whole sentences:\n{_listed(found)}"


def test_numbers_for_people_go_through_one_place():
    found = _all(lambda code, path: () if path.startswith("sim/words/") else numbers(code))
    assert not found, f"use written(...), or a place of a sentence:\n{_listed(found)}"


def test_no_exemption_is_left_over():
    code = "\n".join(file.read_text(encoding="utf-8") for file in FILES)
    for text in EXEMPT:
        there = (ROOT / text).is_file() if text.startswith("sim/") else all(part in code for part in text.split("{}"))
        assert there, text


OUTSIDE = """
from sim.words import plural, say, translated
LABELS = {"a": "declared here, and translated where it is shown"}
def f(n, name, axes, table):
    "A docstring says what it likes."
"""


@pytest.mark.parametrize(
    "line",
    [
        'raise ValueError("the file is empty")',
        'return f"{n} runs were lost"',
        'print(f"error: {name}")',
        'return "no such file" if n else ""',
        'return ["nothing to do", say("Done with {name}.", name=name)]',
        "return f\"about {say('Nothing.')} else\"",
        'table.add_column("Median")',
        'axes.set_xlabel("years")',
    ],
)
def test_a_sentence_outside_is_found(line: str):
    assert [found for found, _ in outside(Code(f"{OUTSIDE}    {line}\n"))] == [6]


@pytest.mark.parametrize(
    "line",
    [
        'return say("the file is empty")',
        "return f\"{say('It is {n}.', n=n)} {say('And so on.')}\"",
        'return plural("{n} run", "{n} runs", n)',
        'return translated(LABELS["a"])',
        'return name.split(", ") + [f"{name}={n}"]',
        'if name == "too many": return re.search("page size of (.*) bytes", name)',
        'axes.annotate("", (0, 0), textcoords="offset points")',
        'axes.set_xlabel(say("years"))',
    ],
)
def test_what_is_said_or_for_a_machine_passes(line: str):
    code = Code(f"{OUTSIDE}    {line}\n")
    assert [*outside(code), *glued(code)] == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('return say(f"{name} is gone")', "no literal"),
        ('return say("It is {n}." + name)', "no literal"),
        ('return say("It is", n=n) + " " + name', "operator"),
        ('return "Note: " + say("It is so.")', "operator"),
        ('text = ""; text += say("It is so.")', "glued to"),
        ('return say(" and more")', "fragment"),
        ('return say("it is said that ")', "fragment"),
        ('return say("{n} runs failed,", n=n)', "fragment"),
        ('return say("; but not here")', "fragment"),
        ("return f\"{n} run{'s' if n != 1 else ''}\"", "plural"),
        ('return " and ".join(name)', "listed"),
        ('return say("It is {n}.", name=name)', "places"),
        ('return plural("{n} of {total}", "{n} of {all}", n, total=1)', "places"),
    ],
)
def test_a_glued_sentence_is_found(line: str, why: str):
    found = list(glued(Code(f"{OUTSIDE}    {line}\n")))
    assert found, "nothing was found"
    assert all(place == 6 for place, _ in found)
    assert any(why in what for _, what in found), found


def test_a_number_written_elsewhere_is_found():
    assert list(numbers(Code("f'{n:,.1f}'; f'{n:.0%}'; f'{n:.6g}'; say('{n:,}', n=1)"))) == [(1, ",.1f"), (1, ".0%")]


# --- templates --------------------------------------------------------------------------------------------------------

_STYLE = re.compile(r"{% block style %}.*?{% endblock %}", re.DOTALL)
_SAID = re.compile(r"{%-? *trans\b.*?endtrans *-?%}", re.DOTALL)
_PLACED = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}", re.DOTALL)
_TAGS = re.compile(r"<style>.*?</style>|<!doctype[^>]*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_EXPRESSIONS = re.compile(r"{{(.*?)}}|{%-? *(?:set|if|elif|trans)\b(.*?)%}", re.DOTALL)
_IN_THEM = re.compile(r"""(?<!_\()(["'])((?:(?!\1).)*[A-Za-z]{2,} ?[A-Za-z]*(?:(?!\1).)*)\1""")


def _outside_of(template: str) -> Iterator[tuple[int, str]]:
    """Words of a template that stand outside of what is translated: line and text."""
    blanked = template
    for pattern in (_STYLE, _SAID, _PLACED, _TAGS):
        blanked = pattern.sub(lambda found: re.sub("[^\n]", " ", found[0]), blanked)
    for number, line in enumerate(blanked.splitlines(), start=1):
        words = line.replace("ExitVoice", "").strip(" ·")
        if re.search("[A-Za-z]{2}", words):
            yield number, words
    for found in _EXPRESSIONS.finditer(template):
        for text in _IN_THEM.finditer(re.sub(r'_\("[^"]*"\)', "", found[1] or found[2] or "")):
            words = re.sub(r"<[^>]*>|[a-z]+=", "", text[2])
            if " " in words.strip() and not re.match(r"^[.,:%0-9a-z]*$", words.strip()):
                yield template.count("\n", 0, found.start()) + 1, text[2]


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_no_sentence_of_a_template_stands_outside(file: Path):
    found = list(_outside_of(file.read_text(encoding="utf-8")))
    assert not found, f"{file.relative_to(ROOT)}: put between trans and endtrans, or into _(...):\n{found}"


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_no_sentence_of_a_template_is_glued(file: Path):
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"""(["'])(s|es)\1""", text), "a plural by a letter: use pluralize"
    for line, _, found in environment().extract_translations(text):
        for sentence in [found] if isinstance(found, str) else found:
            assert sentence is None or not re.search(r"^[ ,;:.]|[ ,;]$", sentence), (line, sentence)


@pytest.mark.parametrize(
    "text",
    [
        "<p>It is so.</p>",
        "<p>{% trans %}It is so.{% endtrans %} And more.</p>",
        '<td>{{ value or "no interval" }}</td>',
        "{% if x %}<b>Not</b>{% endif %}",
    ],
)
def test_a_sentence_outside_of_a_template_is_found(text: str):
    assert list(_outside_of(text)), text
    assert not list(
        _outside_of('<p class="a b">{% trans n=x %}It is {{ n }}.{% endtrans %} {{ _("no interval") }}</p>')
    )
