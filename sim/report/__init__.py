"""The page of a run, in plain words first, and what all pages share: style, templates, wording of numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.results.presentation import Presentation
from sim.vocabulary.neighbours import loaded_later, neighbour

if TYPE_CHECKING:
    from sim.plots import Gallery
    from sim.results.answer import Answer
    from sim.results.result import Result


def _figures() -> Gallery:
    from sim.plots.run_figures import FIGURES

    return FIGURES


def _sentences(result: Result) -> list[str]:
    from sim.report import run_sentences
    from sim.report.drift_words import drift_sentence
    from sim.report.first_sentence import first_sentence
    from sim.results.unmet import unmet_sentence

    by_itself = (unmet_sentence(result.unmet), drift_sentence(result))
    return [first_sentence(result), *run_sentences.answer(result), *(text for text in by_itself if text)]


def _interactive(package: str, table: str) -> tuple[Callable[[Answer], str], Callable[[Answer], str]]:
    """An answer in a notebook and in a session: its headline, a table that a module of a package makes, a figure."""

    def in_notebook(answer: Answer) -> str:
        from sim.report.notebook_card import card

        return card(answer, neighbour(package, table)(answer))

    def in_session(answer: Answer) -> str:
        from sim.report.in_session import told

        return told(answer, neighbour(package, table)(answer))

    return in_notebook, in_session


def study_shown(package: str, *, figures: bool = True, table: str = "") -> Presentation:
    """How the answers of a kind of study are shown, by modules of its package that are named after it.

    Figures are `FIGURES` of `<kind>_figures`, sentences `sentences` of `<kind>_words`, the page is `page` of
    `<kind>_page`, the table in a notebook or a session `shown_table` of `<kind>_summary`, as on a terminal.

    Args:
        package: Of the kind, by its `__name__`.
        figures: Whether it has any.
        table: Where that table is made, as `module:name`, if elsewhere.
    """
    kind = package.rpartition(".")[2]
    return Presentation(
        (lambda: neighbour(package, f"{kind}_figures:FIGURES")) if figures else None,
        loaded_later(package, f"{kind}_words:sentences"),
        loaded_later(package, f"{kind}_page:page"),
        *_interactive(package, table or f"{kind}_summary:shown_table"),
    )


RUN = Presentation(
    _figures,
    _sentences,
    loaded_later(__name__, "run_page:write_report"),
    *_interactive(__name__, "run_card:shown_table"),
)
"""How the result of a run is shown."""
