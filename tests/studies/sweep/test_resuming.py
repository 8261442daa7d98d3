"""What may change between two calls of a sweep, what may not, and what an extension does."""

import itertools

import pandas as pd
import pytest

from sim.results.place import FolderError
from sim.results.whole_files import StoreError
from sim.runs.execution import simulate
from sim.runs.session import ResumeError
from sim.runs.store.store import Store
from sim.studies.sweep.sweep import sweep
from sim.vocabulary.errors import ExitVoiceError
from tests.studies.sweep.sweeping import check, counted, plain, undisturbed

pytestmark = pytest.mark.filterwarnings("ignore::sim.results.failed_work.FailedRunsWarning")
"""A quarter of the experiment's runs fails, see conftest.py."""

ONE = {"engine": "in-process", "workers": 1}


def test_a_folder_that_holds_a_study_is_not_touched_without_being_asked(experiment, tmp_path):
    file, folder = experiment("0", 1), tmp_path / "out"
    sweep(file, out=folder, **ONE)
    before = contents(folder)
    with pytest.raises(FolderError, match=r"holds a study already.*--resume.*--extend"):
        sweep(file, out=folder, **ONE)
    assert contents(folder) == before


def contents(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


EDITS = {
    "a value": (("ease", "0, 1"), ("ease", "0, 3"), [r"levers\.firm\.desk\.ease\.values: \[0, 1\] -> \[0, 3\]"]),
    "fewer points": (("ease", "0, 1"), ("ease", "0"), [r"levers\.firm\.desk\.ease\.values"]),
    "fewer replications": (("replications", 2), ("replications", 1), ["replications: 2 -> 1"]),
    "a constraint": (
        ("more", ""),
        ("more", "constraints: ['firm.desk.ease <= 1']"),
        ["constraints: added 'firm.desk.ease <= 1'"],
    ),
    "what is set": (
        ("more", "set: {talk.weak_tie_weight: 0.2}"),
        ("more", "set: {talk.weak_tie_weight: 0.3, run.seed: 6}"),
        [r"set\.talk\.weak_tie_weight: 0\.2 -> 0\.3", r"set\.run\.seed: nothing -> 6", "seed: 5 -> 6"],
    ),
}


@pytest.mark.parametrize("how", ["resume", "extend"])
@pytest.mark.parametrize("edit", list(EDITS))
def test_an_edited_definition_is_refused_with_the_differences(edit, how, experiment, tmp_path):
    (key, old), (_, new), expected = EDITS[edit]
    folder = tmp_path / "out"
    sweep(experiment(**{"ease": "0, 1", "replications": 1} | {key: old}), out=folder, **ONE)
    before, definition = contents(folder), Store.open(folder).manifest["definition"]
    edited = experiment(**{"ease": "0, 1", "replications": 1} | {key: new})
    with counted() as calls, pytest.raises(ResumeError) as caught:
        sweep(edited, out=folder, **{how: True}, **ONE)
    message = str(caught.value)
    assert message.startswith(f"{folder}: holds another study, so it cannot go on; different (there -> now):\n")
    for line in expected:
        with pytest.raises(ResumeError, match=line):
            raise caught.value
    assert "--extend" not in message
    assert calls == []
    after = contents(folder)
    assert {path: after[path] for path in before if path.suffix == ".parquet"} == {
        path: content for path, content in before.items() if path.suffix == ".parquet"
    }
    assert Store.open(folder).manifest["definition"] == definition


def test_what_has_only_grown_is_refused_by_resume_which_names_extend(experiment, tmp_path):
    folder = tmp_path / "out"
    sweep(experiment("0", 1), out=folder, **ONE)
    with pytest.raises(ResumeError, match=r"(?s)values: added 1.*--extend adds what is new"):
        sweep(experiment("0, 1", 1), out=folder, resume=True, **ONE)


@pytest.mark.parametrize("how", ["resume", "extend"])
def test_an_edited_scenario_is_refused(how, experiment, tmp_path):
    file, folder = experiment("0", 1), tmp_path / "out"
    sweep(file, out=folder, **ONE)
    world = tmp_path / "world-200-6.yaml"
    for replications in (1, 2):  # by itself, and beside an experiment that has grown
        experiment("0", replications)
        world.write_text(world.read_text().replace("agents: 20", "agents: 21"))
        with pytest.raises(ResumeError, match=r"scenario\.firm\.desk\.agents: 20\.0 -> 21\.0") as caught:
            sweep(file, out=folder, **{how: True}, **ONE)
        assert "--extend" not in str(caught.value)


def test_a_scenario_file_that_says_the_same_in_other_words_goes_on(experiment, tmp_path):
    file, folder = experiment("0", 1), tmp_path / "out"
    sweep(file, out=folder, **ONE)
    world = tmp_path / "world-200-6.yaml"
    world.write_text(f"# the same\n{world.read_text()}")
    file.write_text(f"# the same\nquestion: Or is it?\n{file.read_text()}")
    with counted() as calls:
        sweep(file, out=folder, resume=True, **ONE)
    assert calls == []


@pytest.mark.parametrize("how", ["resume", "extend"])
def test_another_model_is_refused(how, experiment, tmp_path, monkeypatch):
    file, folder = experiment("0", 1), tmp_path / "out"
    sweep(file, out=folder, **ONE)
    monkeypatch.setattr("sim.compiled.sources_hash", lambda: "another")
    with pytest.raises(ResumeError, match=r"model_hash: .* -> 'another'"):
        sweep(file, out=folder, **{how: True}, **ONE)


@pytest.mark.parametrize("how", ["resume", "extend"])
def test_overrides_are_part_of_the_study(how, experiment, tmp_path):
    file, folder = experiment("0", 1), tmp_path / "out"
    sweep(file, out=folder, overrides=["talk.weak_tie_weight=0.25"], **ONE)
    with pytest.raises(ResumeError, match=r"scenario\.talk\.weak_tie_weight: 0\.25 -> "):
        sweep(file, out=folder, **{how: True}, **ONE)


@pytest.mark.parametrize("how", ["resume", "extend"])
def test_in_a_new_folder_resume_and_extend_begin(how, experiment, tmp_path):
    file = experiment("0", 1)
    sweep(file, out=tmp_path / "out", **{how: True}, **ONE)
    check(tmp_path / "out", file)


def test_a_definition_of_another_version_is_refused(experiment, tmp_path):
    file, folder = experiment("0", 1), tmp_path / "out"
    sweep(file, out=folder, **ONE)
    with Store.open(folder, write=True) as store:
        store.update_manifest({"definition": {**store.manifest["definition"], "flavour": "sour"}})
    for how in ("resume", "extend"):
        with pytest.raises(ResumeError, match="flavour: 'sour' -> nothing"):
            sweep(file, out=folder, **{how: True}, **ONE)


def test_a_date_among_what_is_set_does_not_keep_a_study_from_growing(experiment, tmp_path):
    folder = tmp_path / "out"
    for replications in (1, 2):
        file = experiment("0", replications, more="set: {run.start: 2026-02-02}")
        sweep(file, out=folder, extend=True, **ONE)
    check(folder, file)


def test_another_kind_of_study_is_refused(experiment, tmp_path):
    file, folder = experiment("0", 1), tmp_path / "out"
    sweep(file, out=folder, **ONE)
    with Store.open(folder, write=True) as store:
        store.update_manifest({"kind": "optimisation"})
    for how in ("resume", "extend"):
        with pytest.raises(ResumeError, match="kind: 'optimisation' -> 'sweep'"):
            sweep(file, out=folder, **{how: True}, **ONE)


@pytest.mark.parametrize("how", ["resume", "extend"])
def test_a_folder_of_other_things_is_refused(how, experiment, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "diary.txt").write_text("dear diary")
    before = contents(folder)
    with pytest.raises(ExitVoiceError):
        sweep(experiment("0", 1), out=folder, **{how: True}, **ONE)
    assert contents(folder) == before


# ---- extension -------------------------------------------------------------------------------------------------------

DESIGN = """
name: design
scenario: world-200-6.yaml
levers:
  firm.desk.ease: {{low: 0.0, high: 2.0}}
  firm.desk.agents: {{low: 5, high: 40}}
design: {design}
replications: {replications}
constraints: {constraints}
outputs: [satisfaction, complaint_share]
"""

GROWING = {
    "random": "{{kind: random, points: {size}, seed: 3}}",
    "latin hypercube": "{{kind: latin_hypercube, points: {size}, seed: 3}}",
    "sobol": "{{kind: sobol, points: {size}, seed: 3}}",
    "morris": "{{kind: morris, trajectories: {size}, seed: 3}}",
}


SOME = "['firm.desk.ease * 20 <= firm.desk.agents']"


@pytest.mark.parametrize(
    ("kind", "constraint"),
    [(kind, constraint) for kind in GROWING for constraint in ("[]", SOME) if kind != "morris" or constraint == "[]"],
    ids=lambda given: {"[]": "all", SOME: "some"}.get(given, given),
)
def test_an_extension_adds_only_what_is_new(kind, constraint, experiment, tmp_path):
    """Twice by points, then by replications; every run is done once, and those that were there stay as they were."""
    folder, earlier, done = tmp_path / "out", [], 0
    for size, replications in ((4, 1), (8, 1), (16, 1), (16, 3)):
        file = experiment(name="design.yaml")
        design = GROWING[kind].format(size=size)
        file.write_text(DESIGN.format(design=design, replications=replications, constraints=constraint))
        with counted() as calls:
            found = sweep(file, out=folder, extend=True, **ONE)
        assert len(calls) == len(set(calls)) == len(found.runs) - done
        rows = plain(found.runs)
        assert set(earlier) <= set(rows)
        assert len(found.points) == len(found.points["point"].unique()) == len(rows) / replications
        if constraint != "[]":
            assert (found.points["firm.desk.ease"] * 20 <= found.points["firm.desk.agents"]).all()
        elif kind != "morris":
            assert len(found.points) == size
        earlier, done = rows, len(rows)
    again = sweep(file, out=folder, resume=True, **ONE)
    assert again.digest == found.digest
    if kind != "latin hypercube":  # whose stages are hypercubes of their own
        assert undisturbed(file).digest == found.digest


def test_stages_of_a_latin_hypercube_are_hypercubes(experiment, tmp_path):
    file, folder = experiment(name="design.yaml"), tmp_path / "out"
    for size in (5, 12):
        design = GROWING["latin hypercube"].format(size=size)
        file.write_text(DESIGN.format(design=design, replications=1, constraints="[]"))
        found = sweep(file, out=folder, extend=True, **ONE)
    for part, size in ((found.points.iloc[:5], 5), (found.points.iloc[5:], 7)):
        for factor, low, high in (("firm.desk.ease", 0.0, 2.0), ("firm.desk.agents", 5.0, 40.0)):
            strata = ((part[factor] - low) / (high - low) * size).astype(int)
            assert sorted(strata) == list(range(size))


# ---- stopping --------------------------------------------------------------------------------------------------------

STOPPING = "stopping: {{output: satisfaction, half_width: {half_width}, at_most: {at_most}}}"


def stopping(experiment, half_width, at_most=60, name="stopping.yaml"):
    return experiment("0, 1", 5, name=name, more=STOPPING.format(half_width=half_width, at_most=at_most))


def test_the_stopping_rule_adds_what_the_first_stage_asks_for(experiment, tmp_path):
    """At least Stein's number at each point: (t s / half-width)^2 with s and t of the first five runs."""
    from scipy.stats import t

    half_width = 0.5
    file = stopping(experiment, half_width)
    with counted() as calls:
        found = sweep(file, out=tmp_path / "out", **ONE)
    assert len(calls) == len(set(calls)) == len(found.runs)
    numbers = set()
    for _, rows in found.runs.groupby("point"):
        if (rows["status"] == "failed").any():
            assert len(rows) == 5  # nothing to be made more precise
            continue
        first = rows[rows["replication"] < 5]["satisfaction"]
        wanted = max(5, -int(-((t.ppf(0.975, 4) * first.std() / half_width) ** 2) // 1))
        assert sorted(rows["replication"]) == list(range(min(60, wanted)))
        numbers.add(len(rows))
    assert len(numbers) > 1
    assert min(numbers) >= 5
    assert max(numbers) > 5


def test_stopping_is_the_same_however_it_was_interrupted(experiment, tmp_path):
    file = stopping(experiment, 0.5)
    whole = undisturbed(file)
    for at in (17, len(whole.runs) - 30, len(whole.runs) - 2):
        folder, told = tmp_path / f"out-{at}", []

        def progress(done, failed, total, at=at):
            if done >= at:
                raise TimeoutError

        with pytest.raises(TimeoutError):
            sweep(file, out=folder, progress=progress, **ONE)
        found = sweep(file, out=folder, resume=True, progress=lambda *now, told=told: told.append(now), **ONE)
        assert found.digest == whole.digest
        assert told[-1] == (len(whole.runs), 10, len(whole.runs))
        assert all(done <= total for done, _, total in told)


def test_asking_for_more_precision_extends(experiment, tmp_path):
    folder = tmp_path / "out"
    coarse = sweep(stopping(experiment, 1.0), out=folder, **ONE)
    finer = stopping(experiment, 0.5)
    with counted() as calls:
        found = sweep(finer, out=folder, extend=True, **ONE)
    assert found.digest == undisturbed(finer).digest
    assert len(calls) == len(found.runs) - coarse.counts.done - coarse.counts.failed > 0


def test_tables_are_those_of_the_sweep_or_an_error(experiment, tmp_path):
    folder = tmp_path / "out"
    early = sweep(experiment("0", name="small.yaml"), out=folder, **ONE)
    late = sweep(experiment("0", name="small.yaml"), out=folder, resume=True, **ONE)
    assert len(late.runs) == 12  # read before the folder is extended
    whole = sweep(experiment("0, 1", name="small.yaml"), out=folder, extend=True, **ONE)
    assert len(whole.runs) == 24
    assert len(late.runs) == 12
    with pytest.raises(StoreError, match="holds other rows by now"):
        _ = early.runs


def test_the_first_points_are_those_of_the_whole_table(experiment, tmp_path):
    kept, unkept = sweep(experiment(), out=tmp_path / "out", **ONE), sweep(experiment(), **ONE)
    for points in (1, 5, 50):
        pd.testing.assert_frame_equal(kept.first(points), unkept.first(points), check_exact=True)
    means = kept.summary("satisfaction").set_index("point")["mean"]
    first = kept.first(5).set_index("point")["satisfaction"]
    pd.testing.assert_series_equal(first, means[first.index], check_names=False)
    assert kept.reasons == unkept.reasons == kept.failures["reason"].value_counts().to_dict()
    assert (kept.size, kept.counts) == (len(kept.points), unkept.counts)
    assert repr(kept) == repr(unkept) == "Sweep('small', 12 points, 36 runs, 9 failed)"
    assert kept._repr_html_() == unkept._repr_html_()


def test_progress_counts_up_to_all_runs(experiment, tmp_path):
    told = []
    sweep(experiment("0, 1", 2), progress=lambda *now: told.append(now), **ONE)
    assert told[0] == (0, 0, 16)
    assert told[-1] == (16, 4, 16)
    assert all(one[0] <= other[0] for one, other in itertools.pairwise(told))


def test_failed_runs_are_done_again_where_that_is_asked_for(experiment, tmp_path, monkeypatch):
    file, honest, told = experiment(), simulate.measure, []
    reference = sweep(file, **ONE)
    hopeless = len(reference.failures)

    def moody(scenario, *given):
        if scenario.firm.desk.ease == 1.0:
            raise OSError("the disk is having a bad day")
        return honest(scenario, *given)

    monkeypatch.setattr(simulate, "measure", moody)
    first = sweep(file, out=tmp_path / "out", **ONE)
    failed = len(first.failures)
    assert failed > hopeless
    assert "OSError: the disk is having a bad day" in set(first.failures["reason"])
    monkeypatch.setattr(simulate, "measure", honest)
    assert sweep(file, out=tmp_path / "out", resume=True, **ONE).digest == first.digest
    again = sweep(
        file, out=tmp_path / "out", resume=True, retry_failed=True, progress=lambda *now: told.append(now), **ONE
    )
    assert again.digest == reference.digest
    assert told[0] == (len(first.runs) - failed, 0, len(first.runs))
    assert told[-1] == (len(first.runs), hopeless, len(first.runs))
