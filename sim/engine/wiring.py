"""The compiled half of `sim.engine.network`: generators of ties, their strengths, and the turn into rows.

A generator returns two int32 arrays of one entry for each tie: `sources`, and `targets` as target << 1 |
eligible, where the bit says that the tie may become strong. `draw_strengths` replaces the bit, `rows` makes
both rows.
"""

import math

import numpy as np
import numpy.typing as npt

from sim.compiled import kernel, prefetch, rule, word64
from sim.model.luck import philox4x32, uniforms
from sim.vocabulary.streams import NETWORK

Seed = int | np.uint64
Int32s = npt.NDArray[np.int32]
Offsets = npt.NDArray[np.int32] | npt.NDArray[np.int64]

# Where each purpose starts to count its indexes, within the stream NETWORK.
STRENGTH = 0
REWIRING = 1 << 24
ATTACHING = 2 << 24
RANDOM_TIES = 3 << 24
SPARE_TIES = 4 << 24

SHORT_ROW = 64
BLOCK = 512

FAR, NEAR = 64, 32
"""So many ties before it is put into a row, memory is asked for where the row begins, and for the row."""


@rule
def below(high: int, low: int, count: int) -> int:
    """One of 0 ... count - 1, each equally likely within 2**-53, from two random 32-bit words.

    >>> below(0, 0, 10), below(2**31, 0, 10), below(2**32 - 1, 2**32 - 1, 10)
    (0, 5, 9)
    """
    word = (word64(high) << word64(21)) | (word64(low) >> word64(11))
    return int(float(word) * 2.0**-53 * count)


@rule
def skipped(high: int, low: int, scale: float) -> int:
    """A geometric number of pairs, ln(u) * scale with scale = 1 / ln(1 - p), from two random 32-bit words.

    >>> skipped(3 * 2**30, 0, 1.0 / math.log1p(-0.5)), skipped(3 * 2**28, 0, 1.0 / math.log1p(-0.5))
    (0, 2)
    """
    u = (float(high) + (float(low) + 0.5) * 2.0**-32) * 2.0**-32
    return int(math.log(u) * scale)


@kernel
def preferential_attachment(customers: int, each: int, seed: Seed) -> tuple[Int32s, Int32s]:
    """Barabasi & Albert by Batagelj & Brandes: the other end is a random end of the earlier ties.

    Customers 0 ... each are a star around customer `each`; every later one ties to `each` different earlier
    ones. End 2 e of the list of ends is the newcomer of tie e, end 2 e + 1 the one it chose. Blocks of
    newcomers first draw, then read what lies before the block, all at once (memory answers many reads in the
    time of one), then decide.
    """
    count = (customers - each) * each
    sources = np.empty(count, np.int32)
    targets = np.empty(count, np.int32)
    drawn = np.empty((each, BLOCK), np.int64)
    read = np.empty((each, BLOCK), np.int32)
    for j in range(each):
        sources[j] = each
        targets[j] = (j << 1) | 1
    for first in range(each + 1, customers, BLOCK):
        size = min(BLOCK, customers - first)
        settled = (first - each) * each
        for j in range(each):
            for k in range(size):
                w0, w1, _, _ = philox4x32(seed, first + k, j, NETWORK, ATTACHING)
                drawn[j, k] = below(w0, w1, 2 * (settled + k * each))
            for k in range(size):
                read[j, k] = targets[min(drawn[j, k] >> 1, settled - 1)]
        for k in range(size):
            start = settled + k * each
            for j in range(each):
                chosen = drawn[j, k]
                attempt = 0
                while True:
                    if chosen & 1 == 0:
                        end = each + (chosen >> 1) // each
                    elif attempt == 0 and chosen >> 1 < settled:
                        end = read[j, k] >> 1
                    else:
                        end = targets[chosen >> 1] >> 1
                    taken = False
                    for other in range(start, start + j):
                        taken |= targets[other] >> 1 == end
                    if not taken:
                        break
                    attempt += 1
                    w0, w1, w2, w3 = philox4x32(seed, first + k, j, NETWORK, ATTACHING + attempt // 2)
                    high, low = (w0, w1) if attempt % 2 == 0 else (w2, w3)
                    chosen = below(high, low, 2 * start)
                sources[start + j] = first + k
                targets[start + j] = (end << 1) | 1
    return sources, targets


@kernel
def random_ties(customers: int, count: int, seed: Seed) -> tuple[Int32s, Int32s]:
    """Erdos & Renyi G(n, m): all sets of `count` ties are equally likely.

    Walks through all pairs in order and skips a geometric number of them each time, which gives G(n, p) in
    linear time and without duplicates (Batagelj & Brandes 2005), with p such that there are nearly always at
    least `count` ties, a few too many; then takes out ties at random until `count` are left. A walk outside
    the bounds (one in 10^8) is repeated with other draws.
    """
    pairs = customers * (customers - 1) // 2
    spread = math.sqrt(float(count))
    share = min(1.0, (count + 6.0 * spread + 20.0) / pairs)
    most = min(pairs, count + int(12.0 * spread + 60.0))
    sources = np.empty(most, np.int32)
    targets = np.empty(most, np.int32)
    scale = 0.0 if share >= 1.0 else 1.0 / math.log1p(-share)
    found = -1
    walk = 0
    while not count <= found <= most:
        found = 0
        higher = 1
        lower = -1
        draw = 0
        skip = 0
        w0, w1, w2, w3 = philox4x32(seed, 0, walk, NETWORK, RANDOM_TIES)
        while found <= most:
            if draw & 1 == 0:
                w0, w1, w2, w3 = philox4x32(seed, draw >> 1, walk, NETWORK, RANDOM_TIES + (draw >> 33))
                skip = skipped(w0, w1, scale)
            else:
                skip = skipped(w2, w3, scale)
            draw += 1
            lower += 1 + skip
            while lower >= higher and higher < customers:
                lower -= higher
                higher += 1
            if higher >= customers:
                break
            if found < most:
                sources[found] = higher
                targets[found] = (lower << 1) | 1
            found += 1
        walk += 1
    for spare in range(found - count):
        w0, w1, _, _ = philox4x32(seed, spare, walk, NETWORK, SPARE_TIES)
        last = found - 1 - spare
        out = below(w0, w1, last + 1)
        sources[out] = sources[last]
        targets[out] = targets[last]
    return sources[:count], targets[:count]


@kernel
def draw_strengths(sources: Int32s, targets: Int32s, probability: float, seed: Seed, low: int, high: int) -> None:
    """Make each eligible of ties `low` to `high` strong with the given probability.

    The draw is keyed by (lower, higher) customer.
    """
    sources, targets = sources[low:high], targets[low:high]
    for tie in range(targets.size):
        a = sources[tie]
        b = targets[tie] >> 1
        u = uniforms(seed, NETWORK, min(a, b), max(a, b), STRENGTH)[0]
        strong = targets[tie] & 1 if u < probability else 0
        targets[tie] = (b << 1) | strong


@kernel
def rows(offsets: Offsets, ties: Int32s, sources: Int32s, targets: Int32s) -> None:
    """Turn ties into sorted rows, each tie in both.

    `offsets`, all zero, one more than there are customers, is filled with where the rows begin, and end; `ties`,
    int32[2 m], with the rows. Until a row is full its end says where the next tie goes.
    """
    customers = offsets.size - 1
    count_ends(offsets, sources, targets, 0, customers)
    begin_rows(offsets)
    fill_rows(offsets, ties, sources, targets, 0, customers)
    sort_rows(offsets, ties, 0, customers)


@kernel
def count_ends(offsets: Offsets, sources: Int32s, targets: Int32s, low: int, high: int) -> None:
    """How many ties customers `low` to `high` have, into `offsets` where the row of each will end."""
    tie = 0
    while tie < sources.size:
        a = sources[tie]
        first = tie
        while tie < sources.size and sources[tie] == a:  # most kinds of networks list the ties of each one by one
            b = targets[tie] >> 1
            if low <= b < high:
                offsets[b + 1] += 1
            tie += 1
        if low <= a < high:
            offsets[a + 1] += tie - first


@kernel
def begin_rows(offsets: Offsets) -> None:
    """Where each row begins, in place of how many ties are in it."""
    start = 0
    for i in range(1, offsets.size):
        degree = offsets[i]
        offsets[i] = start
        start += degree


@kernel
def fill_rows(offsets: Offsets, ties: Int32s, sources: Int32s, targets: Int32s, low: int, high: int) -> None:
    """The rows of customers `low` to `high`, as ties come."""
    last = sources.size - 1
    tie = 0
    while tie <= last:
        a = sources[tie]
        mine = low <= a < high
        place = offsets[a + 1]  # nobody is tied to oneself, so that nothing else is written there meanwhile
        while tie <= last and sources[tie] == a:
            prefetch(offsets, (targets[min(tie + FAR, last)] >> 1) + 1)
            prefetch(ties, offsets[(targets[min(tie + NEAR, last)] >> 1) + 1])
            b = targets[tie] >> 1
            strong = targets[tie] & 1
            if mine:
                ties[place] = (b << 1) | strong
                place += 1
            if low <= b < high:
                ties[offsets[b + 1]] = (a << 1) | strong
                offsets[b + 1] += 1
            tie += 1
        if mine:
            offsets[a + 1] = place


@kernel
def sort_rows(offsets: Offsets, ties: Int32s, low: int, high: int) -> None:
    """Sort the rows of customers `low` to `high`, in place.

    Short rows by insertion; long ones first from far apart, then nearer and nearer (Shell 1959, A high-speed sorting
    procedure, Communications of the ACM 2, 30-32).
    """
    for i in range(low, high):
        first = offsets[i]
        end = offsets[i + 1]
        gap = 1
        while gap * SHORT_ROW < end - first:
            gap = 3 * gap + 1
        while gap > 0:
            for place in range(first + gap, end):
                moved = ties[place]
                free = place
                while free >= first + gap and ties[free - gap] > moved:
                    ties[free] = ties[free - gap]
                    free -= gap
                ties[free] = moved
            gap //= 3
