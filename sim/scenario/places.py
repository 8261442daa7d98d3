"""Where in the user's files a problem lies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim.model.scenario import Scenario
from sim.parameters.plain_words import Place, information, not_wanted, registry_path
from sim.scenario.layers import Entry, entries
from sim.vocabulary.errors import Problem
from sim.words import say, translated

# What a finding about the scenario as a whole is about, by a word of its message.
_ABOUT = (
    ("initial shares", "initial_share"),
    ("shares of all segments", "segments"),
    ("segments must", "segments"),
    ("firms must", "rivals"),
)


class Places:
    """Finds the place of a parameter in the tree of all that was laid together.

    Args:
        tree: Sections, and lists of sections, of entries.
        marks: Places of whole lists.
        fallback: What to say where nothing more is known: the file.
        kind: Of the scenario.
    """

    def __init__(
        self, tree: dict[str, Any], marks: dict[str, str], fallback: str, kind: type[Scenario] = Scenario
    ) -> None:
        self.tree = tree
        self.marks = marks
        self.fallback = fallback
        self.kind = kind

    def node(self, place: Place) -> Any:
        """The entry or section at a place, or the last one on the way to it."""
        node: Any = self.tree
        for part in place:
            try:
                node = node[part]
            except (KeyError, IndexError, TypeError):
                break
        return node

    def text(self, place: Place) -> str:
        """File, line and column of a parameter, or of the last key given in a section."""
        node = self.node(place)
        if isinstance(node, Entry):
            return node.steps[-1].place or self.fallback
        if isinstance(node, dict) and place:
            given = [entry.steps[-1].place for _, entry in entries(node) if entry.steps[-1].place]
            if given:
                return given[-1]
        return self.marks.get(str(place[0]) if place else "", self.fallback)

    def located(self, found: list[tuple[Place, Problem]]) -> list[Problem]:
        """Problems with their places; one that several segments inherit is told once."""
        result: list[Problem] = []
        told: set[str] = set()
        for place, problem in found:
            node = self.node(place)
            where = self.text(place) if place else self.about(problem.message)
            once = where if isinstance(node, Entry) and node.steps[-1].place else f"{where} {place}"
            if once in told:
                continue
            told.add(once)
            info = information(registry_path(place), self.kind)
            hint = problem.hint
            if isinstance(node, Entry):
                hint = node.steps[-1].hint or hint
            if problem.message == not_wanted("text") and info is not None and not info.choices:
                hint = say("put it in quotes")
            result.append(replace(problem, place=where, key=".".join(str(part) for part in place), hint=hint))
        return result

    def about(self, message: str) -> str:
        """The place that a finding about the whole scenario concerns."""
        for words, key in _ABOUT:
            if translated(words) in message:
                if key == "initial_share":
                    firms = [self.tree["firm"], *self.tree["rivals"]]
                    given = [firm[key].steps[-1].place for firm in firms if firm[key].steps[-1].place]
                    return given[-1] if given else self.fallback
                return self.marks.get(key, self.fallback)
        return self.fallback

    def of_key(self, problem: Problem) -> Problem:
        """The same problem with the place of its key."""
        tokens: list[str | int] = []
        node: Any = self.tree
        for token in problem.key.split("."):
            if isinstance(node, list):
                index = next((i for i, item in enumerate(node) if item["name"].value == token), 0)
                tokens.append(index)
                node = node[index]
            else:
                tokens.append(token)
                node = node[token]
        return problem.at(self.text(tuple(tokens)))
