"""What numba does again and again, or for nobody, while it compiles our functions: left out for as long as that takes.

Half of the time in which a kernel of two hundred rules is compiled goes into none of its code. What is replaced here is
numba's own, in places that its versions from 0.61 to 0.68 share, and is put back when the kernel is there; a version
that lacks a place keeps its way there. Code that comes out is the same.
"""

import atexit
import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any, Final

from numba.core import event, ir, types
from numba.core.types import functions
from numba.core.typing import templates
from numba.extending import overload
from numba.np import arrayobj

_ANOTHER_SHAPE: Final = "cannot assign to a slice what is of another shape"

_PLAIN: Final = frozenset({types.Integer, types.Float, types.Boolean, types.Array, types.NumberClass})
"""Kinds of types that say all about themselves."""


@contextmanager
def savings(as_part: Callable[[Any], Any]) -> Iterator[None]:
    """Compile with less work; who is here holds numba's lock, so that nobody else compiles meanwhile.

    Args:
        as_part: Makes a dispatcher one whose code waits to be linked; for what numba writes in Python, such as the
            making of arrays, which nobody calls from Python.
    """
    with ExitStack() as stack:
        stack.callback(gc.set_threshold, *gc.get_threshold())
        gc.set_threshold(0)
        stack.callback(_put_aside)
        for owner, name, other in (
            (event, "install_timer", _untimed),
            (event, "trigger_event", _if_heard(event.trigger_event)),
            (event, "start_event", _unless_lock(event.start_event)),
            (event, "end_event", _unless_lock(event.end_event)),
            (functions.BaseFunction, "get_call_type", _resolved_once(functions.BaseFunction.get_call_type)),
            (templates._OverloadFunctionTemplate, "_get_jit_decorator", _in_parts(as_part)),
            (ir.Inst, "_rec_list_vars", _variables),
            (types.Record, "__repr__", _once_of_each(types.Record.__repr__)),
            (types.Type, "__hash__", _once_of_each(types.Type.__hash__)),
            (arrayobj, "raise_with_shape_context", _wrong_shape),
        ):
            if hasattr(owner, name):
                stack.callback(setattr, owner, name, getattr(owner, name))
                setattr(owner, name, other)
        yield


def _put_aside() -> None:
    """Let Python look for garbage in rings among what was made here as seldom as among what has been there for long.

    Compiling makes a million objects, nearly all of which stay. As new ones they would be looked through at once.
    """
    if gc.get_freeze_count() == 0:
        gc.freeze()
        gc.unfreeze()


atexit.register(gc.freeze)  # nor for garbage among all of them as Python ends, which takes a second


@contextmanager
def _untimed(kind: str, callback: Any) -> Iterator[None]:
    """In place of a clock for each function within each, which all hear of every call of LLVM."""
    yield


def _unless_lock(tell: Any) -> Any:
    def told(kind: str, *about: Any, **named: Any) -> None:
        if kind != "numba:llvm_lock":  # fifty thousand times
            tell(kind, *about, **named)

    return told


def _if_heard(trigger: Any) -> Any:
    def triggered(kind: str, data: Any = None) -> Any:
        return trigger(kind, data=data) if event._registered.get(kind) else nullcontext()

    return triggered


_RESOLVED: Final[dict[Any, Any]] = {}


def _resolved_once(resolve: Any) -> Any:
    """What `+` makes of two numbers is found by trying some twenty ways, three times over at each sum."""

    def resolved(self: Any, context: Any, args: Any, kws: Any) -> Any:
        if kws or not all(type(kind) in _PLAIN for kind in args):
            return resolve(self, context, args, kws)
        asked = self, context, tuple(args)
        if asked not in _RESOLVED:
            _RESOLVED[asked] = resolve(self, context, args, kws)
        return _RESOLVED[asked]

    return resolved


def _in_parts(as_part: Callable[[Any], Any]) -> Any:
    chosen = templates._OverloadFunctionTemplate._get_jit_decorator

    def decorator(self: Any) -> Any:
        jit = chosen(self)
        return lambda **options: lambda function: as_part(jit(**options)(function))

    return decorator


_DEEPER: Final[dict[type, bool]] = {}
"""Of kinds of values in numba's statements: whether there may be variables within."""


def _variables(self: Any, value: Any) -> list[Any]:
    """The variables in what a statement consists of; as numba's, but for a call for each part that is none itself.

    It is asked of each kind of part once whether there may be variables within.
    """
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else (value,)
    found: list[Any] = []
    for part in parts:
        kind = type(part)
        if kind is ir.Var:
            found.append(part)
            continue
        deeper = _DEEPER.get(kind)
        if deeper is None:
            deeper = _DEEPER[kind] = issubclass(kind, ir.Var | ir.Inst | list | tuple | dict)
        if deeper:
            if isinstance(part, ir.Var):
                found.append(part)
            else:
                found += part.list_vars() if isinstance(part, ir.Inst) else _variables(self, part)
    return found


def _once_of_each(asked: Callable[[Any], Any]) -> Any:
    """Of what a record consists is written for each step of each function that is handed one, as is a type's hash.

    That of a context is a hash of the hashes of thirty arrays, and what a type stands for is looked up by it.
    """
    answers: dict[int, tuple[Any, Any]] = {}  # not by the type itself, which is compared by these very answers

    def answered(self: Any) -> Any:
        known = answers.get(id(self))
        if known is None:
            known = answers[id(self)] = self, asked(self)
        return known[1]

    return answered


def _wrong_shape(given: Any, wanted: Any) -> None:
    """Stands for what says which shapes an assignment has, in words that take longer to compile than any kernel."""
    raise NotImplementedError


@overload(_wrong_shape)
def _say_wrong_shape(given: Any, wanted: Any) -> Any:
    def say(given: Any, wanted: Any) -> None:
        raise ValueError(_ANOTHER_SHAPE)

    return say


_FOR_OTHERS: Final = frozenset(
    {
        "DeadBranchPrune",  # tests for None
        "RewriteSemanticConstants",
        "DumpParforDiagnostics",
        "FindLiterallyCalls",
        "InlineClosureLikes",
        "InlineInlinables",
        "InlineOverloads",
        "LiteralPropagationSubPipelinePass",
        "LiteralUnroll",
        "MakeFunctionToJitFunction",
        "WithLifting",
    }
)
"""Steps of numba's for what no kernel of ours has: functions within functions, `with`, arguments that are constants."""


_FOR_ARRAYS: Final = frozenset({"NopythonRewrites"})  # loops in place of sums and products of whole arrays


def fewer_steps(manager: Any, makes_arrays: bool) -> Any:
    """The steps of a compilation that our functions need; each costs time even if there is nothing to do for it."""
    left_out = _FOR_OTHERS if makes_arrays else _FOR_OTHERS | _FOR_ARRAYS
    manager.passes = [step for step in manager.passes if step[0].__name__ not in left_out]
    manager._finalized = False
    manager.finalize()
    return manager
