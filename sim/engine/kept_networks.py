"""Networks that were built and may be asked for again: by the counterfactual world, or the next point of a study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.engine.kept import Recent
from sim.engine.network import WiredNetwork, network_of

if TYPE_CHECKING:
    from sim.data.people_table import PeopleFile

MOST_BYTES = 32 * 2**20
"""Of all networks that are kept; a larger one is built each time."""

_kept: Recent[WiredNetwork] = Recent()


def kept_network(
    wanted: Any,
    people: int,
    seed: int,
    base_dir: Path | None = None,
    known_as: PeopleFile | None = None,
    threads: int = 1,
) -> WiredNetwork:
    """The network that a scenario asks for, which nobody writes to; see `network_of`.

    >>> from sim.model.market import Network
    >>> kept_network(Network(), 30, 1) is kept_network(Network(), 30, 1)
    True
    >>> kept_network(Network(), 30, 1) is kept_network(Network(), 30, 2)
    False
    """
    known_by = (
        wanted,
        people,
        seed,
        _edge_list(wanted, base_dir),
        _edge_list(wanted, None, known_as.path if known_as else None),
        known_as,
    )
    found = _kept.get(known_by)
    if found is not None:
        return found
    network = network_of(wanted, people, seed, base_dir, known_as, threads)
    size = network.offsets.nbytes + network.ties.nbytes
    if size <= MOST_BYTES:
        _kept.keep(known_by, network, size, MOST_BYTES)
    return network


def _edge_list(wanted: Any, base_dir: Path | None, other: Path | None = None) -> Any:
    """What tells one content of an edge list, or of another file, from another, without reading it."""
    if wanted.kind != "edges":
        return None
    path = other or (base_dir or Path()) / str(wanted.file)
    try:
        status = path.stat()
    except OSError:
        return object()  # never known: whoever reads it says what is wrong
    return str(path.absolute()), status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
