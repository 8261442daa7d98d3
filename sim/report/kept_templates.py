"""Templates that were read before, as Python's own code, in the folder of compiled code: reading three takes 40 ms."""

from __future__ import annotations

import platform
from functools import cache
from hashlib import blake2b
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

from sim.kernel_ready import FOLDER


class KeptTemplates(jinja2.BytecodeCache):
    """Where Jinja looks for them: an entry is trusted and removed like those of kernels, see `sim.kernel_folder`."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the code of a template, if it is there."""
        packed = FOLDER.read(_name(bucket), _whole(bucket))
        if packed is not None:
            bucket.bytecode_from_string(bytes(packed))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, where that is possible."""
        FOLDER.write(_name(bucket), _whole(bucket), bucket.bytecode_to_string())


def _name(bucket: Bucket) -> str:
    return f"template-{bucket.key}"


def _whole(bucket: Bucket) -> str:
    """All that the code depends on: the template's text, who reads it, and how it is to be read."""
    return repr((bucket.key, bucket.checksum, jinja2.__version__, platform.python_version(), _how()))


@cache
def _how() -> str:
    return blake2b(Path(__file__).with_name("templates.py").read_bytes()).hexdigest()
