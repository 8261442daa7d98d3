"""What docs/data.md prints is what `sim data` prints."""

import re
import shlex
from pathlib import Path

from tests.cli.calling import call

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"<!-- (table|echo of): (.*?) -->\n```\n(.*?)```\n", re.DOTALL)


def test_the_echo_on_the_page_is_what_is_printed(tmp_path: Path):
    shown = 0
    for what, words, text in BLOCK.findall(PAGE):
        if what == "table":
            (tmp_path / words).write_text(text, encoding="utf-8")
            continue
        done = call(tmp_path, "data", *shlex.split(words))
        assert done.returncode == 0, done.stderr
        assert done.stdout == text
        shown += 1
    assert shown == 2
