"""Programs that compile one small kernel of the package, each in a process of its own with a cache of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sim.private_folder import NotPrivateError, private_folder

ROOT = Path(__file__).resolve().parents[2]
Start = Callable[..., subprocess.CompletedProcess[str]]

ADD = """
import numpy as np
from sim import kernel_ready
from sim.compiled import atomic_add
kernel_ready.find = lambda *_: None  # by numba
counts = np.zeros(3, np.int64)
atomic_add(counts, 1, 5)
print(counts.tolist(), sum(atomic_add.dispatcher.stats.cache_hits.values()))
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder of this test that is private, so that what the test makes of it decides."""
    try:
        return private_folder(tmp_path)
    except NotPrivateError as error:
        pytest.skip(f"the folders of the tests are not private: {error}")


@pytest.fixture
def addition() -> str:
    """Code that prints a result, and whether its kernel came from the disk."""
    return ADD


@pytest.fixture
def start(here: Path) -> Start:
    """Run Python code from the project's folder, with `here / "cache"` for compiled code unless told otherwise."""

    def started(code: str = ADD, *, env: dict[str, str] | None = None, **more: object):
        mine = {"EXITVOICE_CACHE_DIR": str(here / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
        passed_on = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("EXITVOICE_", "NUMBA_", "XDG_", "COV_"))
        }
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=passed_on | mine | (env or {}),
            capture_output=True,
            text=True,
            timeout=300,
            **more,
        )
        assert done.returncode == 0, done.stderr
        return done

    return started


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the compiled code that `ADD` needs; not to be touched."""
    folder = tmp_path_factory.mktemp("filled")
    env = os.environ | {"EXITVOICE_CACHE_DIR": str(folder)}
    env.pop("NUMBA_DISABLE_JIT", None)
    subprocess.run([sys.executable, "-c", ADD], cwd=ROOT, env=env, check=True, capture_output=True)
    return folder


@pytest.fixture
def cache(here: Path, filled: Path) -> Path:
    """The folder that `start` uses, filled."""
    shutil.copytree(filled, here / "cache")
    return here / "cache"


@pytest.fixture
def shared() -> Iterator[Path]:
    """A private folder that any user can pass through, for tests that act as others; skipped where we may not."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only the administrator can act as other users")
    folder = Path(tempfile.mkdtemp(prefix="exitvoice-test-"))
    folder.chmod(0o755)
    try:
        if not all(above.stat().st_mode & 0o001 for above in folder.parents):
            pytest.skip("other users cannot reach the folders of the tests")
        yield private_folder(folder)
    except NotPrivateError as error:
        pytest.skip(f"the folders of the tests are not private: {error}")
    finally:
        shutil.rmtree(folder)
