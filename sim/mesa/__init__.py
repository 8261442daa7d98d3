"""Mesa: the readable twin of the engine, and the engine's face as a Mesa model.

`Twin` has one `mesa.Agent` for each person and reads like the theory; `FastModel` drives the compiled engine. Both are
`mesa.Model`s with a DataCollector, and both give the same numbers. Mesa itself is imported when one of them is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.mesa.face import FastModel
    from sim.twin.twin import Twin

__all__ = ["FastModel", "Twin"]

_HOMES = {"FastModel": "sim.mesa.face", "Twin": "sim.twin.twin"}


def __getattr__(name: str) -> Any:
    """Import a public name, and Mesa with it, when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim.mesa' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
