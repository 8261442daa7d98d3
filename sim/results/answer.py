"""One answer: what a run and every kind of study leave behind, and what figures, pages and folders are made of.

An answer has tables with their dictionary, sentences, figures by name, and its content as JSON;
`sim.results.folder.write_folder` writes any answer into a folder.
"""

from __future__ import annotations

import importlib
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import pandas as pd

from sim.results.presentation import UNSHOWN, Figures, Presentation
from sim.words import say, translated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class TableColumn(NamedTuple):
    """What is known of one column.

    Attributes:
        name: As in the table's header.
        meaning: What it says.
        unit: Its unit; empty where it has none, or another one in each row.
        kind: Such as key, stock, flow or estimate, where a table tells them apart.
        formula: How it is computed from others, where it is.
    """

    name: str
    meaning: str
    unit: str = ""
    kind: str = ""
    formula: str = ""


class AnswerTable(NamedTuple):
    """A table of an answer.

    Attributes:
        name: Also of its file.
        rows: Its content; the index is left out of files.
        columns: What its columns mean.
        form: The file that keeps it: `csv` for people, `parquet` for many rows, `json` if only `summary.json` has it.
        csv_too: Whether it is written as CSV besides, where the user asks for that.
    """

    name: str
    rows: pd.DataFrame
    columns: Sequence[TableColumn]
    form: Literal["csv", "parquet", "json"] = "csv"
    csv_too: bool = False


@dataclass(frozen=True, eq=False)
class Answer(ABC):
    """What a run or a study leaves behind. A kind of answer adds its own tables as attributes.

    Attributes:
        manifest: How it came about: what it takes to do it again.
        presentation: How it is shown.
    """

    manifest: dict[str, Any] = field(default_factory=dict, kw_only=True)
    presentation: Presentation = field(default=UNSHOWN, kw_only=True, repr=False)

    @abstractmethod
    def tables(self) -> Sequence[AnswerTable]:
        """All tables, in the order of the dictionary."""

    @abstractmethod
    def as_json(self) -> dict[str, Any]:
        """The content of `summary.json`: plain values, and nothing that changes from call to call."""

    def other_files(self, folder: Path) -> Mapping[str, str]:
        """Texts that belong to it, such as a scenario file, by the name of the file.

        Args:
            folder: Where they will stand.
        """
        return {}

    @property
    def outputs(self) -> Sequence[str]:
        """Outputs that its figures can be about, one at a time."""
        return ()

    @property
    def sentences(self) -> list[str]:
        """What it says, in plain words, the most important first."""
        said = self.presentation.sentences
        return [] if said is None else list(said(self))

    @property
    def plot(self) -> Plotter:
        """Figures: `result.plot.iceberg()` draws one and returns its first matplotlib Axes."""
        return Plotter(self)

    def _repr_html_(self) -> str | None:
        """What a notebook shows: headline, key figures, one figure; None, and so one line, if it was made without."""
        card = self.presentation.card
        return None if card is None else card(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What IPython shows in a terminal: headline, key figures, and what else there is; else one line."""
        text = self.presentation.text
        printer.text(repr(self) if text is None or cycle else text(self))

    def dictionary(self) -> pd.DataFrame:
        """The data dictionary: a row for each column of each table.

        Returns:
            `table`, `column`, `unit`, `meaning`; where a table tells them, `kind` and `formula` too.
        """
        rows = [
            (table.name, column.name, column.kind, column.unit, translated(column.meaning), column.formula)
            for table in self.tables()
            for column in table.columns
        ]
        names = ["table", "column", "kind", "unit", "meaning", "formula"]
        told = pd.DataFrame(rows, columns=names)
        return told.drop(columns=[name for name in ("kind", "formula") if not told[name].any()])


class Plotter:
    """The figures of an answer: each is a method that draws it and returns its first matplotlib Axes.

    `result.plot.iceberg(width=3.8)` gives the narrow form, for a column or a telephone; `result.plot.figure("iceberg")`
    the whole Figure; `list(result.plot)` the names. A figure that is about one output takes it first, as in
    `found.plot.tornado("retention")`; without it, the first output is shown.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    @property
    def _figures(self) -> Figures:
        figures = self._answer.presentation.figures
        if figures is None:
            raise LookupError(say("this answer was made without figures"))
        return figures()

    def figure(self, name: str, output: str | None = None, **options: Any) -> Figure:
        """The matplotlib Figure of that name; a KeyError names those there are."""
        return self._figures.draw(name, self._answer, output, **options)

    def __iter__(self) -> Iterator[str]:
        """Names of the figures that this answer has."""
        return iter(self._figures.names(self._answer))

    def __dir__(self) -> list[str]:
        """The figures, for completion."""
        return [*super().__dir__(), *self]

    def __getattr__(self, name: str) -> Callable[..., Axes]:
        if name.startswith("_") or name not in self._figures:
            raise AttributeError(f"no figure {name!r}")

        def draw(output: str | None = None, **options: Any) -> Axes:
            figure = self.figure(name, output, **options)
            _show_in_notebook(figure)
            return figure.axes[0]

        draw.__name__ = name
        return draw


def _show_in_notebook(figure: Any) -> None:
    """Show a figure below the cell that drew it: it is none of pyplot's, which notebooks show by themselves."""
    notebook = sys.modules.get("IPython")
    shell = notebook.get_ipython() if notebook is not None else None
    if hasattr(shell, "kernel"):
        importlib.import_module("IPython.display").display(figure)
