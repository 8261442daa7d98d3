import subprocess
import sys


def test_nobody_looks_for_garbage_when_the_process_ends_and_not_before_all_is_kept():
    """What is registered first is called last: by then nothing is left to be looked at."""
    code = (
        "import atexit, gc, sys; from sim.cli import main;"
        "atexit.register(lambda: print('frozen' if gc.get_freeze_count() > 10_000 else 'looked at'));"
        "before = gc.get_freeze_count(); sys.argv = ['sim', '--version']\n"
        "try: main()\n"
        "except SystemExit as end: print(gc.get_freeze_count() - before, end.code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-2:] == ["0 0", "frozen"]
