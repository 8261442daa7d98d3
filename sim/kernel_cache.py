"""Numba's compiled code goes to and comes from a `KernelFolder`.

Numba's own cache (`cache=True`) unpacks whatever lies in its files, and its settings, cache locators among them, choose
no more than the folder. What all numbas from 0.61 to 0.68 have is one place where a compiled function asks for its code
and hands it in: its attribute `_cache`, an object of the abstract class `numba.core.caching._Cache`. `KernelCache` is
such an object, and packs with what numba's own packs with. Under a numba that lacks the place, or whose code cannot be
packed this way, functions are compiled at each start, and a notice says so.
"""

import os
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

try:
    from numba.core import caching, compiler, serialize
except ImportError:
    caching = compiler = serialize = None

_PLACE: Any = getattr(caching, "_Cache", None)
_VERSIONS = (platform.python_version(), sys.flags.optimize, numba.__version__, llvmlite.__version__, np.__version__)


def made_with() -> str:
    """What the last bits of a number may depend on besides the sources: versions, processor, mathematical library."""
    from llvmlite import binding

    system = (platform.system(), platform.release(), platform.machine(), _library())
    return repr((_VERSIONS, binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten(), *system))


def _library() -> str:
    try:
        return str(os.confstr("CS_GNU_LIBC_VERSION"))
    except (AttributeError, OSError, ValueError):  # another system, or another library, which comes with the system
        return platform.version()


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
    """

    def __init__(self, function: Callable[..., Any], folder: KernelFolder) -> None:
        self._function = function
        self._folder = folder
        self._enabled = True
        self._reads = True

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
            found, parts = pickle.loads(packed)
            if found == signature:
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
            packed = serialize.dumps((signature, compiled._reduce()))
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
