"""The experiments run, and their reference level differs from itself by nothing."""

import importlib.util
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).resolve().parents[1] / "experiments"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_easier_complaining_brings_more_complaints():
    """Same luck in both worlds, so that the sign cannot be an accident of the seed in one of them alone."""
    table = load("ease_of_complaining").table(customers=1000, replications=2).set_index(["ease", "difference in"])
    assert (table.loc[0.0, ["mean", "low", "high"]] == 0.0).all(axis=None)
    assert table.loc[(4.0, "complained"), "mean"] > table.loc[(1.0, "complained"), "mean"] > 0.0
