"""The command line as a user meets it: exit status, what goes to which stream, what is written."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import pandas as pd
import pytest

from sim.cli import main
from sim.model.scenario import Scenario

ROOT = Path(__file__).resolve().parents[2]
BASELINE = str(ROOT / "scenarios" / "baseline.yaml")


def sim(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from sim.cli import main; main()", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=environment, check=False)


@dataclass
class Answer:
    status: int
    out: str
    err: str


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """Run the command line in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["sim", *arguments])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return Answer(status, captured.out, captured.err)

    return run


@pytest.fixture
def studies(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Studies that only note how they were called."""
    calls: dict[str, Any] = {}

    class Result:
        replications = 1
        drift = None
        unmet = MappingProxyType({})
        summary = pd.DataFrame(
            [(0.8123, 0.8, 0.82, "share", "Yearly retention"), (1234567.0, 1.2e6, float("nan"), "EUR", "Margin")],
            columns=["value", "low", "high", "unit", "label"],
            index=pd.Index(["retention", "margin"], name="name"),
        )

    def run(scenario: Any, **options: Any) -> Result:
        if calls.get("raise") is not None:
            raise calls["raise"]
        calls["run"] = (scenario, options)
        result = Result()
        result.replications = options["replications"] or scenario.scenario.run.replications
        return result

    def write_folder(result: Any, directory: Path, **options: Any) -> Path:
        calls["write"] = (directory, options)
        return directory.absolute()

    def workload(scenario: Scenario) -> int:
        return scenario.market.customers

    for name, functions in (("sim.runs.run", (run, workload)), ("sim.results.folder", (write_folder,))):
        module = ModuleType(name)
        for function in functions:
            setattr(module, function.__name__, function)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return calls


# --- help ---------------------------------------------------------------------------------------------------


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nsys.argv = ['sim', '--help']\nfrom sim.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'numba', 'pydantic', 'pandas', 'mesa', 'scipy', 'matplotlib', 'yaml', 'rich.console'}\n"
        "heavy |= {'jinja2', 'networkx', 'pyarrow', 'duckdb', 'optuna', 'SALib'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "HEAVY []"
    for command in ("run", "validate", "show", "explain", "new", "schema"):
        assert f"  {command} " in answer.stdout


@pytest.mark.parametrize("command", ["run", "validate", "show", "explain", "new", "schema"])
def test_every_command_has_help(call: Any, command: str):
    answer = call(command, "--help")
    assert answer.status == 0
    assert "Usage: sim" in answer.out


def test_validating_imports_neither_numpy_nor_the_engine():
    code = (
        f"import sys\nsys.argv = ['sim', 'validate', {BASELINE!r}]\nfrom sim.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('HEAVY', sorted({'numpy', 'numba', 'pandas', 'mesa', 'scipy', 'matplotlib'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "HEAVY []"


def test_a_run_loads_neither_mesa_nor_what_it_brings(tmp_path: Path):
    """Numba asks for SciPy as it starts; that costs a third of a second and no run needs it."""
    few = [f"--set={one}" for one in ("market.customers=100", "run.periods=3", "run.settling.years=0")]
    words = [
        "sim",
        "run",
        BASELINE,
        *few,
        "--replications",
        "1",
        "--no-figures",
        "--no-report",
        "--quiet",
        "--out",
        str(tmp_path / "out"),
    ]
    code = (
        f"import sys\nsys.argv = {words!r}\nfrom sim.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'scipy', 'mesa', 'networkx', 'matplotlib', 'jinja2', 'duckdb', 'optuna', 'SALib', 'dask', 'mpi4py'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "HEAVY []"
    assert (tmp_path / "out" / "summary.json").is_file()


def test_the_version(call: Any):
    import importlib.metadata

    try:
        version = importlib.metadata.version("exitvoice")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("not installed")
    answer = call("--version")
    assert (answer.status, answer.out) == (0, f"ExitVoice {version}\n")


# --- bad input ----------------------------------------------------------------------------------------------

WRONG = {
    "missing": None,
    "empty": "",
    "syntax": "firm: [\n",
    "tab": "firm:\n\tdesk: 1\n",
    "bomb": "a: &a [x, x]\nb: [*a, *a]\n",
    "tag": "name: !!python/name:os.system\n",
    "unknown key": "firm: {desk: {eese: 1}}\n",
    "wrong type": "firm: {desk: {ease: yes}}\n",
    "nan": "firm: {desk: {ease: .nan}}\n",
    "absurd size": "market: {customers: 99999999999999}\n",
    "circle": "extends: wrong.yaml\n",
    "timeline": "timeline: [{at: 5, set: {firm.desk.eese: 1}}]\n",
    "deep": "rivals: " + "[" * 50_000,
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_ends_the_command_cleanly(call: Any, tmp_path: Path, name: str):
    text = WRONG[name]
    if text is not None:
        (tmp_path / "wrong.yaml").write_text(text, encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    answer = call("run", "wrong.yaml", "--out", "out")
    assert answer.status == 2
    assert answer.out == ""
    assert "wrong.yaml" in answer.err
    assert "Traceback" not in answer.err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["wrong type", "deep"])
def test_a_wrong_file_ends_the_process_cleanly(tmp_path: Path, name: str):
    (tmp_path / "wrong.yaml").write_text(WRONG[name] or "", encoding="utf-8")
    answer = sim("run", "wrong.yaml", "--out", "out", cwd=tmp_path)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "wrong.yaml" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.yaml"]


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (("frobnicate",), "no such command: frobnicate"),
        (("run",), "FILE is missing"),
        (("run", BASELINE, "--sed", "1"), "--sed"),
        (("run", BASELINE, "--seed", "one"), "--seed"),
        (("run", BASELINE, "--seed", "-1"), "--seed"),
        (("run", BASELINE, "--replications", "0"), "--replications"),
        (("run", BASELINE, "--threads", "0"), "--threads"),
        (("run", BASELINE, "--set", "firm.desk.eese=1"), "did you mean firm.desk.ease?"),
        (("run", BASELINE, "--set", "nonsense"), "key=value"),
        (("show", "no_such.yaml"), "no such file"),
        (("validate", BASELINE, "no_such.yaml"), "no such file"),
        (("explain", "xyzzy"), "no such parameter"),
        (("explain", "no.such.thing"), "no such parameter"),
        (("explain", "firm.desk.eese"), "did you mean firm.desk.ease?"),
        (("new", "no/such/folder/a.yaml"), "cannot be written"),
        (("schema", "--out", "no/such/folder/a.json"), "cannot be written"),
    ],
)
def test_a_wrong_command_has_status_2(call: Any, studies: Any, arguments: tuple[str, ...], fragment: str):
    answer = call(*arguments)
    assert answer.status == 2
    assert fragment in answer.err
    assert "Traceback" not in answer.err
    assert "run" not in studies


# --- run ----------------------------------------------------------------------------------------------------


def test_run_passes_on_what_was_asked(call: Any, studies: Any, tmp_path: Path):
    asked = "--seed 7 --replications 3 --threads 2 --set firm.desk.ease=2 --out o --csv --no-report --no-figures"
    answer = call("run", BASELINE, *asked.split())
    assert answer.status == 0, answer.err
    loaded, options = studies["run"]
    assert loaded.scenario.firm.desk.ease == 2.0
    assert {key: options[key] for key in ("seed", "replications", "threads")} == {
        "seed": 7,
        "replications": 3,
        "threads": 2,
    }
    assert studies["write"] == (Path("o"), {"force": False, "csv": True, "figures": False, "report": False})
    assert "Yearly retention" in answer.out
    assert "81.2%" in answer.out
    assert "80.0% to 82.0%" in answer.out
    assert "3 runs, seed 7" in answer.out
    assert "tarp_minor. TARP's figures" in answer.out


def test_run_has_a_folder_of_the_scenarios_name(call: Any, studies: Any):
    assert call("run", BASELINE, "--quiet").out == ""
    assert studies["write"][0] == Path("results/baseline")


def test_run_prints_json_and_nothing_else(call: Any, studies: Any):
    answer = json.loads(call("run", BASELINE, "--json", "--seed", "0").out)
    assert answer["seed"] == 0
    assert answer["summary"]["retention"]["value"] == 0.8123
    assert answer["summary"]["margin"]["high"] is None


def test_results_that_are_there_are_kept_unless_forced(call: Any, studies: Any, tmp_path: Path):
    (tmp_path / "o").mkdir()
    assert call("run", BASELINE, "--out", "o").status == 0
    (tmp_path / "o" / "manifest.json").write_text("precious", encoding="utf-8")
    studies.clear()
    answer = call("run", BASELINE, "--out", "o")
    assert answer.status == 2
    assert "holds results already" in answer.err
    assert studies == {}
    assert call("run", BASELINE, "--out", "o", "--force").status == 0
    assert studies["write"][1]["force"] is True


def test_a_folder_that_cannot_be_written_is_refused_before_the_run(call: Any, studies: Any, tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    for out in ("file", "file/below", "a\0b", "/proc/nowhere" if Path("/proc/self").exists() else "file"):
        answer = call("run", BASELINE, "--out", out)
        assert answer.status == 2
        assert "run" not in studies
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_interrupted_run_has_status_130(call: Any, studies: Any):
    studies["raise"] = KeyboardInterrupt()
    answer = call("run", BASELINE)
    assert answer.status == 130
    assert "interrupted" in answer.err


def test_a_run_out_of_memory_says_so(call: Any, studies: Any):
    studies["raise"] = MemoryError("no room")
    answer = call("run", BASELINE)
    assert (answer.status, answer.err.splitlines()[-1]) == (1, "error: out of memory: no room")


# --- the other commands -------------------------------------------------------------------------------------


def test_validate_tells_good_from_bad(call: Any, tmp_path: Path):
    (tmp_path / "bad.yaml").write_text("firm: {desk: {ease: 99}}\n", encoding="utf-8")
    answer = call("validate", BASELINE, "bad.yaml", BASELINE)
    assert answer.status == 2
    assert answer.out.count("valid (baseline: 10,000 people in the market, 104 weeks, 2 firms, 1 segment)") == 2
    assert "bad.yaml:1:21: firm.desk.ease: too large; found 99; allowed: a number from -10 to 10 (index)" in answer.err


def test_show_in_words_and_in_json(call: Any):
    answer = call("show", BASELINE, "--set", "firm.desk.ease=1")
    assert answer.status == 0
    assert "0.0 -> 1" in answer.out
    shown = json.loads(call("show", BASELINE, "--json", "--all").out)
    assert shown["scenario"]["run"]["start"] == "2026-01-05"
    assert len(shown["parameters"]) > 300
    assert "voice.preset" in shown["presets"]


def test_explain_one_some_and_all(call: Any):
    told = call("explain", "firm.desk.ease").out.splitlines()
    assert {"  unit:      index", "  allowed:   a number from -10 to 10", "  practical: -3 to 4"} <= set(told)
    assert told[1] == "  Firm > Complaint desk > Ease of complaining"
    assert "practical" not in call("explain", "run.seed").out
    assert call("explain", "loss aversion").out.startswith("customers.judgement.loss_aversion\n")
    assert len(call("explain", "repurchase").out.splitlines()) >= 5
    assert len(call("explain").out.splitlines()) > 200
    assert json.loads(call("explain", "firm.desk.ease", "--json").out)[0]["source"] == "assumption"
    everything = {each["path"]: each for each in json.loads(call("explain", "--json").out)}
    assert everything["run.start"]["default"] == "2026-01-05"
    assert everything["timeline[].at"]["default"] is None  # a change must say when it begins


def test_new_writes_a_file_that_is_valid_and_keeps_what_is_there(call: Any, tmp_path: Path):
    assert call("new", "mine.yaml").status == 0
    assert call("validate", "mine.yaml").status == 0
    assert "name: mine" in (tmp_path / "mine.yaml").read_text(encoding="utf-8")
    answer = call("new", "mine.yaml")
    assert answer.status == 2
    assert "is there already; --force replaces it" in answer.err
    assert call("new", "mine.yaml", "--force").status == 0
    assert call("new").out.startswith("# Question: ")


def test_schema_is_printed_and_written(call: Any, tmp_path: Path):
    printed = call("schema").out
    assert json.loads(printed)["title"] == "ExitVoice scenario"
    assert call("schema", "--out", "s.json").status == 0
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == printed


def test_validate_knows_experiments_from_scenarios(tmp_path):
    good = tmp_path / "good.yaml"
    (tmp_path / "small.yaml").write_text("market: {customers: 100}\n")
    good.write_text("scenario: small.yaml\nlevers: {firm.desk.ease: {low: 0, high: 1}}\ndesign: {points: 4}\n")
    bad = tmp_path / "bad.yaml"
    bad.write_text("scenario: small.yaml\nlevers: {firm.desk.eese: {low: 0, high: 1}}\ndesign: {points: 4}\n")
    told = sim("validate", str(good), str(bad))
    assert told.returncode == 2
    assert "an experiment on small, 1 lever, 0 uncertain" in told.stdout
    assert "bad.yaml:2:" in told.stderr
    assert "firm.desk.ease" in told.stderr
