"""Money: with its currency, and as it is told in a meeting, with few digits and in millions where it is much."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.words.numbers import written
from sim.words.sentences import say


def priced(amount: str, currency: str) -> str:
    """An amount, written already, with its currency: in front in English.

    >>> priced("12,346", "EUR")
    'EUR 12,346'
    """
    return say("{currency} {amount}", currency=currency, amount=amount)


def money(amount: float, currency: str, digits: int = 0) -> str:
    """An amount of money with its currency.

    >>> money(12345.6, "EUR"), money(7.5, "USD", 2)
    ('EUR 12,346', 'USD 7.50')
    """
    return priced(written(amount, f",.{digits}f"), currency)


def scaled_amounts(
    amounts: Sequence[float], half: float = math.nan, *, signs: bool = False
) -> tuple[tuple[str, ...], str]:
    """Amounts of money that stand together as they are told in a meeting: all in the same thousands or millions.

    Args:
        amounts: Such as an amount and the ends of its interval.
        half: Half-width of that interval, of which two digits are left; without one, three of the largest amount.
        signs: Put a sign before every amount that is not 0, and round none of them to 0.

    Returns:
        The amounts, and what stands behind the last: nothing, ` M` or ` bn`.

    >>> scaled_amounts((229532.0,)), scaled_amounts((80000.0, 42000.0, 120000.0), 39000.0)
    ((('0.230',), ' M'), (('0.080', '0.042', '0.120'), ' M'))
    >>> scaled_amounts((-30140.0, -70.0, 800.0), 435.0, signs=True), scaled_amounts((0.0,))
    ((('−30,140', '−70', '+800'), ''), (('0',), ''))
    """
    largest = max(map(abs, amounts))
    if largest == 0.0:
        return tuple(written(0, "d") for _ in amounts), ""
    three = 2 - math.floor(math.log10(float(f"{largest:.2e}")))
    whole = 3 - three
    power, name = (
        (0, "")
        if whole < 6
        else (6, say("{amount} M", amount=""))
        if whole < 10
        else (9, say("{amount} bn", amount=""))
    )
    places = 1 - math.floor(math.log10(half) + 1e-9) if math.isfinite(half) and half > 0.0 else three
    nearest = min((abs(one) for one in amounts if one != 0.0), default=largest)
    while signs and nearest < 0.5 * 10.0**-places:
        places += 1
    return tuple(_signed(one, places, power, signs=signs) for one in amounts), name


def _signed(amount: float, places: int, power: int, *, signs: bool) -> str:
    text = written(round(abs(amount), places) / 10.0**power, f",.{max(places + power, 0)}f")
    if not text.strip("0.,"):
        return text
    return ("−" if amount < 0 else "+" if signs else "") + text


def rounded_money(amount: float, currency: str, half: float = math.nan) -> str:
    """An amount of money as it is told in a meeting: three digits, from a hundred thousand on in millions.

    Args:
        amount: The amount.
        currency: Its name.
        half: Half-width of its interval, of which two digits are left.

    >>> rounded_money(229532.0, "EUR"), rounded_money(39164.2, "EUR"), rounded_money(-12.345, "EUR")
    ('EUR 0.230 M', 'EUR 39,200', 'EUR −12.3')
    >>> rounded_money(229532.0, "EUR", 60000.0), rounded_money(999960.0, "EUR"), rounded_money(0.0, "EUR")
    ('EUR 0.230 M', 'EUR 1.00 M', 'EUR 0')
    """
    (text,), name = scaled_amounts((amount,), half)
    return priced(f"{text}{name}", currency)
