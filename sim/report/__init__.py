"""The page of a run, in plain words first, and what all pages share: style, templates, wording of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results.presentation import Presentation

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


def write_report(result: Result) -> str:
    """The report of a result as HTML text: styles and figures inside, no request to anywhere.

    The same result gives the same bytes: time and duration of the run stand in the manifest only.

    Args:
        result: What was run and what came out.

    Returns:
        A whole HTML document.
    """
    from sim.report.run_page import render

    return render(result)


def study_card(answer: Answer) -> str:
    """The answer of a study in a notebook: its headline, the table that it shows there, its first figure."""
    from sim.report.notebook_card import card

    return card(answer, answer.notebook_table())


def _card(result: Result) -> str:
    from sim.report.run_card import run_card

    return run_card(result)


RUN = Presentation(_figures, _sentences, write_report, _card)
"""How the result of a run is shown."""
