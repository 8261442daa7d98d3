"""A part of the design for each job: gathered, they are the study that one process does, to the last bit."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.results.failed_work import DamageWarning
from sim.runs.session import ResumeError
from sim.runs.store.store import Store
from sim.studies.sweep.sweep import sweep
from sim.vocabulary.errors import ScenarioError
from tests.studies.sweep.sweeping import ROOT, UNHURRIED, check, undisturbed

pytestmark = pytest.mark.filterwarnings("ignore::sim.results.failed_work.FailedRunsWarning")

ONE = {"engine": "in-process", "workers": 1}


def command(file: Path, folder: Path, part: str, *more: str, launcher=("-m", "sim")) -> subprocess.Popen:
    words = ["sweep", str(file), "--out", str(folder), "--part", part, "--workers", "1", "--quiet", *more]
    return subprocess.Popen([sys.executable, *launcher, *words], cwd=ROOT, stderr=subprocess.PIPE, text=True)


def finished(job: subprocess.Popen) -> int:
    job.communicate()
    return job.returncode


def rows_in(folder: Path) -> int:
    return len(Store.open(folder).runs()) if (folder / "ledger.jsonl").is_file() else 0


def test_parts_in_processes_of_their_own_are_the_whole_study(experiment, tmp_path):
    """Three jobs, of which one is killed in the midst of its work: gathering makes up for it, and so does going on."""
    file, parts = experiment("0, 0.5, 1", 4), tmp_path / "parts"

    def stop(done: int, failed: int, total: int) -> None:
        if done + failed >= 5:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        sweep(file, out=parts / "2", part="2/3", progress=stop, **ONE)
    killed = command(file, parts / "2", "2/3", "--resume", launcher=UNHURRIED)
    while (parts / "2" / "ledger.jsonl").read_text().count('"opened"') < 2 and killed.poll() is None:
        time.sleep(0.01)
    killed.kill()
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    jobs = [command(file, parts / number, f"{number}/3") for number in "13"]
    assert [finished(job) for job in jobs] == [1, 1]  # some runs fail in this experiment
    whole, done = undisturbed(file), [rows_in(parts / number) for number in "123"]
    assert 0 < done[1] < len(whole.runs) - done[0] - done[2]
    assert sweep(file, out=tmp_path / "early", gather=parts, **ONE).digest == whole.digest
    assert finished(command(file, parts / "2", "2/3", "--resume")) == 1
    assert sum(rows_in(parts / number) for number in "123") == len(whole.runs)
    gathered = subprocess.run(
        [sys.executable, "-m", "sim", "sweep", str(file), "--out", str(tmp_path / "out"), "--gather", str(parts), "-q"],
        cwd=ROOT,
    )
    assert gathered.returncode == 1
    check(tmp_path / "out", file)


def test_gathering_runs_nothing_that_a_part_has_done_and_may_be_repeated(experiment, tmp_path):
    file = experiment("0, 1", 2)
    for number in (1, 2, 3):
        sweep(file, out=tmp_path / "parts" / str(number), part=f"{number}/3", **ONE)
    told: list[tuple[int, int, int]] = []
    for _ in range(2):
        found = sweep(file, out=tmp_path / "out", gather=tmp_path / "parts", progress=lambda *n: told.append(n), **ONE)
        assert found.digest == undisturbed(file).digest
    assert {done for done, _, _ in told} == {len(found.runs)}


def test_every_point_is_in_one_part_with_all_its_replications(experiment, tmp_path):
    file = experiment("0, 1", 2)
    seen: list[tuple[str, int]] = []
    for number in range(1, 6):
        part = sweep(file, out=tmp_path / str(number), part=f"{number}/5", **ONE)
        keys = list(zip(part.runs["point"], part.runs["replication"], strict=True))
        assert len(keys) == 2 * len(part.points)
        seen += keys
    whole = undisturbed(file).runs
    assert sorted(seen) == sorted(zip(whole["point"], whole["replication"], strict=True))


def test_there_may_be_more_parts_than_points(experiment, tmp_path):
    file = experiment("0, 1", 1)
    for number in (1, 99):
        found = sweep(file, out=tmp_path / "parts" / str(number), part=f"{number}/99", **ONE)
        assert len(found.points) == (number == 1)
    assert sweep(file, out=tmp_path / "out", gather=tmp_path / "parts", **ONE).digest == undisturbed(file).digest


@pytest.mark.parametrize("part", ["0/3", "4/3", "3", "a/3", "1/0", "-1/3", "1/3/5", "", "²/3", "1/" + "9" * 40])
def test_what_is_no_part_is_refused_before_anything_is_written(part, experiment, tmp_path):
    with pytest.raises(ScenarioError, match=r"--part: no part of a design; found '.*'; allowed: .* such as 3/16"):
        sweep(experiment(), out=tmp_path / "out", part=part, **ONE)
    assert not (tmp_path / "out").exists()


def test_the_folder_of_a_part_goes_on_as_that_part_only(experiment, tmp_path):
    file = experiment("0, 1", 1)
    sweep(file, out=tmp_path / "out", part="1/2", **ONE)
    for other in ("2/2", None):
        with pytest.raises(ResumeError, match="part"):
            sweep(file, out=tmp_path / "out", part=other, resume=True, **ONE)


def test_parts_of_another_study_are_not_gathered(experiment, tmp_path):
    sweep(experiment("0", 1), out=tmp_path / "parts" / "1", part="1/2", **ONE)
    with pytest.raises(ResumeError, match="holds another study"):
        sweep(experiment("0, 1", 1), out=tmp_path / "out", gather=tmp_path / "parts", **ONE)
    with pytest.raises(ResumeError, match="holds no folders of parts"):
        sweep(experiment("0", 1), out=tmp_path / "new", gather=tmp_path / "nowhere", **ONE)
    assert not (tmp_path / "new").exists()


def test_what_is_damaged_in_a_part_is_done_again(experiment, tmp_path):
    file, parts = experiment("0, 1", 2), tmp_path / "parts"
    for number in (1, 2):
        sweep(file, out=parts / str(number), part=f"{number}/2", **ONE)
    (hurt,) = (parts / "2" / "runs").glob("*.parquet")
    content = bytearray(hurt.read_bytes())
    content[len(content) // 2] ^= 1
    hurt.write_bytes(content)
    with pytest.warns(DamageWarning, match="damaged"):
        found = sweep(file, out=tmp_path / "out", gather=parts, **ONE)
    assert found.digest == undisturbed(file).digest


def test_where_a_job_was_interrupted_the_way_on_names_its_part(experiment, tmp_path):
    job = command(experiment("0, 1, 2", 12), tmp_path / "out", "1/2", launcher=UNHURRIED)
    while rows_in(tmp_path / "out") == 0 and job.poll() is None:
        time.sleep(0.02)
    job.send_signal(signal.SIGINT)
    _, said = job.communicate()
    assert job.returncode == 130
    assert "sim sweep --part 1/2 " in said
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["part"] == {"number": 1, "of": 2}
