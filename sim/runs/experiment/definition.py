"""What may stand in an experiment file.

One file can serve a sweep, a sensitivity analysis, a calibration and a choice: each reads the sections that it needs.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.data.table_settings import TableSettings
from sim.model.scenario import LONGEST_QUESTION
from sim.vocabulary.parameter import OneLine, OptionalLine, PlainValue, Section, SeveralLines
from sim.words import say

Name = Literal["grid", "list", "random", "latin_hypercube", "sobol", "morris"]

DEFAULT_OUTPUTS = (
    "satisfaction",
    "nps",
    "dissatisfied_share",
    "retention",
    "complaint_share",
    "seen_share",
    "complainers_kept",
    "talk_ratio",
    "market_share",
    "customers",
    "revenue",
    "margin",
    "net_present_value",
    "lifetime_value",
)
"""What is recorded where the file does not say: none of them needs a second world."""


class Factor(Section):
    """A parameter that is varied: a range, a distribution, or a list of values.

    `low` and `high` alone mean a uniform distribution; of a whole-number parameter, whole numbers. `normal` is cut off
    at `low` and `high` where they are given, else at the parameter's own limits.
    """

    low: float | None = Field(None, description="Lower end of the range")
    high: float | None = Field(None, description="Upper end of the range")
    scale: Literal["linear", "log"] = Field("linear", description="log: equal steps multiply by equal factors")
    distribution: Literal["uniform", "triangular", "normal"] = Field("uniform", description="Of random values")
    mode: float | None = Field(None, description="Most likely value, of a triangular distribution")
    mean: float | None = Field(None, description="Mean of a normal distribution before it is cut off")
    sd: float | None = Field(None, description="Standard deviation of a normal distribution", gt=0.0)
    values: list[bool | int | float | OneLine] | None = Field(
        None, description="The values themselves, instead of a range", min_length=1
    )
    levels: int | None = Field(None, description="Number of values of a range in a grid", ge=2, le=10_000)


class Lever(Factor):
    """A factor that the firm decides."""

    cost: float = Field(
        0.0,
        description="Money a year for each unit above the scenario's value, on top of what the model books; "
        "if negative, for each unit below",
    )


class Design(Section):
    """How points are chosen."""

    kind: Name = Field("latin_hypercube", description="Kind of design")
    points: int | None = Field(None, description="Number of points, of random, latin_hypercube and sobol", ge=1)
    trajectories: int | None = Field(None, description="Number of trajectories, of morris", ge=2)
    levels: int = Field(4, description="Levels of a Morris design; even", ge=4, le=64)
    rows: list[dict[OneLine, bool | int | float | OneLine]] | None = Field(
        None, description="The points themselves, of a list", min_length=1
    )
    seed: int = Field(0, description="Of random designs and scrambling", ge=0, le=2**32 - 1)


class Stopping(Section):
    """Replications are added at each point until the mean of an output is known well enough."""

    output: OneLine = Field(..., description="Name of an output")
    half_width: float = Field(..., description="Half-width of its 95% interval that is wanted", gt=0.0)
    at_most: int = Field(100, description="Replications of a point at most", ge=2, le=100_000)


class LimitsOfRun(Section):
    """What one run may use; a run that goes beyond is a failed row, and the others go on."""

    seconds: float | None = Field(None, description="Time", gt=0.0, le=1e9)
    memory_mib: float | None = Field(None, description="Memory beyond what its worker holds", gt=0.0, le=1e9)


class SensitivitySettings(Section):
    """How `sim sensitivity` finds out what matters."""

    method: Literal["sobol", "morris"] = Field("sobol", description="Variance-based indices, or elementary effects")
    samples: int = Field(
        256, description="Base samples of Sobol indices (a power of 2) or Morris trajectories", ge=4, le=2**20
    )
    second_order: bool = Field(False, description="Sobol indices of pairs too: nearly twice the runs")
    outputs: list[OneLine] | None = Field(
        None, description="Outputs to explain; all recorded ones if left out", min_length=1
    )
    step: float = Field(0.05, description="Step of marginal effects, as a share of a lever's range", gt=0.0, le=0.5)
    pairs: int = Field(10, description="Runs with the same luck at both ends of a step", ge=2, le=10_000)
    condition: SeveralLines | None = Field(
        None, description="Regional analysis: points that meet this against the others"
    )

    @model_validator(mode="after")
    def _power_of_two(self) -> SensitivitySettings:
        if self.method == "sobol" and self.samples & (self.samples - 1):
            below = 1 << (self.samples.bit_length() - 1)
            raise ValueError(
                say(
                    "Sobol indices need a power of 2 as samples, found {samples}: take {below} or {above}",
                    samples=self.samples,
                    below=below,
                    above=2 * below,
                )
            )
        return self


class FittedTable(TableSettings):
    """What a table holds that parameters are fitted to, and how it is read."""

    data: Literal[
        "retention", "complaints", "satisfaction", "churn", "movements", "transactions", "nps", "servqual"
    ] = Field(..., description="What the table holds, see docs/calibration.md")
    segment: OptionalLine = Field(
        None,
        description="Segment of the scenario that the table is of, and is compared with; the whole firm if left out",
    )
    complaints: Literal["registered", "complained"] = Field(
        "registered", description="What complaint counts are: those in the firm's register, or all that were made"
    )


class FurtherTable(FittedTable):
    """A table that is fitted together with the one on the command line, with settings of its own."""

    file: OneLine = Field(..., description="The table, relative to this file", min_length=1)


class CalibrationSettings(FittedTable):
    """How `sim calibrate` fits the uncertainties to data, and how it reads them."""

    also: list[FurtherTable] = Field(
        default_factory=list, description="Further tables that are fitted together with this one", max_length=11
    )
    trials: int = Field(120, description="Points that are tried", ge=24, le=2000)
    members: int = Field(64, description="Members of the ensemble", ge=8, le=1000)
    hold_out: float = Field(
        0.0,
        description="Time at the end of retention or churn data, in their unit, that is not fitted but forecast",
        ge=0.0,
        le=1e6,
    )
    seed: int = Field(0, description="Of the search", ge=0, le=2**32 - 1)


class Goal(Section):
    """Something to be made large or small."""

    output: OneLine = Field(..., description="Name of an output, or `spending`: money spent on levers and service")
    sense: Literal["maximise", "minimise"] = Field("maximise", description="Which way is better")


class OptimisationSettings(Section):
    """How `sim optimise` chooses levers."""

    goals: list[Goal] = Field(..., description="One goal, or two for a trade-off front", min_length=1, max_length=2)
    over: Literal["expected", "worst"] = Field(
        "expected", description="Judge a choice by its mean over the uncertainties, or by its worst case"
    )
    draws: int = Field(16, description="Draws of the uncertainties that each choice is judged by", ge=1, le=10_000)
    budget: float | None = Field(None, description="Money a year that may be spent on levers and service", gt=0.0)
    requirements: list[SeveralLines] = Field(
        default_factory=list, description="Conditions on outputs, such as `satisfaction >= 70`"
    )
    trials: int = Field(100, description="Choices that are tried", ge=4, le=100_000)
    finalists: int = Field(5, description="Best choices that are compared again, with new luck", ge=1, le=50)
    final_replications: int = Field(
        10, description="Replications of each finalist and draw, with luck that the search never met", ge=2, le=10_000
    )
    seed: int = Field(0, description="Of the search", ge=0, le=2**32 - 1)


class Experiment(Section):
    """An experiment as it stands in its file, valid in itself; `read_experiment` checks it against the scenario too.

    >>> Experiment(scenario="baseline.yaml", levers={"firm.desk.ease": Lever(low=0.0, high=2.0)}).replications
    1
    """

    name: OneLine = Field("experiment", description="Short name", max_length=80)
    question: SeveralLines = Field("", description="The question that the experiment asks", max_length=LONGEST_QUESTION)
    scenario: OneLine = Field(..., description="Scenario file, relative to this one", min_length=1)
    set: dict[OneLine, PlainValue] = Field(
        default_factory=dict, description="Parameters changed at all points, by path"
    )
    levers: dict[OneLine, Lever] = Field(default_factory=dict, description="What the firm decides, by path")
    uncertainties: dict[OneLine, Factor] = Field(default_factory=dict, description="What nobody knows, by path")
    constraints: list[SeveralLines] = Field(
        default_factory=list, description="Conditions on factors that points must meet, such as `a.b + c.d <= 3`"
    )
    design: Design = Design()
    replications: int = Field(1, description="Runs with independent luck at each point", ge=1, le=100_000)
    outputs: list[OneLine] = Field(
        default_factory=lambda: list(DEFAULT_OUTPUTS), description="What is recorded of each run", min_length=1
    )
    stopping: Stopping | None = None
    limits: LimitsOfRun = LimitsOfRun()
    sensitivity: SensitivitySettings = SensitivitySettings()
    calibrate: CalibrationSettings | None = None
    optimise: OptimisationSettings | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Experiment:
        both = sorted(set(self.levers) & set(self.uncertainties))
        if both:
            raise ValueError(
                say("a factor is either a lever or an uncertainty, found as both: {both}", both=", ".join(both))
            )
        return self

    @property
    def factors(self) -> dict[str, Factor]:
        """Levers, then uncertainties."""
        return {**self.levers, **self.uncertainties}
