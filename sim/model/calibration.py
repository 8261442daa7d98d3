"""What a scenario was calibrated to: carried along, so that whoever reads its results knows. Changes no result."""

from __future__ import annotations

from sim.vocabulary.parameter import OneLine, Section, SeveralLines, users_own


class Calibration(Section):
    """The data that parameters of the scenario were fitted to; `sim calibrate` writes it."""

    data: OneLine = users_own(
        "", "Data that the scenario was calibrated to; empty where it was not calibrated", label="Data fitted to"
    )
    sha256: OneLine = users_own(
        "",
        "SHA-256 of the data, in hexadecimal digits",
        label="Hash of the data",
        unit="hash",
        pattern=r"^([0-9a-f]{64})?$",
    )
    fitted: SeveralLines = users_own(
        "", "Parameters that were fitted, each with its value and interval", label="Parameters fitted"
    )
