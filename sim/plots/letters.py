"""Letters of a picture in dots: of each it is kept how it looks, and where one stands again it is put there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

_PARTS: Final = 64
"""Of a dot, in which the typeface counts: letters stand between dots."""

_UPRIGHT: Final = ((0x10000, 0), (0, 0x10000))
"""Neither turned nor slanted nor stretched, in 65,536ths."""


def letters_drawn_once(draw: Callable[..., None]) -> Callable[..., None]:
    """In place of how matplotlib draws a line of text: the same dots, without asking the typeface for each letter anew.

    Two letters look alike if they are as far from the next dot; of a figure's letters two thirds have stood in it
    before. Text that is turned is drawn as ever.

    Args:
        draw: `RendererAgg._draw_text_glyphs_and_boxes`, which versions before 3.11 do not have.
    """
    known: dict[tuple[Any, ...], tuple[Any, int, int]] = {}

    def drawn(self: Any, gc: Any, x: float, y: float, angle: float, glyphs: Iterable[Any], boxes: Any) -> None:
        letters = list(glyphs)
        odd = any(slant != 0 or extend != 1 for _, _, _, slant, extend, _, _ in letters)
        if angle != 0 or odd or boxes or not gc.get_antialiased():
            draw(self, gc, x, y, angle, letters, boxes)
            return
        for font, size, index, _, _, right, up in letters:
            across, above = round(_PARTS * (x + right)), round(_PARTS * (self.height - y + up))
            place = across % _PARTS, above % _PARTS
            letter = font, size, self.dpi, index, place
            if letter not in known:
                known[letter] = _rendered(font, size, self.dpi, index, place)
            dots, left, top = known[letter]
            below = int(self.height) - top - above // _PARTS + dots.shape[0]
            self._renderer.draw_text_image(dots, left + across // _PARTS, below, 0, gc)

    return drawn


def _rendered(font: Any, size: float, dpi: float, index: int, place: tuple[int, int]) -> tuple[Any, int, int]:
    from matplotlib.backends.backend_agg import get_hinting_flag
    from matplotlib.ft2font import RenderMode

    font.set_size(size, dpi)
    font._set_transform(_UPRIGHT, place)
    bitmap = font._render_glyph(index, get_hinting_flag(), RenderMode.NORMAL)
    return bitmap.buffer, bitmap.left, bitmap.top
