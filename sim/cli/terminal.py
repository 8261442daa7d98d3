"""Tables on a terminal: nothing is cut, however narrow it is."""

from __future__ import annotations

from typing import Any

import rich.table


class Table(rich.table.Table):
    """A table whose words go on in the next line where a column is too narrow; rich would cut them with an ellipsis.

    >>> from rich.console import Console
    >>> table = Table()
    >>> table.add_column("Unit")
    >>> table.add_row("kilometres")
    >>> Console(width=9, color_system=None).print(table, end="")  # doctest: +NORMALIZE_WHITESPACE
    ┏━━━━━━━┓
    ┃ Unit  ┃
    ┡━━━━━━━┩
    │ kilom │
    │ etres │
    └───────┘
    """

    def add_column(self, *arguments: Any, **options: Any) -> None:
        """As rich's, but words that do not fit go on in the next line."""
        super().add_column(*arguments, **({"overflow": "fold"} | options))
