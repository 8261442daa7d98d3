"""The first sentence of the report of every shipped scenario: `python docs/first_sentences.py` writes the page.

Worlds are small, so that it takes minutes and not hours: what is shown is which question is answered and how, not the
last digit. A scenario that asks what a change brings is set beside the baseline, every other one is run by itself.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sim
from sim.report.first_sentence import first_sentence
from sim.scenario import Loaded, load_scenario
from sim.studies.comparison.verdict_words import headline

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "first_sentences.md"
TODAY = "baseline"
PEOPLE, REPLICATIONS = 2_000, 4
MORE_PEOPLE, MORE_REPLICATIONS = 10_000, 10
"""Of scenarios set beside today: what a change brings drowns in the luck of few."""
BESIDE_TODAY = (
    "a_new_rival",
    "answer_well_and_fast",
    "cut_the_desk",
    "easy_complaints",
    "promise_less_deliver_more",
    "rival_improves",
)
"""Scenarios whose question only another world answers."""
BESIDE_ITSELF = {
    "rewards_with_bad_service": ("firm.programme.offered=false", "never_rewards"),
    "strained_call_centre": ("firm.people.follow_load=1", "hires"),
    "three_ways_of_steering": ("firm.learning.steering=survey", "survey"),
}
"""Scenarios of whose question another world answers a part: what makes it, and its name."""

INTRODUCTION = """\
What the report of each shipped scenario says first, beside the question that the scenario asks. What a question is
about, the scenario says with `asks`, and where a run holds no answer the report says what is missing. A change is set
beside `{today}.yaml` (`sim compare`); its sentence is that of the comparison. Where a part of the question is left to
another world, the comparison with that world follows.

Written by `python docs/first_sentences.py` with worlds of {people:,} people and {runs} runs of each, and of
{more_people:,} people and {more_runs} runs where a change is set beside today: amounts are those of a small firm, and
some answers stay open that more runs give. Spending is on quality, staff, complaints, rewards and winning customers.
"""


def load(name: str, *overrides: str, people: int = PEOPLE) -> Loaded:
    """A shipped scenario with few people."""
    return load_scenario(ROOT / "scenarios" / f"{name}.yaml", [f"market.customers={people}", *overrides])


def worlds(name: str) -> list[Loaded]:
    """The worlds that answer a scenario's question, today's first; itself alone where it needs no other."""
    if name not in BESIDE_TODAY:
        return [load(name)]
    asked = load(name, people=MORE_PEOPLE)
    today = load(TODAY, f"run.periods={asked.scenario.run.periods}", people=MORE_PEOPLE)
    return [today, asked]


def answered(name: str) -> tuple[str, str]:
    """Question and first sentence of a scenario's report."""
    lived = worlds(name)
    question = lived[-1].scenario.question
    if len(lived) > 1:
        return question, headline(sim.compare(lived, replications=MORE_REPLICATIONS))
    said = first_sentence(sim.run(lived[0], replications=REPLICATIONS))
    if name in BESIDE_ITSELF:
        change, called = BESIDE_ITSELF[name]
        both = [load(name, people=MORE_PEOPLE), load(name, change, f"name={called}", people=MORE_PEOPLE)]
        said = f"{said} {headline(sim.compare(both, replications=MORE_REPLICATIONS, shares=False))}"
    return question, said


def page(found: Sequence[tuple[str, str, str]]) -> str:
    """The page, of names, questions and first sentences."""
    return "\n".join(_lines(found))


def _lines(found: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    yield "# First sentences"
    yield ""
    yield from INTRODUCTION.format(
        today=TODAY, people=PEOPLE, runs=REPLICATIONS, more_people=MORE_PEOPLE, more_runs=MORE_REPLICATIONS
    ).splitlines()
    for name, question, sentence in found:
        yield ""
        yield f"**{name}**: {question}"
        yield ""
        yield f"> {sentence}"
    yield ""


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="print only the sentences of these scenarios")
    wanted: Any = parser.parse_args(arguments)
    names = wanted.names or sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))
    found = []
    for name in names:
        found.append((name, *answered(name)))
        print(f"{name}: {found[-1][2]}", flush=True)
    if not wanted.names:
        PAGE.write_text(page(found), encoding="utf-8")


if __name__ == "__main__":
    main()
