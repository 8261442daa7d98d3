"""One gate for files that a user names: what it reads, what it never replaces, and that it writes nothing by halves."""

import os
import stat
from pathlib import Path

import pytest

from sim.vocabulary import files
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.files import FileError, FileWritingError, check_file, read_limited, whole_file, write_whole

TXT = (".txt",)
needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")


# ---- writing ---------------------------------------------------------------------------------------------------------


def test_a_new_file_is_whole_and_has_the_usual_permissions(tmp_path):
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "a.txt", "one\ntwo\n", TXT)
    finally:
        os.umask(before)
    assert (tmp_path / "a.txt").read_bytes() == b"one\ntwo\n"
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_what_replaces_a_file_keeps_its_permissions(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("old")
    file.chmod(0o604)
    write_whole(file, "new", TXT, force=True)
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("new", 0o604)


def taken(kind: str, place: Path) -> None:
    if kind == "a file":
        place.write_text("precious")
    elif kind == "a folder":
        place.mkdir()
    elif kind == "a pipe":
        os.mkfifo(place)
    else:
        target = place.with_name("target")
        if kind == "a link to a file":
            target.write_text("precious")
        place.symlink_to(target)


@needs_pipes
@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("kind", ["a file", "a folder", "a pipe", "a link to a file", "a link to nothing"])
def test_nothing_that_is_there_is_replaced_but_a_regular_file_by_force(tmp_path, kind, force):
    place = tmp_path / "a.txt"
    taken(kind, place)
    if kind == "a file" and force:
        write_whole(place, "new", TXT, force=True)
        assert place.read_text() == "new"
        return
    before = {path.name: path.lstat() for path in tmp_path.iterdir()}
    with pytest.raises(FileError) as caught:
        write_whole(place, "new", TXT, force=force)
    assert caught.value.exit_status == 2
    assert str(caught.value).startswith(f"{place}: is ")
    assert {path.name: path.lstat() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_appears_meanwhile_stays(tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    place = tmp_path / "a.txt"

    def write():
        with whole_file(place, TXT) as partial:
            partial.write_text("new")
            place.write_text("precious")

    with pytest.raises(FileError, match="is there already; --force replaces it"):
        write()
    assert place.read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def no_links(*_):
    raise PermissionError(1, "Operation not permitted")


def test_a_file_system_without_second_names_will_do(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", no_links)
    write_whole(tmp_path / "a.txt", "new", TXT)
    assert (tmp_path / "a.txt").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), ValueError("odd")])
def test_what_breaks_amid_the_writing_leaves_everything_as_it_was(tmp_path, error, force):
    place = tmp_path / "a.txt"
    if force:
        place.write_text("precious")

    def write():
        with whole_file(place, TXT, force=force) as partial:
            partial.write_text("half")
            raise error

    with pytest.raises(FileWritingError if isinstance(error, OSError) else type(error)) as caught:
        write()
    if isinstance(error, OSError):
        assert (str(caught.value), caught.value.exit_status) == (
            f"{place}: cannot be written: No space left on device",
            1,
        )
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.txt", "precious")] * force


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.csv", "allowed: .txt"),
        ("a", "allowed: .txt"),
        (".txt", "allowed: .txt"),
        ("a.txt.gz", "allowed: .txt"),
        ("no/a.txt", "there is no such folder"),
        ("a\0.txt", "a control character"),
        ("x" * 300 + ".txt", "cannot be written"),
    ],
)
def test_a_bad_name_is_refused_before_any_work(tmp_path, name, said):
    with pytest.raises(FileError, match=said):
        check_file(tmp_path / name, TXT)
    assert list(tmp_path.iterdir()) == []


def test_capitals_in_an_ending_do_not_matter(tmp_path):
    write_whole(tmp_path / "A.TXT", "new", TXT)
    assert (tmp_path / "A.TXT").read_text() == "new"


# ---- reading ---------------------------------------------------------------------------------------------------------


def refused(path: Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        read_limited(path, 100, "a small file")
    return str(caught.value)


@needs_pipes
def test_only_a_regular_file_is_read_and_nothing_is_waited_for(tmp_path):
    (tmp_path / "good").write_bytes(b"x" * 100)
    (tmp_path / "large").write_bytes(b"x" * 101)
    os.mkfifo(tmp_path / "pipe")
    assert len(read_limited(tmp_path / "good", 100, "a small file")) == 100
    assert refused(tmp_path / "large") == "the file is too large; allowed: at most 100 bytes"
    assert refused(tmp_path / "pipe") == "not a regular file; allowed: a small file"
    assert refused(tmp_path) == "is a folder; allowed: a small file"
    assert refused(tmp_path / "none") == "no such file; allowed: a small file"
    assert refused(tmp_path / "a\0b") == "cannot be read: not a possible file name"


@needs_pipes
def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(tmp_path, monkeypatch):
    place = tmp_path / "file"
    place.write_text("x")
    real = os.open

    def late(path, *arguments):
        place.unlink()
        os.mkfifo(place)
        return real(path, *arguments)

    monkeypatch.setattr(files.os, "open", late)
    assert refused(place) == "not a regular file; allowed: a small file"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero")
def test_a_device_is_not_read():
    assert refused(Path("/dev/zero")) == "not a regular file; allowed: a small file"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc")
def test_a_file_that_hides_its_size_is_not_read_beyond_the_limit():
    assert Path("/proc/self/status").stat().st_size == 0
    assert refused(Path("/proc/self/status")) == "the file is too large; allowed: at most 100 bytes"
