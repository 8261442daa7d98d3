"""From delivery to perception (Boulding, Kalra, Staelin & Zeithaml 1993)."""

from sim.compiled import rule
from sim.rules.shares import clipped


@rule
def perceived(delivered: float, will: float, should: float, assimilation: float, contrast: float) -> float:
    """Perceived quality of one dimension: P = Q + a (W - Q) - c max(0, H - Q), on the scale 1 to 7.

    Perception rises with what the customer predicts (will) and falls with what the customer thinks is owed (should).
    Source: Boulding et al. 1993 (signs). That only falling short of should counts is an assumption: theirs is linear.

    >>> round(perceived(5.0, 6.0, 6.5, 0.3, 0.1), 3), round(perceived(5.0, 6.0, 4.5, 0.3, 0.1), 3)
    (5.15, 5.3)
    """
    shortfall = should - delivered
    shortfall = max(shortfall, 0.0)
    return clipped(delivered + assimilation * (will - delivered) - contrast * shortfall, 1.0, 7.0)
