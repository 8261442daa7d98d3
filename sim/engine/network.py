"""Word-of-mouth networks: who can talk to whom, and over which kind of tie.

A network is built once, before the first period, by a compiled generator, and then only read. Rows are sorted
and each tie stands in both of its rows with the same strength. Every draw comes from the stream NETWORK
through `sim.model.luck`, keyed by the customers concerned, so that the same arguments give the same bits
anywhere.
"""

from __future__ import annotations

import difflib
import math
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engine import wiring
from sim.engine.layout import MANY, OFFSET, TIE, offset_type, tie_bytes
from sim.engine.small_world import Ring, count_moved, count_ring, fill_moved, fill_ring, rewire, ring_rows, wire
from sim.vocabulary.errors import ScenarioError
from sim.words import say

if TYPE_CHECKING:
    from sim.data.edge_rows import EdgeList
    from sim.data.people_table import PeopleFile

Int32s = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

KINDS: Final = ("small_world", "preferential_attachment", "random", "complete")
PAGE: Final = 1024
"""Ties in the least piece of memory that a system clears at a time."""

PIECE: Final = 1024 * PAGE
"""Ties whose memory is made ready at a time."""

MOST_CUSTOMERS: Final = 2**30
"""A tie is an int32 that holds the neighbour and one bit for the strength."""


class WiredNetwork(NamedTuple):
    """An undirected network as compressed rows (CSR).

    `offsets`: int32[N + 1] (int64 from 2^31 ends of ties on), the ties of customer i are
    `ties[offsets[i]:offsets[i + 1]]`, neighbours ascending. `ties`: int32, one for each end of each tie:
    neighbour << 1 | strong. A complete mix has no ties at all: there the listeners are drawn at random among everyone.
    Of a network that is kept for a run they may be slim, see `slim`.

    >>> network = network_from_edges(np.array([[0, 2], [1, 2]]), np.array([True, False]), 4, 0.0, 1)
    >>> network.offsets.tolist(), (network.ties >> 1).tolist(), (network.ties & 1).tolist()
    ([0, 1, 2, 4, 4], [2, 2, 0, 1], [1, 0, 1, 0])
    """

    offsets: wiring.Offsets
    ties: Int32s | Bytes


def slim(network: WiredNetwork) -> WiredNetwork:
    """The network in as little memory as a run needs: where three bytes hold a tie it takes no four.

    >>> few = network_from_edges(np.array([[0, 1]]), None, 2, 0.0, 1)
    >>> many = network_from_edges(np.array([[1, 70_000]]), None, 70_001, 0.0, 1)
    >>> slim(few) is few, slim(many).ties.shape, in_bytes(slim(many).ties).tolist()
    (True, (2, 3), [[224, 34, 2], [2, 0, 0]])
    """
    size = tie_bytes(network.offsets.size - 1)
    return network if size == TIE.itemsize else network._replace(ties=in_bytes(network.ties)[:, :size].copy())


def in_bytes(ties: Int32s | Bytes) -> Bytes:
    """Ties as bytes, uint8[ends, 3 or 4], the lowest first; no copy is made.

    >>> in_bytes(np.array([2 + 256 * 7], np.int32)).tolist()
    [[2, 7, 0, 0]]
    """
    return ties.view(np.uint8) if ties.ndim > 1 else ties.astype("<i4", copy=False).view(np.uint8).reshape(-1, 4)


def network_of(
    wanted: Any,
    people: int,
    seed: int,
    base_dir: Path | None = None,
    known_as: PeopleFile | None = None,
    threads: int = 1,
) -> WiredNetwork:
    """The network that a scenario asks for.

    Args:
        wanted: Its section `market.network`.
        people: How many there are.
        seed: Key of the run's luck.
        base_dir: Folder of the scenario file, for an edge list.
        known_as: A table of people, by whose ids an edge list names them.
        threads: So many build it, if it is large; the network does not depend on it.
    """
    if wanted.kind == "edges":
        found = edges_of(wanted, people, base_dir, known_as)
        return network_from_edges(found.ends, found.strengths, people, wanted.strong_share, seed)
    ties = wanted.mean_degree, wanted.rewiring, wanted.strong_share
    return build_network(wanted.kind, people, *ties, seed, threads)


def edges_of(wanted: Any, people: int, base_dir: Path | None = None, known_as: PeopleFile | None = None) -> EdgeList:
    """The ties of the edge list that a scenario names; arguments as of `network_of`."""
    from sim.data.edge_list import read_edges  # few runs read one
    from sim.data.table_settings import settings_under

    ends = {"source": wanted.source_column, "target": wanted.target_column, "weight": wanted.weight_column}
    settings = settings_under("market.network.read", wanted.read, columns={k: v for k, v in ends.items() if v})
    file = (base_dir or Path()) / str(wanted.file)
    return read_edges(file, people, settings, strong_from=wanted.strong_from, known_as=known_as)


def build_network(
    kind: str, customers: int, mean_degree: float, rewiring: float, strong_share: float, seed: int, threads: int = 1
) -> WiredNetwork:
    """Build the network of one `kind`; `mean_degree` is in ties per customer, both shares are from 0 to 1.

    So many `threads` build it where it is large: the same network with any number.

    - "small_world": a ring on which everyone knows the mean_degree nearest, each tie then moved with
      probability `rewiring` from its farther end to a random customer (Watts & Strogatz 1998, Nature 393,
      440-442). Strong are only ties of the ring, with probability min(1, strong_share / (1 - rewiring)), so
      that `strong_share` of all ties is strong where that is possible: the far-reaching ties are the weak
      ones (Granovetter 1973, American Journal of Sociology 78, 1360-1380; Goldenberg, Libai & Muller 2001,
      Marketing Letters 12, 211-223).
    - "preferential_attachment": each newcomer ties to mean_degree / 2 earlier customers in proportion to
      their ties (Barabasi & Albert 1999, Science 286, 509-512), by copying from the list of ends (Batagelj &
      Brandes 2005, Physical Review E 71, 036113). The first mean_degree / 2 + 1 customers begin as a star.
    - "random": round(customers * mean_degree / 2) ties, every set of them equally likely (Erdos & Renyi
      1959).
    - "complete": everyone can hear everyone; no ties are stored.

    In the second and third kind each tie is strong with probability `strong_share`. No tie links a customer
    to itself, none is there twice. `rewiring` counts in small worlds only. Raises ScenarioError for bad
    arguments.

    >>> network = build_network("small_world", customers=10, mean_degree=2, rewiring=0.0, strong_share=1.0, seed=1)
    >>> (network.ties[:4] >> 1).tolist(), int(network.ties[0] & 1)
    ([1, 9, 0, 2], 1)
    """
    _check(kind, customers, mean_degree, rewiring, strong_share)
    if kind == "complete" or mean_degree == 0:
        return WiredNetwork(np.zeros(customers + 1, OFFSET), np.empty(0, np.int32))
    luck = np.uint64(int(seed) % 2**64)
    if kind == "small_world":
        probability = min(1.0, strong_share / (1.0 - rewiring)) if rewiring < 1.0 else 0.0
        half = int(mean_degree) // 2
        ties = np.empty(2 * customers * half, np.int32)  # made here, where the system gives large pages
        ring = wired_ring(customers, half, (float(rewiring), float(probability)), luck, threads, ties)
        return _ring_in_rows(customers, ring, ties, threads)
    if kind == "preferential_attachment":
        sources, targets = wiring.preferential_attachment(customers, int(mean_degree) // 2, luck)
    else:
        count = math.floor(customers * mean_degree / 2 + 0.5)
        sources, targets = wiring.random_ties(customers, min(count, customers * (customers - 1) // 2), luck)
    draw = partial(wiring.draw_strengths, sources, targets, float(strong_share), luck)
    _side_by_side(draw, sources.size, threads)
    return _in_rows(customers, sources, targets, threads)


def wired_ring(
    customers: int, half: int, shares: tuple[float, float], luck: Any, threads: int = 1, needed_next: Any = None
) -> Ring:
    """The ties of a small world of which this share is moved, and strong is of those that are not.

    >>> wired_ring(4, 1, (0.0, 1.0), np.uint64(1)).targets.tolist()
    [3, 5, 7, 1]
    """
    rewiring, strong = shares
    ties = customers * half
    ring = Ring(half, np.empty(ties, np.int32), np.empty(ties, offset_type(ties)))
    _side_by_side(partial(wire, ring, strong, luck), customers, threads)
    if threads == 1 or customers < MANY or needed_next is None:
        found = rewire(ring, rewiring, luck)
    else:
        with _made_ready(needed_next, threads):  # one thread is enough: each tie sees how those before were moved
            found = rewire(ring, rewiring, luck)
    return ring._replace(moved=ring.moved[:found])


@contextmanager
def _made_ready(memory: Int32s, threads: int) -> Iterator[None]:
    """While one thread works, another touches memory that all will need, a bit of each one: the system clears it."""
    done = threading.Event()
    parts = np.array_split(memory, threads)

    def touch() -> None:
        for first in range(0, parts[0].size, PIECE):
            for part in parts:
                if done.is_set():
                    return
                part[first : first + PIECE : PAGE] = 0

    with ThreadPoolExecutor(1) as pool:
        pool.submit(touch)
        try:
            yield
        finally:
            done.set()


def _ring_in_rows(customers: int, ring: Ring, ties: Int32s, threads: int) -> WiredNetwork:
    offsets = np.zeros(customers + 1, offset_type(ties.size))
    if threads == 1 or customers < MANY:
        ring_rows(offsets, ties, ring)
        return WiredNetwork(offsets, ties)
    _side_by_side(partial(count_ring, offsets, ring), customers, threads)
    _side_by_side(partial(count_moved, offsets, ring), customers, threads)
    wiring.begin_rows(offsets)
    _side_by_side(partial(fill_ring, offsets, ties, ring), customers, threads)
    _side_by_side(partial(fill_moved, offsets, ties, ring), customers, threads)
    _side_by_side(partial(wiring.sort_rows, offsets, ties), customers, threads)
    return WiredNetwork(offsets, ties)


def _in_rows(customers: int, sources: Int32s, targets: Int32s, threads: int = 1) -> WiredNetwork:
    offsets = np.zeros(customers + 1, offset_type(2 * sources.size))
    ties = np.empty(2 * sources.size, np.int32)  # made here, where the system gives large pages
    if threads == 1 or customers < MANY:
        wiring.rows(offsets, ties, sources, targets)
        return WiredNetwork(offsets, ties)
    _side_by_side(partial(wiring.count_ends, offsets, sources, targets), customers, threads)
    wiring.begin_rows(offsets)
    _side_by_side(partial(wiring.fill_rows, offsets, ties, sources, targets), customers, threads)
    _side_by_side(partial(wiring.sort_rows, offsets, ties), customers, threads)
    return WiredNetwork(offsets, ties)


def _side_by_side(act: Callable[[int, int], object], count: int, threads: int) -> None:
    """Call `act(low, high)` for all of `count` things, on as many threads where there are many."""
    if threads == 1 or count < MANY:
        act(0, count)
        return
    bounds = [count * part // threads for part in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(act, bounds[:-1], bounds[1:]))


def network_from_edges(
    edges: npt.NDArray[np.integer], strengths: Bools | None, customers: int, strong_share: float, seed: int
) -> WiredNetwork:
    """The network of a given list of ties.

    `edges`: whole numbers [m, 2], each row a tie between two of the customers 0 ... customers - 1, in any
    order. A tie given twice, or once in each direction, is one tie. `strengths`: bool[m], True for strong;
    None draws each tie strong with probability `strong_share`. Customers added at the end, without ties,
    change no other row. Raises ScenarioError for a customer who is not there, a tie to oneself, or one tie
    with two strengths.

    >>> network_from_edges(np.array([[0, 1], [1, 0]]), None, 2, 0.0, 1).ties.tolist()
    [2, 0]
    """
    _check("random", customers, 0.0, 0.0, strong_share)
    pairs = np.asarray(edges)
    if pairs.size == 0:
        return WiredNetwork(np.zeros(customers + 1, OFFSET), np.empty(0, np.int32))
    if pairs.ndim != 2 or pairs.shape[1] != 2 or not np.issubdtype(pairs.dtype, np.integer):
        raise ScenarioError(
            say(
                "edges have shape {shape} and type {dtype}, allowed: whole numbers [m, 2]",
                shape=pairs.shape,
                dtype=pairs.dtype,
            )
        )
    if strengths is not None and np.shape(strengths) != (len(pairs),):
        raise ScenarioError(
            say(
                "strengths have shape {shape}, allowed: one for each of {pairs} ties",
                shape=np.shape(strengths),
                pairs=len(pairs),
            )
        )
    if pairs.min() < 0 or pairs.max() >= customers:
        row = int(np.argmax(((pairs < 0) | (pairs >= customers)).any(axis=1)))
        raise ScenarioError(
            say(
                "tie {row} is {pair}, allowed: customers from 0 to {customers}",
                row=row,
                pair=pairs[row].tolist(),
                customers=customers - 1,
            )
        )
    if (pairs[:, 0] == pairs[:, 1]).any():
        row = int(np.argmax(pairs[:, 0] == pairs[:, 1]))
        raise ScenarioError(
            say("tie {row} is {pair}, allowed: two different customers", row=row, pair=pairs[row].tolist())
        )
    codes = (pairs.min(axis=1).astype(np.int64) << 32) | pairs.max(axis=1).astype(np.int64)
    codes, first, member = np.unique(codes, return_index=True, return_inverse=True)
    sources = (codes >> 32).astype(np.int32)
    targets = ((codes & 0xFFFFFFFF) << 1).astype(np.int32)
    if strengths is None:
        targets |= 1  # may become strong
        wiring.draw_strengths(sources, targets, float(strong_share), np.uint64(int(seed) % 2**64), 0, sources.size)
    else:
        strong = np.asarray(strengths, dtype=bool)
        differs = strong != strong[first][member]
        if differs.any():
            row = int(np.argmax(differs))
            raise ScenarioError(
                say(
                    "tie {row} is {pair} again, as tie {first}, with another strength, allowed: one "
                    "strength for each tie",
                    row=row,
                    pair=pairs[row].tolist(),
                    first=first[member[row]],
                )
            )
        targets |= strong[first]
    return _in_rows(customers, sources, targets)


def _check(kind: str, customers: int, mean_degree: float, rewiring: float, strong_share: float) -> None:
    """Refuse arguments that no network has."""
    if kind not in KINDS:
        near = difflib.get_close_matches(str(kind), KINDS, n=1, cutoff=0.0)[0]
        raise ScenarioError(
            say(
                "network kind is {kind!r}, allowed: {kinds}; did you mean {near!r}?",
                kind=kind,
                kinds=", ".join(KINDS),
                near=near,
            )
        )
    if not 1 <= customers <= MOST_CUSTOMERS:
        raise ScenarioError(
            say(
                "customers is {customers}, allowed: 1 to {most_customers}",
                customers=customers,
                most_customers=MOST_CUSTOMERS,
            )
        )
    for name, share in (("rewiring", rewiring), ("strong_share", strong_share)):
        if not 0.0 <= share <= 1.0:  # also refuses NaN
            raise ScenarioError(say("{name} is {share}, allowed: 0 to 1", name=name, share=share))
    if kind == "complete":
        return
    if not 0 <= mean_degree <= customers - 1:
        raise ScenarioError(
            say(
                "mean_degree is {mean_degree}, allowed among {customers}: 0 to {most}",
                mean_degree=mean_degree,
                customers=customers,
                most=customers - 1,
            )
        )
    if kind != "random" and mean_degree % 2 != 0:
        raise ScenarioError(
            say(
                "mean_degree is {mean_degree}, allowed in kind {kind!r}: an even whole number",
                mean_degree=mean_degree,
                kind=kind,
            )
        )
