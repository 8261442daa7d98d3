"""What all pages share: templates that stand beside their modules, their words, one style sheet."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sim.words import language, listed, one_of, translated, written

if TYPE_CHECKING:
    import jinja2
    from jinja2.runtime import Context
    from markupsafe import Markup


@cache
def environment() -> jinja2.Environment:
    """How templates are read: what is put in is escaped, a name that is missing is an error, sentences are translated.

    A sentence stands between `{% trans %}` and `{% endtrans %}`, its line breaks being spaces, or in `_("...")`.
    """
    import jinja2

    from sim.report.kept_templates import KeptTemplates

    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(_text),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        optimized=False,  # nothing is filled in as it is read: what is kept is of no language
        bytecode_cache=KeptTemplates(),
    )
    made.policies["ext.i18n.trimmed"] = True
    made.newstyle_gettext = True  # type: ignore[attr-defined]
    made.globals.update(gettext=jinja2.pass_context(_gettext), ngettext=jinja2.pass_context(_ngettext))
    made.globals.update(language=language, style=style, script=script, script_policy=script_policy)
    made.filters.update(number=_number, listed=listed, translated=translated, breaking=_breaking)
    return made


def _text(name: str) -> str:
    """The text of a template, `<package>/<file>`; of one that others import, from the folder of this module."""
    package, _, file = name.rpartition("/")
    return files(package or "sim.report").joinpath(file).read_text(encoding="utf-8")


def _number(value: Any, form: str = ",") -> str:
    return written(value, form)


def _breaking(name: str) -> Markup:
    """A name that may break behind its marks, and not amid a word.

    >>> _breaking("less_<b>")
    Markup('less_<wbr>&lt;b&gt;')
    """
    from markupsafe import Markup, escape

    return escape(name).replace("_", Markup("_<wbr>"))


def _gettext(_: Context, sentence: str, /, **values: Any) -> Markup:
    return _filled(translated(sentence), sentence, values)


def _ngettext(_: Context, one: str, many: str, n: int, /, **values: Any) -> Markup:
    values.setdefault("num", n)
    return _filled(one_of(one, many, n), one if n == 1 else many, values)


def _filled(translation: str, english: str, values: dict[str, Any]) -> Markup:
    """A sentence of a page with its values, escaped; the English one where the translation has other places."""
    from markupsafe import Markup

    try:
        return Markup(translation) % values
    except (LookupError, ValueError, TypeError):
        return Markup(english) % values


@cache
def template(name: str, *, beside: str) -> jinja2.Template:
    """A template.

    Args:
        name: Of its file.
        beside: The module in whose folder it stands, by its `__name__`.
    """
    return environment().get_template(f"{beside.rpartition('.')[0]}/{name}")


def script() -> Markup:
    """The script of all pages, which shows the values of figures; it asks nobody for anything."""
    from markupsafe import Markup

    return Markup(files("sim.report").joinpath("values.js").read_text(encoding="utf-8"))


def script_policy() -> Markup:
    """What a page's policy allows to run: this script, by its hash, and no other."""
    from markupsafe import Markup

    digest = base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()
    return Markup("'sha256-{digest}'").format(digest=digest)


def style() -> Markup:
    """The style sheet of all pages."""
    from markupsafe import Markup

    return Markup(files("sim.report").joinpath("style.css").read_text(encoding="utf-8"))
