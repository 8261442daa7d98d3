"""Rule files for tests: those that are shipped, and some that use whatever else the contract offers."""

from pathlib import Path

from sim.model.moments import KNOWN

ROOT = Path(__file__).resolve().parents[2]
HABIT, GRUDGES = ROOT / "docs" / "rules" / "habit.py", ROOT / "docs" / "rules" / "grudges.py"
SHIPPED = (HABIT, GRUDGES)

MOODS = '''
"""Moods: chance moves satisfaction after an encounter, and whoever is in a good mood compares less often."""

from typing import NamedTuple

from sim.rules import FLOW, Column, Section, amounts, at, parameter

VERSION = 1


class Parameters(Section):
    """How moody people are."""

    size: float = parameter(
        6.0, "Largest change", label="Size of moods", unit="points", source="assumption", ge=0.0, practical=(0.0, 20.0)
    )
    tempered: bool = parameter(True, "Whether habit counts", label="Tempered", unit="yes/no", source="assumption")


COLUMNS = (Column("mood", "f8", 1, "points", "mood", followed=True), Column("moods", "f8", 1, "moods", "so far"))
OBSERVABLES = amounts(FLOW, "points", {"mood_sum": "sum of moods", "mood_paid": "sum of what was earned in moods"})


class Mood(NamedTuple):
    mood: float
    moods: float
    satisfaction: float
    mood_sum: float
    mood_paid: float


class Chance(NamedTuple):
    review_chance: float


@at("after_encounter")
def moody(luck_3, satisfaction, earned, size, tempered, moods, now, quality) -> Mood:
    mood = size * (luck_3 - 0.5) * (0.5 if tempered != 0.0 and now > 50.0 else 2.0) + 0.01 * quality
    return Mood(mood, moods + 1, satisfaction + mood, mood, earned)


@at("before_moving")
def compares(review_chance, mood, luck_1) -> Chance:
    return Chance(review_chance * (2.0 if mood < 0.0 else 0.7) + 0.001 * luck_1)
'''

EVERYTHING = f'''
"""Everything: adds up all that is known of a customer."""

from typing import NamedTuple

from sim.rules import STOCK, amounts, at

VERSION = 1
OBSERVABLES = amounts(STOCK, "index", {{"everything": "sum of all that is known"}})


class Sum(NamedTuple):
    everything: float


@at("end_of_period")
def added({", ".join(item.name for item in KNOWN)}) -> Sum:
    return Sum({" + ".join(f"{n + 1}.0 * {item.name}" for n, item in enumerate(KNOWN))})
'''


def written(folder: Path, name: str, text: str) -> Path:
    """The rule file of that name in a folder."""
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return path


def several(folder: Path) -> list[Path]:
    """Rule files that use every moment, all that is known, luck, changes of both kinds and a chain of rules."""
    return [*SHIPPED, written(folder, "moods", MOODS), written(folder, "everything", EVERYTHING)]
