"""Short tables on a terminal: nothing is cut, nothing is too wide, and words break only where they must."""

import io
import re

import pytest
from rich.console import Console

from sim.report.terminal import broken, titled

HEADS = ("Service culture", "Satisfaction", "Dissatisfying encounters", "Complainers kept")
ROW = ("exceptional", "86.2", "0.1%", "+60,700 to +88,100")
WORDS = {word for cell in (*HEADS, *ROW) for word in cell.split()}


def printed(width):
    table = titled("", padding=(0, 1, 0, 0))
    for head in HEADS:
        table.add_column(head, justify="right")
    table.add_row(*ROW)
    console = Console(width=width, file=io.StringIO(), color_system=None)
    fits = table.fits(console)
    console.print(table)
    return fits, console.file.getvalue()


@pytest.mark.parametrize("width", range(20, 110))
def test_words_break_only_where_there_is_no_room_for_all_of_them(width):
    fits, text = printed(width)
    assert max(map(len, text.splitlines())) <= width
    whole = set(re.sub("─", " ", text).split())
    assert (whole >= WORDS) is fits
    letters = sorted("".join(text.split()).replace("─", ""))
    assert letters == sorted("".join("".join(cell.split()) for cell in (*HEADS, *ROW)))  # nothing is cut


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("promise_less_deliver_more", ["promise_less_", "deliver_more"]),
        ("a plan of several words", ["a plan of", "several words"]),
        ("onewordthatislongerthanitsline", ["onewordthatislongerthanitsline"]),
        ("today", ["today"]),
        ("", [""]),
    ],
)
def test_a_name_breaks_behind_its_marks(name, lines):
    assert broken(name, 15).split("\n") == lines
