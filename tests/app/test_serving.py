"""From `sim app` to its end: the address, Ctrl-C, an address that is taken, a library that is missing."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from importlib import import_module
from pathlib import Path

import pytest

from sim.app.serving import AddressError, listen, serve
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.extras import MissingExtraError

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_it_says_its_address_answers_there_and_ends_when_asked(today, number, status):
    pytest.importorskip("uvicorn")
    command = [sys.executable, "-m", "sim", "app", str(today), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        said = ""
        while "The page: " not in said:
            line = started.stdout.readline()
            assert line, started.communicate()
            said += line
        address = re.search(r"http://127\.0\.0\.1:\d+/", said)
        assert address is not None
        with urllib.request.urlopen(address[0]) as answer:
            assert b"ExitVoice" in answer.read()
        started.send_signal(number)
        out, error = started.communicate()
        assert started.returncode == status, error
    assert "Traceback" not in error
    assert ("Ended." in out) == (status == 0)


def test_an_address_that_is_taken_is_told(today):
    pytest.importorskip("uvicorn")
    with listen("127.0.0.1", 0) as taken, pytest.raises(AddressError, match="--port 0"):
        serve(today, port=taken.getsockname()[1])
    with pytest.raises(AddressError, match=r"cannot be listened on.*--host takes an address of this machine"):
        listen("192.0.2.1", 0)


def test_a_wrong_file_is_told_before_anything_is_served(tmp_path):
    pytest.importorskip("uvicorn")
    file = tmp_path / "wrong.yaml"
    file.write_text("firm: {desk: {eese: 1}}", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"did you mean firm\.desk\.ease"):
        serve(file)


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_a_missing_library_is_one_sentence_with_the_line_that_installs_it(today, monkeypatch, missing):
    def without(name):
        if name.partition(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return import_module(name)

    monkeypatch.setattr("sim.vocabulary.extras.import_module", without)
    with pytest.raises(MissingExtraError, match=rf"need the library {missing}.*\.\[app\]"):
        serve(today)


def test_the_command_line_loads_no_server_before_it_is_asked_for_one():
    names = "('starlette', 'uvicorn', 'sim.app')"
    loaded = f"import sim.cli.study_commands, sys; print([name for name in {names} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
