"""Numba's compiled code goes to and comes from a `KernelFolder`.

Numba's own cache (`cache=True`) unpacks whatever lies in its files, and its settings, cache locators among them, choose
no more than the folder. What all numbas from 0.61 to 0.68 have is one place where a compiled function asks for its code
and hands it in: its attribute `_cache`, an object of the abstract class `numba.core.caching._Cache`. `KernelCache` is
such an object, and packs with what numba's own packs with. Under a numba that lacks the place, or whose code cannot be
packed this way, functions are compiled at each start, and a notice says so.
"""

import pickle
import platform
import re
import sys
import time
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import llvmlite
import numba
import numpy as np

from sim.kernel_folder import KernelFolder
from sim.kernel_ready import Ready, keep

try:
    from numba.core import caching, compiler, intrinsics, serialize
except ImportError:
    caching = compiler = intrinsics = serialize = None

_PLACE: Any = getattr(caching, "_Cache", None)
_VERSIONS = (platform.python_version(), sys.flags.optimize, numba.__version__, llvmlite.__version__, np.__version__)


def _types_of(signature: Any) -> tuple[Any, ...]:
    return tuple(getattr(signature, "args", signature))


def _names_outside(library: Any) -> tuple[str, ...]:
    """What machine code refers to and does not hold, by name."""
    module = library._final_module
    there = [value for values in (module.functions, module.global_variables) for value in values]
    return tuple(value.name for value in there if value.is_declaration and not value.name.startswith("llvm."))


def keep_ready(compiled: Any, arguments: tuple[Any, ...]) -> None:
    """Keep what `sim.kernel_ready` needs to call a function again that was just called, where it is all plain."""
    folder = getattr(compiled, "_cache", None)
    if isinstance(folder, KernelCache):
        parts = folder.parts.pop(tuple(map(compiled.typeof_pyval, arguments)), None)
        ready = None if parts is None else _ready(parts)
        if ready is not None:
            keep(compiled.py_func, arguments, ready)


def _ready(parts: tuple[Any, ...]) -> Ready | None:
    (_, kind, code), description, environment, *_, reload, others, names = parts
    environments = {one.env_name: one.consts for one in (environment, *others)}
    plain = all(_is_number(each) for held in environments.values() for each in held)
    if kind != "object" or reload or not plain:
        return None
    constants = tuple((name, tuple(each.str for each in held)) for name, held in environments.items())
    mathematics = tuple(sorted(intrinsics.INTR_MATH))
    return Ready(code[0], description.llvm_cpython_wrapper_name, constants, names, mathematics)


def _is_number(constant: Any) -> bool:
    """Whether it is a type of numbers, also one that was read from the disk, which NumPy does not call built in."""
    return isinstance(constant, np.dtype) and constant.kind in "biuf" and constant == np.dtype(constant.str)


def keep_compiled(compiled: Any, folder: KernelFolder) -> None:
    """Let a compiled function look for its code in `folder`, and put it there.

    An entry is not known by what a function closes over, so closures are compiled at each start.
    """
    if compiled.py_func.__closure__:
        return
    if _PLACE is None or not isinstance(getattr(compiled, "_cache", None), _PLACE):
        folder.give_up(f"numba {numba.__version__} has no known place for it")
    else:
        compiled._cache = KernelCache(compiled.py_func, folder)


class KernelCache(_PLACE or object):  # type: ignore[misc]
    """The entries of one function, one for each combination of types of its arguments.

    Args:
        function: The Python function.
        folder: Where entries are.

    Attributes:
        parts: What was written or read in this process, by the types of arguments, until `ready_to_call` asks for it.
    """

    def __init__(self, function: Callable[..., Any], folder: KernelFolder) -> None:
        self._function = function
        self._folder = folder
        self._enabled = True
        self._reads = True
        self.parts: dict[Any, tuple[Any, ...]] = {}

    @property
    def cache_path(self) -> str | None:
        """The folder of the entries, if there is one."""
        return None if self._folder.path is None else str(self._folder.path)

    def enable(self) -> None:
        """Use the entries."""
        self._enabled = True

    def disable(self) -> None:
        """Leave the entries alone."""
        self._enabled = False

    def flush(self) -> None:
        """Take what is there for out of date: numba asks for it before it compiles a function again."""
        self._reads = False

    def load_overload(self, signature: Any, target_context: Any) -> Any:
        """The compiled code for these types of arguments, or None: then numba compiles it."""
        target_context.refresh()  # what code refers to is known only after this
        if not (self._enabled and self._reads):
            return None
        entry, identity = self._entry(signature, target_context)
        packed = self._folder.read(entry, identity)
        while packed is None:
            awaited = self._folder.made_elsewhere(self._function.__qualname__)
            if awaited:
                time.sleep(0.02)
            packed = self._folder.read(entry, identity)
            if not awaited:
                break
        if packed is None:
            return None
        try:
            found, parts, names = pickle.loads(packed)
            if found == signature:
                self.parts[_types_of(signature)] = (*parts, names)
                return compiler.CompileResult._rebuild(target_context, *parts)
        except Exception:  # it is ours and whole, and yet nothing that can be used here: as good as none
            pass
        self._folder.drop(entry)
        return None

    def save_overload(self, signature: Any, compiled: Any) -> None:
        """Keep compiled code, unless it holds addresses of this process."""
        if not (self._enabled and self._folder.writes):
            return
        try:
            if compiled.library.has_dynamic_globals or any(not part.can_cache for part in compiled.lifted):
                return
            parts, names = compiled._reduce(), _names_outside(compiled.library)
            packed = serialize.dumps((signature, parts, names))
            self.parts[_types_of(signature)] = (*parts, names)
        except Exception as error:
            self._folder.give_up(f"{self._function.__qualname__} cannot be packed: {type(error).__name__}: {error}")
            return
        self._folder.write(*self._entry(signature, compiled.target_context), packed)

    def _entry(self, signature: Any, target_context: Any) -> tuple[str, str]:
        """Name of the entry's file, and all that the entry is known by."""
        function = self._function
        processor = target_context.codegen().magic_tuple()
        about = (
            function.__module__,
            function.__qualname__,
            function.__code__.co_firstlineno,
            function.__code__.co_code,
        )
        identity = repr((*about, str(signature), processor, _VERSIONS))
        digest = blake2b(identity.encode(), digest_size=16).hexdigest()
        return f"{re.sub(r'[^A-Za-z0-9_]', '_', function.__qualname__)[:60]}-{digest}", identity
