"""Things that may be asked for again: the latest asked for, of so many bytes in all."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Things by what they are known by, which threads may ask for at once.

    >>> kept: Recent[str] = Recent()
    >>> for name in "abc":
    ...     kept.keep(name, name.upper(), size=1, most=2)
    >>> kept.get("a"), kept.get("b"), kept.get("c")
    (None, 'B', 'C')
    """

    def __init__(self) -> None:
        self._things: OrderedDict[Any, tuple[int, T]] = OrderedDict()
        self._size = 0
        self._one_at_a_time = Lock()

    def get(self, known: Any) -> T | None:
        """What is known by that, if it is kept."""
        with self._one_at_a_time:
            if known not in self._things:
                return None
            self._things.move_to_end(known)
            return self._things[known][1]

    def keep(self, known: Any, thing: T, size: int, most: int) -> None:
        """Keep a thing of `size` bytes, and let those go that nobody asked for, until all take `most` at most."""
        with self._one_at_a_time:
            former, _ = self._things.pop(known, (0, None))
            self._things[known] = size, thing
            self._size += size - former
            while self._size > most:
                _, (gone, _) = self._things.popitem(last=False)
                self._size -= gone

    def clear(self) -> None:
        """Keep nothing."""
        with self._one_at_a_time:
            self._things.clear()
            self._size = 0
