"""How long a move on the page of `sim app` takes, in a real browser, beside the same page in Streamlit.

`python benchmarks/page.py [FILE] [--streamlit PYTHON]`: from a key pressed on a slider to the new picture in the page.
Needs the extra `app`, playwright and a Chromium; Streamlit in this Python or in that of `--streamlit`, else its part is
left out.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
MOVES, BLOCK = 30, 10
"""Moves of each page, and how many of one page before the other's turn: what else the machine does changes slowly."""
BETWEEN = 1000
"""Milliseconds from a picture to the next move: in them `sim app` goes on with runs that sharpen it, and stops them."""
LEVERS = (
    "firm.desk.ease",
    "firm.desk.answer_share",
    "firm.desk.resolution_share",
    "firm.desk.compensation",
    "firm.strategy.price_index",
)
WATCH = """
addEventListener("keydown", () => { window.pressed = performance.now(); window.took = null; }, true);
new MutationObserver(() => {
  if (window.pressed === undefined || window.took !== null) return;
  const told = window.told();
  if (!told || told.run <= window.before || !(window.wanted in told.changes)) return;
  window.took = performance.now() - window.pressed;
}).observe(document, { childList: true, subtree: true, characterData: true, attributes: true });
"""
"""Takes the time from a key to the first picture in which the lever that was moved has been moved."""


class Measured(NamedTuple):
    """A page that is measured.

    Attributes:
        name: As it is told.
        told: Script that gives `{run, changes}` of the picture that is shown, or nothing.
        slider: Selector of the sliders, each found by the path of its lever or by its place.
    """

    name: str
    told: str
    slider: str


OURS = Measured(
    "sim app",
    "(() => { const at = document.getElementById('worlds').dataset; "
    "return at.run && { run: Number(at.run), changes: JSON.parse(at.changes) }; })",
    ".lever[data-path='{path}'] input[type='range']",
)
STREAMLIT = Measured(
    "Streamlit",
    "(() => { const last = [...document.querySelectorAll('[data-testid=stText]')].pop(); "
    "try { return JSON.parse(last.textContent); } catch { return null; } })",
    "[data-testid='stSlider'] :is(input, [role='slider']) >> nth={place}",
)


@contextmanager
def served(command: list[str], address: str) -> Iterator[str]:
    """A server that runs, and its address as it says it."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=env) as server:
        assert server.stdout is not None
        try:
            found = None
            while found is None:
                line = server.stdout.readline()
                if not line:
                    sys.exit(f"ended before it served: {' '.join(command)}")
                found = re.search(address, line)
            yield found[0]
        finally:
            server.terminate()
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:  # Streamlit waits for the threads of its page for ever
                server.kill()


def opened(browser: Any, measured: Measured, address: str) -> Page:
    """The page with its first picture."""
    page: Page = browser.new_page(viewport={"width": 1400, "height": 900}, bypass_csp=True)  # to look into the page
    page.set_default_timeout(600_000)
    page.add_init_script(WATCH)
    page.goto(address)
    page.evaluate(f"window.told = {measured.told}")
    page.wait_for_function("window.told()?.run >= 1")
    page.wait_for_timeout(BETWEEN)
    return page


def moved(page: Page, measured: Measured, number: int) -> float:
    """Milliseconds of one move: a lever goes one step up by a key."""
    place = number % len(LEVERS)
    slider = page.locator(measured.slider.format(path=LEVERS[place], place=place))
    slider.focus()
    page.evaluate("path => { window.before = window.told().run; window.wanted = path; }", LEVERS[place])
    # From the end of its range a lever is moved back, so that no move leads to where it was.
    slider.press("ArrowLeft" if LEVERS[place] == "firm.desk.answer_share" else "ArrowRight")
    page.wait_for_function("window.took")
    took = float(page.evaluate("window.took"))
    page.wait_for_timeout(BETWEEN)
    return took


def told(name: str, taken: list[float]) -> str:
    """A line of the result."""
    cuts = statistics.quantiles(taken, n=20, method="inclusive")
    return f"{name:10}{len(taken)} moves: p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms"


def has_streamlit(python: str) -> bool:
    """Whether a Python has Streamlit."""
    return subprocess.run([python, "-c", "import streamlit"], capture_output=True, check=False).returncode == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", default=str(ROOT / "scenarios" / "baseline.yaml"))
    parser.add_argument("--streamlit", default=sys.executable, metavar="PYTHON", help="a Python that has Streamlit")
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    ours = [sys.executable, "-m", "sim", "app", given.file, "--port", "0"]
    theirs = [given.streamlit, "-m", "streamlit", "run", "--server.headless", "true", "--server.address", "127.0.0.1"]
    theirs += ["--server.port", "8599", "benchmarks/page_streamlit.py", "--", given.file, *LEVERS]
    servers = [(OURS, ours, r"http://[\d.]+:\d+/")]
    if has_streamlit(given.streamlit):
        servers.append((STREAMLIT, theirs, r"http://127\.0\.0\.1:8599"))
    else:
        print(f"Streamlit is left out: {given.streamlit} has none")
    taken: dict[str, list[float]] = {measured.name: [] for measured, _, _ in servers}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for block in range(0, MOVES, BLOCK):
            for measured, command, address in servers:
                with served(command, address) as found:
                    page = opened(browser, measured, found)
                    taken[measured.name] += [moved(page, measured, block + each) for each in range(BLOCK)]
                    page.close()
        browser.close()
    for name, times in taken.items():
        print(told(name, times))
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
