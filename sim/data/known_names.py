"""What tools, spreadsheets and people call columns, codes and sums: `known_names.json` beside this file.

Names stand as `folded` writes them, codes as `plain_code` does, in any language. Whoever knows an export whose columns
are not found adds its names there: to a kind's column; to `again` where several kinds have that column, which name it
by a star.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

KNOWN: dict[str, Any] = json.loads(Path(__file__).with_name("known_names.json").read_text(encoding="utf-8"))
"""Lists of names, and the kinds of tables with their columns."""


def names_of(listed: Iterable[str]) -> tuple[str, ...]:
    """A list of names, with what stands in `again` in place of its name.

    >>> names_of(["revenue", "*unit_price"])
    ('revenue', 'price', 'unitprice', 'itemprice')
    """
    return tuple(own for name in listed for own in (KNOWN["again"][name[1:]] if name.startswith("*") else [name]))
