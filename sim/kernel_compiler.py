"""Numba, loaded when the first kernel is called: compiles what `sim.compiled` has marked.

Nothing but `sim.compiled` imports this, and only then, so that whoever reads a scenario or a help text never waits for
a compiler. Compiled code is kept on disk (`sim.kernel_folder` says where, `sim.kernel_cache` how). Numba does not
notice when a function that a cached kernel calls is edited in another file, so the folder's name is a hash of all the
sources that can be compiled, and of numba's version.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.kernel_marks import Double, Kernel, Names, Single, Word
from sim.kernel_ready import FOLDER

if "numba" not in sys.modules:
    os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")  # Intel's vector maths would change last bits inside loops


@contextmanager
def scipy_unseen() -> Iterator[None]:
    """Let this thread find no SciPy meanwhile, unless it is loaded already; other threads find it as ever.

    Numba loads SciPy as it starts, only to learn its version and whether linear algebra could be compiled. No kernel
    here has any, and SciPy would make every start a third of a second longer.

    >>> with scipy_unseen():
    ...     import scipy.never_loaded_before
    Traceback (most recent call last):
    ModuleNotFoundError: No module named 'scipy...
    """
    finder = _Unseen("scipy", threading.get_ident())
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _Unseen:
    """Stands before the finders of modules and says that there is none of that name, to one thread."""

    def __init__(self, name: str, thread: int) -> None:
        self.name, self.thread = name, thread

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == self.name and threading.get_ident() == self.thread:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


with scipy_unseen():
    import numba
    from llvmlite import ir
    from numba.core import cgutils, types
    from numba.core.imputils import lower_constant, lower_getattr_generic
    from numba.core.options import DefaultOptions
    from numba.core.typing.templates import AttributeTemplate, infer_getattr
    from numba.extending import intrinsic, models, register_model, typeof_impl
    from numba.np import arraymath  # else loaded when the first kernel is called, with SciPy
    from numba.np.arrayobj import make_array

    from sim.kernel_cache import keep_compiled
    from sim.kernel_parts import parted
if hasattr(arraymath, "_HAVE_BLAS"):
    arraymath._HAVE_BLAS = find_spec("scipy") is not None  # other people's kernels may have linear algebra


_STRICT: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
_INLINED: dict[str, Any] = {"forceinline": True} if hasattr(DefaultOptions, "forceinline") else {}


def compile_kernel(function: Callable[..., Any], *, inlined: bool) -> Any:
    """Compile a function; kept on disk is only what the folder's name accounts for: this package.

    References to arrays are counted only where a function can make arrays, which is where it names NumPy: counting took
    three tenths of a run, and a count that threads share is slower still. Whatever makes none is handed arrays that its
    caller holds, and must return numbers only.

    Args:
        function: In the part of Python that numba knows.
        inlined: Into whatever calls it; a call left standing would stop a loop from being vectorised.
    """
    makes_arrays = "np" in function.__code__.co_names
    function_itself = COMPILED_ONLY.get(f"{function.__module__}.{function.__qualname__}", function)
    options = {**_STRICT, **(_INLINED if inlined else {}), "_nrt": makes_arrays}
    part = numba.njit(**options)(function_itself)
    _for_fewer_kinds(part)
    if not makes_arrays:
        _numbers_only(part)
    compiled = parted(numba.njit(**options)(function_itself), part)
    if _is_ours(function.__code__.co_filename):
        keep_compiled(compiled, FOLDER)
    return compiled


@cache
def _is_ours(file: str) -> bool:
    return Path(file).resolve().is_relative_to(Path(__file__).resolve().parent)


def _numbers_only(compiled: Any) -> None:
    """Refuse a function that returns arrays without counting: its caller would give back what it never had."""
    add_overload = compiled.add_overload

    def add(result: Any) -> None:
        given = result.signature.return_type
        if result.target_context.data_model_manager[given].contains_nrt_meminfo():
            raise numba.errors.TypingError(f"{compiled.py_func.__name__} returns {given} and makes no arrays itself")
        add_overload(result)

    compiled.add_overload = add


def _for_fewer_kinds(compiled: Any) -> None:
    """Let calls that differ in how many bits a whole number has, or in a constant, share one compiled function.

    A row counted by a loop has eight bytes, one read from a list of rows four, and a firm one: each function that is
    told a row or a firm would be compiled twice, and so would all that it calls.
    """
    template = compiled.get_call_template

    def get_call_template(args: Any, kws: Any) -> Any:
        return template(tuple(map(_widest, args)), {name: _widest(kind) for name, kind in kws.items()})

    compiled.get_call_template = get_call_template


def _widest(kind: Any) -> Any:
    plain: Any = numba.types.unliteral(kind)
    return types.int64 if isinstance(plain, types.Integer) and plain not in (types.int64, types.uint64) else plain


class _NamesType(types.Dummy):
    """Type of a `Names`: it has no value of its own, only attributes that are constants."""

    def __init__(self, names: Names) -> None:
        self.names = names
        super().__init__(f"Names({id(names)})")


register_model(_NamesType)(models.OpaqueModel)


@typeof_impl.register(Names)
def _type_of_names(names: Names, _: Any) -> Any:
    return _NamesType(names)


@typeof_impl.register(Kernel)
def _type_of_kernel(kernel: Kernel, purpose: Any) -> Any:
    return typeof_impl(kernel.dispatcher, purpose)


@typeof_impl.register(Word)
def _type_of_word(word: Word, _: Any) -> Any:
    return types.NumberClass({32: types.uint32, 64: types.uint64}[word.bits])


@typeof_impl.register(Single)
def _type_of_single(single: Single, _: Any) -> Any:
    return types.NumberClass(types.float32)


@typeof_impl.register(Double)
def _type_of_double(double: Double, _: Any) -> Any:
    return types.NumberClass(types.float64)


@infer_getattr
class _NamesAttributes(AttributeTemplate):
    key = _NamesType

    def generic_resolve(self, kind: Any, name: str) -> Any:
        return types.intp if name in set(kind.names) else None


@lower_getattr_generic(_NamesType)
def _place_of_name(context: Any, builder: Any, kind: Any, value: Any, name: str) -> Any:
    return context.get_constant(types.intp, getattr(kind.names, name))


@lower_constant(_NamesType)
def _no_value(context: Any, builder: Any, kind: Any, names: Names) -> Any:
    return context.get_dummy_value()


def _atomic_codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    array_type = signature.args[0]
    array = make_array(array_type)(context, builder, args[0])
    pointer = cgutils.get_item_pointer(
        context, builder, array_type, array, list(args[1:-1]), wraparound=False, boundscheck=False
    )
    builder.atomic_rmw("add", pointer, args[-1], "monotonic")
    return context.get_dummy_value()


def _atomic_signature(array: Any, dimensions: int) -> Any:
    fits = isinstance(array, types.Array) and array.ndim == dimensions and array.dtype == types.int64
    if not (fits and array.mutable and (dimensions == 1 or array.layout == "C")):
        raise numba.errors.TypingError(f"need a writable int64 array, {dimensions}-D, C-contiguous if 2-D")
    return types.void(array, *([types.intp] * dimensions), types.int64)


@intrinsic
def _add_at(typing: Any, array: Any, index: Any, value: Any) -> Any:
    return _atomic_signature(array, 1), _atomic_codegen


@intrinsic
def _add_at_2d(typing: Any, array: Any, i: Any, j: Any, value: Any) -> Any:
    return _atomic_signature(array, 2), _atomic_codegen


@intrinsic
def _claim_at(typing: Any, array: Any, index: Any, value: Any) -> Any:
    fits = isinstance(array, types.Array) and array.ndim == 1 and array.dtype == types.uint32 and array.mutable
    if not fits:
        raise numba.errors.TypingError("need a writable uint32 array, 1-D")
    return types.int64(array, types.intp, types.uint32), _claim_codegen


def _pointer(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    array_type = signature.args[0]
    array = make_array(array_type)(context, builder, args[0])
    place = [args[1], *[context.get_constant(types.intp, 0)] * (array_type.ndim - 1)]
    return cgutils.get_item_pointer(context, builder, array_type, array, place, wraparound=False, boundscheck=False)


def _claim_codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    nothing = ir.Constant(ir.IntType(32), 0)
    pointer = _pointer(context, builder, signature, args)
    pair = builder.cmpxchg(pointer, nothing, args[2], "monotonic", "monotonic")
    return builder.zext(builder.extract_value(pair, 0), ir.IntType(64))


@intrinsic
def _prefetch_at(typing: Any, array: Any, index: Any) -> Any:
    if not isinstance(array, types.Array):
        raise numba.errors.TypingError("need an array")
    return types.void(array, types.intp), _prefetch_codegen


def _prefetch_codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    """To read (0), as likely again as can be (3), data (1)."""
    place = builder.bitcast(_pointer(context, builder, signature, args), ir.IntType(8).as_pointer())
    number = ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [place.type, number, number, number])
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
    builder.call(function, [place, *(ir.Constant(number, value) for value in (0, 3, 1))])
    return context.get_dummy_value()


def _claim(array: npt.NDArray[np.uint32], index: int, value: int) -> int:
    return int(_claim_at(array, index, value))


def _prefetch(array: npt.NDArray[Any], index: int) -> None:
    _prefetch_at(array, index)


def _atomic_add(array: npt.NDArray[np.int64], index: int, value: int) -> None:
    _add_at(array, index, value)


def _atomic_add_2d(array: npt.NDArray[np.int64], i: int, j: int, value: int) -> None:
    _add_at_2d(array, i, j, value)


_FLOATS = types.CPointer(types.float64)  # type: ignore[attr-defined]

LOOP: Final = types.void(_FLOATS, types.intp, types.intp, types.intp, _FLOATS, types.intp)
"""What `call_at` calls: table, its rows, its columns, how many of these count, parameters, how many there are."""


def compile_loop(function: Callable[..., Any]) -> Any:
    """Compile what `call_at` calls; hold what is returned as long as its `address` is used: it is kept nowhere else."""
    space = function.__globals__
    space["carray"] = numba.carray
    return numba.cfunc(LOOP, error_model="numpy")(function)


@intrinsic
def _call(typing: Any, address: Any, table: Any, people: Any, parameters: Any) -> Any:
    floats = types.float64
    fits = isinstance(table, types.Array) and (table.ndim, table.layout, table.dtype) == (2, "C", floats)
    fits &= isinstance(parameters, types.Array) and (parameters.ndim, parameters.layout, parameters.dtype) == (
        1,
        "C",
        floats,
    )
    if not fits:
        raise numba.errors.TypingError("need a table float64[rows, columns] and parameters float64, C-contiguous")
    return types.void(types.int64, table, types.intp, parameters), _call_codegen


def _call_codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    table, parameters = (make_array(signature.args[place])(context, builder, args[place]) for place in (1, 3))
    rows, columns = cgutils.unpack_tuple(builder, table.shape)
    (count,) = cgutils.unpack_tuple(builder, parameters.shape)
    given = [table.data, rows, columns, args[2], parameters.data, count]
    kind = ir.FunctionType(ir.VoidType(), [value.type for value in given])
    builder.call(builder.inttoptr(args[0], kind.as_pointer()), given)
    return context.get_dummy_value()


def _call_at(address: int, table: npt.NDArray[np.float64], people: int, parameters: npt.NDArray[np.float64]) -> None:
    _call(address, table, people, parameters)


COMPILED_ONLY = {
    "sim.compiled.atomic_add": _atomic_add,
    "sim.compiled.atomic_add_2d": _atomic_add_2d,
    "sim.compiled.call_at": _call_at,
    "sim.compiled.claim": _claim,
    "sim.compiled.prefetch": _prefetch,
}
"""What is compiled in place of functions of `sim.compiled` that plain Python can only write another way."""
