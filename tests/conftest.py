"""What holds for all tests."""

import signal


def pytest_sessionstart() -> None:
    """Hear Ctrl-C, as started programs then do too: what a script puts in the background begins deaf to it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
