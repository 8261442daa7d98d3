"""What stands in a neighbouring module, which is loaded when it is first asked for: `sim --help` loads none of them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any


def neighbour(package: str, place: str) -> Any:
    """What a module of a package holds.

    Args:
        package: By its name, mostly the caller's own `__name__`: imports across packages are to be seen.
        place: Module and name, as `module:name`.

    >>> neighbour("sim.words", "numbers:NO_VALUE")
    '–'
    """
    module, _, name = place.partition(":")
    return getattr(import_module(f"{package}.{module}"), name)


def loaded_later(package: str, place: str) -> Callable[..., Any]:
    """A function of such a module, to be called like it.

    Args:
        package: As of `neighbour`.
        place: Likewise.

    >>> loaded_later("sim.words", "sentences:say")("{n} run", n=1)
    '1 run'
    """

    def called(*values: Any, **named: Any) -> Any:
        return neighbour(package, place)(*values, **named)

    return called
