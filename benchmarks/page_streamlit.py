"""The page of `sim app` as a Streamlit script, which `benchmarks/page.py` measures beside it.

`streamlit run benchmarks/page_streamlit.py -- FILE`: the levers that are moved there, the same sentence, five cards
with curves and a table, and the same people, of one pair of worlds with the same luck. Everything but what is drawn is
the page's own; today is lived once. The sentence comes last: once it stands, the rest was sent.
"""

import sys
from pathlib import Path

import pandas as pd
import streamlit as st

from sim.app.headline import sentences
from sim.app.picture import cards, fates
from sim.app.single_world import Memory, Shown
from sim.app.starts import Starts
from sim.app.wished import Worlds, wish, worlds
from sim.parameters.labels import label
from sim.parameters.paths import get_path

LEVERS = (
    "firm.desk.ease",
    "firm.desk.answer_share",
    "firm.desk.resolution_share",
    "firm.desk.compensation",
    "firm.strategy.price_index",
)
COLOURS = {"h": "#1b7f4d", "s": "#2f6fab", "d": "#c2410c", "r": "#6b7280", "n": "#d1d5db", "l": "#111827"}
ACROSS, SIZE = 15, 20


@st.cache_resource
def begun(file: str) -> tuple[Starts, Memory]:
    """Scenarios to start from, and the worlds that were lived."""
    return Starts(Path(file)), Memory()


def crowd(states: str) -> str:
    """The people at the end, as SVG."""
    dots = [
        f'<circle cx="{SIZE * (i % ACROSS) + 10}" cy="{SIZE * (i // ACROSS) + 10}" r="7" fill="{COLOURS[state]}"/>'
        for i, state in enumerate(states)
    ]
    high = SIZE * -(-len(states) // ACROSS)
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{ACROSS * SIZE}" height="{high}">{"".join(dots)}</svg>'


def show(planned: Worlds, changes: dict[str, float], today: Shown, what_if: Shown) -> None:
    """Cards and people, and above them, last, the sentence."""
    top = st.empty()
    for column, card in zip(st.columns(5), cards(planned, [today], [what_if]), strict=True):
        with column:
            st.metric(card["title"], card["what_if"], card["change"], help=card["meaning"])
            lines = {name: card["curve"][name][0] for name in ("today", "what_if")}
            st.line_chart(pd.DataFrame(lines, index=card["curve"]["until"]), height=150)
            with st.expander("Values"):
                st.table(pd.DataFrame(card["rows"])[["label", "today", "what_if", "change", "interval"]])
    for column, world in zip(st.columns(2), (today, what_if), strict=True):
        if world.watched is not None:
            column.image(crowd(world.watched.states[-1]))
    st.text(fates(planned, today, what_if))
    said = " ".join(sentences(planned, changes, [today], [what_if]))
    top.markdown(f'<p id="sentence">{said}</p>', unsafe_allow_html=True)


def main() -> None:
    st.set_page_config(layout="wide")
    starts, memory = begun(sys.argv[1])
    scenario = starts.load(starts.first).scenario
    given = {path: float(get_path(scenario, path)) for path in LEVERS}
    moved = {path: st.sidebar.number_input(label(path), value=value, format="%.3f") for path, value in given.items()}
    changes = {path: value for path, value in moved.items() if value != given[path]}
    planned = worlds(wish({"start": starts.first, "changes": changes, "seed": None, "session": "twin"}), starts)
    lived = [memory.lived(world, planned.seed, 0, 1, lambda: None) for world in (planned.today, planned.what_if)]
    show(planned, changes, *lived)


main()
