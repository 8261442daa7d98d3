"""A page as PDF, printed by a browser that is on the machine: nothing is downloaded, nothing is asked of anybody."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sim.vocabulary.errors import ExitVoiceError
from sim.vocabulary.exit_status import ExitStatus
from sim.vocabulary.files import check_file, whole_file
from sim.words import say

VARIABLE = "EXITVOICE_BROWSER"
"""Environment variable with the path of the browser, where it is not found by itself."""

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
    "brave-browser",
)
"""Programs that can print, as they are called on the search path."""

APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Brave Browser.app/Contents/MacOS/Brave Browser",
)
ON_WINDOWS = ("Google/Chrome/Application/chrome.exe", "Chromium/Application/chrome.exe")
EDGE = "Microsoft/Edge/Application/msedge.exe"

PATIENCE = 120.0
"""Seconds that printing may take."""


class NoBrowserError(ExitVoiceError):
    """There is no browser that could print; nothing was written."""

    exit_status = ExitStatus.BAD_INPUT


class PrintingError(ExitVoiceError):
    """The browser did not print."""


def browser() -> str:
    """The browser that prints: the one that `EXITVOICE_BROWSER` names, or the first that is found.

    Raises:
        NoBrowserError: With what to do about it.
    """
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        found = shutil.which(named)
        if found is None:
            raise NoBrowserError(say("{variable}: no program {named}", variable=VARIABLE, named=named))
        return found
    for candidate in _candidates():
        found = shutil.which(candidate)
        if found is not None:
            return found
    raise NoBrowserError(
        say(
            "a PDF is printed by Chromium, Chrome or Edge, and none of them was found: install one, name it in "
            "{variable}, or open report.html in any browser and print it from there",
            variable=VARIABLE,
        )
    )


def _candidates() -> Iterator[str]:
    yield from NAMES
    if sys.platform == "darwin":
        yield from APPLICATIONS
    folders = (os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"))
    for folder in filter(None, folders):
        yield from (str(Path(folder) / inner) for inner in (*ON_WINDOWS, EDGE))


def print_pdf(page: Path, target: Path, *, force: bool = False) -> None:
    """Print a page, as it looks on paper, without the browser's own head and foot.

    Args:
        page: An HTML file.
        target: The PDF; it appears whole or not at all.
        force: Whether it may take the place of one that is there.

    Raises:
        FileError: If the PDF cannot be written there.
        NoBrowserError: If there is no browser.
        PrintingError: If it does not print within two minutes, or says why not.
    """
    program = browser()
    check_file(target, [".pdf"], force=force)
    with tempfile.TemporaryDirectory(prefix="exitvoice-") as folder:
        printed = Path(folder) / "page.pdf"
        command = [
            program,
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            "--no-pdf-header-footer",
            f"--user-data-dir={Path(folder) / 'profile'}",
            f"--print-to-pdf={printed}",
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--no-sandbox")  # root has none to begin with; the page is our own
        try:
            done = subprocess.run(
                [*command, page.resolve().as_uri()], capture_output=True, text=True, timeout=PATIENCE, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PrintingError(say("{program} did not print: {error}", program=program, error=error)) from error
        if not printed.is_file() or printed.stat().st_size == 0:
            reason = (done.stderr.strip().splitlines() or [say("no reason given")])[-1]
            raise PrintingError(say("{program} did not print: {error}", program=program, error=reason))
        with whole_file(target, [".pdf"], force=force) as partial:
            shutil.copyfile(printed, partial)
