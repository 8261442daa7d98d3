"""How long a move on the page of `sim app` takes, in a real browser: `python benchmarks/page.py [FILE]`.

From the key that ends the typing of a number to the sentence that tells what comes of it. With Streamlit, here or in
another environment (`--streamlit PYTHON`), the same page as a Streamlit script (`page_streamlit.py`) is measured in the
same run, a move on the one and a move on the other. Needs the extra `app`, playwright and a Chromium.
"""

import argparse
import contextlib
import importlib.util
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from sim.parameters.labels import label

ROOT = Path(__file__).resolve().parents[1]
BETWEEN = 1000
"""Milliseconds from a picture to the next move. On the page alone the runs that sharpen the picture go on in them, and
are stopped; beside Streamlit they end before, and both begin on a machine with nothing of ours to do."""
LEVERS = {
    "firm.desk.ease": (-1.0, 3.0),
    "firm.desk.answer_share": (0.5, 1.0),
    "firm.desk.resolution_share": (0.3, 0.9),
    "firm.desk.compensation": (0.0, 0.8),
    "firm.strategy.price_index": (0.9, 1.2),
}
WATCH = """() => { window.taken = new Promise((done) => {
  const told = () => document.getElementById("sentence")?.textContent ?? "", before = told();
  let start;
  addEventListener("keydown", () => (start = performance.now()), { once: true, capture: true });
  new MutationObserver((_, observer) => {
    if (!start || !told() || told() === before) return;
    observer.disconnect();
    done(performance.now() - start);
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}); }"""


@contextlib.contextmanager
def serving(command: list[str]) -> Iterator[str]:
    """The address that a server prints, while it runs."""
    unbuffered = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=unbuffered) as server:
        assert server.stdout is not None
        address = None
        while address is None:
            address = re.search(r"http://[\d.]+:\d+/?", server.stdout.readline())
        yield address[0]
        server.terminate()


def page_command(file: str) -> list[str]:
    """What serves the page."""
    return [sys.executable, "-m", "sim", "app", file, "--port", "0"]


def twin_command(python: str, file: str) -> list[str]:
    """What serves the same page by Streamlit."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    options = {"server.port": port, "server.address": "127.0.0.1", "server.headless": "true"}
    options |= {"server.fileWatcherType": "none", "browser.gatherUsageStats": "false"}
    script = str(Path(__file__).with_name("page_streamlit.py"))
    return [python, "-m", "streamlit", "run", script, *(f"--{k}={v}" for k, v in options.items()), "--", file]


def moves(count: int) -> Iterator[tuple[str, str]]:
    """A lever and its new value, lever after lever."""
    paths = list(LEVERS)
    for move in range(count):
        low, high = LEVERS[paths[move % len(paths)]]
        part = (move // len(paths) + 0.5) / (count / len(paths))
        yield paths[move % len(paths)], str(round(low + (high - low) * part, 3))


def taken(page: Any, field: Any, value: str) -> float:
    """Milliseconds of a move."""
    field.fill(value)
    page.evaluate(WATCH)
    field.press("Enter")
    return float(page.evaluate("taken"))


def told(name: str, times: list[float]) -> float:
    """Prints what the moves took; the median."""
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    print(f"{name}: {len(times)} moves, p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms")
    return cuts[9]


def opened(browser: Any, address: str) -> Any:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(600_000)
    page.goto(address)
    page.locator("#sentence").wait_for()
    return page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", default=str(ROOT / "scenarios" / "baseline.yaml"))
    parser.add_argument("--moves", type=int, default=30)
    parser.add_argument("--streamlit", metavar="PYTHON", help="one that has streamlit and can import sim")
    given = parser.parse_args()
    python = given.streamlit or (sys.executable if importlib.util.find_spec("streamlit") else None)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    ours, theirs = [], []
    with contextlib.ExitStack() as stack:
        address = stack.enter_context(serving(page_command(given.file)))
        beside = stack.enter_context(serving(twin_command(python, given.file))) if python else None
        driver = stack.enter_context(sync_playwright())
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = opened(browser, address)
        twin = opened(browser, beside) if beside else None
        finished = page.locator("#state", has_text="10 runs of each world")
        finished.wait_for()
        for path, value in moves(given.moves):
            page.bring_to_front()
            ours.append(taken(page, page.locator(f'.lever[data-path="{path}"] input[type="text"]'), value))
            if twin is not None:
                finished.wait_for()
                twin.bring_to_front()
                theirs.append(taken(twin, twin.get_by_label(label(path), exact=True), value))
            page.wait_for_timeout(BETWEEN)
        browser.close()
    median = told("sim app", ours)
    if theirs:
        print(f"{told('Streamlit', theirs) / median:.2f} times as long by Streamlit at the median")
    else:
        print("Without Streamlit: nothing to compare with (pip install streamlit, or --streamlit PYTHON).")
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
