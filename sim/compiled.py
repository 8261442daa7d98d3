"""The only place that knows how functions are compiled; the compiler itself is loaded when one is first called.

`rule` marks a scalar pure function that is inlined wherever it is called; `kernel` marks a loop over arrays;
`atomic_add` and `atomic_add_2d` add to shared int64 counters from several threads. With NUMBA_DISABLE_JIT=1 all four
are plain Python and give the same bits. That holds because nothing here uses fastmath, because arithmetic is float64
and because compiled and plain `math.*` call the same C library. What a rule has to observe for it:

- take `math.exp`, never `np.exp` (which has its own last bits), and widen float32 state with `double()` on
  load (compiled, `float()` leaves single precision as it is);
- make no error: plain Python raises on 1/0, math.log(0) and an overflowing math.exp, compiled code returns
  inf or nan;
- mask whole-number arithmetic that wraps: use `word32` and `word64`, which are Python ints in plain mode.
"""

from __future__ import annotations

import functools
import hashlib
import os
import threading
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

F = TypeVar("F", bound=Callable[..., Any])

PLAIN: Final[bool] = os.environ.get("NUMBA_DISABLE_JIT", "") not in ("", "0")
"""True when NUMBA_DISABLE_JIT=1 has switched compilation off."""

_COMPILED_FOLDERS = ("model", "engine", "vocabulary")
_loading = threading.Lock()


def sources_hash(package: Path | None = None) -> str:
    """Hash of everything that can end up in a kernel: 16 hexadecimal digits.

    Covers the path and content of this file, of the compiler's, and of each .py file below sim/model, sim/engine and
    sim/vocabulary, and numba's version.

    Args:
        package: The folder of the package `sim` (default: this one).

    >>> len(sources_hash())
    16
    """
    root = Path(__file__).parent if package is None else package
    files = [path for folder in _COMPILED_FOLDERS for path in (root / folder).rglob("*.py")]
    digest = hashlib.sha256(version("numba").encode())
    for path in sorted([*files, root / "compiled.py", root / "kernel_compiler.py"]):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"\n{path.relative_to(root).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


class Kernel:
    """A function that is compiled when it is first called, or when what calls it is compiled.

    Args:
        function: In the part of Python that numba knows.
        inlined: Whether it is inlined into what calls it.
    """

    def __init__(self, function: Callable[..., Any], *, inlined: bool) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function
        self._inlined = inlined
        self._dispatcher: Any = None

    @property
    def dispatcher(self) -> Any:
        """Numba's own object for it; loads numba."""
        if self._dispatcher is None:
            with _loading:
                from sim import kernel_compiler

            function: Any = kernel_compiler.COMPILED_ONLY.get(self.py_func.__qualname__, self.py_func)
            self._dispatcher = kernel_compiler.compile_kernel(function, inlined=self._inlined)
        return self._dispatcher

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call the compiled function."""
        return self.dispatcher(*arguments, **named)


def rule(function: F) -> F:
    """Compile a scalar pure function, inlined into its callers (a call left standing stops vectorisation).

    >>> @rule
    ... def halved(x: float) -> float:
    ...     return 0.5 * x
    >>> halved(3.0)
    1.5
    """
    return function if PLAIN else cast(F, Kernel(function, inlined=True))


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
    return function if PLAIN else cast(F, Kernel(function, inlined=False))


class Word:
    """A number modulo 2**bits: an unsigned word when compiled, a Python int when not.

    >>> Word(32)(2**32 + 5)
    5
    """

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self._mask = (1 << bits) - 1

    def __call__(self, value: Any) -> Any:
        """The number modulo 2**bits."""
        return int(value) & self._mask


class Single:
    """A number rounded to single precision, as columns are stored.

    >>> Single()(0.1)
    0.10000000149011612
    """

    def __call__(self, value: float) -> float:
        """The number rounded to 24 binary digits; beyond what single precision holds, infinite."""
        from ctypes import c_float

        return c_float(value).value


class Double:
    """A number in double precision, as everything is computed.

    >>> Double()(2)
    2.0
    """

    def __call__(self, value: Any) -> float:
        """The number in double precision."""
        return float(value)


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
