"""Names of whole numbers that kernels use before anybody has numbered them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


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
