"""What may be used: processors, and memory that is free on this machine, in containers, within limits."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from sim.words import say

MIB = 2**20
UNKNOWN = 4 * 2**30
"""Taken for free where nothing can be known."""

HEADROOM = 0.1
"""Share of what is free that is left to others, and to what nobody can reckon."""

PROGRAM = 512 * MIB
"""What the program itself takes with all its libraries, compiling and drawing; measured: 330 to 490 MiB."""

ADDRESSES = 2304 * MIB
"""Addresses that the program reserves, most of which it never uses; measured: 1,900 to 2,100 MiB."""

ADDRESSES_PER_THREAD = 72 * MIB
"""Stack and heap of a thread, reserved and hardly used."""

_NO_LIMIT = 2**60
"""Control groups of the first version write a number beyond this where there is no limit."""


class Free(NamedTuple):
    """Memory that can be had.

    Attributes:
        size: Bytes free now, what this program itself still needs taken off.
        source: Whose they are, in words that follow "free".
    """

    size: int
    source: str

    @property
    def usable(self) -> int:
        """Bytes that a run may take: what is free without the headroom."""
        return int(self.size * (1.0 - HEADROOM))


def usable_cores() -> int:
    """Processors that this program may use.

    >>> usable_cores() >= 1
    True
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def free_memory(threads: int = 1) -> Free:
    """The least that anybody grants: the machine, each container around this process, the process's own limits.

    Memory that the system lends to files and takes back at need counts as free, swap does not. What this program has
    still to load is taken off.

    Args:
        threads: Threads that will be started; they count where addresses are limited.

    >>> free_memory().size > 0
    True
    """
    resident, addresses = _held()
    loading = max(0, PROGRAM - resident)
    known = [Free(size - loading, source) for size, source in (*_machine(), *_groups(Path("/")))]
    known += [
        Free(size - max(addresses, ADDRESSES) - ADDRESSES_PER_THREAD * threads, say("within the limit of addresses"))
        for size in _limits("RLIMIT_AS", hard=False)
    ]
    # A run's own limit of memory is a soft one on data (see the guard of runs), and ends it by itself.
    known += [
        Free(size - resident - loading, say("within the limit of data")) for size in _limits("RLIMIT_DATA", hard=True)
    ]
    least = min(known, default=Free(UNKNOWN, say("by assumption")), key=lambda free: free.size)
    return Free(max(least.size, 0), least.source)


def _held() -> tuple[int, int]:
    """Bytes in memory and bytes of addresses of this process; zeros where nobody says."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()
        size: int = os.sysconf("SC_PAGE_SIZE")
        return int(pages[1]) * size, int(pages[0]) * size
    except (OSError, ValueError, IndexError, AttributeError):
        return 0, 0


def _limits(name: str, *, hard: bool) -> Iterator[int]:
    with suppress(ImportError, AttributeError, OSError, ValueError):
        import resource

        limit = resource.getrlimit(getattr(resource, name))[int(hard)]
        if limit != resource.RLIM_INFINITY:
            yield limit


# --- the machine ----------------------------------------------------------------------------------------------------


def _machine() -> Iterator[tuple[int, str]]:
    for ask in (_of_meminfo, _of_psutil, _of_vm_stat, _of_windows):
        with suppress(ImportError, AttributeError, OSError, ValueError, KeyError, TypeError):
            yield ask(), say("on this machine")
            return


def _of_meminfo() -> int:
    return available_in(Path("/proc/meminfo").read_text(encoding="ascii"))


def available_in(meminfo: str) -> int:
    r"""Bytes that Linux can hand out without swapping.

    >>> available_in("MemTotal: 4000 kB\nMemFree: 10 kB\nMemAvailable:  2000 kB\n")
    2048000
    """
    found = re.search(r"^MemAvailable:\s+(\d+) kB", meminfo, re.MULTILINE)
    if found is None:
        raise ValueError(say("no MemAvailable"))
    return int(found[1]) * 1024


def _of_psutil() -> int:
    psutil: Any = __import__("psutil")  # used where it is, never asked for
    return int(psutil.virtual_memory().available)


def _of_vm_stat() -> int:
    if sys.platform != "darwin":
        raise OSError
    shown = subprocess.run(["/usr/bin/vm_stat"], capture_output=True, text=True, check=True, timeout=5.0).stdout
    return free_in(shown)


def free_in(vm_stat: str) -> int:
    r"""Bytes that macOS can hand out, from what `vm_stat` prints.

    >>> head = "Mach Virtual Memory Statistics: (page size of 16384 bytes)\n"
    >>> free_in(head + "Pages free: 10.\nPages active: 5.\nPages inactive: 20.\nPages speculative: 1.\n") // 16384
    31
    """
    page = re.search(r"page size of (\d+) bytes", vm_stat)
    counts = re.findall(r"^Pages (?:free|inactive|speculative):\s+(\d+)\.", vm_stat, re.MULTILINE)
    if page is None or not counts:
        raise ValueError(say("not what vm_stat prints"))
    return int(page[1]) * sum(map(int, counts))


def _of_windows() -> int:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *(
                (name, ctypes.c_ulonglong)
                for name in ("all", "free", "all_pages", "free_pages", "all_addresses", "free_addresses", "extended")
            ),
        )

    status: Any = Status()
    status.length = ctypes.sizeof(Status)
    windows: Any = ctypes.windll  # type: ignore[attr-defined]
    if not windows.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        raise OSError
    return int(min(status.free, status.free_pages))


# --- containers -----------------------------------------------------------------------------------------------------


def _groups(root: Path) -> Iterator[tuple[int, str]]:
    """What each control group around this process, of either version, has left."""
    for folder, limit, usage, cache in _group_folders(root):
        try:
            most, used = _number(folder / limit), _number(folder / usage)
        except (OSError, ValueError):
            continue
        if most < _NO_LIMIT:
            yield most - max(0, used - _reclaimable(folder / "memory.stat", cache)), say("in this container")


def _group_folders(root: Path) -> Iterator[tuple[Path, str, str, str]]:
    second = (root / "sys/fs/cgroup", "memory.max", "memory.current", "inactive_file")
    first = (root / "sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
    paths = {"": {"/"}, "memory": {"/"}}
    with suppress(OSError):
        for line in (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines():
            _, controllers, path = line.split(":", 2)
            for name in set(controllers.split(",")) & {"", "memory"}:
                paths[name].add(path)
    for (base, *names), known in ((second, paths[""]), (first, paths["memory"])):
        limit, usage, cache = names
        for path in known:
            inner = base / path.strip("/")
            for folder in (inner, *inner.parents):
                if folder.is_relative_to(base):
                    yield folder, limit, usage, cache


def _number(file: Path) -> int:
    text = file.read_text(encoding="ascii").strip()
    return _NO_LIMIT if text == "max" else int(text)


def _reclaimable(file: Path, name: str) -> int:
    """Bytes of files that the system keeps in the group's memory and gives back at need."""
    with suppress(OSError, ValueError):
        for line in file.read_text(encoding="ascii").splitlines():
            key, _, number = line.partition(" ")
            if key == name:
                return int(number)
    return 0
