"""What holds for all tests."""

import gc
import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from sim.model.customer import Segment
from sim.model.market import Market, Run
from sim.model.scenario import Scenario
from sim.runs.run import run
from tests import first_look

BEFORE = dict(os.environ)
OURS = ("PYTEST_CURRENT_TEST", "PYTEST_VERSION", "PYTEST_XDIST_", "NUMBA_DISABLE_INTEL_SVML")

# No example is failed for being slow: how fast a machine is says nothing about the code. All have the same examples on
# every day; new ones are looked for by the slow tests of ten thousand, which say so.
settings.register_profile("untimed", deadline=None, derandomize=True)
settings.load_profile("untimed")


def pytest_sessionstart() -> None:
    """Hear Ctrl-C, as started programs then do too: what a script puts in the background begins deaf to it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage while tests are looked for: a fifth of that went into it, and all that is made stays.

    While tests run, look for it seldom: what they import stays as well, and was gone through again and again.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        first_look.done()
        gc.freeze()
        gc.set_threshold(10_000)
        gc.enable()


def pytest_collection_finish() -> None:
    """What is imported to look for tests leaves the environment alone: every program that tests start inherits it."""
    names = sorted(name for name in BEFORE.keys() | os.environ.keys() if BEFORE.get(name) != os.environ.get(name))
    changed = [name for name in names if not name.startswith(OURS)]
    if changed:
        raise pytest.UsageError(f"looking for tests has changed the environment: {', '.join(changed)}")


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    return Scenario(
        name="small",
        market=Market(customers=400),
        segments=[Segment(name="young", share=0.4), Segment(name="old", share=0.6)],
        run=Run(periods=30, replications=3, seed=7, panel=5),
    )


@pytest.fixture(scope="session")
def result(scenario):
    return run(scenario, threads=1)
