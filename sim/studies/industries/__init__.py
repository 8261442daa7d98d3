"""Industries: the figures of scenarios beside what is public of their trades."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report import study_card
from sim.results.presentation import Presentation

if TYPE_CHECKING:
    from sim.studies.industries.industries import Industries


def _sentences(found: Industries) -> list[str]:
    from sim.studies.industries.industries_words import sentences

    return sentences(found)


def _page(found: Industries) -> str:
    from sim.studies.industries.industries_page import page

    return page(found)


SHOWN = Presentation(sentences=_sentences, page=_page, card=study_card)
"""How industries are shown: tables and sentences, no figures."""
