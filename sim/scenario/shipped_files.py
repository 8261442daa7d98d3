"""The scenarios that come with the program: beside the sources, or inside an installed package."""

from __future__ import annotations

from pathlib import Path, PurePath

from sim.parameters.plain_words import closest
from sim.vocabulary.errors import ScenarioError
from sim.words import say

_INSTALLED = Path(__file__).resolve().parent / "shipped"
_BESIDE = Path(__file__).resolve().parents[2] / "scenarios"


def shipped_folder() -> Path:
    """The folder with the shipped scenarios; a wheel has them within the package."""
    return _INSTALLED if _INSTALLED.is_dir() else _BESIDE


def shipped_scenarios() -> dict[str, Path]:
    """Files of the shipped scenarios by name, in the order of the alphabet.

    >>> "telecom" in shipped_scenarios()
    True
    """
    return {path.stem: path for path in sorted(shipped_folder().glob("*.yaml"))}


def beside_or_shipped(folder: Path, name: str) -> Path:
    """A scenario that a file names: relative to the file's folder, or, by a bare name that nothing there has, shipped.

    >>> beside_or_shipped(Path("nowhere"), "telecom.yaml").name, beside_or_shipped(Path("a"), "b/telecom.yaml").parts
    ('telecom.yaml', ('a', 'b', 'telecom.yaml'))
    """
    beside, shipped = folder / name, shipped_folder() / name
    return shipped if PurePath(name).name == name and not beside.exists() and shipped.is_file() else beside


def scenario_named(name: str) -> Path:
    """The file of a shipped scenario by its name, or a file of one's own by its path.

    Raises:
        ScenarioError: If there is neither.
    """
    known = shipped_scenarios()
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        return path
    raise ScenarioError(
        say("no such scenario"), name, allowed=", ".join(known) or say("a file"), suggestion=closest(name, known)
    )
