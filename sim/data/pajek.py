"""Networks as Pajek writes them (.net): numbered vertices with labels, then arcs and edges; read as an edge list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from sim.data.sheet import Sheet
from sim.vocabulary.errors import ScenarioError
from sim.words import say

_VERTEX = re.compile(r'\s*(?P<number>[0-9]+)(?:\s+(?:"(?P<quoted>[^"]*)"|(?P<plain>\S+)))?')
_TIES = ("*arcs", "*edges")


def is_pajek(data: BinaryIO) -> bool:
    """Whether a file begins as Pajek's do; it is left at its beginning."""
    head = data.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    data.seek(0)
    return head.startswith((b"*vertices", b"*network"))


def open_pajek(data: BinaryIO, label: str) -> Sheet:
    r"""The ties of a Pajek file as rows of an edge list: labels of both ends, and the weight.

    Args:
        data: Open at its beginning; it must stay open while rows are read.
        label: How messages name it.

    Raises:
        ScenarioError: When a row is read that is no tie, or a kind of list that is not read.

    >>> import io
    >>> file = io.BytesIO(b'*Vertices 2\n1 "Ann"\n2 "Bob"\n*Edges\n1 2 2.5\n')
    >>> [row for _, row in open_pajek(file, "a.net").rows]
    [['Ann', 'Bob', '2.5']]
    """
    return Sheet(["source", "target", "weight"], 1, _rows(data, label), say("Pajek's .net"))


def _rows(data: BinaryIO, label: str) -> Iterator[tuple[int, list[str]]]:
    names: dict[str, str] = {}
    section = ""
    for number, raw in enumerate(data, 1):
        line = raw.decode("utf-8-sig", "replace")
        words = line.split()
        if not words or words[0].startswith("%"):
            continue
        if words[0].startswith("*"):
            section = words[0].lower()
            if section not in (*_TIES, "*vertices", "*network"):
                raise _problem(say("a list of Pajek that is not read"), f"{label}:{number}", words[0])
        elif section == "*vertices":
            said = _VERTEX.match(line)
            if said is None:
                raise _problem(say("not a vertex"), f"{label}:{number}", line.strip()[:40])
            names[said["number"]] = said["quoted"] or said["plain"] or said["number"]
        elif section in _TIES:
            if len(words) < 2:
                raise _problem(say("not a tie"), f"{label}:{number}", line.strip()[:40])
            yield number, [names.get(words[0], words[0]), names.get(words[1], words[1]), *(words[2:3] or ["1"])]


def _problem(message: str, place: str, found: str) -> ScenarioError:
    allowed = say("*Vertices with a number and a label in each line, *Arcs and *Edges with two numbers and a weight")
    return ScenarioError(message, place=place, found=repr(found), allowed=allowed)
