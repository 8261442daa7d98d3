"""How a table would be understood, without fitting anything to it."""

from __future__ import annotations

from pathlib import Path

from sim.data.churn_table import read_tenures
from sim.data.cohorts import read_cohorts
from sim.data.complaint_series import read_counts
from sim.data.customer_movements import begin_together, read_movements
from sim.data.edge_list import describe_edges
from sim.data.header import kinds_by_names
from sim.data.likely_columns import as_options, likely_kinds
from sim.data.people_table import describe_people
from sim.data.read_table import is_history, read_table
from sim.data.recommendations import read_recommendations
from sim.data.service_items import read_items
from sim.data.survey_answers import read_answers
from sim.data.table_kinds import CHURN, FITTED, GUESSED_FIRST, MOVEMENTS, PEOPLE, RETENTION, WITHOUT_UNIT
from sim.data.table_settings import TableSettings
from sim.data.transactions import read_purchases
from sim.data.understood import Understood, understood
from sim.data.units import time_unit_words
from sim.data.users_table import UsersTable
from sim.parameters.plain_words import closest
from sim.vocabulary.errors import ScenarioError
from sim.words import either, say

EDGES = "edges"

UNIT = "months"
"""Of data whose unit nobody has stated, as long as there is no run whose period it would be."""


def kinds() -> tuple[str, ...]:
    """Names of the kinds of tables that are read.

    >>> kinds()[:4]
    ('retention', 'churn', 'movements', 'complaints')
    """
    return (*FITTED, EDGES, PEOPLE.name)


def describe(path: str | Path, kind: str, settings: TableSettings | None = None) -> Understood:
    """Read a table and say how it was understood.

    Args:
        path: The file.
        kind: What it holds, one of `kinds`.
        settings: What the user says of it.

    Raises:
        ScenarioError: If there is no such kind, or with everything that is wrong with the table.
    """
    settings = settings or TableSettings()
    if kind == EDGES:
        return describe_edges(path, settings)
    if kind == PEOPLE.name:
        return describe_people(path, settings)
    if kind not in FITTED:
        raise ScenarioError(
            say("no such kind of table"),
            "--as",
            found=kind,
            allowed=", ".join(kinds()),
            suggestion=closest(kind, kinds()),
        )
    table = read_table(path, FITTED[kind], settings)
    unit = UNIT
    if kind not in WITHOUT_UNIT:
        words = say("{unit}, until a fit takes its run's period: `unit:` says it", unit=time_unit_words(UNIT))
        unit = table.unit(UNIT, words)
    read_kind(table, unit, stated=settings.unit is not None)
    return understood(table)


def read_kind(table: UsersTable, unit: str, *, stated: bool) -> object:
    """What a table of a kind holds; what was understood is noted in the table.

    Args:
        table: Of a kind that is fitted.
        unit: Of time.
        stated: Whether the user has said it.

    Raises:
        ScenarioError: With everything that is wrong with the table.
    """
    customers = table.settings.customers
    if table.kind.name == "retention":
        return read_cohorts(table, unit, customers)
    if table.kind.name == "churn":
        return read_tenures(table, unit)
    if table.kind.name == "complaints":
        return read_counts(table, unit, customers, stated=stated)
    if table.kind.name == "movements":
        return read_movements(table, unit, stated=stated)
    if table.kind.name == "transactions":
        return read_purchases(table)
    if table.kind.name == "nps":
        return read_recommendations(table)
    if table.kind.name == "servqual":
        return read_items(table)
    return read_answers(table)


def guessed_kind(path: str | Path, settings: TableSettings) -> str:
    """The one kind whose columns a table has.

    Raises:
        ScenarioError: If it has those of none or of several, or cannot be read as a table.
    """
    fitting = []
    others = [kind for kind in FITTED if kind not in GUESSED_FIRST]
    named = kinds_by_names(path, settings)
    if len(named) == 1:
        return named[0]
    if is_history(path, settings):
        return CHURN.name
    for those in (named,) if named else (GUESSED_FIRST, others):
        for kind in map(FITTED.__getitem__, those):
            try:
                read_table(path, kind, settings, propose=False)
            except ScenarioError as error:
                if any(not problem.key or problem.message == say("the file is empty") for problem in error.problems):
                    raise
                continue
            fitting.append(kind.name)
        if fitting:
            break
    if fitting == [RETENTION.name, MOVEMENTS.name]:  # lost of customers at each time: of one cohort, or of all
        fitting.remove((MOVEMENTS if begin_together(path, settings) else RETENTION).name)
    if len(fitting) == 1:
        return fitting[0]
    hint = say("say it: --as {kind}", kind=fitting[0] if fitting else "churn")
    if not fitting:
        tried = [
            " ".join(("--as", name, as_options(columns))) for name, columns in likely_kinds(path, settings).items()
        ]
        if tried:
            hint = say("perhaps {options}", options=either(tried))
    raise ScenarioError(
        say("what does it hold?"),
        place=str(path),
        found=say("columns that fit {kinds}", kinds=", ".join(fitting)) if fitting else say("columns of no kind"),
        allowed=", ".join(kinds()),
        hint=hint,
    )
