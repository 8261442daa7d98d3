"""Runs mutants: `python -m tests.mutation.run rules|loops [--sample N] [--processes N]`, in plain Python.

The parent imports everything, and forks for each mutant. The child puts the changed code in its place and runs the
killers from the cheapest on, until one fails, with a limit on processor time. Lines of JSON go to standard output, one
for each mutant.
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib
import json
import os
import pickle
import pkgutil
import re
import resource
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np

if __name__ == "__main__":  # whoever imports this keeps his own environment
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
ROOT = Path(__file__).resolve().parents[2]

from tests.mutation import killers  # noqa: E402
from tests.mutation.mutants import Mutant, mutants_of, tree_of  # noqa: E402

LIBRARIES = (
    "numba",
    "pandas",
    "mesa",
    "hypothesis.strategies",
    "networkx",
    "scipy.stats",
    "mpmath",
    "_pytest.assertion.rewrite",
)
LOOPS = (
    "accounts",
    "arrivals",
    "births",
    "census",
    "desk",
    "encounters",
    "many_draws",
    "movement",
    "network",
    "outside",
    "population",
    "small_world",
    "talk",
    "wiring",
)
"""Files of `sim/engine` that are mutated."""

SLOWEST = 60.0
"""Seconds of processor time after which a killer counts as stuck, if nothing has been measured."""

LOOP_TESTS = {
    "sim/engine/accounts.py": ("accounts", "economy"),
    "sim/engine/arrivals.py": ("encounters", "programme", "economy"),
    "sim/engine/births.py": ("population", "lasting"),
    "sim/engine/encounters.py": ("encounters", "economy"),
    "sim/engine/desk.py": ("desk", "queue"),
    "sim/engine/many_draws.py": ("population",),
    "sim/engine/network.py": ("wiring",),
    "sim/engine/small_world.py": ("wiring",),
    "sim/engine/talk.py": ("talk", "posts"),
    "sim/model/adoption.py": ("movement", "economy"),
    "sim/model/attrition.py": ("population", "lasting"),
    "sim/model/billing.py": ("billing",),
    "sim/model/case.py": ("desk", "queue"),
    "sim/model/choice.py": ("movement", "rivals", "economy", "bonds"),
    "sim/model/contract.py": ("bonds",),
    "sim/model/encounter.py": ("encounters",),
    "sim/model/expectation.py": ("encounters", "leaving_and_joining"),
    "sim/model/inbox.py": ("talk", "posts"),
    "sim/model/judgement.py": ("encounters",),
    "sim/model/perception.py": ("encounters",),
    "sim/model/service.py": ("encounters",),
    "sim/model/standing.py": ("census",),
    "sim/model/looking_around.py": ("hearing", "movement"),
    "sim/model/loyalty.py": ("reaction", "settlement"),
    "sim/model/loyalty_points.py": ("programme",),
    "sim/model/money.py": ("encounters", "leaving_and_joining", "settlement"),
    "sim/model/movement.py": ("leaving_and_joining", "movement", "lasting"),
    "sim/model/onboarding.py": ("bonds",),
    "sim/model/online.py": ("posts",),
    "sim/model/opinion.py": ("hearing", "movement"),
    "sim/model/population.py": ("population", "lasting"),
    "sim/model/recovery.py": ("settlement", "economy", "bonds"),
    "sim/model/talk.py": ("talk",),
    "sim/model/third_party.py": ("bonds",),
    "sim/model/typology.py": ("census",),
    "sim/model/usage.py": ("encounters",),
    "sim/model/voice.py": ("reaction", "economy", "bonds"),
}
"""Tests in `tests/engine/loops` that come first, where they are not those of the file's name; all others come last."""

OWN_RULES = {
    "perception": ("test_perception.py", "test_judgement.py"),
    "adoption": ("test_talk.py",),
    "attrition": ("test_attrition.py", "../engine/loops/test_population.py", "../engine/loops/test_lasting.py"),
    "population": ("../engine/loops/test_population.py", "../engine/loops/test_lasting.py"),
}
"""Tests, from `tests/model` on, of rooms that have more than one file of them, or one of another name."""

ONE_BY_ONE = ("table", "state", "inbox", "environment", "person", "firm", "systems")
"""Arguments of what is no rule of plain numbers: it is tested with the loops."""

EDGES = "bad or edges or complete or long"
"""The tests of networks that take no large ones."""

QUICK = ("two rivals", "coarse")
"""Worlds that are tried before a loop's own tests, the others after them."""


Times = dict[str, float]
"""Processor time of each killer where nothing is changed, seconds."""


class Given(NamedTuple):
    """What all children share: the worlds, the folder of their edge list, and what the twin knows in them."""

    made: killers.Scenarios
    folder: Path
    lives: killers.Lives | None


def amend(module: ModuleType, tree: ast.Module) -> None:
    """Give the functions of a module the code of a changed syntax tree, and everybody its changed constants.

    Functions stay the objects that they are, so that whoever has imported them runs the changed code.
    """
    fresh = ModuleType(module.__name__)
    fresh.__dict__.update(__file__=module.__file__, __package__=module.__package__)
    exec(compile(tree, str(module.__file__), "exec"), fresh.__dict__)
    for name, new in vars(fresh).items():
        old = vars(module).get(name)
        if isinstance(new, FunctionType) and isinstance(old, FunctionType):
            if new.__module__ == module.__name__:
                old.__code__, old.__defaults__ = new.__code__, new.__defaults__
        elif is_constant(new) and not np.array_equal(new, old):
            for other in [one for one in sys.modules.values() if getattr(one, "__name__", "").startswith("sim.")]:
                if name in vars(other) and np.array_equal(vars(other)[name], old):
                    setattr(other, name, new)


def is_constant(value: Any) -> bool:
    """Whether a value of a module holds nothing but numbers and texts, so that another value may stand in its place."""
    plain = value.values() if isinstance(value, dict) else [value]
    return all(isinstance(one, int | float | str | tuple | np.ndarray) for one in plain)


def module_of(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def marked(file: str) -> dict[str, bool]:
    """Functions of a room that are compiled, by name: whether each is a rule of plain numbers."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {
        node.name: not {argument.arg for argument in node.args.args} & set(ONE_BY_ONE)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and {ast.unparse(mark) for mark in node.decorator_list} & {"rule", "kernel"}
    }


def rooms() -> list[str]:
    files = (path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "sim" / "model").glob("*.py")))
    return [file for file in files if marked(file)]


def mutants_for(target: str) -> list[Mutant]:
    """Of the rooms, rules of plain numbers are rules; the rest of them, and of the engine, are loops."""
    found = [] if target == "rules" else [m for name in LOOPS for m in mutants_of(ROOT, f"sim/engine/{name}.py")]
    for file in rooms():
        plain = marked(file)
        for mutant in mutants_of(ROOT, file):
            function = mutant.name.removeprefix(f"{file} ").split(":", 1)[0]
            if plain.get(function, all(plain.values())) is (target == "rules"):
                found.append(mutant)
    return found


def shared_with_the_twin() -> set[str]:
    """Engine modules that the twin itself imports, however indirectly: with these changed it has to be asked again."""
    todo = list((ROOT / "sim" / "twin").glob("*.py"))
    found: set[str] = set()
    while todo:
        for node in ast.walk(ast.parse(todo.pop().read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("sim.engine", "sim.model")):
                package = node.module in ("sim.engine", "sim.model")
                names = [f"{node.module}.{one.name}" if package else node.module for one in node.names]
                for name in {str(name) for name in names} - found:
                    found.add(name)
                    todo.append(ROOT / f"{name.replace('.', '/')}.py")
    return found


def prepare() -> None:
    """Import what every child needs and no mutant touches."""
    for name in LIBRARIES:
        importlib.import_module(name)
    for package in ("sim.vocabulary", "sim.model", "sim.parameters", "sim.engine", "sim.scenario", "sim.twin"):
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__, package + "."):
            importlib.import_module(module.name)
    settings = importlib.import_module("hypothesis").settings
    settings.register_profile("mutation", derandomize=True, database=None, deadline=None)
    settings.load_profile("mutation")


def ladder(target: str, file: str, given: Given) -> Iterator[tuple[str, Any]]:
    """The killers of a file, by name, in the order in which they are tried."""
    name = module_of(file)
    yield "examples", partial(killers.examples, name)
    stem = Path(file).stem
    if target == "rules":
        own = ROOT / "tests" / "model" / f"test_{stem}.py"
        if stem == "luck":
            fast = ("known", "exact", "quantile", "each_of_the_five")
            for test in ("test_luck_known.py", "test_luck.py"):
                if (own.parent / test).exists():
                    only = ("-k", " or ".join(fast)) if test == "test_luck.py" else ()
                yield test, partial(killers.passes, str(own.parent / test), *only)
        else:
            for test in OWN_RULES.get(stem, (own.name,)):
                path = (own.parent / test).resolve()
                if path.exists():
                    yield test, partial(killers.passes, str(path))
        return
    shared = name in shared_with_the_twin()
    worlds = [
        (f"state: {world}", partial(killers.same_life, world, scenario, given.folder, None if shared else given.lives))
        for world, scenario in given.made.items()
    ]
    first = 0 if shared else len(QUICK)
    yield from worlds[:first]
    folder = ROOT / "tests" / "engine" / "loops"
    own = [path for test in LOOP_TESTS.get(file, (stem,)) if (path := folder / f"test_{test}.py").exists()]
    for path in own:
        yield path.name, partial(killers.passes, str(path))
    if stem == "network":
        yield "test_network.py", partial(killers.passes, str(ROOT / "tests/engine/test_network.py"), "-k", EDGES)
    yield from worlds[first:]
    for path in sorted(set(folder.glob("test_*.py")) - set(own)) if given.made else ():
        yield f"last: {path.name}", partial(killers.passes, str(path))


def child(target: str, mutant: Mutant | None, file: str, given: Given, usual: Times, pipe: int) -> None:
    """Try to kill one mutant (or none, to see that all is well without one); tells by the pipe.

    A killer that takes far more processor time than is `usual` ends the process.
    """
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    tell = os.fdopen(pipe, "w")
    at = "import"
    times = {}
    try:
        signal.setitimer(signal.ITIMER_PROF, SLOWEST)
        if mutant is not None:
            amend(importlib.import_module(module_of(file)), tree_of(ROOT, mutant))
        for at, killer in ladder(target, file, given):
            begun = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, 4.0 * usual[at] + 2.0 if at in usual else SLOWEST)
            killer()
            times[at] = round(time.process_time() - begun, 2)
    except BaseException as error:
        tell.write(json.dumps({"by": at, "because": f"{type(error).__name__}: {error}"[:300], "times": times}))
    else:
        tell.write(json.dumps({"by": None, "times": times}))
    tell.flush()
    os._exit(0)


def tried(work: Iterable[tuple[Any, ...]], processes: int) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Fork for each piece of work, some at a time; yields it with what was told, in the order of ending."""
    running: dict[int, tuple[Any, int, float]] = {}
    todo = iter(work)
    more = True
    while more or running:
        while more and len(running) < processes:
            piece = next(todo, None)
            if piece is None:
                more = False
                break
            read, write = os.pipe()
            pid = os.fork()
            if pid == 0:
                os.close(read)
                child(*piece, write)
            os.close(write)
            running[pid] = piece, read, time.monotonic()
        if not running:
            break
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            for late, (_, _, begun) in running.items():
                if time.monotonic() - begun > 20 * SLOWEST:
                    os.kill(late, signal.SIGKILL)
            time.sleep(0.005)
            continue
        piece, read, begun = running.pop(pid)
        with os.fdopen(read) as told:
            text = told.read()
        answer = json.loads(text) if text else {"by": "time" if os.WIFSIGNALED(status) else "end of the process"}
        yield piece, answer | {"seconds": round(time.monotonic() - begun, 2)}


def twin_in_a_fork(made: killers.Scenarios, folder: Path) -> Any:
    """The lives of the twin, lived in a process of their own, so that nothing of them stays here."""
    read, write = os.pipe()
    if os.fork() == 0:
        os.close(read)
        with os.fdopen(write, "wb") as pipe:
            pipe.write(killers.lives_of_the_twin(made, folder))
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        lives = pickle.loads(pipe.read())
    os.wait()
    return lives


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("target", choices=("rules", "loops"))
    arguments.add_argument("--sample", type=int, help="so many mutants, drawn by a fixed shuffle; all if left out")
    arguments.add_argument("--skip", type=int, default=0, help="leave out so many of the shuffle first")
    arguments.add_argument("--processes", type=int, default=1)
    arguments.add_argument("--only", default="", help="mutants in whose name this pattern is found")
    given = arguments.parse_args()
    found = mutants_for(given.target)
    found = sorted((mutant for mutant in found if re.search(given.only, mutant.name)), key=lambda mutant: mutant.order)
    if given.sample is not None:
        found = found[given.skip : given.skip + given.sample]
    prepare()
    with TemporaryDirectory() as name:
        shared = Given({}, Path(name), None)
        if given.target == "loops":
            made = killers.scenarios(Path(name))
            shared = Given(made, Path(name), twin_in_a_fork(made, Path(name)))
        report(given.target, found, shared, given.processes)


def report(target: str, found: list[Mutant], shared: Given, processes: int) -> None:
    """Try the killers without any change, for their time, and then on each mutant.

    The worlds, and the tests that come last, take as long for every file, but for those with which the twin is run too:
    one of each kind is enough.
    """
    files = sorted({mutant.file for mutant in found})
    gc.freeze()  # no child looks for garbage in what is here
    shared_files = [file for file in files if module_of(file) in shared_with_the_twin()]
    whole = {kind[0] for kind in (shared_files, [file for file in files if file not in shared_files]) if kind}
    usual: dict[str, Times] = {file: {} for file in files}
    without_worlds = Given({}, shared.folder, None)
    pieces = [(target, None, file, shared if file in whole else without_worlds, {}) for file in files]
    for (_, _, file, *_), answer in tried(pieces, processes):
        if answer["by"] is not None:
            sys.exit(f"{file}: fails without any change, by {answer}")
        times = answer["times"]
        worlds = {name: taken for name, taken in times.items() if name.startswith(("state", "last"))}
        for other in files:
            if other == file:
                usual[other] |= times
            elif (other in shared_files) == (file in shared_files):
                usual[other] |= worlds
        print(json.dumps({"file": file, "unchanged": answer}), flush=True)
    work = ((target, mutant, mutant.file, shared, usual[mutant.file]) for mutant in found)
    for (_, mutant, *_), answer in tried(work, processes):
        print(json.dumps({"file": mutant.file, "name": mutant.name, "line": mutant.line} | answer), flush=True)


if __name__ == "__main__":
    main()
