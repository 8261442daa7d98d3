"""What Arrow writes for nobody as it loads: pages of help for each of its functions, which pandas loads all at once."""

from __future__ import annotations

from typing import Any


def load_arrow_without_help() -> None:
    """Load what pandas needs of Arrow without what its functions' options mean, half of the time that it takes.

    Only for a process in which nobody can ask for `help(...)`: a command. A version that reads its options otherwise
    writes its help as ever.
    """
    import pyarrow

    try:
        from pyarrow.vendored import docscrape
    except ImportError:
        return
    before = docscrape.NumpyDocString
    docscrape.NumpyDocString = _no_options
    try:
        import pyarrow.compute  # noqa: F401
    finally:
        docscrape.NumpyDocString = before


def _no_options(_: str) -> dict[str, Any]:
    return {"Parameters": []}
