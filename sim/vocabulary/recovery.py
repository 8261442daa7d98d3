"""How complainers judge the answer: three kinds of justice."""

from __future__ import annotations

from pydantic import model_validator

from sim.vocabulary.parameter import Section, parameter

_ORSINGHER = "Orsingher, Valentini & de Angelis 2010 (order); assumption (size)"


class Recovery(Section):
    """Justice of the answer to a complaint and what it does to satisfaction."""

    distributive: float = parameter(
        0.45, "Weight of the outcome (remedy and compensation)", unit="share", source=_ORSINGHER, ge=0.0, le=1.0
    )
    interactional: float = parameter(
        0.33, "Weight of the treatment (apology, follow-up)", unit="share", source=_ORSINGHER, ge=0.0, le=1.0
    )
    procedural: float = parameter(
        0.22, "Weight of the procedure (speed)", unit="share", source=_ORSINGHER, ge=0.0, le=1.0
    )
    gain: float = parameter(
        22.0, "Satisfaction that a perfectly just answer adds", unit="points (0-100)",
        source="de Matos, Henrique & Rossi 2007 (sign: the recovery paradox); assumption (size)", ge=0.0, le=100.0,
    )  # fmt: skip
    double_deviation: float = parameter(
        20.0, "Satisfaction that a perfectly unjust answer takes", unit="points (0-100)",
        source="Bitner, Booms & Tetreault 1990 (sign); assumption (size)", ge=0.0, le=100.0,
    )  # fmt: skip

    remedy: float = parameter(
        0.4, "Distributive justice of a resolved complaint without compensation; full compensation makes it 1",
        unit="index (-1 to 1)", source="assumption", ge=-1.0, le=1.0,
    )  # fmt: skip
    call_back: float = parameter(
        0.5, "Part of the way to perfect treatment that being called back makes up", unit="share", source="assumption",
        ge=0.0, le=1.0,
    )  # fmt: skip
    no_remedy: float = parameter(
        -0.7, "Distributive justice of an answer that resolves nothing; no answer at all is -1",
        unit="index (-1 to 1)", source="assumption", ge=-1.0, le=1.0,
    )  # fmt: skip

    @model_validator(mode="after")
    def _sum_to_one(self) -> Recovery:
        total = self.distributive + self.interactional + self.procedural
        if abs(total - 1.0) > 1e-9:
            raise ValueError(f"the three justice weights must sum to 1, found {total:.6g}")
        return self
