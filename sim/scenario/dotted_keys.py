"""Keys of a scenario file that are written as paths: `firm.desk.agents: 8` for `firm: {desk: {agents: 8}}`."""

from __future__ import annotations

from sim.scenario.document import Node
from sim.vocabulary.errors import Problems
from sim.words import say


def unfolded(node: Node, problems: Problems, path: tuple[str, ...] = ()) -> Node:
    """A mapping whose keys are single names, and what stands under the same one together.

    What lies further below is unfolded when its turn comes. A value that stands twice is noted; the first one counts.

    Args:
        node: The mapping.
        problems: What is wrong so far.
        path: Where it stands.

    >>> unfolded(Node({"firm.desk.agents": Node(8), "firm": Node({"price": Node(2)})}), Problems()).plain
    {'firm': {'desk.agents': 8, 'price': 2}}
    """
    if not any("." in key for key in node.value):
        return node
    found: dict[str, Node] = {}
    for key, child in node.value.items():
        first, _, rest = key.partition(".")
        _put(found, first, Node({rest: child}, child.mark, child.key_mark) if rest else child, problems, path)
    return Node(found, node.mark, node.key_mark)


def _put(found: dict[str, Node], key: str, node: Node, problems: Problems, path: tuple[str, ...]) -> None:
    there = found.get(key)
    if there is None:
        found[key] = node
    elif isinstance(there.value, dict) and isinstance(node.value, dict):
        inner = dict(there.value)
        for name, child in node.value.items():
            _put(inner, name, child, problems, (*path, key))
        found[key] = Node(inner, there.mark, there.key_mark)
    else:
        first = there.key_mark or there.mark
        hint = say("first in line {line}; keep one of the two", line=first.line) if first else ""
        problems.add(say("stands twice"), ".".join((*path, key)), str(node.key_mark or node.mark or ""), hint=hint)
