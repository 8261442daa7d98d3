from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.app.starts import Starts
from sim.app.turns import Turns

TODAY = """\
name: small
question: What "is" <b>this</b>?
run: {periods: 26, seed: 7}
market: {customers: 100}
firm: {desk: {ease: 1.0}}
rivals: [{name: other, initial_share: 0.3}]
"""


@pytest.fixture
def today(tmp_path: Path) -> Path:
    """A scenario so small that everybody in it is watched."""
    file = tmp_path / "small.yaml"
    file.write_text(TODAY, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def starts(tmp_path_factory: pytest.TempPathFactory) -> Starts:
    """What a page of that scenario may start from, read once: it never changes, and every shipped file is in it."""
    file = tmp_path_factory.mktemp("page") / "small.yaml"
    file.write_text(TODAY, encoding="utf-8")
    return Starts(file)


@pytest.fixture
def turns() -> Iterator[Turns]:
    made = Turns(2)
    yield made
    made.close()
