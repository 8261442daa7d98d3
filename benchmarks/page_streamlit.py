"""The page of `sim app` as Streamlit would have it, for `benchmarks/page.py` to set the two side by side.

The same sliders with the same steps, the same pair of worlds, and the same picture: sentence, five cards, five curves,
120 people twice. It shows the first run only, where `sim app` goes on to ten. Not started by hand: `streamlit run
benchmarks/page_streamlit.py -- FILE PATH...` needs Streamlit, which is no part of the project.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import streamlit as st

from sim.app.headline import sentences
from sim.app.movable import levers
from sim.app.picture import cards
from sim.app.single_world import ShownWorld, WorldMemory
from sim.app.starts import Starts
from sim.app.wished import Wish, Worlds, worlds

COLOURS = {"h": "#0072b2", "s": "#009e73", "d": "#d55e00", "r": "#cc79a7", "n": "#999999", "l": "#555555"}
WIDE = 12


@st.cache_resource
def opened(file: str) -> tuple[Starts, WorldMemory, ThreadPoolExecutor]:
    """What outlives a run of this script, as in `sim app`."""
    return Starts(Path(file)), WorldMemory(), ThreadPoolExecutor(2)


def crowd(states: str) -> str:
    """120 people as a picture."""
    dots = (
        f'<circle cx="{20 * (n % WIDE) + 10}" cy="{20 * (n // WIDE) + 10}" r="7" fill="{COLOURS[state]}"/>'
        for n, state in enumerate(states)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {20 * WIDE} 200">{"".join(dots)}</svg>'


def lived(planned: Worlds, memory: WorldMemory, pool: ThreadPoolExecutor) -> list[ShownWorld]:
    """Today and what-if, side by side, as `sim.app.turns.Turns.pair` lives them."""
    both = (planned.today, planned.what_if)
    jobs = [pool.submit(memory.lived, world, planned.seed, 0, 1, lambda: None) for world in both]
    return [job.result() for job in jobs]


file, *paths = sys.argv[1:]
starts, memory, pool = opened(file)
known = {lever["path"]: lever for lever in levers(starts.load(starts.first))}
st.set_page_config(layout="wide")
st.title(starts.load(starts.first).scenario.question)
changes = {}
for path in paths:
    lever = known[path]
    low, high, today, step = (float(lever[key]) for key in ("low", "high", "value", "step"))
    value = st.sidebar.slider(lever["label"], low, high, today, step, help=f"{lever['meaning']} {lever['source']}")
    if value != today:
        changes[path] = value

planned = worlds(Wish(starts.first, changes, None, "streamlit"), starts)
today, what_if = lived(planned, memory, pool)
st.write(" ".join(sentences(planned, changes, [today], [what_if])))
for column, card in zip(st.columns(5), cards(planned, [today], [what_if]), strict=True):
    column.metric(card["title"], card["what_if"], card["change"])
    curve = card["curve"]
    table = pd.DataFrame({name: curve[name][0] for name in ("today", "what_if")}, index=curve["until"], dtype=float)
    column.line_chart(table, height=200)
for column, shown in zip(st.columns(2), (today, what_if), strict=True):
    if shown.watched is not None:
        column.image(crowd(shown.watched.states[-1]))
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.text(json.dumps({"run": st.session_state["runs"], "changes": changes}))  # last: all before it has been sent
