"""SVG made fit for a page that has other figures and a dark mode."""

from __future__ import annotations

import re
from html import escape

from sim.plots.style import COLOURS

_COLOUR = re.compile("|".join(COLOURS.values()), re.IGNORECASE)
_OF_PAGE = {colour: f"var(--fig-{name}, {colour})" for name, colour in COLOURS.items()}


def for_page(text: str, prefix: str, label: str) -> str:
    """An SVG file's text as an element of a page.

    Args:
        text: What matplotlib wrote.
        prefix: Put before every identifier, so that those of two figures never meet.
        label: What the figure shows, for those who cannot see it.

    >>> for_page('<?xml?><svg width="9pt" viewBox="0 0 9 9"><g style="fill: #d55e00"/></svg>', "a", "x")
    '<svg role="img" aria-label="x" viewBox="0 0 9 9"><g style="fill: var(--fig-red, #d55e00)"/></svg>'
    """
    body = text[text.index("<svg") :].strip()
    body = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", body, flags=re.DOTALL)
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    head, rest = body.split(">", 1)
    head = re.sub(r'\s(width|height|version|xmlns(:\w+)?)="[^"]*"', "", head)
    rest = re.sub(r"<[^>]*>", lambda tag: _tag_for_page(tag.group(), prefix), rest)
    rest = re.sub(r"<!--.*?-->\s*", "", rest, flags=re.DOTALL)
    rest = re.sub(r">\s+<", "><", rest)
    return f'<svg role="img" aria-label="{escape(label)}"{head.removeprefix("<svg")}>{rest}'


def _tag_for_page(tag: str, prefix: str) -> str:
    """A tag with identifiers of its own, and colours and typeface of the page; text between tags is not touched."""
    tag = tag.replace("xlink:href=", "href=")
    tag = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', tag)
    tag = re.sub(r'href="#([^"]+)"', rf'href="#{prefix}-\1"', tag)
    tag = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", tag)
    tag = re.sub(r"'DejaVu Sans'[^;\"]*", "var(--fig-typeface, sans-serif)", tag)
    return _COLOUR.sub(lambda found: _OF_PAGE[found.group().lower()], tag)
