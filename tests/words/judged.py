"""What the code says to a person, judged by its syntax: is each sentence in the catalogue, and is it whole?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from string import Formatter

SAYING = ("say", "plural")
TRANSLATING = (*SAYING, "translated")
# Words that follow each other, or that stand beside a place: what a person would read, and no name, path or pattern.
HUMAN = re.compile(
    r"[A-Za-z]{2,}('s?)?[,;:.)]?[ \n]+(\{|\(?[A-Za-z`'])|^ ?[A-Za-z]+[:,] \{"
    r"|\}[,;:]? \(?[a-z]{2,}|^[ ,;]+[a-z]{2,}( |$)"
)
FRAGMENT = re.compile(r"^[ ,;:.]|[ ,;]$")
# Calls whose texts are for a machine, by the end of their name.
MACHINES = (
    "re.compile",
    "re.search",
    "re.sub",
    "re.match",
    "re.fullmatch",
    ".execute",
    "warnings.filterwarnings",
    "warnings.simplefilter",
    "AttributeError",
    "KeyError",
    "AssertionError",
    "NotImplementedError",
    "TypeError",
    "ModuleNotFoundError",
)
# Arguments that a library or our own code takes for names.
NAMES = ("xycoords", "textcoords", "unit", "loc", "kind", "encoding", "metavar", "dtype")
# Calls that show their first text as it is given.
SHOWING = ("add_column", "set_xlabel", "set_ylabel", "set_title", "legend", "suptitle")
# Functions that are called at the top level, and so declare what the registers hold: by file.
DECLARING = {
    "sim/model/dimensions.py": ("_level", "_weight", "_hurt"),
    "sim/model/talk.py": ("_talks", "_reach"),
    "sim/results/measures.py": ("_people", "_satisfaction", "_gaps", "_voice_and_talk", "_people_and_load", "_money"),
}
# Where a declared text may be put together, as docs/words.py reads the registers too.
REGISTERED = ("sim/model/", "sim/results/keyfigures.py")
# Texts that are no sentences although they look like one, or that are not for the user, with the reason.
EXEMPT = {
    "sim/kernel_cache.py": "why a compiled function could not be kept: for whoever works on the compiler",
    "sim/kernel_compiler.py": "what numba is told of a wrong argument: for whoever works on a kernel",
    "sim/kernel_parts.py": "code for LLVM",
    "sim/kernel_marks.py": "two columns of the same name: for whoever declares one",
    "sim/studies/patterns/measured.py": "names by which worlds are looked up",
    "sim/words/languages.py": "the notice that a language is missing has to be English",
    "DejaVu Sans": "a font",
    '<svg role="img" aria-label="{}"{}>{}': "markup",
    " per ": "what parts a unit in two; units are names that code compares",
    "{} per {}": "a unit; shown by unit_words",
    "money per year": "a unit; shown by unit_words",
    "share still a customer": "a unit; shown by unit_words",
    "key figure": "a kind of column in the dictionary",
    ", found": "where a message is cut",
    "_against_": "parts of a folder's name",
    "{}/{} of the way {}to {}": "a value as it would stand in a file, which sim.parameters.relative reads",
    "from {} ": "a part of such a value",
}


def literal(node: ast.expr) -> str | None:
    """A text as it stands in the code, its places in braces; None for what is none."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def name_of(call: ast.Call) -> str:
    """The name by which something is called."""
    return ast.unparse(call.func)


def says_by(call: ast.Call) -> str:
    """The same of a function that says something; of a method of `Sentences`, its last part."""
    return name_of(call).rpartition(".")[2]


class Code:
    """One file with the way up from each of its nodes."""

    def __init__(self, source: str) -> None:
        self.tree = ast.parse(source)
        self.above: dict[ast.AST, ast.AST] = {}
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                self.above[child] = node

    def way_up(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        """Pairs of a node and what it stands in, from the inside outwards."""
        while node in self.above:
            yield node, self.above[node]
            node = self.above[node]

    def function_of(self, node: ast.AST) -> str | None:
        """The function in which a node is evaluated when that is called; None at the top level."""
        for child, parent in self.way_up(node):
            if isinstance(parent, ast.Lambda) and child is parent.body:
                return "lambda"
            if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef) and child in parent.body:
                return parent.name
        return None

    def texts(self) -> Iterator[tuple[ast.expr, str]]:
        """All texts but docstrings and annotations, f-strings as a whole."""
        for node in ast.walk(self.tree):
            text = literal(node) if isinstance(node, ast.expr) else None
            if text is None or isinstance(self.above.get(node), ast.Expr | ast.JoinedStr | ast.FormattedValue):
                continue
            if not any(self._is_annotation(child, parent) for child, parent in self.way_up(node)):
                yield node, text

    @staticmethod
    def _is_annotation(child: ast.AST, parent: ast.AST) -> bool:
        return (
            (isinstance(parent, ast.AnnAssign | ast.arg) and child is parent.annotation)
            or (isinstance(parent, ast.FunctionDef) and child is parent.returns)
            or (isinstance(parent, ast.FormattedValue) and child is parent.format_spec)
        )

    def calls(self) -> Iterator[ast.Call]:
        """All calls."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def is_said(self, node: ast.AST) -> bool:
        """Whether a text is the sentence of `say`, `plural` or `translated`, or a value of one that is put in whole."""
        parent = self.above.get(node)
        return isinstance(parent, ast.Call) and says_by(parent) in TRANSLATING and node in parent.args

    def is_for_a_machine(self, node: ast.AST) -> bool:
        """Whether a text is a name, a pattern or a question to a library."""
        for child, parent in self.way_up(node):
            if isinstance(parent, ast.Compare | ast.Assert | ast.MatchValue | ast.Subscript | ast.Attribute):
                return True
            if isinstance(parent, ast.Dict) and child in parent.keys:
                return True
            if isinstance(parent, ast.keyword):
                if parent.arg in NAMES:
                    return True
                continue
            if isinstance(parent, ast.Call):
                return name_of(parent).endswith(MACHINES)
            if isinstance(parent, ast.stmt):
                return False
        return False


def outside(code: Code, path: str = "") -> Iterator[tuple[int, str]]:
    """Sentences in functions, and labels that are shown, that no catalogue knows: line and text."""
    if path in EXEMPT:
        return
    for node, text in code.texts():
        function = code.function_of(node)
        if function is None or function in ("__repr__", *DECLARING.get(path, ())) or not HUMAN.search(text):
            continue
        if not code.is_said(node) and not code.is_for_a_machine(node) and text not in EXEMPT:
            yield node.lineno, text
    for call in code.calls():
        if isinstance(call.func, ast.Attribute) and call.func.attr in SHOWING and call.args:
            shown = literal(call.args[0])
            if shown is not None and re.search("[A-Za-z]{2}", shown.replace("{}", "")):
                yield call.lineno, shown


def numbers(code: Code) -> Iterator[tuple[int, str]]:
    """Numbers with thousands apart or per cent, as only people read them, that are not `written`: line and format."""
    for node in ast.walk(code.tree):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            form = literal(node.format_spec) or ""
            if "," in form or form.endswith("%"):
                yield node.lineno, form


def glued(code: Code, path: str = "") -> Iterator[tuple[int, str]]:
    """Sentences that are put together from pieces: line and what is wrong."""
    for call in code.calls():
        if says_by(call) in TRANSLATING and code.function_of(call) is None:
            yield call.lineno, "said when the module is loaded, before a language is chosen"
        if says_by(call) in SAYING:
            yield from _of_said(code, call)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "join":
            between = literal(call.func.value)
            if between is not None and re.search("[A-Za-z]", between) and between not in EXEMPT:
                yield call.lineno, f"pieces joined by {between!r}: use listed(...)"
    for node, text in code.texts():
        declared = isinstance(node, ast.JoinedStr) and code.function_of(node) is None and HUMAN.search(text)
        if declared and not path.startswith(REGISTERED):
            yield node.lineno, f"declared with values put in, so that no catalogue can hold it: {text!r}"
    for node in ast.walk(code.tree):
        if isinstance(node, ast.IfExp) and code.function_of(node) != "__repr__":
            ends = {literal(node.body), literal(node.orelse)}
            if ends & {"s", "es"}:
                yield node.lineno, "a plural by a letter: use plural(...)"


def _of_said(code: Code, call: ast.Call) -> Iterator[tuple[int, str]]:
    count = 2 if says_by(call) == "plural" else 1
    sentences = call.args[:count]
    for node in sentences:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            yield node.lineno, "what is said is no literal, so that no catalogue can hold it"
            continue
        if FRAGMENT.search(node.value.strip("\n")):
            yield node.lineno, f"a fragment: {node.value!r}"
        places = {name.partition(".")[0].partition("[")[0] for _, name, _, _ in Formatter().parse(node.value) if name}
        given = {word.arg for word in call.keywords} | ({"n"} if count == 2 else set())
        if None not in given and places != given - ({"n"} - places):
            yield node.lineno, f"places {sorted(places)} and values {sorted(map(str, given))} differ: {node.value!r}"
    parent = code.above.get(call)
    if isinstance(parent, ast.BinOp):
        other = literal(parent.left if parent.right is call else parent.right)
        if other is None or other.strip() or isinstance(code.above.get(parent), ast.BinOp):
            yield call.lineno, f"glued with an operator: {literal(call.args[0])!r}"
    if isinstance(parent, ast.AugAssign):
        yield call.lineno, f"glued to what is there: {literal(call.args[0])!r}"
