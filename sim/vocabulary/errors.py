"""Errors that a user can cause and can mend."""


class ExitVoiceError(Exception):
    """Any error that this program raises on purpose."""

    exit_status: int = 1


class ScenarioError(ExitVoiceError):
    """Bad input: the message says where it is, what was found and what is allowed."""

    exit_status: int = 2
