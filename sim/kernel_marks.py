"""What stands in code for something that only a compiler knows: kernels, words, names of places; loads no compiler."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

_ONE_AT_A_TIME = threading.RLock()


class Compile(Protocol):
    """Compiles a function."""

    def __call__(self, function: Callable[..., Any], *, inlined: bool) -> Any:
        """Compile it, to be inlined into what calls it or not."""
        ...


class Kernel:
    """A function that is compiled when it is first called, or when what calls it is compiled.

    Args:
        function: In the part of Python that numba knows.
        inlined: Whether it is inlined into what calls it.
        compiler: Gives what compiles a function, which is loaded then.
        found: Gives what was compiled of a function before, for arguments of the types of these; or None.
        kept: Is told of numba's object for a function that was just called, and of the arguments.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        inlined: bool,
        compiler: Callable[[], Compile],
        found: Callable[[Callable[..., Any], tuple[Any, ...]], Callable[..., Any] | None] = lambda *_: None,
        kept: Callable[[Any, tuple[Any, ...]], None] = lambda *_: None,
    ) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function
        self._inlined = inlined
        self._compiler, self._found, self._kept = compiler, found, kept
        self._dispatcher: Any = None

    @property
    def dispatcher(self) -> Any:
        """Numba's own object for it; loads numba."""
        if self._dispatcher is None:
            with _ONE_AT_A_TIME:  # or two threads would compile the same
                if self._dispatcher is None:
                    self._dispatcher = self._compiler()(self.py_func, inlined=self._inlined)
        return self._dispatcher

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call the compiled function."""
        ready = None if named else self._found(self.py_func, arguments)
        if ready is not None:  # also where numba has compiled it: it looks at arguments for longer
            return ready(*arguments)
        dispatcher = self.dispatcher
        before = len(dispatcher.overloads)
        result = dispatcher(*arguments, **named)
        if not named and len(dispatcher.overloads) != before:
            self._kept(dispatcher, arguments)
        return result

    def once_called(self, arguments: tuple[Any, ...]) -> Callable[..., Any]:
        """The compiled code for arguments of these types, see `sim.compiled.once_called`."""
        if (ready := self._found(self.py_func, arguments)) is not None:
            return ready
        dispatcher = self.dispatcher
        there = list(dispatcher.overloads.values())
        if len(there) == 1:  # which the call has used
            alone: Callable[..., Any] = there[0].entry_point
            return alone
        compiled: Callable[..., Any] = dispatcher.compile(tuple(map(dispatcher.typeof_pyval, arguments)))
        return compiled


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


class Names:
    """Names, each standing for its place; inside compiled code a name is a constant, looked up as it is compiled.

    Rooms of the model say `O.revenue` while their own names are still being collected. Numbers are given once, by
    whoever has collected all names.

    >>> places = Names()
    >>> places.number(["prospects", "active"])
    >>> places.active, len(places), list(places)
    (1, 2, ['prospects', 'active'])
    >>> places.actve
    Traceback (most recent call last):
    AttributeError: no 'actve' among 2 names
    """

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def number(self, names: Iterable[str]) -> None:
        """Number the names, from where the last one stands on.

        Raises:
            ValueError: If a name is there already.
        """
        for name in names:
            if name in self._places:
                raise ValueError(f"two of the name {name}")
            self._places[name] = len(self._places)

    def __getattr__(self, name: str) -> int:
        """The place of a name."""
        places: dict[str, int] = self.__dict__.get("_places", {})
        if name not in places:
            raise AttributeError(f"no {name!r} among {len(places)} names")
        return places[name]

    def __len__(self) -> int:
        """How many names there are."""
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        """The names in the order of their places."""
        return iter(self._places)
