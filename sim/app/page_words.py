"""What the script of the page says, by name: places in braces are filled by it."""

from __future__ import annotations

from typing import Any

from sim.app.watched_people import events, state_words
from sim.model.scenario import Scenario
from sim.words import period_word, say


def page_words(scenario: Scenario) -> dict[str, Any]:
    """All sentences and labels of the script, in the language of the reader.

    >>> page_words(Scenario())["of_period"]
    'Week {n} of {of}'
    """
    period = scenario.run.period
    return {
        "states": state_words(),
        "events": events(period),
        "today": say("Today"),
        "what_if": say("What if"),
        "difference": say("Difference"),
        "interval": say("95% interval"),
        "figure": say("Key figure"),
        "at": say("until {period} {n}", period=period_word(period), n="{n}"),
        "of_period": say("{period} {n} of {of}", period=period_word(period).capitalize(), n="{n}", of="{of}"),
        "start": say("The start"),
        "years": say("years"),
        "values": say("Show values"),
        "rules": say("the rules behind it"),
        "running": say("Running: {n} of {of} runs", n="{n}", of="{of}"),
        "done": say("{n} runs of each world", n="{n}"),
        "live": say("Living the first run..."),
        "stopped": say("Stopped for a newer question"),
        "lost": say("The server does not answer any more. Is sim app still running?"),
        "play": say("Play"),
        "pause": say("Pause"),
        "reset": say("Back to today"),
        "about": say("About {lever}", lever="{lever}"),
        "slider": say("{lever}, slider", lever="{lever}"),
        "number": say("{lever}, number", lever="{lever}"),
        "today_is": say("Today {value}", value="{value}"),
        "allowed": say("Practical: {low} to {high}", low="{low}", high="{high}"),
        "found": say("{n} of {of} parameters", n="{n}", of="{of}"),
        "more": say("{n} more; go on typing", n="{n}"),
        "none": say("No parameter has these words"),
        "try": say("Try a range"),
        "trying": say("Trying {lever} between {low} and {high}...", lever="{lever}", low="{low}", high="{high}"),
        "range_title": say("{lever} between {low} and {high}", lever="{lever}", low="{low}", high="{high}"),
        "range_note": say("Nine points, four runs each with the same luck; band: 95% interval; upright line: today."),
        "lever": say("Lever"),
        "share": say("Share"),
        "orders": say("In any order"),
        "person": say("Person {n}", n="{n}"),
        "person_state": say("Person {n}: {state}", n="{n}", state="{state}"),
        "person_differs": say(
            "Person {n}: {state}, in the other world {other}", n="{n}", state="{state}", other="{other}"
        ),
        "nothing": say("Nothing of note happened to this person."),
        "differ": say("{n} of {of} are elsewhere in the other world", n="{n}", of="{of}"),
        "customers": say("{n} of {of} are our customers", n="{n}", of="{of}"),
        "up": say("rises"),
        "down": say("falls"),
        "open": say("no clear change"),
        "predict": say("First say what you expect of each, then run."),
        "right": say(
            "{figure}: you said {guess}; it {result}. Right.", figure="{figure}", guess="{guess}", result="{result}"
        ),
        "wrong": say(
            "{figure}: you said {guess}; the answer: {result}.", figure="{figure}", guess="{guess}", result="{result}"
        ),
        "score": say("{n} of {of} right", n="{n}", of="{of}"),
        "saved": say("Saved as {file}", file="{file}"),
        "unsaved": say("Not saved"),
        "chart": say(
            "{title}. Today {today}, what if {what_if}.", title="{title}", today="{today}", what_if="{what_if}"
        ),
    }
