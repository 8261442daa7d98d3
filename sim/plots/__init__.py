"""Figures: one file each, drawn with matplotlib's object interface, so that no global state is touched.

Here are the house style, what every kind of answer needs to draw, show and keep figures, and the figures of a run;
those of a study stand in the package of its kind. Nothing here loads matplotlib before a figure is asked for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.figure import Figure

    from sim.plots.told_values import Value

WIDE, NARROW = 8.4, 3.75
"""Widths in inches: a page, and a telephone."""


PNG_DPI = 160
"""Dots an inch."""

_PACKED = 3
"""How hard to pack a PNG, of 9: flat colours pack well at once."""


def _always(_: Any) -> bool:
    return True


class Drawing(NamedTuple):
    """How one figure is drawn.

    Attributes:
        draw: Called with the answer (and one of its outputs) and the width in inches, below 6 for the narrow form;
            gives a matplotlib Figure with the title, n, kind of interval, seed and version written on it.
        each_output: Whether it is about one output, so that an answer has one for each.
        has: Whether an answer has it.
    """

    draw: Callable[..., Figure]
    each_output: bool = False
    has: Callable[[Any], bool] = _always


_DRAWN: ContextVar[dict[tuple[Any, ...], Figure] | None] = ContextVar("_DRAWN", default=None)
"""Figures that were drawn within `Gallery.drawn_once`, by all that they depend on."""


_PAGES: ContextVar[WeakKeyDictionary[Figure, str] | None] = ContextVar("_PAGES", default=None)
"""As SVG for a page: what came of writing a figure's file, within `Gallery.drawn_once`."""


class Forms(NamedTuple):
    """A figure as a page shows it.

    Attributes:
        wide: An SVG element for a page.
        narrow: For a telephone.
        values: What it shows, value by value.
        places: Where each of them stands in each form, `X,Y X,Y ...` of a thousand from the left and the top; `-` is
            one that the form does not show.
    """

    wide: Markup
    narrow: Markup
    values: Sequence[Value]
    places: Mapping[str, str]


class Gallery(Collection[str]):
    """The figures of one kind of answer, by name.

    Attributes:
        drawings: How each is drawn, in the order of the report.

    >>> gallery = Gallery({"bars": Drawing(print), "lines": Drawing(print, has=bool)})
    >>> list(gallery), gallery.names(answer=[])
    (['bars', 'lines'], ['bars'])
    """

    def __init__(self, drawings: Mapping[str, Drawing]) -> None:
        self.drawings = dict(drawings)

    def __iter__(self) -> Iterator[str]:
        """Names of all, in the order of the report."""
        return iter(self.drawings)

    def __contains__(self, name: object) -> bool:
        return name in self.drawings

    def __len__(self) -> int:
        return len(self.drawings)

    def names(self, answer: Any) -> list[str]:
        """Names of those that an answer has."""
        return [name for name, drawing in self.drawings.items() if drawing.has(answer)]

    @contextmanager
    def drawn_once(self) -> Iterator[None]:
        """Within it a figure is drawn once for each width, however often it is saved: for the folder, and for the page.

        Figures are kept until its end, and so must be what they show.
        """
        from sim.plots.style import held_style

        drawn, pages = _DRAWN.set({}), _PAGES.set(WeakKeyDictionary())
        try:
            with held_style():
                yield
        finally:
            _DRAWN.reset(drawn)
            _PAGES.reset(pages)

    def draw(self, name: str, answer: Any, output: str | None = None, *, width: float = WIDE) -> Figure:
        """Draw a figure in the house style.

        Args:
            name: One of `names`.
            answer: What to show.
            output: The output that it is about, where it is about one; the first if left out.
            width: Width in inches; below 6 the figure takes its narrow form.

        Raises:
            KeyError: If the answer has no such figure, or no such output.
        """
        from sim.plots.style import house_style

        check_known("figure", name, self.names(answer))
        drawing, what = self.drawings[name], [answer]
        if drawing.each_output:
            output = output or answer.outputs[0]
            check_known("output", output, answer.outputs)
            what.append(output)
        drawn = _DRAWN.get()
        known = (id(self), id(answer), name, output, width)
        if drawn is not None and known in drawn:
            return drawn[known]
        with house_style():
            figure = drawing.draw(*what, width)
        if drawn is not None:
            drawn[known] = figure
        return figure

    def forms(self, name: str, answer: Any, output: str | None = None) -> Forms:
        """A figure for a page in both forms; arguments as of `draw`."""
        from markupsafe import Markup

        from sim.plots.told_values import values_of

        drawn, values = {}, {}
        for form, width in (("wide", WIDE), ("narrow", NARROW)):
            figure = self.draw(name, answer, output, width=width)
            drawn[form] = Markup(page_svg(figure, _prefix(name, answer, output, form)))
            values[form] = values_of(figure)
        places = {form: _places(values["wide"], found) for form, found in values.items()}
        return Forms(drawn["wide"], drawn["narrow"], values["wide"], places)

    def write(self, answer: Any, folder: Path) -> None:
        """Write every figure that an answer has as SVG and PNG: `<name>`, or `<name>_<output>` if about one output."""
        for name in self.names(answer):
            each = self.drawings[name].each_output
            for output in answer.outputs if each else (None,):
                figure = self.draw(name, answer, output)
                for suffix in ("svg", "png"):
                    save(figure, folder / f"{name}_{output}.{suffix}" if each else folder / f"{name}.{suffix}")


def _places(told: Sequence[Value], drawn: Sequence[Value]) -> str:
    """Where told values stand in a form, `-` for one that it does not show; empty where it shows anything else.

    >>> from sim.plots.told_values import Value
    >>> wide = [Value(1, 2, "a", "then", "5"), Value(3, 4, "b", "then", "6")]
    >>> _places(wide, [Value(7, 8, "b", "then", "6")]), _places(wide, [Value(7, 8, "c", "then", "6")])
    ('- 7,8', '')
    """
    left = deque(drawn)
    found = []
    for value in told:
        is_next = bool(left) and left[0][2:] == value[2:]
        found.append("{0.x},{0.y}".format(left.popleft()) if is_next else "-")
    return "" if left else " ".join(found)


def _prefix(name: str, answer: Any, output: str | None, form: str) -> str:
    """What the identifiers of a figure on a page begin with."""
    place = "" if output is None else f"-{answer.outputs.index(output)}"
    return f"{name}{place}-{form}"


def check_known(kind: str, name: str, names: Sequence[str]) -> None:
    """Refuse a name that is not among those there are.

    Raises:
        KeyError: With the names that there are.

    >>> check_known("figure", "pie", ["bars", "lines"])
    Traceback (most recent call last):
    ...
    KeyError: "no figure 'pie'; there are: bars, lines"
    """
    if name not in names:
        raise KeyError(f"no {kind} {name!r}; there are: {', '.join(names)}")


def save(figure: Figure, path: Path) -> None:
    """Write a figure as SVG or PNG, by the file's suffix: the same figure gives the same bytes.

    Text in SVG is drawn as outlines, which look the same everywhere; where the typeface lacks a letter of it, or cannot
    set its script, it is left as text to the viewer's typefaces. A PNG shows boxes for letters that are missing.
    """
    from sim.plots.as_svg import svg
    from sim.plots.style import house_style

    with house_style():
        if path.suffix == ".png":
            figure.savefig(path, dpi=PNG_DPI, metadata={"Software": None}, pil_kwargs={"compress_level": _PACKED})
            return
        drawn = svg(figure)
    path.write_text(drawn.file, encoding="utf-8")
    if (pages := _PAGES.get()) is not None:
        pages[figure] = drawn.page


def page_svg(figure: Figure, prefix: str) -> str:
    """Any figure in the house style as an SVG element for a page: colours are CSS variables, identifiers are its own.

    Every colour of the house style becomes `var(--fig-NAME, #rrggbb)`, so that a page can give it another value on
    dark screens; the background is transparent, and text is text in the page's own typeface.

    Args:
        figure: What was drawn.
        prefix: Put before every identifier within it: another one for each figure of a page.

    Returns:
        The text from `<svg` to `</svg>`.
    """
    from sim.plots.svg import for_page

    pages = _PAGES.get()
    text = None if pages is None else pages.get(figure)
    if text is None:
        from sim.plots.as_svg import svg_with_text
        from sim.plots.style import house_style

        with house_style():
            text = svg_with_text(figure)
    return for_page(text, prefix, str(figure.get_label()))
