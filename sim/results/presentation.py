"""How answers of one kind are shown: figures, sentences and a page, made where figures and pages are known.

An answer holds numbers and knows no figure. Whoever makes it hands in how it is shown, which is declared once for
each kind: of a run in `sim.report`, of a study in the package of its kind. Nothing here loads anything heavy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Figures(Collection[str], Protocol):
    """The figures of a kind of answer, see `sim.plots.Gallery`; as a collection, the names of all."""

    def names(self, answer: Any) -> Sequence[str]:
        """Names of those that an answer has."""
        ...

    def draw(self, name: str, answer: Any, output: str | None = None, *, width: float = ...) -> Figure:
        """One of them."""
        ...

    def drawn_once(self) -> AbstractContextManager[None]:
        """Within it a figure is drawn once for each width."""
        ...

    def write(self, answer: Any, folder: Path) -> None:
        """All that an answer has, as files."""
        ...


@dataclass(frozen=True)
class Presentation:
    """How answers of one kind are shown; what is left out, they do not have.

    Attributes:
        figures: Gives their figures; called when the first is asked for, so that nothing heavy is loaded before.
        sentences: What an answer says, in plain words, the most important first.
        page: An answer as a whole HTML document.
        card: An answer as an HTML element for a notebook.
        text: An answer as text, for an interactive session in a terminal.
    """

    figures: Callable[[], Figures] | None = None
    sentences: Callable[[Any], Sequence[str]] | None = None
    page: Callable[[Any], str] | None = None
    card: Callable[[Any], str] | None = None
    text: Callable[[Any], str] | None = None


UNSHOWN = Presentation()
"""Of an answer that was made without figures, sentences and page."""
