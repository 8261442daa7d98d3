"""The report of industries: a table for each scenario, and what does not fit."""

from __future__ import annotations

from sim.report.templates import template
from sim.studies.industries import industries_words as words
from sim.studies.industries.figures import FIGURES
from sim.studies.industries.industries import MARKS, UNKNOWN, Industries
from sim.words import translated


def page(found: Industries) -> str:
    """The page as HTML text: styles inside, no request to anywhere; same answer, same bytes."""
    parts = []
    for name, scenario in found.scenarios.items():
        rows = found.of(name)
        parts.append(
            {
                "name": name,
                "trade": translated(str(rows["trade"].iloc[0])),
                "question": translated(scenario.question),
                "said": words.of_scenario(found, name),
                "lines": [words.line(row) for _, row in rows.iterrows()],
            }
        )
    return template("industries.html.jinja", beside=__name__).render(
        found=found,
        manifest={"version": "unknown", **found.manifest},
        headline=words.headline(found),
        certainty=translated(words.CERTAINTY),
        sections=parts,
        marks={mark: meaning for mark, meaning in MARKS.items() if mark != UNKNOWN},
        figures=FIGURES,
    )
