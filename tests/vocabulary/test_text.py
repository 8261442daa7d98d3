"""The gate for text, over all of Unicode."""

import json
import sys
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from sim.model.scenario import Change, Scenario
from sim.runs.experiment.definition import Experiment, Lever
from sim.vocabulary.errors import Problem, text_problem
from sim.vocabulary.parameter import TEXT_FLAW, Section
from sim.vocabulary.text import MOST_MARKS, escaped, flaw, named

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()))
"""Any code points, lone surrogates among them."""

STRANGE = st.text(
    st.sampled_from("aمक्\u0301\u200d\u200c\u180e\ufe0f\u3164\u034f\u202e\x1b\n\t 👩💻🏽\ue000\ud800\U000e0041")
)

OBEYED = {
    "Cc": "controls",
    "Cs": "surrogates",
    "Co": "private use",
    "Zl": "separator of lines",
    "Zp": "separator of paragraphs",
}


def code_points() -> list[str]:
    return [chr(code) for code in range(sys.maxunicode + 1)]


def test_no_character_that_a_terminal_or_page_obeys_passes_wherever_it_stands():
    for character in code_points():
        if unicodedata.category(character) in OBEYED or unicodedata.bidirectional(character) in (
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        ):
            assert flaw(f"a{character}b") is not None, named(character)
            if character not in "\t\n":
                assert flaw(f"a{character}b", lines=True) is not None, named(character)


def test_no_character_that_nobody_sees_passes_between_latin_letters():
    seen_formats = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
    for character in code_points():
        if unicodedata.category(character) == "Cf" and character not in seen_formats:
            assert flaw(f"a{character}b") is not None, named(character)
    for character in "\xad\u034f\u115f\u1160\u17b4\u3164\uffa0\u200b\u2060\ufeff\U000e0041\ufdd0\uffff\U0010ffff":
        assert flaw(f"a{character}b") is not None, named(character)


def test_every_letter_digit_sign_and_space_of_any_script_passes():
    fillers = "\u115f\u1160\u3164\uffa0"
    for character in code_points():
        if unicodedata.category(character)[0] in "LNPS" or unicodedata.category(character) == "Zs":
            assert (flaw(character) is None) == (character not in fillers), named(character)


@pytest.mark.parametrize(
    "text",
    [
        "Grüße an alle: 1 < 2 & \"so\" {x} \\ % $x^2$ '_'",
        "مرحبا بالعالم",
        "می\u200cخواهم",  # Persian: a word with a non-joiner
        "क्\u200dष",  # Hindi
        "ශ්\u200dරී",  # Sinhala
        "র\u200d্যাব",  # Bengali: a joiner before a mark
        "ᠠ\u180eᠡ",  # Mongolian
        "שָׁלוֹם",
        "Tiếng Việt, decomposed: Tie\u0302\u0301ng",
        "👩‍💻 ❤️‍🔥 👁️‍🗨️ 🏳️‍🌈 🧔🏽‍♂️ 1️⃣ 🇫🇷",
        "葛\U000e0100城",  # a variant of a Chinese character in Japanese names
        "日本語 全角",
        "\U0001fae8",  # an emoji that some Pythons do not know yet
    ],
)
def test_names_of_many_scripts_pass(text: str):
    assert flaw(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "a\u200db",
        "pay\u200cpal",
        "م\u200d",
        "\u200dم",
        "م \u200dم",
        "👩\u200d",
        "a\ufe0f\ufe0f",
        "\ufe0fa",
        " \ufe0f",
        "\u0301a",
        "Z" + "\u0301" * (MOST_MARKS + 1),
        "م\u200d\u3164",
    ],
)
def test_joiners_selectors_and_marks_without_their_letters_do_not_pass(text: str):
    assert flaw(text) is not None


def test_lines_and_tabs_pass_only_where_several_lines_make_sense():
    assert flaw("a\n\tb", lines=True) is None
    assert flaw("a\r\nb", lines=True) is not None
    for text in ("a\nb", "a\tb"):
        assert flaw(text) is not None


def test_the_character_is_told_by_number_name_and_place():
    expected = {
        "\x00": "U+0000 (NULL)",
        "\x1b": "U+001B (ESCAPE)",
        "\x9b": "U+009B (CONTROL SEQUENCE INTRODUCER)",
        "\x80": "U+0080 (CONTROL CHARACTER)",
        "\u202e": "U+202E (RIGHT-TO-LEFT OVERRIDE)",
        "\ue000": "U+E000 (PRIVATE USE)",
        "\ud800": "U+D800 (LONE SURROGATE)",
        "\uffff": "U+FFFF (NOT ASSIGNED)",
        "\U000e0041": "U+E0041 (TAG LATIN CAPITAL LETTER A)",
    }
    for character, name in expected.items():
        found = flaw(f"ab{character}")
        assert found is not None
        assert found.found == f"{name} as character 3"


@given(ANYTHING | STRANGE, st.booleans())
@example("م\u200d\u3164", False)
@example("\u0301\u0301", False)
@settings(deadline=None)
def test_what_is_escaped_passes_the_gate_and_what_passes_is_left_alone(text: str, lines: bool):
    shown = escaped(text, lines=lines)
    assert flaw(shown, lines=lines) is None
    assert (shown == text) == (flaw(text, lines=lines) is None)
    assert escaped(shown, lines=lines) == shown


@given(ANYTHING)
@settings(deadline=None)
def test_json_that_is_escaped_means_the_same(text: str):
    assert json.loads(escaped(json.dumps({text: text}, ensure_ascii=False, indent=2), lines=True)) == {text: text}


@given(ANYTHING)
@settings(deadline=None)
def test_what_passes_can_be_encoded(text: str):
    if flaw(text, lines=True) is None:
        assert text.encode("utf-8").decode("utf-8") == text


def test_text_is_not_normalised():
    assert Scenario(name="e\u0301").name == "e\u0301"
    assert Scenario(name="é").name == "é"


# --- sections ---------------------------------------------------------------------------------------------------------


def sections(root: type[BaseModel]) -> set[type[BaseModel]]:
    found, waiting = set(), [root]
    while waiting:
        section = waiting.pop()
        found.add(section)
        for item in section.model_fields.values():
            waiting += [
                one
                for one in [item.annotation, *_parts(item.annotation)]
                if isinstance(one, type) and issubclass(one, BaseModel) and one not in found
            ]
    return found


def _parts(annotation: object) -> list[object]:
    inner = list(getattr(annotation, "__args__", ()))
    return [*inner, *(part for one in inner for part in _parts(one))]


def test_every_text_of_every_section_goes_through_the_gate():
    """A new `str` in a section would be a way around it: it has to be OneLine or SeveralLines."""
    seen = 0
    for section in sections(Scenario) | sections(Experiment):
        assert issubclass(section, Section)
        for name, declared in section.model_fields.items():
            parts = [declared.annotation, *_parts(declared.annotation)]
            gates = [part for part in [*parts, declared.metadata] if "function _" in str(part)]
            open_ended = parts.count(str) + parts.count(Any)
            inside = sum(
                str(part).startswith(("typing.Annotated[str", "typing.Annotated[typing.Any")) for part in parts
            )
            assert open_ended == inside or "function _" in str(declared.metadata), f"{section.__name__}.{name}"
            seen += bool(gates)
    assert seen >= 20


@pytest.mark.parametrize(
    "make",
    [
        lambda: Scenario(name="a\x1b"),
        lambda: Scenario(question="a\u202e"),
        lambda: Scenario(money={"currency": "\x07"}),
        lambda: Change(at=1, set={"firm.culture": "a\x1b"}),
        lambda: Change(at=1, set={"firm\x1b": 1}),
        lambda: Change(at=1, set={"firm": {"desk": ["\x1b"]}}),
        lambda: Experiment(scenario="a\nb"),
        lambda: Experiment(scenario="a", levers={"b\x1b": {}}),
        lambda: Experiment(scenario="a", set={"b": {"\x1b": 1}}),
        lambda: Experiment(scenario="a", outputs=["\u2028"]),
        lambda: Lever(values=["a", "\x1b"]),
    ],
)
def test_sections_made_in_python_are_refused_too(make):
    with pytest.raises(ValidationError) as caught:
        make()
    assert TEXT_FLAW in {item["type"] for item in caught.value.errors()}


def test_a_problem_prints_nothing_that_a_terminal_obeys():
    problem = Problem("wrong", "k\x1b[31m", "a\u202e.yaml:1:1", "\x07", suggestion="\n")
    assert str(problem) == r"a\u202e.yaml:1:1: k\u001b[31m: wrong; found \u0007; did you mean \n?"
    assert text_problem("fine") is None
