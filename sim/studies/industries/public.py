"""What is public of each trade, read from `public_figures.yaml` beside this file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.scenario.document import read_text
from sim.studies.industries.figures import BY_NAME
from sim.words import say

FILE = "public_figures.yaml"


class PublicFigure(BaseModel):
    """A figure of a trade as others state it.

    Attributes:
        low: Lower end of the range, in the unit of ours.
        high: Its upper end.
        source: Who says what, and how the range comes from it.
        second_hand: Whether the origin was not read, or the range holds anything that was not.
        where: The address that was read; empty where none was.
        differs: What it measures that ours does not; empty where nothing is known.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    low: float
    high: float
    source: str = Field(min_length=10)
    second_hand: bool
    where: str = Field("", pattern=r"^(https?://\S+)?$")
    differs: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> PublicFigure:
        if not self.low < self.high:
            raise ValueError(say("{low} is not below {high}", low=self.low, high=self.high))
        return self


class Trade(BaseModel):
    """A trade with what is public of it.

    Attributes:
        trade: What it is called.
        without: Figures of all trades that say nothing of this one.
        figures: Public figures by the name of ours.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    trade: str = Field(min_length=3)
    without: tuple[str, ...] = ()
    figures: dict[str, PublicFigure]


class PublicFigures(BaseModel):
    """The whole file.

    Attributes:
        every: Public figures that hold for all trades, by the name of ours.
        industries: Trades by the name of their scenario.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    every: dict[str, PublicFigure]
    industries: dict[str, Trade]

    @model_validator(mode="after")
    def _known(self) -> PublicFigures:
        trades = self.industries.values()
        named = {*self.every, *(name for trade in trades for name in (*trade.figures, *trade.without))}
        unknown = sorted(named - set(BY_NAME))
        if unknown:
            raise ValueError(say("no such figures: {unknown}", unknown=", ".join(unknown)))
        return self

    def of(self, industry: str) -> dict[str, PublicFigure]:
        """Public figures of an industry by the name of ours: its own, and those of all trades.

        Raises:
            KeyError: If there is no such industry.
        """
        trade = self.industries[industry]
        shared = {name: figure for name, figure in self.every.items() if name not in trade.without}
        return shared | trade.figures


@cache
def public_figures() -> PublicFigures:
    """The file, read once.

    >>> list(public_figures().industries)[:2], public_figures().of("airline")["elasticity"].low
    (['telecom', 'airline'], -2.34)
    """
    text = files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    tree: Any = read_text(text, FILE).root.plain
    return PublicFigures.model_validate(tree)
