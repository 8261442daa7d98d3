"""How deep a file may nest is a limit of ours, and the answer does not depend on the parser, which may have its own."""

from typing import Any

import pytest
import yaml

from sim.scenario import document
from sim.scenario.document import MAX_DEPTH, read_text, read_value
from sim.vocabulary.errors import ScenarioError

DEEP = {
    "brackets": ("rivals: " + "[" * 5000 + "]" * 5000, (1, 9 + MAX_DEPTH - 1)),
    "open brackets": ("rivals: " + "[" * 100_000, (1, 9 + MAX_DEPTH - 1)),
    "brackets on lines": ("rivals:\n" + "  [\n" * 2000, (MAX_DEPTH + 1, 3)),
    "brackets with values": ("a: " + "[1, " * 2000, (1, 4 + 4 * (MAX_DEPTH - 2) + 1)),
    "brackets after brackets in quotes": ('a: ["' + "[" * 700 + '", ' + "[" * 2000, (1, 709 + MAX_DEPTH - 2)),
    "brackets after a comment": ("# [[[[\na: it's [\nb: " + "[" * 2000, (3, 4 + MAX_DEPTH - 1)),
    "dashes": ("a:\n" + "- " * 5000 + "x", (2, 1 + 2 * (MAX_DEPTH - 1))),
    "indentation": ("".join(" " * n + f"k{n}:\n" for n in range(400)), (MAX_DEPTH, MAX_DEPTH)),
}


PARSERS = [pytest.param(document._Loader, id="as installed"), pytest.param(yaml.SafeLoader, id="in Python")]


class Impatient(yaml.SafeLoader):
    """A parser that refuses 40 levels as it scans, before it gives the first event, as newer ones refuse 1000."""

    def increase_flow_level(self) -> None:
        """One bracket deeper."""
        super().increase_flow_level()
        if self.flow_level > 40:
            raise yaml.scanner.ScannerError(
                "while increasing flow level", self.get_mark(), "exceeded maximum nesting depth", self.get_mark()
            )


def refusal(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        read_text(text, "a.yaml")
    return str(caught.value)


@pytest.mark.parametrize("loader", [*PARSERS, pytest.param(Impatient, id="with a limit of its own")])
@pytest.mark.parametrize(("text", "place"), DEEP.values(), ids=DEEP)
def test_nesting_is_refused_at_the_same_place_by_any_parser(
    text: str, place: tuple[int, int], loader: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(document, "_Loader", loader)
    line, column = place
    assert refusal(text) == f"a.yaml:{line}:{column}: nested more than {MAX_DEPTH} levels deep"


@pytest.mark.parametrize("loader", PARSERS)
def test_what_comes_first_is_refused_first(loader: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(document, "_Loader", loader)
    assert refusal("a: " + "{" * 3000).startswith("a.yaml:1:5: not a key")
    assert refusal("a: &b " + "[" * 3000).startswith("a.yaml:1:4: anchors (&name) are not allowed")


@pytest.mark.parametrize("loader", PARSERS)
def test_brackets_in_text_are_no_nesting(loader: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(document, "_Loader", loader)
    many = "[{" * 600
    text = f"a: 'it''s {many}'\nb: \"{many}\"\n# {many}\nc: |\n  {many}\nd: as {many}\ne: [{'[], ' * 600}]\n"
    plain = read_text(text, "a.yaml").root.plain
    assert [plain[key] for key in "abcd"] == [f"it's {many}", many, f"{many}\n", f"as {many}"]
    assert len(plain["e"]) == 600


def test_the_deepest_allowed_is_read():
    assert read_text("a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1), "a.yaml").root.plain


def test_a_deep_value_after_set_is_refused_in_the_same_words():
    with pytest.raises(ScenarioError, match=f"--set:1:{MAX_DEPTH + 1}: nested more than {MAX_DEPTH} levels deep"):
        read_value("[" * 3000, "--set")
