"""Worlds that have settled, on disk: beside the compiled code that they were lived with, and as safe.

To live in a small world for decades takes longer than the run that begins in it. An entry lies in the folder of
compiled code (`sim.kernel_folder`), whose name is a hash of the sources, under a checksum over what it is and over its
bytes; one that is cut, changed or of another world is removed, and the world is lived again. Entries hold arrays only.
Those that were not used for the longest time go when all take more than `MOST_BYTES`.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.compiled import PLAIN

if TYPE_CHECKING:
    from pathlib import Path

    from sim.kernel_folder import KernelFolder

MOST_BYTES = 128 * 2**20
"""Of all worlds on disk."""

NAME_BYTES = 16
"""Of the hash that names an entry."""

ALIGNED = 64
"""Bytes; a number lies at a multiple of its width."""

LARGEST = 16 * 2**20
"""Bytes of a world that is kept on disk: a larger one would push out too many others."""


def _folder() -> KernelFolder:
    from sim.kernel_ready import FOLDER

    return FOLDER


def _name(identity: str) -> str:
    return f"settled-{blake2b(identity.encode(), digest_size=NAME_BYTES).hexdigest()}"


def _whole(identity: str) -> str:
    """All that an entry is known by: the world, and what the last bits of its numbers may depend on."""
    from sim.kernel_ready import made_with

    return repr((identity, made_with()))


def found(identity: str) -> Mapping[str, Any] | None:
    """The arrays of a world, by name; None where it is not on disk.

    Args:
        identity: What the world is, whole: two worlds with one identity are the same to the last bit.

    Returns:
        Arrays that may be written to; a record is as many bytes as it has, without its fields.
    """
    if PLAIN:
        return None
    folder, whole = _folder(), _whole(identity)
    packed = folder.read(_name(whole), whole)
    if packed is None:
        return None
    try:
        arrays = _unpacked(packed)
    except (TypeError, ValueError):  # it is ours and whole, and yet nothing that can be read here
        folder.drop(_name(whole))
        return None
    if folder.path is not None:
        with contextlib.suppress(OSError):
            os.utime(folder.path / _name(whole))
    return arrays


def keep(identity: str, arrays: Mapping[str, Any]) -> None:
    """Write a world to disk, where that is possible; what was not used for the longest time makes room for it."""
    if PLAIN or sum(array.nbytes for array in arrays.values()) > LARGEST:
        return
    folder, whole = _folder(), _whole(identity)
    folder.write(_name(whole), whole, _packed(arrays))
    if folder.path is not None:
        make_room(folder.path)


def _packed(arrays: Mapping[str, Any]) -> bytes:
    """Arrays in bytes: a line that says what they are, then each from a multiple of `ALIGNED` on."""
    about = {name: (array.dtype.str, array.shape) for name, array in arrays.items()}
    parts = [json.dumps(about).encode() + b"\n", *(np.ascontiguousarray(array).tobytes() for array in arrays.values())]
    return b"".join(part + bytes(-len(part) % ALIGNED) for part in parts)


def _unpacked(packed: bytes | memoryview) -> dict[str, Any]:
    """What `_packed` put together. NumPy's own format takes ten times as long, for some thirty columns.

    Raises:
        ValueError: If it is nothing of that kind.
    """
    writable = bytearray(packed)
    line, _, _ = writable.partition(b"\n")
    at = len(line) + 1
    arrays: dict[str, Any] = {}
    for name, (kind, shape) in json.loads(line).items():
        at += -at % ALIGNED
        count = math.prod(shape)
        arrays[name] = np.frombuffer(writable, np.dtype(kind), count, at).reshape(shape)
        at += arrays[name].nbytes
    return arrays


def make_room(folder: Path) -> None:
    """Remove worlds, those first that were not used for the longest time, until all take `MOST_BYTES` at most."""
    entries = []
    for path in folder.glob("settled-*"):
        with contextlib.suppress(OSError):
            status = path.lstat()
            entries.append((status.st_mtime_ns, status.st_size, path))
    size = sum(bytes_taken for _, bytes_taken, _ in entries)
    for _, bytes_taken, path in sorted(entries, key=lambda entry: entry[:2]):
        if size <= MOST_BYTES:
            break
        with contextlib.suppress(OSError):
            path.unlink()
        size -= bytes_taken
