"""The only place that knows how functions are compiled; the compiler itself is loaded when one is first called.

`rule` marks a scalar pure function, or what a loop does to one person after another, and is inlined wherever it is
called; `kernel` marks a loop over arrays; `atomic_add` and `atomic_add_2d` add to shared int64 counters from several
threads, `claim` takes a place for one of them; `prefetch` says what will be read soon; `call_at` calls a loop that was
not known when its caller was compiled. With NUMBA_DISABLE_JIT=1 all of them are plain Python and give the same bits.
That holds because nothing here uses fastmath, because arithmetic is float64 and because compiled and plain `math.*`
call the same C library. What a rule has to observe for it:

- take `math.exp`, never `np.exp` (which has its own last bits), and widen float32 state with `double()` on
  load (compiled, `float()` leaves single precision as it is);
- make no error: plain Python raises on 1/0, math.log(0) and an overflowing math.exp, compiled code returns
  inf or nan;
- mask whole-number arithmetic that wraps: use `word32` and `word64`, which are Python ints in plain mode.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from sim.kernel_marks import Compile, Double, Kernel, Single, Word
from sim.kernel_sources import sources_hash

__all__ = [
    "PLAIN",
    "atomic_add",
    "atomic_add_2d",
    "call_at",
    "claim",
    "double",
    "kernel",
    "once_called",
    "prefetch",
    "rule",
    "single",
    "sources_hash",
    "word32",
    "word64",
]

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

F = TypeVar("F", bound=Callable[..., Any])

PLAIN: Final[bool] = os.environ.get("NUMBA_DISABLE_JIT", "") not in ("", "0")
"""True when NUMBA_DISABLE_JIT=1 has switched compilation off."""


def _compiler() -> Compile:
    from sim.kernel_compiler import compile_kernel

    return compile_kernel


def _found(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Callable[..., Any] | None:
    from sim.kernel_ready import ready_for

    return ready_for(function, arguments)


def _kept(compiled: Any, arguments: tuple[Any, ...]) -> None:
    from sim.kernel_cache import keep_ready

    keep_ready(compiled, arguments)


def _kernel(function: Callable[..., Any], *, inlined: bool) -> Kernel:
    return Kernel(function, inlined=inlined, compiler=_compiler, found=_found, kept=_kept)


def rule(function: F) -> F:
    """Compile a scalar function, inlined into its callers (a call left standing stops vectorisation).

    >>> @rule
    ... def halved(x: float) -> float:
    ...     return 0.5 * x
    >>> halved(3.0)
    1.5
    """
    return function if PLAIN else cast(F, _kernel(function, inlined=True))


def kernel(function: F) -> F:
    """Compile a loop over arrays: releases the interpreter lock, divides as numpy does, never uses fastmath.

    >>> import numpy as np
    >>> @kernel
    ... def total(values):
    ...     result = 0
    ...     for i in range(values.size):
    ...         result += values[i]
    ...     return result
    >>> int(total(np.arange(4)))
    6
    """
    return function if PLAIN else cast(F, _kernel(function, inlined=False))


def once_called(kernel: F, *arguments: Any) -> F:
    """What calls a kernel, which was just called with these arguments, with others of exactly the same types.

    To look at the types of arguments, records and tuples of arrays above all, takes longer than to hand them over. What
    is returned looks at nothing: who calls it with other types, or with arrays of another layout, reads memory that is
    not there.

    >>> once_called(kernel(lambda a: a + 1), 2)(3)
    4
    """
    return kernel if PLAIN else cast(F, cast(Kernel, kernel).once_called(arguments))


word32: Final = Word(32)
word64: Final = Word(64)
single: Final = Single()
double: Final = Double()


@rule
def atomic_add(array: npt.NDArray[np.int64], index: int, value: int) -> None:
    """Add `value` to `array[index]` so that no thread's addition is lost.

    `array` is a 1-D int64 array; whole numbers add up to the same total in any order, which floats do not.
    `index` is not checked and does not count from the end: 0 <= index < array.size is up to the caller.

    >>> import numpy as np
    >>> counts = np.zeros(3, np.int64)
    >>> atomic_add(counts, 1, 5)
    >>> counts.tolist()
    [0, 5, 0]
    """
    array[index] += value


@rule
def atomic_add_2d(array: npt.NDArray[np.int64], i: int, j: int, value: int) -> None:
    """Add `value` to `array[i, j]` so that no thread's addition is lost; as `atomic_add`, C-contiguous 2-D.

    >>> import numpy as np
    >>> counts = np.zeros((2, 2), np.int64)
    >>> atomic_add_2d(counts, 1, 0, -7)
    >>> counts.tolist()
    [[0, 0], [-7, 0]]
    """
    array[i, j] += value


@rule
def claim(array: npt.NDArray[np.uint32], index: int, value: int) -> int:
    """Put `value` at `array[index]` if there is 0, so that of several threads one succeeds; returns what was there.

    `array` is a 1-D uint32 array; `index` is not checked.

    >>> import numpy as np
    >>> rows = np.zeros(2, np.uint32)
    >>> claim(rows, 1, 7), claim(rows, 1, 8), rows.tolist()
    (0, 7, [0, 7])
    """
    before = int(array[index])
    if before == 0:
        array[index] = value
    return before


@rule
def prefetch(array: npt.NDArray[Any], index: int) -> None:
    """Say that `array[index]` will be read soon: memory is asked for it while other work is done; changes nothing.

    Of an array of several dimensions it is the beginning of `array[index]`; an `index` that is not there does no harm.

    >>> import numpy as np
    >>> prefetch(np.zeros(2), 1)
    """


AT: Final[dict[int, Callable[..., None]]] = {}
"""Where code is not compiled: the loops that `call_at` finds by their address."""


@rule
def call_at(address: int, table: npt.NDArray[np.float64], people: int, parameters: npt.NDArray[np.float64]) -> None:
    """Call the loop at `address`, which fills rows of `table` for its first `people` columns.

    The address is a number like any other, so that the caller is compiled once for whatever will stand there: the
    address of a `cfunc` of the signature `LOOP` of `sim.kernel_compiler`, or where code is not compiled a key of `AT`.
    Nothing is checked. `table` is C-contiguous float64[rows, columns], `parameters` float64.
    """
    AT[address](table, people, parameters)
