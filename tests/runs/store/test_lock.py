"""One writer at a time, and no lock that outlives its process."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from sim.results.whole_files import StoreError
from sim.runs.store.store import Store
from tests.runs.store.studies import filled, finish

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(code), *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(HERE)])}
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_second_writer_is_told_who_the_first_is(tmp_path: Path) -> None:
    filled(tmp_path / "study")
    with Store.open(tmp_path / "study", write=True):
        with pytest.raises(StoreError, match=rf"is being written by process {os.getpid()} on ") as refusal:
            Store.open(tmp_path / "study", write=True)
        assert refusal.value.exit_status == 2
        assert Store.open(tmp_path / "study").problems == []
        (tmp_path / "study" / "lock").write_bytes(b"")
        with pytest.raises(StoreError, match="is being written by another process"):
            Store.open(tmp_path / "study", write=True)
    Store.open(tmp_path / "study", write=True).close()


def test_another_process_is_refused_and_may_read(tmp_path: Path) -> None:
    filled(tmp_path / "study")
    code = """
        import sys
        from sim.results.whole_files import StoreError
        from sim.runs.store.store import Store
        print(len(Store.open(sys.argv[1]).runs()))
        try:
            Store.open(sys.argv[1], write=True)
        except StoreError as error:
            print(error)
    """
    with Store.open(tmp_path / "study", write=True):
        out, err = python(code, tmp_path / "study").communicate(timeout=120)
    assert err == ""
    assert out.splitlines()[0] == "60"
    assert f"is being written by process {os.getpid()} on" in out.splitlines()[1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_children_do_not_keep_the_lock_of_a_killed_parent(tmp_path: Path) -> None:
    """Neither a program that it started with all its descriptors open, nor a fork of it."""
    digest = filled(tmp_path / "study")
    code = """
        import os, subprocess, sys, time
        from sim.results.whole_files import StoreError
        from sim.runs.store.store import Store
        store = Store.open(sys.argv[1], write=True)
        started = subprocess.Popen(["sleep", "60"], close_fds=False, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        forked = os.fork()
        if not forked:
            for descriptor in (0, 1, 2):
                os.close(descriptor)
            try:
                store.flush()
            except StoreError:
                time.sleep(60)
            os._exit(1)
        print(started.pid, forked, flush=True)
        sys.stdin.read()
    """
    parent = python(code, tmp_path / "study")
    assert parent.stdout is not None
    children = [int(pid) for pid in parent.stdout.readline().split()]
    try:
        with pytest.raises(StoreError, match=f"process {parent.pid} on"):
            Store.open(tmp_path / "study", write=True)
        parent.kill()
        parent.communicate(timeout=300)
        assert finish(tmp_path / "study")[:2] == (digest, 0)
        for pid in children:
            os.kill(pid, 0)  # still there
    finally:
        parent.kill()
        for pid in children:
            os.kill(pid, 9)


def test_a_fork_cannot_write_and_the_parent_still_can(tmp_path: Path) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    code = """
        import os, sys
        from sim.results.whole_files import StoreError
        from sim.runs.store.store import Store
        with Store.open(sys.argv[1], write=True) as store:
            child = os.fork()
            if not child:
                try:
                    store.plan(9)
                except StoreError:
                    os._exit(7)
                os._exit(0)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
            try:
                Store.open(sys.argv[1], write=True)
            except StoreError:
                store.plan(8)
    """
    filled(tmp_path / "study")
    process = python(code, tmp_path / "study")
    assert process.communicate(timeout=120) == ("", "")
    assert process.returncode == 0
    assert Store.open(tmp_path / "study").replications == 8


def test_the_message_in_the_lock_is_only_a_message(tmp_path: Path) -> None:
    filled(tmp_path / "study")
    (tmp_path / "study" / "lock").write_text(json.dumps({"pid": 1, "host": "elsewhere"}))
    Store.open(tmp_path / "study", write=True).close()
