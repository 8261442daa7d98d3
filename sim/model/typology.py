"""Typology: the kinds of customers that the notes name, and the marks that part them (docs/sources.md).

The marks are conventions of measuring, not parameters: they move nothing in the model.
"""

from __future__ import annotations

HIGH_ATTITUDE = 75.0
"""Satisfaction from which attitude is high, and the stage of satisfaction reached, points (0-100)."""

HIGH_PATRONAGE = 1.0
"""Personal frequency from which patronage is high, ratio to the average."""

VERY_PROFITABLE, LITTLE_PROFITABLE = 60.0, 0.0
"""Margin a year from which a customer is very, and little profitable; below it is not, money."""

LOWER_QUARTER, UPPER_QUARTER = 0.25, 0.75
"""Below the one, customers are occasional or of low volume, above the other frequent or of high volume."""

LOYAL_YEARS = 1.0
"""Years of custom from which the stage of loyalty is reached."""

VOICE_TYPES = ("praisers", "returners", "complainers", "fleers")
LEVEL_TYPES = ("delighted", "satisfied", "dissatisfied")
LOYALTY_TYPES = ("sustainable", "latent", "spurious", "none")
PROFIT_TYPES = ("very profitable", "little profitable", "not profitable")
FREQUENCY_TYPES = ("frequent", "average", "occasional")
VOLUME_TYPES = ("high volume", "average volume", "low volume")
ACTIVITY_TYPES = ("active", "inactive, may return", "inactive, lost")
PROSPECT_STAGES = ("identification", "information and attraction")
CUSTOMER_STAGES = ("sale", "service", "satisfaction", "loyalty", "development", "community")
"""The eight stages of the notes 'Plan de calidad': a customer stands at the highest whose mark is met, each only after
those before: sale (no encounter yet), service (has been served), satisfaction (high attitude), loyalty (and a year of
custom), development (and high patronage), community (and a promoter)."""
