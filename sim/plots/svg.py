"""SVG made fit for a page that has other figures and a dark mode."""

from __future__ import annotations

import re
from html import escape

from sim.plots.style import COLOURS


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
    rest = rest.replace("xlink:href=", "href=")
    rest = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', rest)
    rest = re.sub(r'href="#([^"]+)"', rf'href="#{prefix}-\1"', rest)
    rest = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", rest)
    rest = re.sub(r"'DejaVu Sans'[^;\"]*", "var(--fig-typeface, sans-serif)", rest)
    for name, colour in COLOURS.items():
        rest = re.sub(re.escape(colour), f"var(--fig-{name}, {colour})", rest, flags=re.IGNORECASE)
    rest = re.sub(r"<!--.*?-->\s*", "", rest, flags=re.DOTALL)
    rest = re.sub(r">\s+<", "><", rest)
    return f'<svg role="img" aria-label="{escape(label)}"{head.removeprefix("<svg")}>{rest}'
