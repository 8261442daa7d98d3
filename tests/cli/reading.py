"""Reading a report that a command has left."""

import re
from pathlib import Path


def read_report(file: str | Path) -> str:
    """The text of a report, whose first page has its boxes and whose figures all tell their values."""
    page = Path(file).read_text(encoding="utf-8")
    brief = page.partition('<dl class="brief">')[2].partition("</dl>")[0]
    headings = re.findall(r"<dt>(.*?)</dt>\s*<dd>.", brief)
    assert headings[0] in ("What to do", "What comes of it", "Recommendation")
    assert {"How sure", "Rests on"} <= set(headings)
    figures = page.count('<figure class="figure"')
    assert page.count('<figure class="figure" data-values') == page.count('<details class="values">') == figures
    return page
