"""Mutants: small changes of a module's syntax tree, each with a name that does not depend on line numbers.

What is changed: signs of arithmetic, terms and factors (dropped), comparisons (boundary and negation), numbers (one
more, negated, zero), indexes (one further), neighbouring arguments of the same kind (swapped), and, or, not, min, max,
branches of a conditional, ranges, statements (assignments to fields and elements, additions, calls, returns, breaks:
deleted), returned values (zero, negated truth), break and continue.

What is left alone, because it holds no behaviour: docstrings, annotations, texts, imports, decorators, messages of
errors, the room of `np.empty`, the index of the one record of `world`, and the purely technical constants of
`TECHNICAL`: sizes of blocks, on which by design no result depends (tests of their own vary them).
"""

from __future__ import annotations

import ast
import copy
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TECHNICAL = {"BLOCK", "SHORT_ROW", "ROWS_PER_THREAD", "LARGE_CHUNK", "CHUNKS_PER_THREAD"}
"""Constants on which no result depends: how many rows are handled at once."""

CONTAINERS = {"state", "firms", "segments", "world", "tally", "counts", "cases", "case", "found", "leavers", "firm"}
CONTAINERS |= {
    "environment",
    "books",
    "clock",
    "draws",
    "answer",
    "weights",
    "reputation",
    "network",
    "heap",
    "free",
    "service",
    "person",
    "values",
    "importance",
    "rule_of",
}
"""Arguments that cannot stand for each other: swapped they would only be an error of type."""

SIGNS = "._<>=!+-*/%&|^"
"""What belongs together in a line, beside letters and digits."""

AROUND = 50
"""Signs of a line that are shown before and behind a change."""

Change = Callable[[], Callable[[], None]]
"""Makes the change in the tree and returns how to undo it."""


@dataclass(frozen=True)
class Mutant:
    """One change of one module.

    Attributes:
        file: Path below the root of the project.
        name: File, function and change, in words that survive edits elsewhere in the file.
        line: Line of the change, for people.
        number: Place in the module's walk; the tree is changed again from it.
    """

    file: str
    name: str
    line: int
    number: int

    @property
    def order(self) -> str:
        """A key that shuffles: a sample is the first so many, and code that is added elsewhere leaves it as it is."""
        return hashlib.sha256(self.name.encode()).hexdigest()


ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
    ast.MatMult: ast.Add,
}
NEGATED = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
BOUNDARY = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
EXTREMES = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum"}


def number_of(node: ast.AST) -> Any:
    """The number that a constant is, or None for texts, truths and everything else."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def is_declaration(node: ast.stmt) -> bool:
    """Whether a statement of a room declares something, or helps to, and computes nothing for a person."""
    if isinstance(node, ast.FunctionDef):
        return not {ast.unparse(mark) for mark in node.decorator_list} & {"rule", "kernel"}
    names_only = isinstance(node, ast.Assign) and isinstance(
        node.targets[0], ast.Tuple
    )  # codes, each other than the others
    return names_only or not isinstance(node, ast.Assign) or any(isinstance(part, ast.Call) for part in ast.walk(node))


class Walk:
    """All changes of a module, in the order of its text; of a room of the model, without its declarations."""

    def __init__(self, tree: ast.Module, *, room: bool = False) -> None:
        self.tree = tree
        self.room = room
        self.found: list[tuple[str, ast.stmt, Change]] = []
        self._block(tree, "body", "module", set())

    # ---- statements --------------------------------------------------------------------------------------------

    def _block(self, owner: Any, field: str, where: str, once: set[str]) -> None:
        body = getattr(owner, field)
        for place, statement in enumerate(body):
            if self.room and where == "module" and is_declaration(statement):
                continue
            self._statement(body, place, statement, where, once)

    def _statement(self, body: list[ast.stmt], place: int, node: ast.stmt, where: str, once: set[str]) -> None:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            inner = node.name if where == "module" else f"{where}.{node.name}"
            self._block(node, "body", inner, assigned_once(node))
            return
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Raise | ast.AnnAssign | ast.Assert | ast.Global):
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return  # a docstring
        if isinstance(node, ast.Assign) and where == "module" and names_in(node) & TECHNICAL:
            return
        for field, value in ast.iter_fields(node):
            if field in ("body", "orelse", "finalbody"):
                self._block(node, field, where, once)
            elif field == "handlers":
                for handler in value:
                    self._block(handler, "body", where, once)
            elif isinstance(value, ast.expr):
                self._expression(node, field, None, node, where)
            elif isinstance(value, list) and field in ("targets", "items"):
                for at, item in enumerate(value):
                    if isinstance(item, ast.expr):
                        self._expression(node, field, at, node, where)
        self._whole_statement(body, place, node, where, once)

    def _whole_statement(self, body: list[ast.stmt], place: int, node: ast.stmt, where: str, once: set[str]) -> None:
        def put(other: ast.stmt) -> Change:
            return lambda: replace(body, place, other)

        nothing = ast.copy_location(ast.Pass(), node)
        if isinstance(node, ast.AugAssign):
            self._add("deleted", node, where, put(nothing))
            kind = ARITHMETIC.get(type(node.op))
            if kind is not None:
                other = copy.copy(node)
                other.op = kind()
                self._add(f"{header(other)}", node, where, put(other))
        elif isinstance(node, ast.Assign) and where != "module":
            plain = all(isinstance(target, ast.Name) for target in node.targets)
            if not plain or not names_in(node) <= once:
                self._add("deleted", node, where, put(nothing))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            self._add("deleted", node, where, put(nothing))
        elif isinstance(node, ast.Break | ast.Continue):
            other = ast.Continue() if isinstance(node, ast.Break) else ast.Break()
            self._add(type(other).__name__.lower(), node, where, put(ast.copy_location(other, node)))
            self._add("deleted", node, where, put(nothing))
        elif isinstance(node, ast.Return):
            if node.value is None:
                self._add("deleted", node, where, put(nothing))
            elif isinstance(node.value, ast.Constant) and isinstance(node.value.value, bool):
                other = ast.Return(ast.Constant(not node.value.value))
                self._add(header(other), node, where, put(located(other, node)))
            elif not isinstance(node.value, ast.Constant | ast.Tuple | ast.Dict):
                self._add("return 0", node, where, put(located(ast.Return(ast.Constant(0)), node)))
        elif isinstance(node, ast.If | ast.While) and not isinstance(node.test, ast.Compare | ast.Constant):
            other = copy.copy(node)
            other.test = ast.UnaryOp(ast.Not(), node.test)
            self._add(header(other), node, where, put(located(other, node)))

    # ---- expressions -------------------------------------------------------------------------------------------

    def _expression(self, owner: Any, field: str, at: int | None, top: ast.stmt, where: str) -> None:
        node = getattr(owner, field) if at is None else getattr(owner, field)[at]

        def put(other: ast.expr) -> Change:
            holder, key = (owner, field) if at is None else (getattr(owner, field), at)
            return lambda: replace(holder, key, located(other, node))

        for other in () if is_buffer(node) else variants(node):
            self._say(top, put(located(other, node)), where)
        if isinstance(node, ast.JoinedStr | ast.Lambda):
            if isinstance(node, ast.Lambda):
                self._expression(node, "body", None, top, where)
            return
        if (isinstance(node, ast.Subscript) and constant_index(node)) or is_buffer(node):
            return
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr) and not (isinstance(node, ast.Call) and name == "func" and leaf(value)):
                self._expression(node, name, None, top, where)
            elif isinstance(value, list):
                for place, item in enumerate(value):
                    if isinstance(item, ast.expr):
                        self._expression(node, name, place, top, where)
                    elif isinstance(item, ast.keyword):
                        self._expression(item, "value", None, top, where)
                    elif isinstance(item, ast.comprehension):
                        self._expression(item, "iter", None, top, where)
                        for n in range(len(item.ifs)):
                            self._expression(item, "ifs", n, top, where)

    # ---- names -------------------------------------------------------------------------------------------------

    def _say(self, top: ast.stmt, change: Change, where: str) -> None:
        """Note a change of an expression by what its statement becomes."""
        undo = change()
        after = header(top)
        undo()
        if after != header(top):
            self._add(after, top, where, change)

    def _add(self, after: str, top: ast.stmt, where: str, change: Change) -> None:
        self.found.append((f"{where}: {difference(header(top), after)}", top, change))


def variants(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression could wrongly be."""
    number = number_of(node)
    if number is not None:
        yield ast.Constant(number + 1)
        if number != 0:
            yield ast.UnaryOp(ast.USub(), ast.Constant(number))
            yield ast.Constant(type(number)(0))
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.BinOp):
        kind = ARITHMETIC.get(type(node.op))
        if kind is not None:
            yield ast.BinOp(node.left, kind(), node.right)
        yield node.left
        yield node.right
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        if number_of(node.operand) is None:
            yield node.operand
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for table in (NEGATED, BOUNDARY):
            if type(node.ops[0]) in table:
                yield ast.Compare(node.left, [table[type(node.ops[0])]()], node.comparators)
    elif isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            if type(op) in BOUNDARY:
                ops = [*node.ops]
                ops[place] = BOUNDARY[type(op)]()
                yield ast.Compare(node.left, ops, node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        for place in range(len(node.values)):
            rest = node.values[:place] + node.values[place + 1 :]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Call):
        yield from calls(node)
    elif isinstance(node, ast.Subscript):
        yield from further(node)


def calls(node: ast.Call) -> Iterator[ast.expr]:
    """A call of the opposite extreme, with two neighbours swapped, or over a range that ends too early."""
    function = node.func
    name = (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )
    if name in EXTREMES:
        other = copy.deepcopy(function)
        setattr(other, "id" if isinstance(function, ast.Name) else "attr", EXTREMES[name])
        yield ast.Call(other, node.args, node.keywords)
        return
    if name == "range" and number_of(node.args[-1 if len(node.args) < 3 else 1]) is None:
        end = 0 if len(node.args) == 1 else 1
        args = [*node.args]
        args[end] = ast.BinOp(args[end], ast.Sub(), ast.Constant(1))
        yield ast.Call(function, args, node.keywords)
        return
    for place in range(len(node.args) - 1):
        one, two = node.args[place : place + 2]
        same = type(one) is type(two) and not isinstance(one, ast.Starred)
        if same and not (base(one) & CONTAINERS and leaf(one)) and not (base(two) & CONTAINERS and leaf(two)):
            swapped = [*node.args]
            swapped[place], swapped[place + 1] = two, one
            yield ast.Call(function, swapped, node.keywords)


def constant_index(node: ast.Subscript) -> bool:
    """Whether this is the one record of the world, which has no second."""
    return isinstance(node.value, ast.Name) and node.value.id == "world"


def is_buffer(node: ast.AST) -> bool:
    """Whether this makes room that is written before it is read: a larger one is no change of what is computed."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "empty"


def further(node: ast.Subscript) -> Iterator[ast.expr]:
    """The next element instead of this one, where the index is a variable or a sum; numbers are changed as numbers."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for place, part in enumerate(parts):
        if isinstance(part, ast.Name | ast.BinOp):
            next_one = ast.BinOp(part, ast.Add(), ast.Constant(1))
            if isinstance(node.slice, ast.Tuple):
                index: ast.expr = ast.Tuple([*parts[:place], next_one, *parts[place + 1 :]], ast.Load())
            else:
                index = next_one
            yield ast.Subscript(node.value, index, node.ctx)


def leaf(node: ast.AST) -> bool:
    """Whether an expression is a plain name, or a name with a dot."""
    return isinstance(node, ast.Name | ast.Attribute)


def base(node: ast.AST) -> set[str]:
    """The name by which a plain argument is known, empty for any other expression."""
    return {node.id} if isinstance(node, ast.Name) else set()


def names_in(node: ast.Assign) -> set[str]:
    """Names that an assignment binds."""
    return {
        name.id
        for target in node.targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    }


def assigned_once(function: ast.AST) -> set[str]:
    """Names bound by one statement only: without it there is nothing but an error of name."""
    bound: Counter[str] = Counter()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound[node.id] += 1
        elif isinstance(node, ast.arg):
            bound[node.arg] += 1
    return {name for name, times in bound.items() if times == 1}


def header(node: ast.stmt) -> str:
    """A statement in one line, without the block that it holds."""
    shown = copy.copy(node)
    for field in ("body", "orelse", "finalbody", "handlers"):
        if isinstance(getattr(shown, field, None), list):
            setattr(shown, field, [ast.Pass()] if field == "body" else [])
    text = ast.unparse(ast.fix_missing_locations(shown))
    return " ".join(text.removesuffix("pass").split()) if hasattr(node, "body") else " ".join(text.split())


def difference(before: str, after: str) -> str:
    """Where two lines differ, with some of what stands around it.

    >>> difference("counts[O.pending] += 1", "counts[O.pending] += 2")
    'counts[O.pending] += {1 => 2}'
    """
    if after == "deleted":
        return f"{{{before} => nothing}}"
    shortest = min(len(before), len(after))
    first = next((n for n in range(shortest) if before[n] != after[n]), shortest)
    while first and (before[first - 1].isalnum() or before[first - 1] in SIGNS):
        first -= 1
    last = 0
    while last < shortest - first and before[-1 - last] == after[-1 - last]:
        last += 1
    while last and (before[len(before) - last].isalnum() or before[len(before) - last] in SIGNS):
        last -= 1
    old, new = before[first : len(before) - last], after[first : len(after) - last]
    head, tail = before[:first], before[len(before) - last :]
    head = f"...{head[-AROUND:]}" if len(head) > AROUND else head
    tail = f"{tail[:AROUND]}..." if len(tail) > AROUND else tail
    return f"{head}{{{old} => {new}}}{tail}"


def located(node: Any, like: ast.AST) -> Any:
    """The new node with a place in the text, which its parts that have none share."""
    return ast.fix_missing_locations(ast.copy_location(node, like))


def replace(holder: Any, key: Any, new: Any) -> Callable[[], None]:
    """Put `new` into a list or a field, and return how to undo it."""
    if isinstance(holder, list):
        old, holder[key] = holder[key], new

        def back() -> None:
            holder[key] = old

        return back
    old = getattr(holder, key)
    setattr(holder, key, new)
    return lambda: setattr(holder, key, old)


@cache
def walk_through(text: str, room: bool) -> Walk:
    """The walk through a text: made once, before the forks, for it takes longer than most tests."""
    return Walk(ast.parse(text), room=room)


def walked(root: Path, file: str) -> Walk:
    """The walk through a file."""
    return walk_through((root / file).read_text(encoding="utf-8"), file.startswith("sim/model/"))


def mutants_of(root: Path, file: str) -> list[Mutant]:
    """All mutants of a file; a change that reads like an earlier one of the same function gets a number."""
    times: Counter[str] = Counter()
    found = []
    for number, (name, top, _) in enumerate(walked(root, file).found):
        times[name] += 1
        again = f" ({times[name]})" if times[name] > 1 else ""
        found.append(Mutant(file, f"{file} {name}{again}", top.lineno, number))
    return found


def tree_of(root: Path, mutant: Mutant) -> ast.Module:
    """The changed syntax tree: a copy, the walk's own is left as it was."""
    walk = walked(root, mutant.file)
    undo = walk.found[mutant.number][2]()
    changed = copy.deepcopy(walk.tree)
    undo()
    return ast.fix_missing_locations(changed)
