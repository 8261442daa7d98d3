"""Of which sources compiled code is made."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

_COMPILED_FOLDERS = ("model", "engine", "vocabulary", "rules")
_COMPILED_BESIDES = ("results/likeliest_beta.py", "results/logarithms.py")


def sources_hash(package: Path | None = None) -> str:
    """Hash of everything that can end up in a kernel: 16 hexadecimal digits.

    Covers the path and content of sim/compiled.py, of sim/kernel_*.py, and of each .py file below sim/model,
    sim/engine, sim/rules and sim/vocabulary, of the kernels of sim/results, and numba's version.

    Args:
        package: The folder of the package `sim` (default: this one).

    >>> len(sources_hash())
    16
    """
    root = Path(__file__).parent if package is None else package
    files = [path for folder in _COMPILED_FOLDERS for path in (root / folder).rglob("*.py")]
    files += [root / "compiled.py", *(root / name for name in _COMPILED_BESIDES), *root.glob("kernel_*.py")]
    digest = hashlib.sha256(version("numba").encode())
    for path in sorted(files):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"\n{path.relative_to(root).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]
