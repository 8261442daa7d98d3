"""ExitVoice: what service and the answer to complaints do to satisfaction, retention, word of mouth and money.

>>> import sim
>>> result = sim.run("scenarios/baseline.yaml", seed=1)  # doctest: +SKIP
>>> result.series, result.summary, result.plot.iceberg()  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario import load_scenario
    from sim.studies.result import Result
    from sim.studies.run import run
    from sim.vocabulary.scenario import Scenario

__version__ = "0.1.0"
__all__ = ["Result", "Scenario", "__version__", "load_scenario", "run"]

_HOMES = {
    "run": "sim.studies.run",
    "Result": "sim.studies.result",
    "Scenario": "sim.vocabulary.scenario",
    "load_scenario": "sim.scenario",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import sim` stays instant."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
