"""What a scenario was calibrated to: carried along, so that whoever reads its results knows. Changes no result."""

from __future__ import annotations

from sim.vocabulary.parameter import OneLine, Section, SeveralLines, parameter


class Calibration(Section):
    """The data that parameters of the scenario were fitted to; `sim calibrate` writes it."""

    data: OneLine = parameter(
        "",
        "Data that the scenario was calibrated to; empty where it was not calibrated",
        label="Data fitted to",
        unit="text",
        source="user's data",
        setup=True,
    )
    sha256: OneLine = parameter(
        "",
        "SHA-256 of the data, in hexadecimal digits",
        label="Hash of the data",
        unit="hash",
        source="user's data",
        setup=True,
        pattern=r"^([0-9a-f]{64})?$",
    )
    fitted: SeveralLines = parameter(
        "",
        "Parameters that were fitted, each with its value and interval",
        label="Parameters fitted",
        unit="text",
        source="user's data",
        setup=True,
    )
