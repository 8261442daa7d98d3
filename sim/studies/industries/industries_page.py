"""The report of industries: a table for each scenario, and what does not fit; as a page, and as one of the docs."""

from __future__ import annotations

import textwrap

from sim.model.market import PERIODS_PER_YEAR
from sim.report.brief import BriefPoint
from sim.report.templates import template
from sim.studies.industries import industries_words as words
from sim.studies.industries.figures import FIGURES
from sim.studies.industries.industries import MARKS, UNKNOWN, Industries
from sim.words import say, translated, written


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, 120, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _section(found: Industries, name: str) -> list[str]:
    scenario, rows = found.scenarios[name], found.of(name)
    said = words.of_scenario(found, name)
    parts = [
        f"## {translated(str(rows['trade'].iloc[0]))}",
        _wrapped(
            say(
                "`{file}`: {people} people, {years} years, seed {seed}. {inside}",
                file=f"scenarios/{name}.yaml",
                people=written(scenario.market.customers, ","),
                years=written(scenario.run.periods / PERIODS_PER_YEAR[scenario.run.period], ".3g"),
                seed=scenario.run.seed,
                inside=said[0],
            )
        ),
        "\n".join(
            [say("| figure | ours | 95% interval | public | ours lies | source |"), "|---|---:|---|---|---|---|"]
            + [_row(words.line(row)) for _, row in rows.iterrows()]
        ),
    ]
    if len(said) > 1:
        parts += [say("What does not fit, and why:"), "\n".join(_wrapped(f"- {text}", "  ") for text in said[1:])]
    return parts


def _row(line: words.IndustryLine) -> str:
    source = f"[{line.source}]({line.where})" if line.where else line.source
    cells = (line.label, line.value, line.interval, line.public, line.mark, source)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def markdown(found: Industries) -> str:
    """The documentation page: a table for each scenario, what does not fit, what each figure is."""
    parts = [
        say("# Industries"),
        _wrapped(
            say(
                "Each shipped industry is a scenario whose figures should be such that someone of the trade recognises "
                "them. Ours stand here beside what is public of the trade, with its source: *second-hand* where the "
                "origin was not read, or the range holds anything that was not. The public figures are data, in "
                "`sim/studies/industries/public_figures.yaml`."
            )
        ),
        say(
            "This page is made by\n\n```\nsim industries scenarios --replications {n} --page docs/industries.md\n```",
            n=found.replications,
        ),
        _wrapped(
            say(
                "`sim industries mine.yaml --as telecom` sets a scenario of one's own beside them; `--out` names a "
                "folder that gets the table as CSV with its dictionary, a report, and JSON."
            )
        ),
        _wrapped(translated(words.CERTAINTY)),
    ]
    parts.append(say("**{headline}.**", headline=words.headline(found)))
    for name in found.scenarios:
        parts += _section(found, name)
    parts.append(say("## What each figure is"))
    parts.append(
        "\n".join(
            _wrapped(f"- **{translated(figure.label)}**: {translated(figure.meaning)}.", "  ") for figure in FIGURES
        )
    )
    return "\n\n".join(parts) + "\n"


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
        brief=[
            BriefPoint(say("What to do"), words.what_to_do(found)),
            BriefPoint(say("How sure"), [translated(words.CERTAINTY)]),
            BriefPoint(say("Rests on"), words.sources(found)),
        ],
        sections=parts,
        marks={mark: meaning for mark, meaning in MARKS.items() if mark != UNKNOWN},
        figures=FIGURES,
    )
