"""The sentence on top of the page: what was changed, whether it pays, what comes of it, how sure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sim.app.picture import PairedFigure, row
from sim.app.single_world import ShownWorld
from sim.app.wished import Worlds
from sim.parameters.labels import label
from sim.parameters.paths import get_path
from sim.results.amounts import rounded, value_shown
from sim.results.outputs import PROFIT
from sim.studies.comparison.captives_words import ForCaptives, is_about_captives, served
from sim.studies.comparison.comparison_rows import NOT_THE_FIRMS
from sim.studies.comparison.no_decisions import read_with_care
from sim.studies.comparison.pays_words import Weighed, judged
from sim.vocabulary.errors import ScenarioError
from sim.words import in_years, plural, say

TOLD = ("retention", "satisfaction")
"""Key figures of the sentence, beside money."""

ASKED = {"register": "seen_share", "voice": "complaint_share", "answers": "complainers_kept", "talk": "talk_ratio"}
"""Told before them, by what the scenario asks about."""

MOST_NAMED = 3


def sentences(
    worlds: Worlds, changes: Mapping[str, Any], today: Sequence[ShownWorld], what_if: Sequence[ShownWorld]
) -> list[str]:
    """Whole sentences, in their order."""
    if not changes:
        return [say("Both worlds are today's. Move a lever, and the same people live again with the same luck.")]
    currency = worlds.today.scenario.money.currency
    asked = ASKED.get(worlds.today.scenario.asks)
    rows = [row(name, today, what_if, currency) for name in ((asked, *TOLD) if asked else TOLD)]
    rows = [found for found in rows if math.isfinite(found.difference)]
    money = [row(name, today, what_if, currency) for name in ("margin", PROFIT)]
    runs = len(today)
    if all(found.same for found in (*rows, money[0])):
        found = [
            say(
                "Nothing changes in retention, satisfaction or margin: nobody met what was changed, or what it belongs "
                "to is switched off."
            )
        ]
    elif runs == 1:
        found = [_outcome(each) for each in (*rows, *money) if math.isfinite(each.difference)]
    else:
        satisfaction = next((found for found in rows if found.name == "satisfaction"), None)
        found = [_verdict(worlds, changes, money[0], money[1], satisfaction), *map(_outcome, rows)]
    sure = (
        say("One run with the same luck: no interval yet.")
        if runs == 1
        else plural("{n} run with the same luck.", "{n} runs with the same luck; intervals of 95%.", runs)
    )
    return [changed(worlds, changes), *found, *read_with_care(changes, type(worlds.today.scenario)), sure]


def _verdict(
    worlds: Worlds,
    changes: Mapping[str, Any],
    margin: PairedFigure,
    whole: PairedFigure,
    satisfaction: PairedFigure | None,
) -> str:
    """Whether it pays, by what the report of the page judges by; with one run there is nothing yet to tell it by."""
    run = worlds.today.scenario.run
    time, chosen = in_years(run.periods, run.period), any(not path.startswith(NOT_THE_FIRMS) for path in changes)
    if chosen and satisfaction is not None and is_about_captives(worlds.today.scenario):
        told = served(ForCaptives(say("this change"), satisfaction.as_row(), margin.as_row(), None, time))
    else:
        value = whole.as_row() if math.isfinite(whole.difference) else None
        told = judged(Weighed(say("this change"), margin.as_row(), value, time, chosen))
    return f"{told[0].upper()}{told[1:]}."


def changed(worlds: Worlds, changes: Mapping[str, Any]) -> str:
    """What was changed, by labels; of nothing, that both worlds are today's."""
    if not changes:
        return say("Nothing was changed.")
    named = [_one(worlds, path, value) for path, value in list(changes.items())[:MOST_NAMED]]
    if len(changes) > MOST_NAMED:
        more = plural("{n} more", "{n} more", len(changes) - MOST_NAMED)
        return say("Changed: {changes}, and {more}.", changes="; ".join(named), more=more)
    return say("Changed: {changes}.", changes="; ".join(named))


def _one(worlds: Worlds, path: str, value: Any) -> str:
    try:
        was = get_path(worlds.before.scenario, path)
    except ScenarioError:
        was = None
    return say("{label} {was} → {value}", label=label(path), was=_text(was), value=_text(value))


def _text(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return rounded(float(value), 6)
    return value_shown(value)


def _outcome(found: PairedFigure) -> str:
    name = found.label
    if found.same:
        return say("{figure}: no difference.", figure=name)
    if not found.interval:
        return say("{figure}: {change}.", figure=name, change=found.change)
    if found.negligible:
        return say("{figure}: hardly any difference.", figure=name)
    if found.low <= 0.0 <= found.high:
        return say(
            "{figure}: {change} ({interval}), not to be told from none.",
            figure=name,
            change=found.change,
            interval=found.interval,
        )
    return say("{figure}: {change} ({interval}).", figure=name, change=found.change, interval=found.interval)
