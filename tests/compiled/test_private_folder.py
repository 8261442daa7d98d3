"""A folder is taken only if nobody else could have made, filled or renamed anything on its path."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim import private_folder as module
from sim.private_folder import NotPrivateError, private_folder

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no numeric owners here")

ROOT = Path(__file__).resolve().parents[2]
NOBODY, ANOTHER = 65534, 54321
LEVELS = range(4)


def levels(here: Path) -> list[Path]:
    """Four folders, one in the other."""
    path = here / "a" / "b" / "c" / "d"
    path.mkdir(parents=True)
    return [*reversed(path.parents[:3]), path]


def tried_as(user: int, path: Path) -> str:
    """What another user gets for a path."""
    code = """
import os, sys
from pathlib import Path
from sim.private_folder import *
os.setgroups([])
os.setgid(int(sys.argv[1]))
os.setuid(int(sys.argv[1]))
try:
    print(private_folder(Path(sys.argv[2])))
except NotPrivateError as error:
    print('refused:', error)
"""
    command = [sys.executable, "-c", code, str(user), str(path)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def test_what_is_missing_is_made_for_us_alone(here: Path) -> None:
    before = os.umask(0)
    try:
        assert private_folder(here / "x" / "y") == here / "x" / "y"
    finally:
        os.umask(before)
    assert [(here / name).stat().st_mode & 0o777 for name in ("x", "x/y")] == [0o700, 0o700]


@pytest.mark.parametrize("mode", [0o775, 0o757, 0o720, 0o777, 0o2775])
@pytest.mark.parametrize("level", LEVELS)
def test_a_folder_that_others_can_write_to_is_refused_at_each_level(here: Path, level: int, mode: int) -> None:
    folders = levels(here)
    folders[level].chmod(mode)
    with pytest.raises(NotPrivateError, match=rf"{folders[level]} can be written to by others"):
        private_folder(folders[-1])


@pytest.mark.parametrize("level", LEVELS[:-1])
def test_what_is_ours_in_a_sticky_folder_is_taken(here: Path, level: int) -> None:
    folders = levels(here)
    folders[level].chmod(0o1777)
    assert private_folder(folders[-1]) == folders[-1]
    assert private_folder(folders[level] / "new" / "newer") == folders[level] / "new" / "newer"


def test_a_sticky_folder_itself_is_not(here: Path) -> None:
    folders = levels(here)
    folders[-2].chmod(0o1777)
    for path in (folders[-2], folders[-1] / "..", folders[-1] / "." / ".." / ".." / "c"):
        with pytest.raises(NotPrivateError, match="can be written to by others"):
            private_folder(path)


@pytest.mark.parametrize("level", LEVELS)
def test_a_folder_of_another_user_is_refused_at_each_level(shared: Path, level: int) -> None:
    folders = levels(shared)
    os.chown(folders[level], NOBODY, NOBODY)
    with pytest.raises(NotPrivateError, match=rf"{folders[level]} belongs to another user"):
        private_folder(folders[-1] / "e")
    assert not (folders[-1] / "e").exists()


@pytest.mark.parametrize("mode", [0o1777, 0o700])
def test_a_folder_that_another_user_made_first_is_refused(shared: Path, mode: int) -> None:
    (shared / "tmp").mkdir()
    (shared / "tmp").chmod(0o1777)
    (shared / "tmp" / "exitvoice").mkdir(mode=mode)
    os.chown(shared / "tmp" / "exitvoice", NOBODY, NOBODY)
    with pytest.raises(NotPrivateError, match="belongs to another user"):
        private_folder(shared / "tmp" / "exitvoice" / "kernels")
    assert list((shared / "tmp" / "exitvoice").iterdir()) == []


@pytest.mark.parametrize("absolute", [True, False])
def test_links_are_followed_under_the_same_rules(here: Path, absolute: bool) -> None:
    folders = levels(here)
    (here / "links").mkdir()
    (here / "links" / "to b").symlink_to(folders[1] if absolute else Path("..", "a", "b"))
    assert private_folder(here / "links" / "to b" / "c") == folders[2]
    assert private_folder(here / "links" / "to b" / ".." / "b" / "new") == folders[1] / "new"
    folders[1].chmod(0o777)
    with pytest.raises(NotPrivateError, match=rf"{folders[1]} can be written to by others"):
        private_folder(here / "links" / "to b" / "c")


def test_no_link_is_followed_out_of_a_folder_that_others_can_write_to(here: Path) -> None:
    folders = levels(here)
    (here / "tmp").mkdir()
    (here / "tmp").chmod(0o1777)
    (here / "tmp" / "link").symlink_to(folders[1])
    with pytest.raises(NotPrivateError, match="is a link in a folder that others can write to"):
        private_folder(here / "tmp" / "link")


def test_no_link_of_another_user_is_followed(shared: Path) -> None:
    folders = levels(shared)
    (shared / "link").symlink_to(folders[1])
    os.chown(shared / "link", NOBODY, NOBODY, follow_symlinks=False)
    with pytest.raises(NotPrivateError, match="link belongs to another user"):
        private_folder(shared / "link" / "c")


def test_links_in_a_circle_and_links_to_nothing_come_to_an_end(here: Path) -> None:
    (here / "one").symlink_to(here / "two")
    (here / "two").symlink_to(here / "one")
    with pytest.raises(NotPrivateError, match="too many links"):
        private_folder(here / "one" / "x")
    (here / "ahead").symlink_to(here / "not yet there")
    assert private_folder(here / "ahead") == here / "not yet there"


def test_a_file_in_the_path_is_refused(here: Path) -> None:
    (here / "file").write_text("")
    for path in (here / "file", here / "file" / "x"):
        with pytest.raises(NotPrivateError, match="file is not a folder"):
            private_folder(path)


def test_any_user_may_use_what_is_theirs_below_what_is_the_administrators(shared: Path) -> None:
    (shared / "home").mkdir()
    os.chown(shared / "home", NOBODY, NOBODY)
    assert tried_as(NOBODY, shared / "home" / "cache" / "x") == str(shared / "home" / "cache" / "x")
    assert (shared / "home" / "cache").stat().st_uid == NOBODY
    (shared / "home").chmod(0o777)
    assert tried_as(ANOTHER, shared / "home" / "cache") == f"refused: {shared / 'home'} belongs to another user"


def test_what_cannot_be_made_is_refused_with_the_reason(shared: Path) -> None:
    assert tried_as(NOBODY, shared / "new" / "x") == f"refused: {shared / 'new'}: Permission denied"
    (shared / "closed").mkdir(mode=0o700)
    assert tried_as(NOBODY, shared / "closed" / "x").endswith("Permission denied")


def test_without_numeric_owners_only_what_is_below_the_profile_is_taken(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(module.os, "geteuid")
    monkeypatch.setattr(Path, "home", lambda: here / "profile")
    assert private_folder(here / "profile" / "cache") == here / "profile" / "cache"
    (here / "profile" / "link").symlink_to(here)
    for path in (here / "elsewhere", here / "profile" / ".." / "elsewhere", here / "profile" / "link" / "elsewhere"):
        with pytest.raises(NotPrivateError, match="only there folders are known to be private"):
            private_folder(path)
    assert not (here / "elsewhere").exists()
