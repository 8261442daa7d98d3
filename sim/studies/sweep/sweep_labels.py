"""What the figure of a sweep states below."""

from __future__ import annotations

from sim.studies.sweep.swept import Sweep


def foot(found: Sweep, drawn: str) -> str:
    """What every figure states: runs and points behind it, what is drawn, seed, version.

    Args:
        found: What is shown.
        drawn: What dots, lines and intervals are.
    """
    said = [f"n = {len(found.runs):,} runs at {len(found.points):,} points"]
    if "market.customers" not in found.factors:
        said[0] += f", {found.scenario.market.customers:,} people each"
    failed = int((found.runs["status"] != "done").sum())
    if failed:
        said.append(f"{failed:,} runs failed")
    said += [drawn, f"seed {found.scenario.run.seed}", f"ExitVoice {found.manifest.get('version', 'unknown')}"]
    return " · ".join(said)
