"""ExitVoice: what service and the answer to complaints do to satisfaction, retention, word of mouth and money.

>>> import sim
>>> result = sim.run("scenarios/baseline.yaml", seed=1)  # doctest: +SKIP
>>> result.series, result.summary, result.plot.iceberg()  # doctest: +SKIP
>>> sim.compare(["scenarios/baseline.yaml", "scenarios/easy_complaints.yaml"])  # doctest: +SKIP
>>> sim.sweep("experiments/ease_of_complaining.yaml").summary("retention")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.classroom import sliders as sliders
    from sim.model.scenario import Scenario as Scenario
    from sim.results.result import Result as Result
    from sim.runs.run import run as run
    from sim.scenario import load_scenario as load_scenario
    from sim.studies.advice.advice import Advice as Advice
    from sim.studies.advice.advise import advise as advise
    from sim.studies.balance.balance import balance as balance
    from sim.studies.balance.balanced import Balanced as Balanced
    from sim.studies.calibration.calibrate import calibrate as calibrate
    from sim.studies.calibration.fit import CalibrationResult as CalibrationResult
    from sim.studies.causes.causes import causes as causes
    from sim.studies.causes.causes_of_churn import CausesOfChurn as CausesOfChurn
    from sim.studies.comparison.compare import compare as compare
    from sim.studies.comparison.comparison import Comparison as Comparison
    from sim.studies.cost.cost import cost as cost
    from sim.studies.cost.costed import CostOfQuality as CostOfQuality
    from sim.studies.industries.industries import Industries as Industries
    from sim.studies.industries.measure_industries import industries as industries
    from sim.studies.offers.offers import offers as offers
    from sim.studies.offers.worth_an_offer import WorthAnOffer as WorthAnOffer
    from sim.studies.optimisation.optimisation import Optimisation as Optimisation
    from sim.studies.optimisation.optimise import optimise as optimise
    from sim.studies.sensitivity.find_what_matters import sensitivity as sensitivity
    from sim.studies.sensitivity.sensitivity import Sensitivity as Sensitivity
    from sim.studies.shares.share_out import shares as shares
    from sim.studies.shares.shared_out import SharedOut as SharedOut
    from sim.studies.sweep.sweep import sweep as sweep
    from sim.studies.sweep.swept import Sweep as Sweep

__version__ = "0.2.0"

_HOMES = {
    "run": "sim.runs.run",
    "compare": "sim.studies.comparison.compare",
    "sweep": "sim.studies.sweep.sweep",
    "sensitivity": "sim.studies.sensitivity.find_what_matters",
    "calibrate": "sim.studies.calibration.calibrate",
    "optimise": "sim.studies.optimisation.optimise",
    "advise": "sim.studies.advice.advise",
    "industries": "sim.studies.industries.measure_industries",
    "Industries": "sim.studies.industries.industries",
    "balance": "sim.studies.balance.balance",
    "causes": "sim.studies.causes.causes",
    "CausesOfChurn": "sim.studies.causes.causes_of_churn",
    "shares": "sim.studies.shares.share_out",
    "SharedOut": "sim.studies.shares.shared_out",
    "offers": "sim.studies.offers.offers",
    "WorthAnOffer": "sim.studies.offers.worth_an_offer",
    "cost": "sim.studies.cost.cost",
    "CostOfQuality": "sim.studies.cost.costed",
    "Balanced": "sim.studies.balance.balanced",
    "Advice": "sim.studies.advice.advice",
    "CalibrationResult": "sim.studies.calibration.fit",
    "Comparison": "sim.studies.comparison.comparison",
    "Optimisation": "sim.studies.optimisation.optimisation",
    "Result": "sim.results.result",
    "Sensitivity": "sim.studies.sensitivity.sensitivity",
    "Sweep": "sim.studies.sweep.swept",
    "Scenario": "sim.model.scenario",
    "load_scenario": "sim.scenario",
    "sliders": "sim.classroom",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import sim` stays instant."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted([*__all__, "__version__"])
