"""What holds for all tests."""

import signal

from hypothesis import settings

# No example is failed for being slow: how fast a machine is says nothing about the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_sessionstart() -> None:
    """Hear Ctrl-C, as started programs then do too: what a script puts in the background begins deaf to it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
