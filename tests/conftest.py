"""What holds for all tests."""

import os
import signal

import pytest
from hypothesis import settings

BEFORE = dict(os.environ)
OURS = ("PYTEST_CURRENT_TEST", "PYTEST_VERSION", "PYTEST_XDIST_", "NUMBA_DISABLE_INTEL_SVML")

# No example is failed for being slow: how fast a machine is says nothing about the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_sessionstart() -> None:
    """Hear Ctrl-C, as started programs then do too: what a script puts in the background begins deaf to it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """What is imported to look for tests leaves the environment alone: every program that tests start inherits it."""
    names = sorted(name for name in BEFORE.keys() | os.environ.keys() if BEFORE.get(name) != os.environ.get(name))
    changed = [name for name in names if not name.startswith(OURS)]
    if changed:
        raise pytest.UsageError(f"looking for tests has changed the environment: {', '.join(changed)}")
