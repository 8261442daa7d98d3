"""What an optimisation leaves behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.parameters.paths import is_preset
from sim.results.answer import Answer, AnswerTable, TableColumn
from sim.results.declared_tables import declared_columns
from sim.results.intervals import Interval
from sim.results.whole_files import json_ready
from sim.runs.experiment.plan import ExperimentPlan
from sim.studies.derived import derived_text
from sim.studies.lever_costs import SPENDING
from sim.studies.optimisation.choice_search import Tried
from sim.studies.optimisation.doubt import difference_interval
from sim.studies.optimisation.finals import TODAY, Decision, Entrant, trade_off
from sim.studies.optimisation.judge_choices import EXPECTED, Aim, JudgingTerms
from sim.studies.optimisation.space import Space
from sim.words import say

DECLARED = ("every", "of_an_output")
"""Where columns are declared: by name, and by what stands behind the name of an output."""

INTERVAL = "95% interval over draws of the uncertainties and luck"
INTERVAL_LUCK = "95% t-interval over luck"


@dataclass(frozen=True)
class Effort:
    """How much was run.

    Attributes:
        draws: Draws of the uncertainties that judged each choice of the search; 1 where there are none.
        replications: Runs with different luck of each choice and draw in the search.
        final_draws: Draws in the last round: others than in the search.
        final_replications: Replications in the last round: luck that the search never met.
    """

    draws: int
    replications: int
    final_draws: int
    final_replications: int


@dataclass(frozen=True, eq=False)
class Optimisation(Answer):
    """A search for the best levers, and how sure its answer is.

    Attributes:
        name: Name of the experiment.
        question: Its question.
        scenario: Today's scenario.
        terms: Goals, requirements, and whether the expected value or the worst case counts.
        space: The levers.
        uncertainties: Paths of what nobody knows.
        tried: Every choice of the search, in order; today's first.
        decision: What new draws and new luck made of the best of them.
        effort: How much was run.
        labels: Outputs in words, by name.
        units: Units of outputs, by name.
        plan: The experiment on its scenario, where there is one.
        manifest: What it takes to do it again.
    """

    name: str
    question: str
    scenario: Scenario
    terms: JudgingTerms
    space: Space
    uncertainties: tuple[str, ...]
    tried: tuple[Tried, ...]
    decision: Decision
    effort: Effort
    labels: Mapping[str, str]
    units: Mapping[str, str]
    plan: ExperimentPlan | None = None

    @property
    def best(self) -> dict[str, Any] | None:
        """The levers of the best choice, by path; None where no choice meets the requirements."""
        return None if self.decision.best is None else dict(self.winner.judgement.values)

    def scenario_of(self, values: Mapping[str, Any]) -> Scenario:
        """Today's scenario with the levers at some values, such as `best`.

        Raises:
            LookupError: If the optimisation was not made from an experiment.
        """
        if self.plan is None:
            raise LookupError(say("there is no experiment to make a scenario of"))
        base = {path: value for path, value in self.plan.base_values.items() if is_preset(path) and value is not None}
        return self.plan.task(()).scenario({**base, **values})

    @property
    def winner(self) -> Entrant:
        """The best choice.

        Raises:
            LookupError: If there is none.
        """
        if self.decision.best is None:
            raise LookupError(say("no choice meets the requirements"))
        return self.decision.entrant(self.decision.best)

    @property
    def replications(self) -> int:
        """Replications of the last round, on which all that is claimed rests."""
        return self.effort.final_replications

    @property
    def interval(self) -> str:
        """Kind of the intervals."""
        return INTERVAL if self.terms.over == EXPECTED and self.effort.final_draws > 1 else INTERVAL_LUCK

    @property
    def trade_off(self) -> tuple[Aim, Aim]:
        """What is weighed against each other."""
        return trade_off(self.terms)

    @property
    def levers(self) -> list[str]:
        """Paths of the levers."""
        return [dimension.path for dimension in self.space.dimensions]

    def against_today(self, entrant: Entrant, output: str) -> Interval | None:
        """What a choice changes against today, see `difference`."""
        return self.difference(entrant, self.decision.entrant(TODAY), output)

    def difference(self, one: Entrant, other: Entrant, output: str) -> Interval | None:
        """One choice minus another, by the same draws and the same luck, with a 95% interval of its own.

        None where one of the two cannot be judged.
        """
        cubes = [each.judgement.cubes.get(output) for each in (one, other)]
        if cubes[0] is None or cubes[1] is None:
            return None
        return difference_interval(cubes[0], cubes[1], self.terms.over, self.terms.sense(output))

    @property
    def choices(self) -> pd.DataFrame:
        """A row for each choice of the search: what was tried and what was seen of it.

        `number`, `origin`, `allowed`, `eligible` (meets all requirements), `reason` (why it cannot be judged), the
        levers, `lever_cost` (their own cost, money a year), each output that counts (expected value or worst case),
        `shortfall` (sum of the shares by which requirements are missed), then the means of all recorded outputs as
        `mean:<name>`.
        """
        return pd.DataFrame([self._choice(item) for item in self.tried])

    def _choice(self, item: Tried) -> dict[str, Any]:
        judgement = item.judgement
        row = {
            "number": item.number,
            "origin": item.origin,
            "allowed": item.allowed,
            "eligible": item.eligible,
            "reason": judgement.reason,
            **{path: judgement.values[path] for path in self.levers},
            "lever_cost": judgement.spent,
        }
        row |= {name: judgement.estimates.get(name, float("nan")) for name in self.terms.outputs}
        row["shortfall"] = judgement.missing
        return row | {f"mean:{name}": value for name, value in judgement.means.items()}

    @property
    def finalists(self) -> pd.DataFrame:
        """A row for each choice of the last round, by new draws and new luck.

        `choice` (`today` or a letter, better ones first), `number` (in `choices`), `role` (`today`, `finalist`,
        `front`), `meets` (`yes`, `no`, `not sure`), `best`, `like_best` (cannot be told apart from the best), `front`
        (not dominated), `reason` (why it cannot be judged), the levers, `lever_cost`, and for each output that counts
        its value, `<name>:low`, `<name>:high`, the paired change against today, `<name>:change`, `<name>:change_low`,
        `<name>:change_high`, each interval by itself, and what the search saw, `<name>:search`.
        """
        decision = self.decision
        rows = []
        for entrant in decision.entrants:
            row = {
                "choice": entrant.name,
                "number": entrant.tried.number,
                "role": entrant.role,
                "meets": entrant.meets,
                "best": entrant.name == decision.best,
                "like_best": entrant.name in decision.group,
                "front": entrant.name in decision.front,
                "reason": entrant.judgement.reason,
                **{path: entrant.judgement.values[path] for path in self.levers},
                "lever_cost": entrant.judgement.spent,
            }
            for name in self.terms.outputs:
                limits = entrant.intervals.get(name, (float("nan"),) * 3)
                row |= dict(zip((name, f"{name}:low", f"{name}:high"), limits, strict=True))
                change = self.against_today(entrant, name) or (float("nan"),) * 3
                columns = (f"{name}:change", f"{name}:change_low", f"{name}:change_high")
                row |= dict(zip(columns, change, strict=True))
                row[f"{name}:search"] = entrant.tried.judgement.estimates.get(name, float("nan"))
            rows.append(row)
        return pd.DataFrame(rows)

    @property
    def front(self) -> pd.DataFrame:
        """The rows of `finalists` that no other beats in both goals (or in the goal and spending), in order."""
        table = self.finalists.set_index("choice", drop=False)
        return table.loc[list(self.decision.front)].reset_index(drop=True)

    @property
    def comparisons(self) -> pd.DataFrame:
        """Today's choice and all finalists, two by two.

        `one`, `other`, `output`, `unit`, `difference` (one minus other), `low`, `high`, `told_apart`. The intervals of
        the goals hold together at 95% (Bonferroni).
        """
        rows = [
            (pair.one, pair.other, pair.output, self.units.get(pair.output, ""), *pair.difference, pair.told_apart)
            for pair in self.decision.pairs
        ]
        columns = ["one", "other", "output", "unit", "difference", "low", "high", "told_apart"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def answer(self) -> list[str]:
        """The answer in plain words, sentence by sentence."""
        return self.sentences

    def __repr__(self) -> str:
        """One line: what was searched."""
        return f"Optimisation({self.name!r}, {len(self.tried)} choices, best {self.best})"

    def tables(self) -> list[AnswerTable]:
        """Choices of the search, finalists, front, and finalists two by two."""
        tables = {name: getattr(self, name) for name in ("choices", "finalists", "front", "comparisons")}
        return [
            AnswerTable(name, rows, [self._column(str(each)) for each in rows.columns]) for name, rows in tables.items()
        ]

    def _column(self, name: str) -> TableColumn:
        """What a column means: one of every optimisation, a lever, or an output with what is told of it."""
        every, of_output = ({one.name: one for one in declared_columns(table, beside=__name__)} for table in DECLARED)
        if name in self.levers:
            return TableColumn(name, say("value of the lever"))
        if name in every:
            return every[name]
        if name.startswith("mean:"):
            output = name.removeprefix("mean:")
            return TableColumn(name, say("mean of {name} over draws and replications of the search", name=output))
        output, _, suffix = name.partition(":")
        value = say("expected value") if self.terms.over == EXPECTED else say("worst case")
        told = of_output[suffix].meaning if suffix else value
        return TableColumn(name, f"{self.labels[output]}: {told}", self.units[output])

    def as_json(self) -> dict[str, Any]:
        """What was asked and what was found, without anything that changes from call to call."""
        terms, effort = self.terms, self.effort
        content = {
            "schema_version": self.manifest.get("schema_version"),
            "version": self.manifest.get("version"),
            "experiment": self.name,
            "question": self.question,
            "goals": [{"output": aim.output, "sense": "maximise" if aim.larger else "minimise"} for aim in terms.aims],
            "over": terms.over,
            "requirements": [str(requirement) for requirement in terms.requirements],
            "best": self.best,
            "best_choice": self.decision.best,
            "like_best": list(self.decision.group),
            "front": list(self.decision.front),
            "answer": self.answer,
            "interval": self.interval,
            "seed": self.scenario.run.seed,
            "tried": len(self.tried),
            "draws": effort.draws,
            "replications": effort.replications,
            "final_draws": effort.final_draws,
            "final_replications": effort.final_replications,
            "finalists": self.finalists.to_dict(orient="records"),
            "comparisons": self.comparisons.to_dict(orient="records"),
        }
        return {name: json_ready(value) for name, value in content.items()}

    def other_files(self, folder: Path) -> dict[str, str]:
        """`best.yaml`: the best choice as a scenario file; none where there is no best, or the scenario has no file."""
        plan = self.plan
        if self.best is None or plan is None:
            return {}
        chosen = {path: value for path, value in self.best.items() if value is not None}
        name = say("{name} - choice {best}", name=plan.scenario.name[:70], best=self.decision.best)
        scenario = self.scenario_of(chosen).model_copy(update={"name": name})
        base = plan.path.parent / plan.experiment.scenario if plan.path is not None else None
        head = [say("Choice {best} of {name}, found by `sim optimise`.", best=self.decision.best, name=self.name), ""]
        head += self.answer
        head += [
            "",
            say("The report beside this file says how sure that is, and which choices cannot be told apart from it."),
        ]
        text = derived_text(scenario, {**plan.experiment.set, **chosen}, head=head, folder=folder, base=base)
        return {"best.yaml": text}


def shown_outputs(terms: JudgingTerms) -> Sequence[str]:
    """Outputs that a table shows: the goals, then spending.

    >>> shown_outputs(JudgingTerms((Aim("margin", True),), "expected", (), ("margin", "spending")))
    ['margin', 'spending']
    """
    return list(dict.fromkeys([*(aim.output for aim in terms.aims), SPENDING]))
