"""How the documentation site is built; `python docs/build_site.py` gathers what it is built from and calls Sphinx."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert

import sim

project = "ExitVoice"
author = "The ExitVoice authors"
copyright = "2026, The ExitVoice authors"
version = release = sim.__version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
autodoc_default_options = {"members": True, "inherited-members": "BaseModel"}
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
nb_execution_mode = "off"  # tests/notebooks runs them; here their text and code are read
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
suppress_warnings = ["myst.header"]  # a page of one's own may begin with a level that suits the notebook

html_theme = "furo"
html_title = f"ExitVoice {release}"
html_math_renderer = "mathml"  # what browsers draw by themselves: no script, nothing from outside
html_copy_source = False
html_show_sourcelink = False

OUTSIDE = re.compile(r"(?<!!)\[([^\]]+)\]\(((?:\.\./)+)([^)#\s]+)(?:#[^)\s]*)?\)")
"""A link up and out of the folder of a page: to a file of the sources, where the site does not have it."""


def name_files_of_the_sources(app: Any, name: str, source: list[str]) -> None:
    """Turn links that leave the site into the path of the file."""
    folder = (Path(app.srcdir) / name).parent

    def named(found: re.Match[str]) -> str:
        on_the_site = (folder / found[2] / found[3]).is_file()
        return found[0] if on_the_site else f"{_plain(found[1], found[3])}`{found[3]}`"

    source[0] = OUTSIDE.sub(named, source[0])


def _plain(text: str, path: str) -> str:
    """What a link said, unless it only named its file."""
    text = text.strip("`")
    return "" if path.rstrip("/").endswith(text.rstrip("/")) else f"{text}, "


def _inline(visitor: Any, node: Any) -> None:
    visitor.body.append(convert(node.astext(), display="inline"))
    raise _skip()


def _block(visitor: Any, node: Any) -> None:
    visitor.body.append(f"<div>{convert(node.astext(), display='block')}</div>")
    raise _skip()


def _skip() -> Exception:
    from docutils.nodes import SkipNode

    return SkipNode()


def titles_only(app: Any, page: str, *_: Any) -> None:
    """While the tree beside a page is made, which has titles of pages only, take sections of other pages for gone.

    Sphinx copies all sections of all pages into it, and throws them out again, for every page: a third of a build.
    """
    for name, about in app.env.metadata.items():
        if name != page and name not in app.env.toctree_includes:
            about["tocdepth"] = 1


def titles_and_sections(app: Any, *_: Any) -> None:
    """Each page's own contents have its sections."""
    for about in app.env.metadata.values():
        about.pop("tocdepth", None)


def setup(app: Any) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("source-read", name_files_of_the_sources)
    app.connect("html-page-context", titles_only, priority=499)  # the theme makes the tree at 500
    app.connect("html-page-context", titles_and_sections, priority=501)
    app.add_html_math_renderer("mathml", inline_renderers=(_inline, None), block_renderers=(_block, None))
    return {"parallel_read_safe": True}
