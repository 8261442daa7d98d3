"""Libraries that not every user has: imported when they are needed, with one clear sentence where they are missing."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from sim.vocabulary.errors import ExitVoiceError
from sim.vocabulary.exit_status import ExitStatus
from sim.words import say


class MissingExtraError(ExitVoiceError):
    """An optional library is not installed; the message names the command that installs it."""

    exit_status = ExitStatus.BAD_INPUT


def install(extra: str) -> str:
    """What to type to have an extra; the distribution stands on no index, so it is installed from its sources.

    >>> install("dask")
    "pip install '.[dask]' in the folder of ExitVoice's sources"
    """
    return say("pip install '.[{extra}]' in the folder of ExitVoice's sources", extra=extra)


def needed(module: str, extra: str, purpose: str) -> ModuleType:
    """Import an optional library.

    Args:
        module: What to import, such as `scipy.stats.qmc`.
        extra: The extra of this distribution that brings it.
        purpose: What it is needed for, as it stands in the message: "Sobol designs".

    Raises:
        MissingExtraError: If it is not installed.

    >>> needed("math", "studies", "doctests").sqrt(4.0)
    2.0
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != module.split(".", maxsplit=1)[0]:
            raise
        package = module.split(".", maxsplit=1)[0]
        raise MissingExtraError(
            say(
                "{purpose} need the library {package}, which is not installed: {install}",
                purpose=purpose,
                package=package,
                install=install(extra),
            )
        ) from None
