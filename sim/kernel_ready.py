"""Compiled code that is ready to be called: numba is not loaded where all that is called was compiled before.

Loading numba takes a fifth of a short run, and all that it would do there is to look at the types of arguments, find
the machine code on the disk and hand it over. So when numba has compiled a kernel, or taken it from its own entry, an
entry of another kind is written for these very arguments: the machine code, and what it refers to by name. Of numba are
then loaded the three libraries in C that this code calls. A kind of argument, a name or a version that is not known
here, or whatever else is in the way, and numba does it as ever; so it does what is not plain, such as a constant that
stands for an object of Python.
"""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import os
import pickle
import platform
import re
import sys
import threading
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import blake2b
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import version
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from sim.kernel_folder import KernelFolder
from sim.kernel_sources import sources_hash


def _folder_name() -> str:
    return f"kernels-{sources_hash()}"


FOLDER: Final = KernelFolder(_folder_name)
"""Where this program keeps its compiled code."""

_LIBRARIES: Final = {"_helperlib": "numba_", "_dynfunc": "numba_", "core.runtime._nrt_python": "NRT_"}
"""Numba's libraries in C that compiled code calls, and what the names of their functions begin with there."""

_NOT_OF_CODE: Final = ("NUMBA_CACHE_DIR", "NUMBA_DISABLE_INTEL_SVML", "NUMBA_NUM_THREADS")
"""Settings of numba that are the same for all that is kept, whatever the environment says, or matter to no kernel of
ours: workers have one thread, and call the same code."""


@cache
def made_with() -> str:
    """What the last bits of a number may depend on besides the sources: versions, processor, mathematical library."""
    from llvmlite import binding

    versions = (platform.python_version(), sys.flags.optimize, version("numba"), version("llvmlite"), np.__version__)
    system = (platform.system(), platform.release(), platform.machine(), _library())
    return repr((versions, binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten(), *system))


def _library() -> str:
    try:
        return str(os.confstr("CS_GNU_LIBC_VERSION"))
    except (AttributeError, OSError, ValueError):  # another system, or another library, which comes with the system
        return platform.version()


class UnplainError(Exception):
    """An argument of a kind that only numba knows."""


def kind_of(value: Any) -> Any:
    """All that numba sees in an argument: two with the same kind are handed to the same machine code.

    >>> kind_of((1, 2.0, np.zeros(3)))
    ('tuple', ('<i8', '<f8', ('array', '<f8', 1, 'C', True)))
    >>> kind_of("a text")
    Traceback (most recent call last):
    sim.kernel_ready.UnplainError: str

    Raises:
        UnplainError: If it cannot be told here.
    """
    plain = type(value)
    if plain is np.ndarray:
        flags = value.flags
        layout = "C" if flags.c_contiguous else "F" if flags.f_contiguous else "A"
        return "array", _kind_of_numbers(value.dtype), value.ndim, layout, flags.writeable
    if isinstance(value, tuple):
        return _name_of(plain), tuple(map(kind_of, value))
    if plain in (bool, float) or (plain is int and -(2**63) <= value < 2**63):
        return {bool: "|b1", float: "<f8", int: "<i8"}[plain]
    if isinstance(value, np.generic):
        return _kind_of_numbers(value.dtype)
    raise UnplainError(plain.__name__)


def _name_of(kind: Any) -> str:
    return kind.__name__ if kind is tuple else f"{kind.__module__}.{kind.__qualname__} {getattr(kind, '_fields', ())}"


def _kind_of_numbers(kind: np.dtype[Any]) -> Any:
    return kind.str if kind.names is None else _kind_of_record(kind, kind.isalignedstruct)


@cache
def _kind_of_record(kind: np.dtype[Any], aligned: bool) -> str:
    """A digest, for ours are long, and compared at each call."""
    fields = [(name, kind.fields[name][1], _inner(kind.fields[name][0])) for name in kind.names or () if kind.fields]
    return blake2b(repr((fields, kind.itemsize, aligned)).encode(), digest_size=16).hexdigest()


def _inner(kind: np.dtype[Any]) -> Any:
    return _kind_of_numbers(kind) if kind.subdtype is None else (_inner(kind.subdtype[0]), kind.subdtype[1])


class Ready(NamedTuple):
    """What an entry holds.

    Attributes:
        code: Machine code, as an object file.
        wrapper: Name in it of what Python calls.
        environments: Names in it of what numba calls environments, each with the kinds of numbers that it finds there
            when it makes an array that Python gets.
        names: Functions and values outside it that it refers to.
        mathematics: Names of functions that numba takes from its own library wherever code has them.
    """

    code: bytes
    wrapper: str
    environments: tuple[tuple[str, tuple[str, ...]], ...]
    names: tuple[str, ...]
    mathematics: tuple[str, ...]


_KNOWN: Final[dict[Any, Callable[..., Any] | None]] = {}
"""What is ready, by a function and what `kind_of` tells of the arguments; and the same by what `_look` sees of them."""
_UNKNOWN: Final[Any] = object()
_ONE_AT_A_TIME: Final = threading.RLock()

_LAYOUT: Final = 0x403
"""Bits of an array's flags that its kind depends on: contiguous either way, writeable."""


_NUMBERS: Final[dict[int, tuple[np.dtype[Any], Any]]] = {}
"""What `_kind_of_numbers` tells, by where the type lies, which is held here so that no other comes to lie there: equal
types of records are told to be so in microseconds."""

_MOST_NUMBERS: Final = 4096


def _numbers(kind: np.dtype[Any]) -> tuple[np.dtype[Any], Any]:
    if len(_NUMBERS) >= _MOST_NUMBERS:
        _NUMBERS.clear()
    found = _NUMBERS[id(kind)] = kind, _kind_of_numbers(kind)
    return found


_CONTEXTS: Final[dict[int, tuple[tuple[Any, ...], object]]] = {}
"""What was seen of a tuple of arrays, by where it lies; it is held here so that no other comes to lie there. Nobody
changes kind or flags of arrays in it. To look at it anew, array by array, took two thirds of a twin's time."""
_SIGHTS: Final[dict[tuple[Any, ...], object]] = {}
"""One object for all tuples of which the same is seen."""

_SCALARS: Final = frozenset({bool, float, *(np.dtype(each).type for each in "?bBhHiIlLfd")})
"""Types that say all that there is to see."""

_MOST_CONTEXTS: Final = 1024
_MOST_HELD: Final = 1 << 16
"""Bytes of arrays: a person's state and what holds for all in a small world, never the people of a large one."""

_MOST_TOGETHER: Final = 1 << 18
"""Bytes that all of them may hold, among which are those that nobody else needs any more."""

_TOGETHER: Final = [0]
"""Bytes that they hold."""


def _held(values: tuple[Any, ...]) -> int:
    """Bytes that these arrays keep in memory."""
    total = 0
    for value in values:
        if type(value) is np.ndarray:
            total += getattr(value if value.base is None else value.base, "nbytes", _MOST_HELD + 1)
        elif isinstance(value, tuple):
            total += _held(value)
    return total


def _look_at_context(value: tuple[Any, ...], seen: list[Any]) -> None:
    part: list[Any] = [type(value), len(value)]
    _look(value, part)
    size = _held(value)
    if 0 < size <= _MOST_HELD:
        if len(_CONTEXTS) >= _MOST_CONTEXTS or _TOGETHER[0] + size > _MOST_TOGETHER:
            _CONTEXTS.clear()
            _TOGETHER[0] = 0
        _TOGETHER[0] += size
        sight = _SIGHTS.setdefault(tuple(part), object())
        _CONTEXTS[id(value)] = value, sight
        seen.append(sight)
    else:
        seen += part


def _look(values: tuple[Any, ...], seen: list[Any]) -> None:
    """Note all that `kind_of` depends on, without telling it: that takes a fifth of the time, at each call."""
    for value in values:
        plain = type(value)
        if plain in _SCALARS or (plain is int and -(2**63) <= value < 2**63):
            seen.append(plain)
        elif plain is np.ndarray:
            kind = value.dtype
            seen += (_NUMBERS.get(id(kind)) or _numbers(kind))[1], value.ndim, value.flags.num & _LAYOUT
        elif isinstance(value, tuple):
            known = _CONTEXTS.get(id(value))
            if known is None:
                _look_at_context(value, seen)
            else:
                seen.append(known[1])
        else:
            seen.append(kind_of(value))


def ready_for(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Callable[..., Any] | None:
    """What Python calls of a function for arguments such as these; None if there is nothing ready."""
    seen: list[Any] = [function]
    try:
        _look(arguments, seen)
        known = tuple(seen)
        ready = _KNOWN.get(known, _UNKNOWN)  # one look, for `keep` takes out what another thread looks at
        if ready is not _UNKNOWN:
            return ready
        asked = function, tuple(map(kind_of, arguments))
    except UnplainError:
        return None
    with _ONE_AT_A_TIME:
        if asked not in _KNOWN:
            _KNOWN[asked] = find(*asked)
        return _KNOWN.setdefault(known, _KNOWN[asked])


def find(function: Callable[..., Any], kinds: tuple[Any, ...]) -> Callable[..., Any] | None:
    """The same by what `kind_of` tells of the arguments, from the disk."""
    entry, identity = _entry(function, kinds)
    packed = FOLDER.read(entry, identity)
    if packed is None:
        return None
    with contextlib.suppress(Exception):  # ours and whole, and yet nothing that can be used here: as good as none
        return _loaded(function, Ready(*pickle.loads(packed)))
    return None


def keep(function: Callable[..., Any], arguments: tuple[Any, ...], ready: Ready) -> None:
    """Write what is ready for arguments such as these, unless it is there."""
    if FOLDER.writes:
        with contextlib.suppress(UnplainError):
            kinds = tuple(map(kind_of, arguments))
            entry, identity = _entry(function, kinds)
            if FOLDER.read(entry, identity) is None:
                FOLDER.write(entry, identity, pickle.dumps(tuple(ready)))
            with _ONE_AT_A_TIME:  # others look for what is ready, and add to it, while this one compiles
                for known in [known for known in _KNOWN if known[0] is function]:
                    del _KNOWN[known]


def _entry(function: Callable[..., Any], kinds: Any) -> tuple[str, str]:
    """Name of an entry's file, and all that the entry is known by."""
    code = function.__code__
    settings = sorted(
        each for each in os.environ.items() if each[0].startswith("NUMBA_") and each[0] not in _NOT_OF_CODE
    )
    about = function.__module__, function.__qualname__, code.co_firstlineno, code.co_code
    identity = repr((*about, kinds, settings, made_with()))
    digest = blake2b(identity.encode(), digest_size=16).hexdigest()
    return f"ready-{re.sub(r'[^A-Za-z0-9_]', '_', function.__qualname__)[:60]}-{digest}", identity


def _loaded(function: Callable[..., Any], ready: Ready) -> Callable[..., Any] | None:
    linker = _linker(ready.mathematics)
    return linker.load(function, ready) if linker.knows(ready.names) else None


_UNPICKLED: Final[dict[int, Any]] = {}
_UNPICKLE: Final = Path(__file__).with_name("kernel_unpickle.ll")
"""What code calls for an object that stands in it, such as the class of an array that it returns: it came with the code
from our own folder, and is kept by where it stands. Numba's own is a function in Python, in which Ctrl-C raises what
code does not look for, so that the process ends at a place that is not there. Here Python has nothing to run. Addresses
are whole numbers, since how pointers are written hangs on the version of LLVM."""


class _Linker:
    """Where machine code is put into memory, and linked with what it refers to."""

    def __init__(self, mathematics: Iterable[str]) -> None:
        from llvmlite import binding

        self._llvm = binding
        self._loaded: dict[str, Callable[..., Any]] = {}
        with contextlib.suppress(RuntimeError):  # later versions do it themselves, and say so
            binding.initialize()
        binding.initialize_native_target()
        binding.initialize_native_asmprinter()
        self._libraries = {name: _library_in_c(name) for name in _LIBRARIES}
        for name, prefix in _LIBRARIES.items():
            for place, address in self._libraries[name].c_helpers.items():
                binding.add_symbol(place if place.startswith("_") and prefix == "NRT_" else prefix + place, address)
        of_memory = self._libraries["core.runtime._nrt_python"].c_helpers
        binding.add_symbol("NRT_MemInfo_data_fast", of_memory["MemInfo_data"])  # numba compiles one that can be inlined
        for place in mathematics:
            binding.add_symbol(place, self._libraries["_helperlib"].c_helpers[place])
        binding.add_symbol("_Py_NoneStruct", id(None))
        for kind in vars(builtins).values():
            if isinstance(kind, type) and issubclass(kind, BaseException):
                binding.add_symbol(f"PyExc_{kind.__name__}", id(kind))
        machine = binding.Target.from_triple(binding.get_process_triple()).create_target_machine(codemodel="jitdefault")
        unpickle = (
            _UNPICKLE.read_text("utf-8").replace("KNOWN", str(id(_UNPICKLED))).replace("LOADS", str(id(pickle.loads)))
        )
        self._engine = binding.create_mcjit_compiler(binding.parse_assembly(unpickle), machine)
        self._engine.finalize_object()
        self._unpickle = self._engine.get_function_address("sim_unpickle")

    def knows(self, names: Iterable[str]) -> bool:
        """Whether all of these can be found: one that cannot would end the process."""
        return all(self._llvm.address_of_symbol(name) for name in names)

    def load(self, function: Callable[..., Any], ready: Ready) -> Callable[..., Any]:
        """Put machine code into memory, once, and give what Python calls."""
        if ready.wrapper not in self._loaded:
            self._loaded[ready.wrapper] = self._load(function, ready)
        return self._loaded[ready.wrapper]

    def _load(self, function: Callable[..., Any], ready: Ready) -> Callable[..., Any]:
        self._llvm.add_symbol("numba_unpickle", self._unpickle)  # again, for numba puts its own there as it is loaded
        object_file = self._llvm.ObjectFileRef.from_data(ready.code)
        self._engine.add_object_file(object_file)
        self._engine.finalize_object()
        of_numba, environments = self._libraries["_dynfunc"], []
        for name, kinds in ready.environments:
            environment = of_numba.Environment(function.__globals__)
            environment.consts.extend(map(np.dtype, kinds))
            (ctypes.c_void_p * 1).from_address(self._engine.get_global_value_address(name))[0] = id(environment)
            environments.append(environment)
        address = self._engine.get_function_address(ready.wrapper)
        module, kept = sys.modules[function.__module__], (self, ready.code, object_file, *environments)
        made: Callable[..., Any] = of_numba.make_function(module, function.__name__, "", address, environments[0], kept)
        return made


@cache
def _linker(mathematics: tuple[str, ...]) -> _Linker:
    return _Linker(mathematics)


def _library_in_c(name: str) -> Any:
    """One of numba's libraries in C, without numba."""
    whole = f"numba.{name}"
    if whole in sys.modules:
        return sys.modules[whole]
    package = find_spec("numba")
    folder = whole.rpartition(".")[0].split(".")[1:]
    roots = (package and package.submodule_search_locations) or ()
    places = [str(Path(root, *folder)) for root in roots]
    found = PathFinder.find_spec(whole, places)
    if not isinstance(found, ModuleSpec) or found.loader is None:
        raise ImportError(whole)
    module = module_from_spec(found)
    found.loader.exec_module(module)
    sys.modules.pop(whole, None)  # for numba, should it be loaded, to put there itself
    return module
