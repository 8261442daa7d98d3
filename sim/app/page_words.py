"""What the script of the page says, by name: places in braces are filled by it."""

from __future__ import annotations

from typing import Any

from sim.app.picture import WAYS
from sim.app.watched_people import events, state_words
from sim.model.scenario import Scenario
from sim.words import period_word, say, translated, written


def page_words(scenario: Scenario) -> dict[str, Any]:
    """All sentences and labels of the script, in the language of the reader.

    >>> page_words(Scenario())["of_period"]
    'Week {n} of {of}'
    """
    period = scenario.run.period
    return {
        "decimal": written(0.5, ".1f")[1],
        "states": state_words(),
        "events": events(period),
        "today": translated("Today"),
        "what_if": translated("What if"),
        "difference": translated("Difference"),
        "interval": translated("95% interval"),
        "figure": translated("Key figure"),
        "at": say("until {period} {n}", period=period_word(period), n="{n}"),
        "of_period": say("{period} {n} of {of}", period=period_word(period).capitalize(), n="{n}", of="{of}"),
        "start": translated("The start"),
        "years": translated("years"),
        "values": translated("Show values"),
        "rules": translated("the rules behind it"),
        "running": translated("Running: {n} of {of} runs"),
        "done": translated("{n} runs of each world"),
        "live": translated("Living the first run..."),
        "refused": translated("Not run, for a value is not allowed; what is shown is of before"),
        "stopped": translated("Stopped for a newer question"),
        "lost": translated("The server does not answer any more. Is sim app still running?"),
        "play": translated("Play"),
        "pause": translated("Pause"),
        "reset": translated("Back to today"),
        "about": translated("About {lever}"),
        "slider": translated("{lever}, slider"),
        "number": translated("{lever}, number"),
        "today_is": translated("Today {value}"),
        "allowed": translated("Practical: {low} to {high}"),
        "found": translated("{n} of {of} parameters"),
        "more": translated("{n} more; go on typing"),
        "none": translated("No parameter has these words"),
        "try": translated("Try a range"),
        "trying": translated("Trying {lever} between {low} and {high}..."),
        "range_title": translated("{lever} between {low} and {high}"),
        "range_note": translated(
            "Nine points, four runs each with the same luck; band: 95% interval; upright line: today."
        ),
        "range_others": translated("What else is moved is moved at every point."),
        "lever": translated("Lever"),
        "share": translated("Share"),
        "orders": translated("In any order"),
        "person": translated("Person {n}"),
        "person_state": translated("Person {n}: {state}"),
        "person_differs": translated("Person {n}: {state}, in the other world {other}"),
        "nothing": translated("Nothing of note happened to this person."),
        "differ": translated("{n} of {of} are elsewhere in the other world"),
        "customers": translated("{n} of {of} are our customers"),
        **{way: translated(told) for way, told in WAYS.items()},
        "predict": translated("First say what you expect of each, then run."),
        "draw": translated(
            "{figure}: draw its curve over the dashed one of today, if you like. By keys: left and right go along, up "
            "and down move it."
        ),
        "drawn": translated(
            "On average your line is {n} percentage points from what came; today's is {today}. Blue is what came."
        ),
        "right": translated("{figure}: you said {guess}; it {result}. Right."),
        "wrong": translated("{figure}: you said {guess}; the answer: {result}."),
        "score": translated("{n} of {of} right"),
        "saved": translated("Saved as {file}"),
        "unsaved": translated("Not saved"),
        "too_large": translated("{file} is too large for the page, which takes nine megabytes; sim data reads it"),
        "fitted": translated("Saved as {file}. Keep it beside the table; then: sim calibrate {file} --data {table}"),
        "chart": translated("{title}. Today {today}, what if {what_if}."),
    }
