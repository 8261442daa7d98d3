"""From an experiment file to an answer, in small worlds."""

import json

import pandas as pd
import pytest

from sim.results.folder import write_folder
from sim.results.place import FolderError
from sim.runs.experiment.reader import read_experiment
from sim.scenario import load_scenario
from sim.studies.optimisation.optimisation_words import certainty
from sim.studies.optimisation.optimise import NothingAllowedError, optimise, recorded_outputs, terms_of
from sim.vocabulary.errors import ScenarioError

BASE = """
name: base
market: {customers: 200}
run: {period: week, periods: 6, seed: 4}
firm: {systems: {failure_scale: 20}}
voice: {complain_share: 0.5, headquarters_share: 0.8}
"""
DESK = """
name: desk
question: How should the desk be run?
scenario: base.yaml
levers:
  firm.desk.ease: {low: 0, high: 2, cost: 1000}
  firm.desk.resolution_share: {values: [0.2, 0.6, 0.95]}
uncertainties:
  firm.systems.failure_scale: {low: 10, high: 30}
outputs: [retention, margin]
optimise:
  goals: [{output: margin}]
  draws: 3
  trials: 14
  finalists: 2
  final_replications: 3
"""


def written(folder, experiment=DESK, base=BASE):
    (folder / "base.yaml").write_text(base, encoding="utf-8")
    file = folder / "desk.yaml"
    file.write_text(experiment, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("optimisation")


@pytest.fixture(scope="module")
def found(folder):
    return optimise(written(folder), engine="in-process", workers=1, out=folder / "out")


def test_the_best_is_not_worse_than_today_and_today_is_shown(found):
    table = found.finalists.set_index("choice")
    assert table.index[0] == "today"
    assert table.loc[found.decision.best, "margin"] >= table.loc["today", "margin"]
    assert set(found.best) == {"firm.desk.ease", "firm.desk.resolution_share"}


def test_the_last_round_has_new_draws_and_new_luck(found, folder):
    runs = pd.concat(pd.read_parquet(file) for file in sorted((folder / "out" / "runs").glob("*.parquet")))
    points = pd.read_parquet(folder / "out" / "points.parquet")
    joined = runs.merge(points, on="point", suffixes=("", "_point"))
    scale = "firm.systems.failure_scale"
    first, last = joined[joined["replication"] == 0], joined[joined["replication"] > 0]
    assert set(last["replication"]) == {1, 2, 3}
    assert first[scale].nunique() == last[scale].nunique() == 3
    assert not set(first[scale]) & set(last[scale])
    assert len(first) == len(found.tried) * 3
    assert len(last) == len(found.decision.entrants) * 3 * 3


def test_numbers_are_those_of_the_runs_and_levers_cost_what_they_cost(found, folder):
    runs = pd.concat(pd.read_parquet(file) for file in sorted((folder / "out" / "runs").glob("*.parquet")))
    points = pd.read_parquet(folder / "out" / "points.parquet")
    joined = runs.merge(points, on="point", suffixes=("", "_point"))
    choice = max(found.tried, key=lambda item: item.judgement.values["firm.desk.ease"])
    values = choice.judgement.values
    rows = joined[(joined["replication"] == 0) & (joined[list(values)] == pd.Series(values)).all(axis=1)]
    assert len(rows) == 3
    yearly = 1000 * values["firm.desk.ease"]
    assert choice.judgement.spent == yearly
    assert choice.judgement.estimates["margin"] == pytest.approx(rows["margin"].mean() - yearly * 6 / 52)
    assert choice.judgement.estimates["spending"] == pytest.approx(rows["spending"].mean() + yearly)


def test_the_answer_does_not_depend_on_workers_nor_on_being_resumed(found, folder):
    again = optimise(folder / "desk.yaml", engine="in-process", workers=2)
    resumed = optimise(folder / "desk.yaml", engine="in-process", workers=1, out=folder / "out", resume=True)
    for other in (again, resumed):
        for table in ("choices", "finalists", "comparisons", "front"):
            pd.testing.assert_frame_equal(getattr(other, table), getattr(found, table))
        assert other.answer == found.answer


def test_resuming_does_nothing_again(found, folder):
    def state():
        shards = {file.name: file.stat().st_mtime_ns for file in (folder / "out" / "runs").iterdir()}
        return shards, (folder / "out" / "ledger.jsonl").read_text().splitlines()

    shards, lines = state()
    told = []
    optimise(
        folder / "desk.yaml",
        engine="in-process",
        workers=1,
        out=folder / "out",
        resume=True,
        progress=lambda done, failed, total: told.append(done),
    )
    shards_after, lines_after = state()
    assert shards_after == shards
    assert [json.loads(line)["kind"] for line in lines_after[len(lines) :]] == ["opened", "closed"]
    assert told == sorted(told)


def test_another_experiment_is_not_resumed(found, folder, tmp_path):
    other = written(tmp_path, DESK.replace("draws: 3", "draws: 4"))
    with pytest.raises(FolderError, match=r"optimise\.draws: 3 -> 4"):
        optimise(other, out=folder / "out", resume=True, engine="in-process", workers=1)
    with pytest.raises(FolderError):
        optimise(other, out=folder / "out", engine="in-process", workers=1)


def test_the_folder_holds_a_scenario_that_is_the_best_choice(found, folder, tmp_path):
    answer = folder / "out" / "analysis"
    names = {file.name for file in answer.iterdir()}
    assert names == {
        "best.yaml",
        "choices.csv",
        "comparisons.csv",
        "dictionary.csv",
        "dictionary.json",
        "figures",
        "finalists.csv",
        "front.csv",
        "manifest.json",
        "report.html",
        "summary.json",
    }
    best = load_scenario(answer / "best.yaml").scenario
    expected = found.scenario_of(found.best)
    assert best.model_copy(update={"name": expected.name}) == expected
    assert best.firm.desk.ease == found.best["firm.desk.ease"]
    summary = json.loads((answer / "summary.json").read_text())
    assert summary["best"] == found.best
    twice = write_folder(found, tmp_path / "twice")
    for file in sorted(name for name in names if name not in ("figures", "manifest.json")):
        assert (twice / file).read_bytes() == (answer / file).read_bytes(), file


def test_every_column_is_explained(found):
    table = found.dictionary()
    assert set(table.loc[table["table"] == "finalists", "column"]) == set(found.finalists.columns)
    assert table["meaning"].str.len().min() > 3


def test_figures_show_themselves(found):
    for name in found.plot:
        assert found.plot.figure(name, width=3.75).axes
    assert found.plot.front().get_figure() is not None
    with pytest.raises(KeyError, match="front, levers, differences"):
        found.plot.figure("iceberg")


def test_what_cannot_be_met_is_named_with_the_nearest_miss(tmp_path):
    asked = "  requirements: [retention >= 0.9999, margin >= -100000]\n  budget: 1000000\n"
    found = optimise(written(tmp_path, DESK + asked), engine="in-process", workers=1, out=tmp_path / "out")
    assert found.best is None
    assert found.answer[0].startswith("Nothing that was tried meets expected yearly retention of at least 100.0%: the")
    assert any(sentence.startswith("The nearest miss is") for sentence in found.answer)
    assert not any("margin of at least" in sentence for sentence in found.answer)
    assert not (tmp_path / "out" / "analysis" / "best.yaml").exists()
    assert (tmp_path / "out" / "analysis" / "report.html").exists()
    with pytest.raises(LookupError):
        _ = found.winner


def test_two_goals_give_a_front(tmp_path):
    goals = "goals: [{output: retention}, {output: spending, sense: minimise}]"
    file = written(
        tmp_path, DESK.replace("goals: [{output: margin}]", goals).replace("draws: 3", "over: worst\n  draws: 3")
    )
    found = optimise(file, engine="in-process", workers=1)
    assert list(found.front["retention"]) == sorted(found.front["retention"])
    assert list(found.front["spending"]) == sorted(found.front["spending"])
    assert found.decision.best in found.decision.front
    assert "which to take is for you to say" in found.answer[0] or found.decision.best == "today"
    assert "worst of 3 draws" in certainty(found)


def test_without_uncertainties_there_is_one_draw(tmp_path):
    start, end = DESK.index("uncertainties:"), DESK.index("outputs:")
    file = written(tmp_path, DESK[:start] + "replications: 2\n" + DESK[end:])
    found = optimise(file, engine="in-process", workers=1)
    assert (found.effort.draws, found.effort.final_draws, found.effort.replications) == (1, 1, 2)
    assert any("by 2 runs only" in sentence for sentence in found.answer)
    assert not any("expected" in sentence for sentence in found.answer)


def test_a_preset_can_be_a_lever(tmp_path):
    levers = DESK.replace(
        "firm.desk.ease: {low: 0, high: 2, cost: 1000}", "firm.culture: {values: [awful, exceptional]}"
    )
    found = optimise(written(tmp_path, levers), engine="in-process", workers=1, out=tmp_path / "out")
    assert found.tried[0].judgement.values["firm.culture"] is None
    assert not any(item.judgement.reason for item in found.tried)
    assert len(found.tried) == 7
    best = load_scenario(tmp_path / "out" / "analysis" / "best.yaml").scenario
    assert best.firm.culture == found.best["firm.culture"]


def test_budget_is_a_requirement_and_is_recorded(tmp_path):
    plan = read_experiment(written(tmp_path, DESK + "  budget: 250000.5\n"))
    assert [str(item) for item in terms_of(plan.experiment.optimise).requirements] == ["spending <= 250000.5"]
    assert recorded_outputs(plan.experiment) == ("retention", "margin", "spending")


def test_a_lever_without_a_range_is_refused(tmp_path):
    text = DESK.replace("firm.desk.ease: {low: 0, high: 2, cost: 1000}", "firm.desk.ease: {}")
    with pytest.raises(ScenarioError, match=r"firm\.desk\.ease.*range"):
        optimise(written(tmp_path, text), out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_too_many_runs_are_refused_with_their_number(tmp_path):
    with pytest.raises(ScenarioError, match=r"desk\.yaml: .*too large; found up to [\d,]+ runs"):
        optimise(
            written(tmp_path, f"replications: 100000\n{DESK}".replace("trials: ", "trials: 100")), out=tmp_path / "out"
        )
    assert not (tmp_path / "out").exists()


def test_without_a_section_there_is_nothing_to_do(tmp_path):
    file = written(tmp_path, DESK[: DESK.index("optimise:")])
    with pytest.raises(ScenarioError, match="optimise: says nothing of what is to be chosen"):
        optimise(file)


def test_constraints_that_leave_nothing_are_told_before_anything_is_run(tmp_path):
    text = DESK.replace("outputs:", "constraints: ['firm.desk.ease * firm.systems.failure_scale < 0']\noutputs:")
    with pytest.raises(NothingAllowedError, match="leave no choice"):
        optimise(written(tmp_path, text), out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_constraints_with_uncertainties_hold_in_every_draw(tmp_path):
    text = DESK.replace("outputs:", "constraints: ['firm.desk.ease * firm.systems.failure_scale <= 20']\noutputs:")
    found = optimise(written(tmp_path, text), engine="in-process", workers=1)
    ease = [item.judgement.values["firm.desk.ease"] for item in found.tried]
    assert 0.5 < max(ease) <= 1.0  # the largest scale of either sample is between 20 and 30
