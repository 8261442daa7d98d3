"""What a person reads: whole sentences from one catalogue, with plural forms, and numbers written in one place.

A sentence in a function is said, `say("{left} more key figures: {file}", left=3, file=path)`: its English text is its
name in the catalogue. Where a number decides the form it is `plural("{n} run failed", "{n} runs failed", n)`. A list of
sentences is `Sentences`, and says what is added to it: `told.say("...")`. A text
that is declared at the top level of a module (a label, a meaning, a unit, a help text) stays plain English there, for
the language is not known yet, and is `translated` where it is shown.

English needs no catalogue. `python docs/words.py` collects all sentences into `docs/exitvoice.pot`, and brings
`catalogues/<language>/LC_MESSAGES/exitvoice.po`, where a translator writes, and the `.mo` compiled from it up to date.
`EXITVOICE_LANGUAGE` or `sim --language` chooses.
"""

from sim.words.languages import NAMES, choose_language, language, languages, speaking
from sim.words.lists import either, listed
from sim.words.numbers import NO_VALUE, counted, percent, with_signs, written
from sim.words.periods import day, in_periods, in_years, month, period_word, periods_word
from sim.words.sentences import one_of, plural, say, translated
from sim.words.told_money import money, priced, rounded_money, scaled_amounts
from sim.words.told_sentences import Saying, Sentences

__all__ = [
    "NAMES",
    "NO_VALUE",
    "Saying",
    "Sentences",
    "choose_language",
    "counted",
    "day",
    "either",
    "in_periods",
    "in_years",
    "language",
    "languages",
    "listed",
    "money",
    "month",
    "one_of",
    "percent",
    "period_word",
    "periods_word",
    "plural",
    "priced",
    "rounded_money",
    "say",
    "scaled_amounts",
    "speaking",
    "translated",
    "with_signs",
    "written",
]
