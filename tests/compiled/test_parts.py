"""Machine code is made of what Python calls and of nothing else; what it calls is linked into it."""

import gc
from collections import namedtuple
from typing import Any

import numba
import numpy as np
import pytest
from numba.core import event, ir
from numba.core.compiler import run_frontend
from numba.core.types import functions
from numba.core.typing import templates
from numba.np import arrayobj

from sim.compiled import PLAIN, kernel, rule
from sim.kernel_savings import savings

pytestmark = pytest.mark.skipif(PLAIN, reason="plain Python has no parts")

Shop = namedtuple("Shop", ["prices", "visits", "tax"])
Town = namedtuple("Town", ["shop", "people"])
Pair = namedtuple("Pair", ["low", "high"])


@rule
def _with_tax(price: float, tax: float) -> float:
    return price * (1.0 + tax)


@rule
def _spent(shop: Any, i: int) -> float:
    return _with_tax(shop.prices[i], shop.tax) * shop.visits[i, 1]


@kernel
def _takings(town: Any, scale: Any) -> float:
    total = 0.0
    for i in range(town.people):
        total += _spent(town.shop, i)
    return total * scale.high + scale.low


@kernel
def _sales(town: Any, scale: Any) -> Any:
    sums = np.zeros(2)
    sums[0] = _takings(town, scale)
    sums[1] = _with_tax(2.0, 0.5)
    return sums


def _town() -> Town:
    return Town(Shop(np.array([1.0, 2.0, 4.0]), np.array([[9, 1], [9, 2], [9, 3]], np.int32), 0.5), 3)


def test_named_tuples_within_named_tuples_reach_the_innermost_rule() -> None:
    assert _sales(_town(), Pair(1.0, 2.0)).tolist() == [1.5 * (1.0 + 4.0 + 12.0) * 2.0 + 1.0, 3.0]


def test_what_only_compiled_code_calls_is_no_machine_code() -> None:
    _sales(_town(), Pair(1.0, 2.0))
    (part,) = _spent.dispatcher.part.overloads.values()
    assert part.library.get_pointer_to_function(part.fndesc.llvm_cpython_wrapper_name) == 0
    assert not _spent.dispatcher.overloads


def test_one_compilation_serves_calls_from_python_and_from_compiled_code() -> None:
    _sales(_town(), Pair(1.0, 2.0))
    before = dict(_with_tax.dispatcher.part.overloads)
    assert _with_tax(10.0, 0.25) == 12.5
    assert _with_tax.dispatcher.part.overloads == before


@pytest.mark.parametrize("marked", [True, False])
def test_a_function_that_is_compiled_by_numba_alone_can_call_a_part(marked: bool) -> None:
    """Loops of rules from outside are compiled so, and are handed what `compile_kernel` gives."""
    handed: Any = _with_tax if marked else _with_tax.dispatcher
    alone = numba.njit(lambda price: handed(price, 0.25) + 1.0)
    assert alone(8.0) == 11.0


def test_names_of_compiled_functions_are_short() -> None:
    """Numba writes the types of all arguments out; those of a run take more than 20,000 letters."""
    _sales(_town(), Pair(1.0, 2.0))
    (part,) = _takings.dispatcher.part.overloads.values()
    assert len(part.fndesc.mangled_name) < 200


@kernel
def _copied(values: Any, first: int) -> Any:
    copy = np.zeros(3)
    copy[first:] = values
    return copy


def test_numba_is_as_before_when_a_kernel_is_there() -> None:
    """Compiling leaves out much of what numba does, only for as long as it takes, be it well done or not."""
    before = _replaced()
    with savings(lambda dispatcher: dispatcher):
        assert all(now != then for now, then in zip(_replaced(), before, strict=True))
    assert _replaced() == before
    with pytest.raises(RuntimeError, match="stopped"), savings(lambda dispatcher: dispatcher):
        raise RuntimeError("stopped")
    assert _replaced() == before


def test_what_compiling_makes_is_not_looked_through_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands with what has been there for long; nothing is put away for good."""
    monkeypatch.setattr(gc, "get_freeze_count", lambda: 0)
    with savings(lambda dispatcher: dispatcher):
        made: list[list[Any]] = [[] for _ in range(10)]
    monkeypatch.undo()
    old = {id(each) for each in gc.get_objects(generation=2)}
    assert all(id(each) in old for each in made)
    assert gc.get_freeze_count() == 0


def _replaced() -> list[Any]:
    owners = (functions.BaseFunction, "get_call_type"), (ir.Inst, "_rec_list_vars"), (event, "install_timer")
    overloads = (templates._OverloadFunctionTemplate, "_get_jit_decorator"), (arrayobj, "raise_with_shape_context")
    there = [getattr(owner, name) for owner, name in (*owners, *overloads) if hasattr(owner, name)]
    return [gc.get_threshold(), *there]


def test_what_numba_wrote_in_python_serves_kernels_of_other_people_after_ours() -> None:
    """It was compiled as a part, which nobody runs by itself; others link it."""
    assert _copied(np.ones(2), 1).tolist() == [0.0, 1.0, 1.0]
    alone = numba.njit(lambda values: np.zeros(3)[: values.size] + values)
    assert alone(np.ones(3)).tolist() == [1.0, 1.0, 1.0]


def test_a_slice_takes_only_what_fits() -> None:
    with pytest.raises(ValueError, match="slice"):
        _copied(np.ones(3), 1)


def test_variables_of_a_statement_are_those_that_numba_finds() -> None:
    found = 0
    for function in (_takings.py_func, _sales.py_func, _with_tax.py_func):
        for block in run_frontend(function).blocks.values():
            for statement in block.body:
                numbas = statement.list_vars()
                with savings(lambda dispatcher: dispatcher):
                    assert statement.list_vars() == numbas
                found += len(numbas)
    assert found > 50
