"""The option of the mutation run."""

import pytest

collect_ignore = ["killers.py", "mutants.py", "run.py"]  # a program of its own; looking for examples would import it


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--mutation-processes", type=int, default=1, help="mutants that are tried at the same time (default 1)"
    )
