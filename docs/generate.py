"""Write what is said twice from where it is declared: `python docs/generate.py` (`--check` only compares).

These are the reference tables of this folder and the types of a person. Nobody edits them by hand: a number, its unit,
meaning and source have one home, a room of `sim/model/`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

from sim.engine.state import bytes_per_person
from sim.model.rooms import COLUMNS, OBSERVABLES
from sim.parameters.plain_words import range_text
from sim.parameters.registry import ParameterInfo, parameters
from sim.results.keyfigures import KEY_FIGURES
from sim.results.measures import MEASURES
from sim.runs.experiment.definition import (
    CalibrationSettings,
    Design,
    Experiment,
    FurtherTable,
    Goal,
    Lever,
    LimitsOfRun,
    OptimisationSettings,
    SensitivitySettings,
    Stopping,
)
from sim.runs.experiment.nodes import allowed_at, shape
from sim.vocabulary.streams import STREAMS

HERE = Path(__file__).resolve().parent
NOTICE = "<!-- Written by docs/generate.py from what sim/model declares: do not edit. -->"

STATE_TYPES = "What a person and the state of all people are; written by docs/generate.py from the rooms: do not edit."

SECTIONS: tuple[tuple[str, str, str], ...] = (
    ("run.", "Run", "The calendar, the luck and the repetition (`sim/model/market.py`)."),
    ("market.", "Market", "The people and their network (`sim/model/market.py`)."),
    (
        "customers.encounters.",
        "Customers: encounters",
        "How often people meet their supplier, and for what (`sim/model/customer.py`).",
    ),
    ("customers.expectations.", "Customers: expectations", "What will be and what should be."),
    ("customers.judgement.", "Customers: judgement", "From perception to satisfaction."),
    ("customers.bonds.", "Customers: bonds", "What holds customers, and what takes them away."),
    (
        "customers.drop_out.",
        "Customers: dropping out",
        "How many have had enough after a purchase (`sim/model/drop_out.py`).",
    ),
    ("customers.sociability.", "Customers: sociability", "How much people talk, listen and complain, as persons."),
    ("voice.", "Voice", "Exit, voice or loyalty: base shares and drivers (`sim/model/voice.py`)."),
    ("recovery.", "Recovery", "How an answer is judged (`sim/model/recovery.py`)."),
    ("talk.", "Talk", "Word of mouth (`sim/model/talk.py`)."),
    ("movement.", "Movement", "Switching and returning (`sim/model/movement.py`)."),
    ("firm.strategy.", "Firm: strategy", "What the firm promises, asks and spends (`sim/model/firm.py`)."),
    (
        "firm.systems.failures.",
        "Firm: failure modes",
        "At most one strikes an encounter (`sim/model/failures.py`). `severity` falls on each dimension by the "
        "share under `hurts`.",
    ),
    ("firm.systems.", "Firm: systems", "Service design, its variation and its channels."),
    ("firm.desk.", "Firm: complaint desk", "Capacity and response policy."),
    ("firm.win_back.", "Firm: win-back", "Offers to customers who left."),
    ("firm.costs.", "Firm: costs", "Unit costs, booked where they arise."),
    ("firm.", "Firm", "Who the firm is."),
    ("money.", "Money", "Valuation (`sim/model/money.py`)."),
    ("segments[].", "Segments", "A segment has all parameters of `customers` as well."),
    ("timeline[].", "Timeline", "Dated changes of dynamic parameters."),
    ("", "Scenario", "The scenario itself (`sim/model/scenario.py`)."),
)
"""Prefix of the path, heading, introduction; the first prefix that fits takes the parameter."""


def cell(value: Any) -> str:
    """A value as it may stand in a cell of a Markdown table.

    >>> cell(None), cell(True), cell(0.5)
    ('', 'true', '0.5')
    """
    if value is None or repr(value) == "PydanticUndefined":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, int | dt.date):
        return str(value)
    return " ".join(str(value).split()).replace("|", "\\|").replace("<", "&lt;")


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """Lines of a Markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return lines + [f"| {' | '.join(cell(value) for value in row)} |" for row in rows]


def _shown(info: ParameterInfo) -> bool:
    """Rivals repeat the firm and segments the customers: each is described once."""
    if info.path.startswith("rivals[]."):
        return False
    if info.path.startswith("segments[]."):
        return info.path.count(".") == 1
    return True


def _title_of(path: str) -> str:
    return next(title for prefix, title, _ in SECTIONS if path.startswith(prefix))


def parameters_page() -> str:
    """Every parameter with label, unit, default, ranges, source and whether a timeline may change it."""
    shown = [info for info in parameters() if _shown(info)]
    assumed = sum(info.source.lower().startswith("assumption") for info in shown)
    lines = [
        "# Parameters",
        "",
        NOTICE,
        "",
        f"{len(shown)} parameters, each defined once. `sim explain PATH` says the same on the command line. "
        "A source that names an author gives the form or the sign of an effect; where it goes on with *assumption*, "
        f"the size is ours. {assumed} parameters are assumptions altogether.",
        "",
        "- **set-up**: shapes the population before the first period, so a timeline cannot change it; **dynamic**: a "
        "timeline can.",
        "- Rivals (`rivals[]`) have every parameter of `firm`; segments (`segments[]`) every one of `customers`.",
        "- Rates are per year or per event, never per period.",
        "- **Allowed** is what the model can compute. **Practical** is the range in which a practitioner would move a "
        "value: our judgement, unless the source says so. A scenario that leaves it runs all the same, with a warning "
        "that names the key; amounts of money are judged in EUR, USD and GBP only.",
    ]
    for _, title, about in [*SECTIONS[-1:], *SECTIONS[:-1]]:
        rows = [info for info in shown if _title_of(info.path) == title]
        if not rows:
            continue
        lines += ["", f"## {title}", "", about, ""]
        lines += table(
            ["parameter", "label", "meaning", "unit", "default", "allowed", "practical", "when", "source"],
            (
                (
                    f"`{info.path}`",
                    info.label,
                    info.meaning,
                    info.unit,
                    info.default,
                    "" if info.allowed == "any" else info.allowed,
                    "" if info.practical is None else range_text(info.practical),
                    "set-up" if info.setup else "dynamic",
                    info.source,
                )
                for info in rows
            ),
        )
    return "\n".join(lines) + "\n"


def observables_page() -> str:
    """Every tally, measure and key figure."""
    lines = [
        "# Observables",
        "",
        NOTICE,
        "",
        "What a run counts. A *stock* is taken at the end of a period, a *flow* during it. Every tally is a whole "
        "number for each firm and segment (amounts in steps of 1/65536), so that sums depend neither on their order "
        "nor on the number of threads. A run folder holds the same as a data dictionary, with the columns of all its "
        "tables.",
        "",
        f"## Tallies ({len(OBSERVABLES)})",
        "",
        "The columns of `series.parquet`, in order.",
        "",
        *table(
            ["column", "kind", "unit", "meaning"],
            ((f"`{row.name}`", f"{row.kind}, {row.form}", row.unit, row.meaning) for row in OBSERVABLES),
        ),
        "",
        f"## Measures ({len(MEASURES)})",
        "",
        "Columns of the same table, computed from the tallies.",
        "",
        *table(
            ["column", "unit", "meaning", "formula"],
            ((f"`{row.name}`", row.unit, row.meaning, row.formula) for row in MEASURES),
        ),
        "",
        f"## Key figures ({len(KEY_FIGURES)})",
        "",
        "One number a run for the focal firm: `result.summary`, `summary.json`. The interval is a 95% t-interval of "
        "the mean over replications: the luck between runs of one model, not the doubt about its parameters.",
        "",
        *table(
            ["figure", "label", "unit", "meaning"],
            ((f"`{row.name}`", row.label, row.unit, row.meaning) for row in KEY_FIGURES),
        ),
    ]
    return "\n".join(lines) + "\n"


def streams_page() -> str:
    """The state of a person, and the streams of luck."""
    widths = {"firms": "one per firm", "inbox": "1 + 2 per firm", "watched": "the focal firm's"}
    lines = [
        "# State and luck",
        "",
        NOTICE,
        "",
        "## State of a person",
        "",
        f"One row is one person: {bytes_per_person(2)} bytes in a market of two firms (`sim/model/rooms.py`). "
        "Columns *apart* are arrays of their own, because other people read or write "
        "them, or a pass over everybody reads them; the rest is one record.",
        "",
        *table(
            ["column", "type", "values", "unit", "meaning", "where"],
            (
                (
                    f"`{column.name}`",
                    f"{np.dtype(column.dtype).name}",
                    widths.get(str(column.width), column.width),
                    column.unit,
                    column.meaning,
                    f"apart{f'; needed for: {column.needed_for}' * bool(column.needed_for)}"
                    if column.apart
                    else "record",
                )
                for column in COLUMNS
            ),
        ),
        "",
        "## Streams of luck",
        "",
        "Every random number is a pure function of (seed, stream, person, period, index), by the block cipher "
        "Philox4x32-10 (Salmon et al. 2011; `sim/model/luck.py`). The numbers are frozen: a new stream takes the next "
        "free one.",
        "",
        *table(
            ["stream", "number", "what it decides"],
            ((f"`{stream.name}`", stream.number, stream.meaning) for stream in STREAMS),
        ),
    ]
    return "\n".join(lines) + "\n"


EXPERIMENT_SECTIONS: tuple[tuple[str, type[BaseModel], str], ...] = (
    ("", Experiment, "The file as a whole. Only `scenario` and one factor must be there."),
    (
        "levers.PATH",
        Lever,
        "What the firm decides. `uncertainties.PATH`, what nobody knows, has the same keys without `cost`.",
    ),
    ("design", Design, "Which points of the space of factors a sweep runs."),
    ("stopping", Stopping, "After the first `replications` at a point, as many as its spread asks for are added."),
    ("limits", LimitsOfRun, "A run that goes beyond is a failed row with its reason."),
    ("sensitivity", SensitivitySettings, "For `sim sensitivity`."),
    (
        "calibrate",
        CalibrationSettings,
        "For `sim calibrate`: the uncertainties are fitted, their ranges are the prior.",
    ),
    ("calibrate.also[]", FurtherTable, "Fitted together with the table on the command line."),
    ("optimise", OptimisationSettings, "For `sim optimise`: the levers are chosen."),
    ("optimise.goals[]", Goal, "One goal, or two for a trade-off front."),
)

KEYS_BEGIN = "<!-- Written by docs/generate.py from sim/runs/experiment/definition.py: do not edit. -->\n"
KEYS_END = "<!-- End of what is written. -->\n"


def experiments_page() -> str:
    """The experiment file: its text as it stands, and every key of it."""
    before, after = (HERE / "experiments.md").read_text(encoding="utf-8").split(KEYS_BEGIN)
    lines: list[str] = []
    for prefix, section, about in EXPERIMENT_SECTIONS:
        lines += ["", f"### {f'`{prefix}`' if prefix else 'The file'}", "", about, ""]
        lines += table(["key", "meaning", "allowed", "default"], _keys(section))
    return f"{before}{KEYS_BEGIN}{chr(10).join(lines)}\n\n{KEYS_END}{after.split(KEYS_END)[1]}"


def _keys(section: type[BaseModel]) -> Iterable[Sequence[Any]]:
    for key, field in section.model_fields.items():
        meaning = field.description or (shape(field.annotation)[1] or section).__doc__ or ""
        default = field.get_default(call_default_factory=True)
        if field.is_required():
            default = "must be given"
        elif isinstance(default, BaseModel) or default in ({}, [], ""):
            default = ""
        elif isinstance(default, list):
            default = ", ".join(f"`{item}`" for item in default)
        yield f"`{key}`", meaning.strip().splitlines()[0].rstrip("."), allowed_at(field), default


def state_types() -> str:
    """The types of a person and of the state of all, from the columns that the rooms declare."""
    lines = [
        f'"""{STATE_TYPES}',
        "",
        "For readers and for the type checker alone: rooms import these under `TYPE_CHECKING`.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "import numpy as np",
        "import numpy.typing as npt",
        "",
        "from sim.model.record_types import Records",
        "",
        "",
        "class Person:",
        '    """A row of `State.people`: what is known of one person, by column."""',
        "",
    ]
    for column in COLUMNS:
        if not column.apart:
            kind = f"npt.NDArray[np.{_numpy_name(column.dtype)}]" if column.width != 1 else _plain_name(column.dtype)
            lines.append(f"    {column.name}: {kind}")
    lines += [
        "",
        "",
        "class State:",
        '    """All people: a record each in `people`, and the columns that stand apart, a row for each person.',
        "",
        "    `outside` is float64[people, columns]: what rules from outside know of a person.",
        '    """',
        "",
        "    people: Records[Person]",
    ]
    lines += [f"    {column.name}: npt.NDArray[np.{_numpy_name(column.dtype)}]" for column in COLUMNS if column.apart]
    return "\n".join([*lines, "    outside: npt.NDArray[np.float64]", ""])


def _numpy_name(dtype: str) -> str:
    return np.dtype(dtype).name


def _plain_name(dtype: str) -> str:
    return "float" if np.dtype(dtype).kind == "f" else "int"


PAGES: dict[str, Callable[[], str]] = {
    "../sim/model/state_types.py": state_types,
    "parameters.md": parameters_page,
    "observables.md": observables_page,
    "streams.md": streams_page,
    "experiments.md": experiments_page,
}


def stale_pages() -> list[str]:
    """Names of the pages that are not what this program would write."""
    return [
        name
        for name, page in PAGES.items()
        if not (HERE / name).is_file() or (HERE / name).read_text(encoding="utf-8") != page()
    ]


def main() -> None:
    """Write the pages, or compare them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a page is out of date")
    if parser.parse_args().check:
        stale = stale_pages()
        sys.exit(f"out of date: {', '.join(stale)}" if stale else 0)
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
