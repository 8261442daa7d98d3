"""How long a move on the page of `sim app` takes, in a real browser: `python benchmarks/page.py [FILE]`.

From the change of a lever to the sentence that tells what comes of it.
Needs the extra `app`, playwright and a Chromium.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
MOVES = 30
BETWEEN = 1000
"""Milliseconds from a picture to the next move: runs that sharpen the picture go on in them, and are stopped."""
LEVERS = {
    "firm.desk.ease": (-1.0, 3.0),
    "firm.desk.answer_share": (0.5, 1.0),
    "firm.desk.resolution_share": (0.3, 0.9),
    "firm.desk.compensation": (0.0, 0.8),
    "firm.strategy.price_index": (0.9, 1.2),
}
MOVE = """([path, value]) => new Promise((done) => {
  const field = document.querySelector(`.lever[data-path="${path}"] input[type="text"]`);
  const sentence = document.getElementById("sentence"), before = sentence.textContent;
  const start = performance.now();
  new MutationObserver((_, observer) => {
    if (sentence.textContent === before) return;
    observer.disconnect();
    done(performance.now() - start);
  }).observe(sentence, { childList: true });
  field.value = value;
  field.dispatchEvent(new Event("change"));
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", default=str(ROOT / "scenarios" / "baseline.yaml"))
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    command = [sys.executable, "-m", "sim", "app", given.file, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = None
        while address is None:
            address = re.search(r"http://[\d.]+:\d+/", server.stdout.readline())
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page()
            page.set_default_timeout(600_000)
            page.goto(address[0])
            page.locator("#state", has_text="10 runs of each world").wait_for()
            taken = []
            paths = list(LEVERS)
            for move in range(MOVES):
                path = paths[move % len(paths)]
                low, high = LEVERS[path]
                value = round(low + (high - low) * (move // len(paths) + 0.5) / (MOVES / len(paths)), 3)
                taken.append(page.evaluate(MOVE, [path, str(value)]))
                page.wait_for_timeout(BETWEEN)
            browser.close()
        server.terminate()
    cuts = statistics.quantiles(taken, n=20, method="inclusive")
    print(f"{MOVES} moves: p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
