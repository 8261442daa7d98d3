"""Others beside ours: the twin of this project, Starsim, mesa-frames; each with what its model leaves out."""

import json
import os
import statistics
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from turns import World
from versions import ROOT, Version

HERE = ROOT / "benchmarks"
CUSTOMERS = 100_000
TWINS = 1_000


class Peer(NamedTuple):
    """Somebody else's program, or the twin.

    Attributes:
        what: What the table calls it.
        file: The script that measures it, in this folder; it prints `ns` and `version` as JSON.
        package: What has to be installed.
        people: How many people it has.
        leaves_out: Of what the engine does in the same time.
    """

    what: str
    file: str
    package: str
    people: int
    leaves_out: str


_LEFT_OUT = (
    "one satisfaction instead of five dimensions with two expectations each; no desk, no rivals, no movement but"
    " leaving and returning, no accounts, no recoveries, one segment"
)
PEERS = {
    "twin": Peer("the twin, one Mesa agent a person", "twin_alone.py", "mesa", TWINS, "nothing: the same numbers"),
    "starsim": Peer("Starsim, churn and talk", "peer_starsim.py", "starsim", CUSTOMERS, _LEFT_OUT),
    "mesa-frames": Peer(
        "mesa-frames on Polars, churn and talk", "peer_mesa_frames.py", "mesa_frames", CUSTOMERS,
        f"{_LEFT_OUT}; its network is a ring that is not rewired",
    ),
}  # fmt: skip


def measure(name: str, now: Version, python: Path, *, quick: bool, busy: bool) -> dict[str, Any]:
    """A peer, and our engine beside it: one thread, the baseline of 0.1.0, as many people but for the twin's 100,000.

    Args:
        name: In `PEERS`.
        now: This version.
        python: The interpreter in which the peer is installed, if anywhere.
        quick: Fewer steps.
        busy: The processor's time instead of the clock's.
    """
    peer, steps = PEERS[name], 5 if quick else 20
    found = {"peer": name, "what": peer.what, "people": peer.people, "leaves_out": peer.leaves_out}
    python = now.python if name == "twin" else python
    asked = subprocess.run([str(python), "-c", f"import {peer.package}"], capture_output=True, text=True, check=False)
    if asked.returncode:
        return {**found, "missing": f"{peer.package} cannot be imported by {python.name}"}
    words = [str(python), str(HERE / peer.file), "--people", str(peer.people), "--steps", str(steps)]
    world = World(now, now.baseline, CUSTOMERS, 2 * steps + 2, 1)
    try:
        ours = [world.step() for _ in range(steps + 1)][1:]
        done = subprocess.run(
            words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "STARSIM_INSTALL_FONTS": "0"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        ours += [world.step() for _ in range(steps)]
    finally:
        world.close()
    if done.returncode:
        return {**found, "missing": f"it ended with {done.returncode}: {done.stderr.strip()[-200:]}"}
    told = json.loads(done.stdout.splitlines()[-1])
    told["ns"] = told.pop("processor") if busy else told["ns"]
    clock = "processor" if busy else "seconds"
    return {
        **found,
        **told,
        "what": f"{peer.what} ({peer.package} {told['version']})",
        "ours": statistics.median(step[clock] for step in ours) / CUSTOMERS * 1e9,
        "reference": statistics.median(step["reference"] for step in ours),
    }
