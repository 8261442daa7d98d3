"""Entries on disk are whole and ours, or there are none; where none can be kept, that is said once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim import compiled, kernel_compiler, kernel_folder
from sim.kernel_folder import NOTICE_GIVEN, KernelFolder

ROOT = Path(__file__).resolve().parents[2]
NAME = f"kernels-{1:016x}"
PACKED = bytes(range(256))


@pytest.fixture
def folder(here: Path, monkeypatch: pytest.MonkeyPatch) -> KernelFolder:
    monkeypatch.setenv("EXITVOICE_CACHE_DIR", str(here / "cache"))
    monkeypatch.setenv(NOTICE_GIVEN, "")
    return KernelFolder(lambda: NAME)


def entry_file(folder: KernelFolder, name: str = "entry") -> Path:
    assert folder.path is not None
    return folder.path / name


def test_an_entry_is_read_as_it_was_written(folder: KernelFolder, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.read("entry", "about it") is None
    folder.write("entry", "about it", PACKED)
    found = folder.read("entry", "about it")
    assert found is not None
    assert bytes(found) == PACKED
    assert [path.name for path in entry_file(folder).parent.iterdir()] == ["entry"]
    assert capsys.readouterr().err == ""


def test_an_entry_with_any_byte_cut_off_or_changed_is_thrown_away(folder: KernelFolder) -> None:
    folder.write("entry", "about it", PACKED)
    file = entry_file(folder)
    whole = file.read_bytes()
    damaged = [whole[:length] for length in range(len(whole))]
    damaged += [whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :] for at in range(len(whole))]
    damaged += [whole + b"\0", bytes(len(whole)), whole[::-1]]
    for data in damaged:
        file.write_bytes(data)
        assert folder.read("entry", "about it") is None
        assert not file.exists()


def test_an_entry_in_place_of_another_is_thrown_away(folder: KernelFolder) -> None:
    folder.write("one", "about one", PACKED)
    folder.write("two", "about two", PACKED)
    entry_file(folder, "one").replace(entry_file(folder, "two"))
    assert folder.read("two", "about two") is None
    assert not entry_file(folder, "two").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no modes here")
def test_an_entry_that_others_can_write_to_is_thrown_away(folder: KernelFolder) -> None:
    for mode in (0o620, 0o602):
        folder.write("entry", "about it", PACKED)
        entry_file(folder).chmod(mode)
        assert folder.read("entry", "about it") is None
        assert not entry_file(folder).exists()


def test_an_entry_of_another_user_is_thrown_away(folder: KernelFolder, shared: Path) -> None:
    folder.write("entry", "about it", PACKED)
    os.chown(entry_file(folder), 65534, 65534)
    assert folder.read("entry", "about it") is None
    assert not entry_file(folder).exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_what_is_no_file_is_no_entry(folder: KernelFolder) -> None:
    folder.write("other", "about it", PACKED)
    entry_file(folder).symlink_to(entry_file(folder, "other"))
    assert folder.read("entry", "about it") is None
    os.mkfifo(entry_file(folder))
    assert folder.read("entry", "about it") is None
    entry_file(folder).mkdir()
    assert folder.read("entry", "about it") is None


def test_where_nothing_can_be_written_that_is_said_once(
    folder: KernelFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write("before", "about it", PACKED)
    for obstacle in ("entry", "another"):
        entry_file(folder, obstacle).mkdir()
        folder.write(obstacle, "about it", PACKED)
    said = capsys.readouterr().err
    assert said.count("\n") == said.count("note: compiled code is not kept on disk") == 1
    assert str(folder.path) in said
    assert not folder.writes
    assert folder.read("before", "about it") is not None
    assert not list(entry_file(folder).parent.glob("*.part"))
    KernelFolder(lambda: NAME).give_up("another reason")
    assert capsys.readouterr().err == ""


def test_two_programs_that_write_the_same_entries_leave_whole_ones(folder: KernelFolder) -> None:
    code = f"""
import sys
from sim.kernel_folder import KernelFolder
folder = KernelFolder(lambda: {NAME!r})
mine = sys.argv[1].encode() * int(sys.argv[2])
seen = {{None}}
for turn in range(300):
    folder.write("entry", "about it", mine)
    found = folder.read("entry", "about it")
    seen.add(None if found is None else bytes(found))
assert folder.writes
print(sorted((data[:1].decode(), len(data)) for data in seen - {{None}}))
"""
    writers = [
        subprocess.Popen([sys.executable, "-c", code, *about], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for about in (("a", "70000"), ("b", "900"))
    ]
    for writer in writers:
        out, err = writer.communicate(timeout=120)
        assert err == b""
        assert set(eval(out)) <= {("a", 70000), ("b", 900)}
    found = folder.read("entry", "about it")
    assert found is not None
    assert bytes(found) in {b"a" * 70000, b"b" * 900}
    assert [path.name for path in entry_file(folder).parent.iterdir()] == ["entry"]


@pytest.mark.parametrize("moment", ["replace", "unlink", "write"])
def test_a_program_killed_while_it_writes_leaves_the_entry_whole_or_not_at_all(
    folder: KernelFolder, moment: str
) -> None:
    code = f"""
import os, signal, sys
from sim.kernel_folder import KernelFolder
def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)
if {moment!r} == "write":
    from sim import kernel_folder
    number_of = kernel_folder.tempfile.mkstemp
    def killed_half_way(**kinds):
        number, part = number_of(**kinds)
        os.write(number, b"exitvoice kernel 1\\n half")
        killed()
    kernel_folder.tempfile.mkstemp = killed_half_way
elif {moment!r} == "unlink":
    replace = os.replace
    os.replace = lambda *names: (replace(*names), killed())
else:
    os.replace = killed
KernelFolder(lambda: {NAME!r}).write("entry", "about it", {PACKED!r})
"""
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True)
        assert done.returncode != 0
        assert done.stderr == b""
        found = folder.read("entry", "about it")
        assert (None if found is None else bytes(found)) == (PACKED if moment == "unlink" else None)
    parts = list(entry_file(folder).parent.glob("*.part"))
    assert len(parts) == (0 if moment == "unlink" else 2)
    folder.write("entry", "about it", PACKED)
    for part in parts[:1]:
        os.utime(part, (0, 0))
    reader = KernelFolder(lambda: NAME)
    found = reader.read("entry", "about it")
    assert found is not None
    assert bytes(found) == PACKED
    assert [part.exists() for part in parts] == [False, True][: len(parts)]


def test_folders_of_older_sources_go_when_they_have_not_been_used_for_30_days(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = here / "cache"
    monkeypatch.setenv("EXITVOICE_CACHE_DIR", str(base))
    stale, recent, foreign = base / f"kernels-{0:016x}", base / f"kernels-{1:016x}", base / "kernels-mine"
    for there in (stale, recent, foreign):
        there.mkdir(parents=True)
        os.utime(there, (0, 0) if there != recent else None)
    used = base / f"kernels-{compiled.sources_hash()}"
    used.mkdir()
    os.utime(used, (0, 0))
    assert KernelFolder(kernel_compiler.FOLDER._name).path == used
    assert [stale.exists(), recent.exists(), foreign.exists()] == [False, True, True]
    assert used.stat().st_mtime > 0.0  # touched: in use


def test_the_folder_is_the_one_that_was_asked_for(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("EXITVOICE_CACHE_DIR", "NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(kernel_folder.platformdirs, "user_cache_dir", lambda name: str(here / "users" / name))
    assert KernelFolder(lambda: NAME).path == here / "users" / "exitvoice" / NAME
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(here / "numba"))
    assert KernelFolder(lambda: NAME).path == here / "numba" / "exitvoice" / NAME
    monkeypatch.setenv("EXITVOICE_CACHE_DIR", str(here / "ours"))
    assert KernelFolder(lambda: NAME).path == here / "ours" / NAME
    monkeypatch.chdir(here)
    monkeypatch.setenv("EXITVOICE_CACHE_DIR", "relative")
    assert KernelFolder(lambda: NAME).path == here / "relative" / NAME


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no modes here")
@pytest.mark.parametrize("variable", ["EXITVOICE_CACHE_DIR", "NUMBA_CACHE_DIR"])
def test_an_unsafe_wish_is_refused_by_name(
    here: Path, variable: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("EXITVOICE_CACHE_DIR", raising=False)
    monkeypatch.setenv(NOTICE_GIVEN, "")
    (here / "open").mkdir()
    (here / "open").chmod(0o777)
    monkeypatch.setenv(variable, str(here / "open" / "x"))
    folder = KernelFolder(lambda: NAME)
    folder.write("entry", "about it", PACKED)
    assert folder.read("entry", "about it") is None
    assert folder.path is None
    said = capsys.readouterr().err
    assert said.startswith("note: compiled code is not kept on disk")
    assert f"{variable} is {here / 'open' / 'x'}" in said
    assert f"{here / 'open'} can be written to by others" in said
    assert list((here / "open").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="elsewhere the home folder is found otherwise")
def test_a_home_that_does_not_exist_is_not_made(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("EXITVOICE_CACHE_DIR", "NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(NOTICE_GIVEN, "")
    monkeypatch.setenv("HOME", str(here / "nobody"))
    assert KernelFolder(lambda: NAME).path is None
    assert not (here / "nobody").exists()
    assert f"the home folder {here / 'nobody'} does not exist" in capsys.readouterr().err


def test_a_user_without_any_home_is_told_so(shared: Path) -> None:
    code = """
import os, sys
from sim.kernel_folder import KernelFolder
for name in list(os.environ):
    del os.environ[name]
os.setgroups([])
os.setgid(54321)
os.setuid(54321)
os.chdir(sys.argv[1])
print(KernelFolder(lambda: "kernels-x").path)
"""
    (shared / "empty").mkdir()
    (shared / "empty").chmod(0o777)
    done = subprocess.run([sys.executable, "-c", code, str(shared / "empty")], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "None", done.stderr
    assert "the user has no home folder" in done.stderr
    assert list((shared / "empty").iterdir()) == []
