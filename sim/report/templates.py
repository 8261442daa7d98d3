"""What all pages share: templates that stand beside their modules, one style sheet, words for periods."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

PERIOD_WORDS = {"day": "days", "week": "weeks", "month": "months"}


@cache
def template(name: str, *, beside: str) -> jinja2.Template:
    """A template: everything put in is escaped, and a name that is missing is an error.

    Args:
        name: Of its file.
        beside: The module in whose folder it stands, by its `__name__`.
    """
    import jinja2

    loader = jinja2.PackageLoader(beside.rpartition(".")[0], ".")
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).get_template(name)


def style() -> Markup:
    """The style sheet of all pages."""
    from markupsafe import Markup

    return Markup(files("sim.report").joinpath("style.css").read_text(encoding="utf-8"))
