"""The folder that keeps an optimisation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from sim.results import surfaces
from sim.results.failures import besides_the_tables
from sim.results.folder import plain, whole_folder, write_json, write_manifest
from sim.results.spreadsheet import write_csv
from sim.studies.derived import derived_text
from sim.studies.optimisation.result import Optimisation

TABLES = ("choices", "finalists", "front", "comparisons")
_MEANINGS = {
    "number": "position in the search, 0 is today's choice",
    "origin": "today, every (all combinations were tried), first (spread over the space) or search",
    "allowed": "whether it lies within the levers' ranges and conditions",
    "eligible": "whether it is allowed and meets all requirements in the search",
    "reason": "why it cannot be judged; empty where it can",
    "lever_cost": "the levers' own cost, money a year; part of spending, margin and present value",
    "shortfall": "sum over the requirements of the shares by which they are missed",
    "choice": "today, or a letter: better ones first",
    "role": "today, finalist, or front: on the way from cheap to good",
    "meets": "whether it meets the requirements by new draws and new luck: yes, no, not sure",
    "best": "whether it is the best choice",
    "like_best": "whether it cannot be told apart from the best",
    "front": "whether no other choice beats it in both goals, or in the goal and spending",
    "one": "a choice",
    "other": "another choice",
    "output": "what is compared",
    "unit": "its unit",
    "difference": "one minus other, by the same draws and the same luck",
    "low": "lower end of its interval; those of the goals hold all together at 95%",
    "high": "upper end of its interval",
    "told_apart": "whether the interval excludes 0",
}
_SUFFIXES = {
    "low": "95% interval, lower end",
    "high": "95% interval, upper end",
    "change": "paired change against today",
    "change_low": "95% interval of the change, lower end",
    "change_high": "95% interval of the change, upper end",
    "search": "what the search saw",
}


def data_dictionary(optimisation: Optimisation) -> pd.DataFrame:
    """Every column of every table: `table`, `column`, `unit`, `meaning`."""
    rows = [
        (table, str(column), *_meaning(str(column), optimisation))
        for table in TABLES
        for column in getattr(optimisation, table).columns
    ]
    return pd.DataFrame(rows, columns=["table", "column", "unit", "meaning"])


def _meaning(column: str, optimisation: Optimisation) -> tuple[str, str]:
    if column in optimisation.levers:
        return "", "value of the lever"
    if column in _MEANINGS:
        return "", _MEANINGS[column]
    if column.startswith("mean:"):
        return "", f"mean of {column.removeprefix('mean:')} over draws and replications of the search"
    output, _, suffix = column.partition(":")
    label, unit = optimisation.labels[output], optimisation.units[output]
    kind = "expected value" if optimisation.terms.over == "expected" else "worst case"
    return unit, f"{label}: {_SUFFIXES[suffix] if suffix else kind}"


def optimisation_json(optimisation: Optimisation) -> dict[str, Any]:
    """The answer as plain values, without anything that changes from call to call.

    The same content as `summary.json` and as `sim optimise --json`.
    """
    terms, effort = optimisation.terms, optimisation.effort
    manifest = optimisation.manifest
    content = {
        "schema_version": manifest.get("schema_version"),
        "version": manifest.get("version"),
        "experiment": optimisation.name,
        "question": optimisation.question,
        "goals": [{"output": aim.output, "sense": "maximise" if aim.larger else "minimise"} for aim in terms.aims],
        "over": terms.over,
        "requirements": [str(requirement) for requirement in terms.requirements],
        "best": optimisation.best,
        "best_choice": optimisation.decision.best,
        "like_best": list(optimisation.decision.group),
        "front": list(optimisation.decision.front),
        "answer": optimisation.answer,
        "interval": optimisation.interval,
        "seed": optimisation.scenario.run.seed,
        "tried": len(optimisation.tried),
        "draws": effort.draws,
        "replications": effort.replications,
        "final_draws": effort.final_draws,
        "final_replications": effort.final_replications,
        "finalists": optimisation.finalists.to_dict(orient="records"),
        "comparisons": optimisation.comparisons.to_dict(orient="records"),
    }
    answer: dict[str, Any] = plain(content)
    return answer


def best_scenario(optimisation: Optimisation, folder: Path) -> str | None:
    """The best choice as the text of a scenario file; None where there is no best, or the scenario has no file."""
    plan = optimisation.plan
    if optimisation.best is None or plan is None:
        return None
    chosen = {path: value for path, value in optimisation.best.items() if value is not None}
    name = f"{plan.scenario.name[:70]} - choice {optimisation.decision.best}"
    scenario = optimisation.scenario_of(chosen).model_copy(update={"name": name})
    base = plan.path.parent / plan.experiment.scenario if plan.path is not None else None
    head = [f"Choice {optimisation.decision.best} of {optimisation.name}, found by `sim optimise`.", ""]
    head += optimisation.answer
    head += ["", "The report beside this file says how sure that is, and which choices cannot be told apart from it."]
    return derived_text(scenario, {**plan.experiment.set, **chosen}, head=head, folder=folder, base=base)


def write_optimisation(
    optimisation: Optimisation, directory: str | Path, *, force: bool = False, figures: bool = True, report: bool = True
) -> Path:
    """Write everything about an optimisation into a folder of its own, which appears whole or not at all.

    Args:
        optimisation: What to write.
        directory: The folder; it must not exist, or be empty, or (with `force`) hold earlier results.
        force: Replace earlier results.
        figures: Write `figures/*.svg` and `*.png`.
        report: Write `report.html`.

    Returns:
        The folder's absolute path. It holds `choices.csv`, `finalists.csv`, `front.csv`, `comparisons.csv`, `best.yaml`
        (a scenario file, where there is a best choice), `summary.json`, `dictionary.csv`, `manifest.json` and what was
        asked for. Only `manifest.json` carries the time: all else is the same, byte for byte, for the same seed.

    Raises:
        FolderError: If the folder is taken or cannot be written.
    """
    with whole_folder(directory, force=force) as partial:
        write_files(optimisation, partial, figures=figures, report=report)
    return Path(directory).expanduser().absolute()


def write_files(optimisation: Optimisation, folder: Path, *, figures: bool = True, report: bool = True) -> None:
    """The files of `write_optimisation`, into a folder that is there."""
    for name in TABLES:
        write_csv(folder / f"{name}.csv", getattr(optimisation, name))
    write_csv(folder / "dictionary.csv", data_dictionary(optimisation))
    write_json(folder / "summary.json", optimisation_json(optimisation))
    text = best_scenario(optimisation, folder)
    if text is not None:
        (folder / "best.yaml").write_text(text, encoding="utf-8")
    if figures:
        with besides_the_tables(folder / "figures"):
            _write_figures(optimisation, folder / "figures")
    if report:
        with besides_the_tables(folder / "report.html"):
            page = surfaces.report_of("optimisation").write_optimisation_report(optimisation)
            (folder / "report.html").write_text(page, encoding="utf-8")
    write_manifest(folder, optimisation.manifest)


def _write_figures(optimisation: Optimisation, folder: Path) -> None:
    drawn = surfaces.plots_of("optimisation")
    folder.mkdir(exist_ok=True)
    for name in drawn.FIGURES:
        figure = drawn.draw(name, optimisation)
        for suffix in ("svg", "png"):
            surfaces.plots().save(figure, folder / f"{name}.{suffix}")
