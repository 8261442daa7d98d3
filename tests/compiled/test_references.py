"""References to arrays are counted where arrays are made, and nowhere else."""

import sys
from typing import Any

import numba
import numpy as np
import pytest

from sim.compiled import PLAIN, kernel, rule
from sim.kernel_marks import Kernel
from sim.runs.run import run

pytestmark = pytest.mark.skipif(PLAIN, reason="plain Python counts references itself")

ATOMIC = ("NRT_incref", "NRT_decref")


@kernel
def _the_same(values: Any) -> Any:
    return values


@kernel
def _doubled(values: Any) -> Any:
    twice = np.empty(values.size)
    for i in range(values.size):
        twice[i] = 2.0 * values[i]
    return twice


@rule
def _at(values: Any, i: int) -> float:
    half = values[i:]
    return half[0]


def compiled_code(function: Any) -> str:
    return "".join(function.dispatcher.inspect_llvm().values())


def test_what_is_handed_arrays_and_makes_none_counts_nothing() -> None:
    assert _at(np.arange(4.0), 2) == 2.0
    assert not any(f"call void @{name}" in compiled_code(_at) for name in ATOMIC)


def test_what_makes_arrays_counts() -> None:
    assert _doubled(np.arange(3.0)).tolist() == [0.0, 2.0, 4.0]


def test_to_return_an_array_without_counting_is_refused() -> None:
    with pytest.raises(numba.errors.TypingError, match="_the_same returns array"):
        _the_same(np.arange(4.0))


def test_the_rooms_of_the_model_count_nothing(scenario: Any) -> None:
    run(scenario, threads=1)
    rooms = [module for name, module in sys.modules.items() if name.startswith("sim.model.")]
    kernels = {id(value): value for room in rooms for value in vars(room).values() if isinstance(value, Kernel)}
    assert len(kernels) > 50
    assert not any(value.dispatcher.targetoptions["_nrt"] for value in kernels.values())
