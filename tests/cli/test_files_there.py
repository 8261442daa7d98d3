"""Commands that write one file: what is there stays, a name of another kind is refused, before any work is done."""

import sys
from pathlib import Path

import pytest

from sim.cli import main
from sim.model.scenario import Scenario
from sim.studies.patterns.patterns import Patterns

WRITERS = {
    "new": (("new", "{}"), ".yaml"),
    "schema": (("schema", "--out", "{}"), ".json"),
    "schema of experiments": (("schema", "--experiment", "--out", "{}"), ".json"),
    "patterns": (("patterns", "--out", "{}"), ".md"),
}


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Run a writer in an empty folder; patterns are not measured."""
    monkeypatch.chdir(tmp_path)
    measured = []
    monkeypatch.setattr(
        "sim.studies.patterns.patterns.measure_patterns",
        lambda *_, **__: measured.append(1) or Patterns(Scenario(), (), 10),
    )
    monkeypatch.setattr("sim.studies.patterns.patterns.page", lambda *_: "# Patterns\n")

    def call(writer, file, *more):
        words = [part.format(file) for part in WRITERS[writer][0]]
        monkeypatch.setattr(sys, "argv", ["sim", *words, *more])
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code, capsys.readouterr().err, len(measured)

    return call


@pytest.mark.parametrize("writer", WRITERS)
def test_what_is_there_stays_unless_forced(call, writer):
    ending = WRITERS[writer][1]
    file = Path(f"a{ending}")
    assert call(writer, file)[0] == 0
    first = file.read_bytes()
    file.write_text("precious")
    before = call(writer, "b" + ending)[2]
    assert call(writer, file) == (2, f"error: {file}: is there already; --force replaces it\n", before)
    assert file.read_text() == "precious"
    assert call(writer, file, "--force")[0] == 0
    assert file.read_bytes() == first
    assert sorted(path.name for path in Path().iterdir()) == [f"a{ending}", f"b{ending}"]


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("name", ["a.xlsx", "a", "a.csv"])
def test_a_name_of_another_kind_is_refused(call, writer, name):
    status, err, measured = call(writer, name)
    assert (status, measured) == (2, 0)
    assert err.startswith(f"error: {name}: its name must say what kind of file it is; allowed: {WRITERS[writer][1]}")
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("writer", WRITERS)
def test_neither_a_folder_nor_a_link_is_replaced_even_by_force(call, writer):
    folder, link = Path(f"folder{WRITERS[writer][1]}"), Path(f"link{WRITERS[writer][1]}")
    folder.mkdir()
    link.symlink_to("nowhere")
    for file, said in ((folder, "is a folder"), (link, "is a symbolic link")):
        status, err, measured = call(writer, file, "--force")
        assert (status, measured) == (2, 0)
        assert said in err
    assert not Path("nowhere").exists()
