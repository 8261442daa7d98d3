"""The command line called in this process: what a process of its own would say, without its start."""

import contextlib
import io
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest

from sim.cli import main


def call(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What `sim` answers to these words, given in that folder."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "argv", ["sim", *words]),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("default")  # as in a process of its own; here they would be errors
        with pytest.raises(SystemExit) as end:
            main()
    return subprocess.CompletedProcess(words, int(end.value.code or 0), out.getvalue(), err.getvalue())


def asking(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """`sim COMMAND` where one stands, as a function of its words: status, stdout, stderr; warnings stay errors."""

    def ask(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["sim", command, *words])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return ask
