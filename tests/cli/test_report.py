"""`sim report`: a folder's report as PDF where a browser is, and what to do where none is."""

import os
import stat
import sys

import pytest

from tests.cli.calling import call

PRINTS = """#!{python}
import sys
target = next(word.partition("=")[2] for word in sys.argv if word.startswith("--print-to-pdf="))
assert sys.argv[-1].startswith("file://") and sys.argv[-1].endswith("report.html"), sys.argv
open(target, "wb").write(b"%PDF-1.4 " + sys.argv[-1].encode())
"""
FAILS = "#!{python}\nimport sys\nsys.exit('no room for fonts')\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of results with a report, on a machine without any browser."""
    (tmp_path / "results" / "figures").mkdir(parents=True)
    (tmp_path / "results" / "report.html").write_text("<!doctype html><title>x</title>", encoding="utf-8")
    (tmp_path / "nothing").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.delenv("EXITVOICE_BROWSER", raising=False)
    monkeypatch.setattr("sim.report.pdf.APPLICATIONS", ())
    return tmp_path


def install(folder, name, program):
    path = folder / "nothing" / name
    path.write_text(program.format(python=sys.executable), encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_the_report_and_the_figures_for_slides_are_told(folder):
    done = call(folder, "report", "results")
    assert done.returncode == 0
    assert f"results{os.sep}report.html" in done.stdout
    assert "as SVG and PNG" in done.stdout


def test_without_a_browser_it_says_what_to_do_and_writes_nothing(folder):
    done = call(folder, "report", "results", "--pdf")
    assert done.returncode == 2
    assert "Chromium, Chrome or Edge" in done.stderr
    assert "EXITVOICE_BROWSER" in done.stderr
    assert not list(folder.rglob("*.pdf"))


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
def test_the_first_browser_on_the_path_prints_it(folder):
    install(folder, "google-chrome", PRINTS)
    assert call(folder, "report", "results", "--pdf").returncode == 0
    assert (folder / "results" / "report.pdf").read_bytes().startswith(b"%PDF-1.4 file://")
    again = call(folder, "report", "results", "--pdf")
    assert again.returncode == 2
    assert "--force replaces it" in again.stderr
    assert call(folder, "report", "results", "--pdf", "--force").returncode == 0
    assert call(folder, "report", "results/report.html", "--out", "other.pdf").returncode == 0
    assert (folder / "other.pdf").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
def test_a_browser_that_is_named_is_taken_and_must_be_there(folder, monkeypatch):
    monkeypatch.setenv("EXITVOICE_BROWSER", str(install(folder, "my-browser", PRINTS)))
    assert call(folder, "report", "results", "--pdf").returncode == 0
    monkeypatch.setenv("EXITVOICE_BROWSER", "no-such-browser")
    done = call(folder, "report", "results", "--pdf", "--force")
    assert done.returncode == 2
    assert "no-such-browser" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
def test_a_browser_that_does_not_print_is_quoted(folder):
    install(folder, "chromium", FAILS)
    done = call(folder, "report", "results", "--pdf")
    assert done.returncode == 1
    assert "no room for fonts" in done.stderr
    assert not list(folder.rglob("*.pdf"))


def test_a_folder_without_a_report_is_named(folder):
    done = call(folder, "report", "nothing")
    assert done.returncode == 2
    assert "nothing: has no report" in done.stderr
