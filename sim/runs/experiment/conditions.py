"""Conditions on factors and on outputs, such as `firm.desk.ease <= 2 and firm.desk.agents * 40 < 100`.

A small language of its own, because names are not Python's (`rivals.0.desk.ease`, `survival@12`) and because nothing in
it can do harm: numbers, texts in quotes, names, `+ - * /`, comparisons (also chained, `0 < a <= b`), `and`, `or`,
parentheses. A name with blanks or hyphens in it stands between backquotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.vocabulary.errors import ScenarioError
from sim.words import say, translated

LONGEST = 1000
DEEPEST = 50

_TOKEN = re.compile(
    r"""(?P<blank>\s+)
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    |(?P<name>[^\W\d]\w*(?:\.\w+)*(?:@\d+)?(?![\w.@]))
    |`(?P<quoted>[^`]+)`
    |"(?P<text>[^"]*)"|'(?P<text2>[^']*)'
    |(?P<sign><=|>=|==|!=|<(?!>)|>|\+|-|\*(?!\*)|/(?!/)|\(|\))""",
    re.VERBOSE,
)
_HINTS = {
    "=": "for equality write ==",
    **dict.fromkeys(("&", "&&"), "write `and`"),
    **dict.fromkeys(("|", "||"), "write `or`"),
    "!": "for inequality write !=",
    "<>": "for inequality write !=",
    "≤": "write <=",
    "≥": "write >=",
    "**": "there are no powers: write a * a",
    "^": "there are no powers: write a * a",
    "//": "divide with /",
    "%": "write 0.05 for 5%",
    ",": "write a decimal point, not a comma",
}
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}
_COMPUTE: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}

PointValues = Mapping[str, Any]
_EvaluateTerm = Callable[[PointValues], Any]


class _Token(NamedTuple):
    kind: str  # number, name, text, sign, word, end
    text: str
    at: int


class _Term(NamedTuple):
    """A part of a condition: how it is computed, what it is (number, text, truth), and its name where it is one."""

    evaluate: _EvaluateTerm
    kind: str
    name: str = ""


@dataclass(frozen=True)
class Condition:
    """A condition that can be asked of values.

    Attributes:
        text: As it was written.
        names: The names in it, in the order in which they come first.
        texts: Those of the names that are compared with a text, and with which texts.

    >>> Condition.parse("0 < firm.desk.ease <= 2").holds({"firm.desk.ease": 2.5})
    False
    """

    text: str
    names: tuple[str, ...]
    texts: Mapping[str, tuple[str, ...]]
    _evaluate: _EvaluateTerm

    @classmethod
    def parse(cls, text: str) -> Condition:
        """Read a condition.

        Raises:
            ScenarioError: If it is not one; the message says at which character, what was found and what may stand
                there.
        """
        return _Parser(text).condition()

    def holds(self, values: PointValues) -> Any:
        """Whether the condition is met.

        Args:
            values: A number, a text or an array for each name; a DataFrame will do.

        Returns:
            A truth value, or an array of them where values are arrays. What cannot be computed (0/0, an output that
            does not exist) does not meet a condition.

        Raises:
            KeyError: If a name has no value.

        >>> Condition.parse("a + b <= 3").holds({"a": np.array([1.0, 2.0]), "b": 1.5})
        array([ True, False])
        """
        with np.errstate(all="ignore"):
            result = np.asarray(self._evaluate(values))
        return bool(result) if result.ndim == 0 else result

    def __reduce__(self) -> tuple[Callable[[str], Condition], tuple[str]]:
        return Condition.parse, (self.text,)

    def __str__(self) -> str:
        return self.text


class _Parser:
    """Recursive descent: disjunction > conjunction > comparison > sum > product > sign > atom."""

    def __init__(self, text: str) -> None:
        self.text = text
        if len(text) > LONGEST:
            raise ScenarioError(
                say("the condition is too long"),
                found=say("{length} characters", length=len(text)),
                allowed=say("at most {longest}", longest=LONGEST),
            )
        self.tokens = self.split()
        self.position = 0
        self.depth = 0
        self.names: dict[str, list[str]] = {}

    def split(self) -> list[_Token]:
        tokens: list[_Token] = []
        at = 0
        while at < len(self.text):
            match = _TOKEN.match(self.text, at)
            if match is None:
                raise self.refused(_Token("sign", self.stray(at), at), say("a name, a number or a sign"))
            kind = str(match.lastgroup)
            part = match.group(kind)
            if kind in ("text", "text2"):
                tokens.append(_Token("text", part, at))
            elif kind == "quoted":
                tokens.append(_Token("name", part, at))
            elif kind == "name" and part in ("and", "or", "not"):
                tokens.append(_Token("word", part, at))
            elif kind != "blank":
                tokens.append(_Token(kind, part, at))
            at = match.end()
        return [*tokens, _Token("end", "", len(self.text))]

    def stray(self, at: int) -> str:
        """What stands where nothing is understood: one character, a doubled sign, or a whole word."""
        word = re.compile(r"[\w.@]+|\*\*|//|<>|&&|\|\||.", re.DOTALL).match(self.text, at)
        return word.group() if word else ""

    def refused(self, token: _Token, allowed: str, message: str = "not a condition") -> ScenarioError:
        found = say("its end") if token.kind == "end" else repr(token.text)
        hint = translated(_HINTS.get(token.text, "")) if token.kind == "sign" else ""
        if token.text in ("not", "in", "is"):
            hint = say("write the comparison the other way round")
        return ScenarioError(
            say("{message}, at character {at}", message=message, at=token.at + 1),
            found=found,
            allowed=allowed,
            hint=hint,
        )

    @property
    def next(self) -> _Token:
        return self.tokens[self.position]

    def take(self, kind: str, *texts: str) -> _Token | None:
        token = self.next
        if token.kind == kind and (not texts or token.text in texts):
            self.position += 1
            return token
        return None

    # --- grammar ---------------------------------------------------------------------------------------------------

    def condition(self) -> Condition:
        start = self.next
        term = self.logical("or")
        if self.next.kind != "end":
            raise self.refused(self.next, say("a comparison, `and`, `or`, or the end"))
        self.require(term, "truth", start)
        texts = {name: tuple(found) for name, found in self.names.items() if found}
        return Condition(self.text, tuple(self.names), texts, term.evaluate)

    def require(self, term: _Term, kind: str, token: _Token) -> None:
        if term.kind == kind:
            return
        if kind == "truth":
            raise self.refused(token, say("a comparison, such as a <= 3"), say("not a comparison"))
        raise self.refused(token, say("a number or a name"), say("not a number"))

    def logical(self, word: str) -> _Term:
        def part() -> _Term:
            return self.logical("and") if word == "or" else self.comparison()

        start = self.next
        terms = [part()]
        while self.take("word", word):
            self.require(terms[0], "truth", start)
            inner = self.next
            terms.append(part())
            self.require(terms[-1], "truth", inner)
        if len(terms) == 1:
            return terms[0]
        join: Any = np.logical_or if word == "or" else np.logical_and
        evaluations = [term.evaluate for term in terms]

        def evaluate(values: PointValues) -> Any:
            result = evaluations[0](values)
            for other in evaluations[1:]:
                result = join(result, other(values))
            return result

        return _Term(evaluate, "truth")

    def comparison(self) -> _Term:
        start = self.next
        term = self.sum()
        pairs: list[tuple[Callable[[Any, Any], Any], _EvaluateTerm, _EvaluateTerm]] = []
        while sign := self.take("sign", *_COMPARE):
            token = self.next
            other = self.sum()
            if "text" in (term.kind, other.kind):
                self.compare_text(term, other, sign)
            else:
                self.require(term, "number", start)
                self.require(other, "number", token)
            pairs.append((_COMPARE[sign.text], term.evaluate, other.evaluate))
            start, term = token, other
        if not pairs:
            return term

        def evaluate(values: PointValues) -> Any:
            result: Any = True
            for compare, left, right in pairs:
                one, two = left(values), right(values)
                # != alone would be true of what is not a number
                result = np.logical_and(result, compare(one, two) & _exists(one) & _exists(two))
            return result

        return _Term(evaluate, "truth")

    def compare_text(self, term: _Term, other: _Term, sign: _Token) -> None:
        named, text = (term, other) if term.name else (other, term)
        if sign.text not in ("==", "!=") or not named.name or text.kind != "text":
            raise self.refused(
                sign, say("a name, == or !=, and a text"), say("a text can only be equal to a name's value")
            )
        self.names[named.name].append(str(text.evaluate({})))

    def sum(self) -> _Term:
        return self.binary(("+", "-"), self.product)

    def product(self) -> _Term:
        return self.binary(("*", "/"), self.signed)

    def binary(self, signs: tuple[str, ...], part: Callable[[], _Term]) -> _Term:
        start = self.next
        term = part()
        while sign := self.take("sign", *signs):
            self.require(term, "number", start)
            token = self.next
            other = part()
            self.require(other, "number", token)
            term = _Term(_computed(_COMPUTE[sign.text], term.evaluate, other.evaluate), "number")
        return term

    def signed(self) -> _Term:
        negative = False
        signs = 0
        while sign := self.take("sign", "-", "+"):
            negative ^= sign.text == "-"
            signs += 1
        token = self.next
        term = self.atom()
        if not signs:
            return term
        self.require(term, "number", token)
        inner = term.evaluate
        return _Term((lambda values: np.negative(inner(values))) if negative else inner, "number")

    def atom(self) -> _Term:
        if token := self.take("number"):
            number = float(token.text)
            if not np.isfinite(number):
                raise self.refused(token, say("a finite number"), say("not a finite number"))
            return _Term(lambda _: number, "number")
        if token := self.take("text"):
            text = token.text
            return _Term(lambda _: text, "text")
        if token := self.take("name"):
            name = token.text
            if self.next.kind == "sign" and self.next.text == "(":
                raise self.refused(self.next, "a sign", say("there are no functions in conditions"))
            self.names.setdefault(name, [])
            return _Term(lambda values: _array(values[name]), "number", name)
        if opened := self.take("sign", "("):
            self.depth += 1
            if self.depth > DEEPEST:
                raise self.refused(opened, say("at most {deepest} parentheses in each other", deepest=DEEPEST))
            term = self.logical("or")
            if not self.take("sign", ")"):
                raise self.refused(self.next, say("a closing parenthesis"))
            self.depth -= 1
            return _Term(term.evaluate, term.kind)
        raise self.refused(self.next, say("a name, a number or a parenthesis"))


def _computed(function: Callable[[Any, Any], Any], left: _EvaluateTerm, right: _EvaluateTerm) -> _EvaluateTerm:
    return lambda values: function(left(values), right(values))


def _array(value: Any) -> Any:
    array = np.asarray(value)
    return array.astype(np.float64) if array.dtype.kind in "biu" else array


def _exists(value: Any) -> Any:
    array = np.asarray(value)
    return ~np.isnan(array) if array.dtype.kind == "f" else True
