"""Short tables on a terminal: nothing is cut, nothing is too wide, and words break only where they must."""

import io
import re

import pytest
from rich.console import Console
from rich.text import Text

from sim.report.terminal import broken, tell, titled

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


@pytest.mark.parametrize("space", ["\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"])
def test_a_number_with_its_thousands_apart_is_one_word(space):
    """As Spanish writes them: in a sentence, in a cell of either kind, in a head."""
    number = f"66{space}000"
    for width in range(12, 60):
        console = Console(width=width, file=io.StringIO(), color_system=None)
        tell(console, f"Sube en {number} euros, o en {number} más de lo que se pensaba.")
        table = titled("")
        table.add_column(f"De {number}")
        table.add_column("Y más")
        table.add_row(f"a {number}", Text(f"o {number}"))
        console.print(table)
        text = console.file.getvalue()
        assert text.count(number) == 5 or (width < 24 and text.count(number) >= 2)
        assert max(map(len, text.splitlines())) <= width
