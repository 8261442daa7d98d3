"""Sentences in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.words.languages import spoken
from sim.words.numbers import filled


def say(sentence: str, /, **values: Any) -> str:
    """A whole sentence, with values put in for its named places.

    Places are those of `str.format`, with conversions and formats (`{share:.0%}`, `{name!r}`); braces in values
    are only text. A translation whose places are wrong is not used: the English sentence is.

    Args:
        sentence: In English, which is its name in the catalogue; a literal, so that it can be collected. A brace that
            is meant is doubled.
        values: By place.

    >>> say("{count:,} of {total:,} customers left", count=1200, total=5000)
    '1,200 of 5,000 customers left'
    """
    catalogue = spoken().catalogue
    if catalogue is None:
        return sentence.format(**values)
    return _put_in(catalogue.gettext(sentence), sentence, values)


def plural(one: str, many: str, n: int, /, **values: Any) -> str:
    """A whole sentence in the form that goes with a number, which it can show as `{n}`.

    Args:
        one: The English sentence for 1, a literal.
        many: That for any other number, a literal.
        n: The number.
        values: By place, besides `n`.

    >>> plural("{n} run failed", "{n} runs failed", 1), plural("{n} run failed", "{n:,} runs failed", 2000)
    ('1 run failed', '2,000 runs failed')
    """
    values["n"] = n
    english = one if n == 1 else many
    if spoken().catalogue is None:
        return english.format(**values)
    return _put_in(one_of(one, many, n), english, values)


def one_of(one: str, many: str, n: int) -> str:
    """The form that goes with a number, with nothing put in.

    >>> one_of("{n} run", "{n} runs", 2)
    '{n} runs'
    """
    catalogue = spoken().catalogue
    if catalogue is None:
        return one if n == 1 else many
    return catalogue.ngettext(one, many, int(n))


def translated(text: str) -> str:
    """A text that was declared at the top level of a module, in the language of the reader; nothing is put in.

    What is no sentence of the catalogue comes back as it is: a name that a user gave, a text translated already.

    Args:
        text: In English.

    >>> translated("Customers"), translated("")
    ('Customers', '')
    """
    catalogue = spoken().catalogue
    if catalogue is None or not text:  # the catalogue keeps its own head under the empty name
        return text
    return catalogue.gettext(text)


def _put_in(translation: str, english: str, values: Mapping[str, Any]) -> str:
    try:
        return filled(translation, values)
    except (LookupError, ValueError, TypeError, AttributeError):  # the translation has places that its English has not
        return english.format(**values)
