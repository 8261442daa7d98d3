"""The only place that knows how functions are compiled.

`rule` compiles a scalar pure function that is inlined wherever it is called; `kernel` compiles a loop over
arrays; `atomic_add` and `atomic_add_2d` add to shared int64 counters from several threads. With
NUMBA_DISABLE_JIT=1 all four are plain Python and give the same bits. That holds because nothing here uses
fastmath, because arithmetic is float64 and because compiled and plain `math.*` call the same C library. What
a rule has to observe for it:

- take `math.exp`, never `np.exp` (which has its own last bits), and widen float32 state with `float()` on
  load;
- make no error: plain Python raises on 1/0, math.log(0) and an overflowing math.exp, compiled code returns
  inf or nan;
- mask whole-number arithmetic that wraps: use `word32` and `word64`, which are Python ints in plain mode.

Compiled code is kept on disk (`sim.kernel_folder` says where, `sim.kernel_cache` how). Numba does not notice when a
function that a cached kernel calls is edited in another file, so the folder's name is a hash of all the sources that
can be compiled, and of numba's version.
"""

import hashlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numpy as np
import numpy.typing as npt

if "numba" not in sys.modules:  # Intel's vector maths, where installed, would change last bits inside loops
    os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")


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
    from numba.core.options import DefaultOptions

    from sim.kernel_cache import keep
    from sim.kernel_folder import KernelFolder

    if not numba.config.DISABLE_JIT:
        from numba.np import arraymath  # else loaded when the first kernel is called, with SciPy
if not numba.config.DISABLE_JIT and hasattr(arraymath, "_HAVE_BLAS"):
    arraymath._HAVE_BLAS = find_spec("scipy") is not None  # other people's kernels may have linear algebra

F = TypeVar("F", bound=Callable[..., Any])

PLAIN: Final[bool] = bool(numba.config.DISABLE_JIT)
"""True when NUMBA_DISABLE_JIT=1 has switched compilation off."""

_COMPILED_FOLDERS = ("rules", "engine", "vocabulary")


def sources_hash(package: Path | None = None) -> str:
    """Hash of everything that can end up in a kernel: 16 hexadecimal digits.

    Covers the path and content of this file and of each .py file below sim/rules, sim/engine and
    sim/vocabulary, and numba's version. `package` is the folder of the package `sim` (default: this one).

    >>> len(sources_hash())
    16
    """
    root = Path(__file__).parent if package is None else package
    files = [path for folder in _COMPILED_FOLDERS for path in (root / folder).rglob("*.py")]
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted([*files, root / "compiled.py"]):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"\n{path.relative_to(root).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def _folder_name() -> str:
    return f"kernels-{sources_hash()}"


FOLDER: Final = KernelFolder(_folder_name)
"""Where this program keeps its compiled code."""

_STRICT: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
_INLINED: dict[str, Any] = {"forceinline": True} if hasattr(DefaultOptions, "forceinline") else {}


def rule(function: F) -> F:
    """Compile a scalar pure function, inlined into its callers (a call left standing stops vectorisation).

    >>> @rule
    ... def halved(x: float) -> float:
    ...     return 0.5 * x
    >>> halved(3.0)
    1.5
    """
    return cast(F, _compile(function, **_STRICT, **_INLINED))


def kernel(function: F) -> F:
    """Compile a loop over arrays: releases the interpreter lock, divides as numpy does, never uses fastmath.

    >>> @kernel
    ... def total(values: npt.NDArray[np.int64]) -> int:
    ...     result = 0
    ...     for i in range(values.size):
    ...         result += values[i]
    ...     return result
    >>> int(total(np.arange(4)))
    6
    """
    return cast(F, _compile(function, **_STRICT))


def _compile(function: Callable[..., Any], **options: Any) -> Any:
    """Compile with numba; kept on disk is only what the folder's name accounts for: this package."""
    compiled = numba.njit(**options)(function)
    if not PLAIN:
        if Path(function.__code__.co_filename).resolve().is_relative_to(Path(__file__).resolve().parent):
            keep(compiled, FOLDER)
        _ignore_literals(compiled)
    return compiled


def _ignore_literals(compiled: Any) -> None:
    """Let a call with a constant use the same compiled code as a call with a variable: there is less to compile."""
    template = compiled.get_call_template

    def get_call_template(args: Any, kws: Any) -> Any:
        plain = tuple(numba.types.unliteral(arg) for arg in args)
        return template(plain, {name: numba.types.unliteral(arg) for name, arg in kws.items()})

    compiled.get_call_template = get_call_template


word32: Callable[[Any], Any]
"""The number modulo 2**32: uint32 when compiled, a Python int when not."""
word64: Callable[[Any], Any]
"""The number modulo 2**64: uint64 when compiled, a Python int when not."""

if PLAIN:

    def _word32(value: Any) -> int:
        return int(value) & 0xFFFFFFFF

    def _word64(value: Any) -> int:
        return int(value) & 0xFFFFFFFFFFFFFFFF

    word32, word64 = _word32, _word64

    def _add_at(array: Any, index: Any, value: Any) -> None:
        array[index] += value

    def _add_at_2d(array: Any, i: Any, j: Any, value: Any) -> None:
        array[i, j] += value

else:
    from numba.core import cgutils, types
    from numba.extending import intrinsic
    from numba.np.arrayobj import make_array

    word32, word64 = np.uint32, np.uint64

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


@rule
def atomic_add(array: npt.NDArray[np.int64], index: int, value: int) -> None:
    """Add `value` to `array[index]` so that no thread's addition is lost.

    `array` is a 1-D int64 array; whole numbers add up to the same total in any order, which floats do not.
    `index` is not checked and does not count from the end: 0 <= index < array.size is up to the caller.

    >>> counts = np.zeros(3, np.int64)
    >>> atomic_add(counts, 1, 5)
    >>> counts.tolist()
    [0, 5, 0]
    """
    _add_at(array, index, value)


@rule
def atomic_add_2d(array: npt.NDArray[np.int64], i: int, j: int, value: int) -> None:
    """Add `value` to `array[i, j]` so that no thread's addition is lost; as `atomic_add`, C-contiguous 2-D.

    >>> counts = np.zeros((2, 2), np.int64)
    >>> atomic_add_2d(counts, 1, 0, -7)
    >>> counts.tolist()
    [[0, 0], [-7, 0]]
    """
    _add_at_2d(array, i, j, value)
