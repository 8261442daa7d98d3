"""A wrong command line is told in the program's own words, in the reader's language, with what was found."""

from pathlib import Path

import pytest

from sim.words import choose_language
from tests.cli.calling import call

ONE = "baseline.yaml"
WRONG = {
    ("run",): ("FILE is missing", "falta FILE"),
    ("run", ONE, "b", "c"): ("more than is asked for: b c", "sobra: b c"),
    ("run", ONE, "--replications", "x"): (
        "--replications: not a whole number; found 'x'",
        "--replications: no es un número entero; encontrado: 'x'",
    ),
    ("run", ONE, "--replications", "0"): (
        "--replications: too small; found '0'; allowed: at least 1",
        "--replications: demasiado pequeño; encontrado: '0'; admitido: al menos 1",
    ),
    ("app", "--port", "99999"): (
        "--port: too large; found '99999'; allowed: at most 65535",
        "--port: demasiado grande; encontrado: '99999'; admitido: como máximo 65535",
    ),
    ("run", ONE, "--nothing"): ("no such option: --nothing", "no existe la opción --nothing"),
    ("run", ONE, "--replicatons", "3"): (
        "no such option: --replicatons; did you mean --replications?",
        "no existe la opción --replicatons; ¿quería decir --replications?",
    ),
    ("run", ONE, "--seed"): ("--seed: needs a value behind it", "--seed: falta el valor detrás"),
    ("run", ONE, "--force=3"): ("--force: takes no value", "--force: no lleva valor"),
    ("rum",): ("no such command: rum; did you mean run?", "no existe la orden rum; ¿quería decir run?"),
    ("frobnicate",): ("no such command: frobnicate", "no existe la orden frobnicate"),
    ("x\x1b[31m",): (r"no such command: x\x1b[31m", r"no existe la orden x\x1b[31m"),
}
"""Words of a command line, and the last line of what is said of them in English and in Spanish."""


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_wrong_command_line_is_told(words: tuple[str, ...], language: str, tmp_path: Path, request) -> None:
    request.addfinalizer(lambda: choose_language("en"))
    choose_language(language)
    done = call(tmp_path, *words)
    assert done.returncode == 2
    assert done.stdout == ""
    told = done.stderr.splitlines()
    assert told[-1].split(": ", 1)[1] == WRONG[words][language == "es"]
    assert not any(word in done.stderr for word in ("Input should", "Error:", "Try '", "Invalid value"))
    if len(told) > 1:  # where Typer knows the command
        assert told[1].startswith(("For help: sim", "Ayuda: sim"))
