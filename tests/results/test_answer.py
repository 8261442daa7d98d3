"""The contract of an answer, on the smallest kind there can be: what is declared is what is written and drawn."""

import json

import pandas as pd
import pytest
from matplotlib.figure import Figure

from sim.plots import Drawing, Gallery
from sim.results.answer import Answer, AnswerTable, TableColumn
from sim.results.failed_work import FailedWorkWarning
from sim.results.folder import write_folder
from sim.results.place import FolderError
from sim.results.presentation import Presentation


def plain(answer, width):
    figure = Figure(figsize=(width, 2.0))
    figure.add_subplot().plot([1, 2])
    return figure


def of_output(answer, output, width):
    figure = plain(answer, width)
    figure.axes[0].set_title(output)
    return figure


FIGURES = Gallery(
    {
        "whole": Drawing(plain),
        "part": Drawing(of_output, each_output=True),
        "rare": Drawing(plain, has=lambda answer: answer.manifest.get("rare", False)),
    }
)
SHOWN = Presentation(lambda: FIGURES, lambda _: ["It is so."], lambda answer: f"<p>{answer.sentences[0]}</p>")


class Small(Answer):
    outputs = ("retention", "margin")

    def tables(self):
        few, many = pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [2.5], "c": ["x"]})
        return [
            AnswerTable("few", few, [TableColumn("a", "a number", "people")]),
            AnswerTable(
                "many",
                many,
                [TableColumn("b", "a share", "share"), TableColumn("c", "a name")],
                "parquet",
                csv_too=True,
            ),
            AnswerTable("inner", few, [TableColumn("a", "the same")], "json"),
        ]

    def as_json(self):
        return {"says": self.sentences, "nothing": float("nan")}

    def other_files(self, folder):
        return {"more.yaml": f"# for {folder.parent.name}\n"}


@pytest.fixture
def small():
    return Small(manifest={"seed": 3}, presentation=SHOWN)


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


TABLES = {"few.csv", "many.parquet", "dictionary.csv", "dictionary.json", "summary.json", "manifest.json", "more.yaml"}
DRAWN = {"whole", "part_retention", "part_margin"}


def test_the_folder_holds_what_was_declared(small, tmp_path):
    folder = write_folder(small, tmp_path / "out")
    figures = {f"figures/{name}.{suffix}" for name in DRAWN for suffix in ("svg", "png")}
    assert names(folder) == TABLES | figures | {"report.html"}
    assert json.loads((folder / "summary.json").read_text()) == {"says": ["It is so."], "nothing": None}
    assert (folder / "report.html").read_text() == "<p>It is so.</p>"
    assert (folder / "more.yaml").read_text() == f"# for {tmp_path.name}\n"
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["seed"] == 3
    assert set(manifest["files"]) == names(folder) - {"manifest.json"}
    with pytest.raises(FolderError, match="--force"):
        write_folder(small, folder)


def test_parts_that_are_not_wanted_are_not_written(small, tmp_path):
    assert names(write_folder(small, tmp_path / "out", figures=False, report=False)) == TABLES
    assert names(write_folder(small, tmp_path / "csv", csv=True, figures=False, report=False)) == TABLES | {"many.csv"}


def test_an_answer_without_figures_and_page_is_written_all_the_same(tmp_path):
    bare = Small()
    assert names(write_folder(bare, tmp_path / "out")) == TABLES
    assert bare.sentences == []
    with pytest.raises(LookupError, match="without figures"):
        list(bare.plot)


def test_the_dictionary_has_a_row_a_column_and_leaves_out_what_nobody_tells(small):
    dictionary = small.dictionary()
    assert dictionary.columns.tolist() == ["table", "column", "unit", "meaning"]
    assert dictionary.to_numpy().tolist() == [
        ["few", "a", "people", "a number"],
        ["many", "b", "share", "a share"],
        ["many", "c", "", "a name"],
        ["inner", "a", "", "the same"],
    ]


def test_figures_are_methods_and_one_about_an_output_takes_it_first(small):
    assert list(small.plot) == ["whole", "part"]
    assert small.plot.part("margin").get_title() == "margin"
    assert small.plot.part().get_title() == "retention"
    assert small.plot.figure("whole", width=3.0).get_size_inches()[0] == 3.0
    assert {"whole", "part"} <= set(dir(small.plot))


def test_a_wrong_name_is_answered_with_those_there_are(small):
    with pytest.raises(KeyError, match="there are: whole, part"):
        small.plot.rare()
    with pytest.raises(KeyError, match="retention, margin"):
        small.plot.part("marge")
    with pytest.raises(AttributeError, match="no figure 'hole'"):
        _ = small.plot.hole
    rare = Small(manifest={"rare": True}, presentation=SHOWN)
    assert list(rare.plot) == ["whole", "part", "rare"]


@pytest.mark.parametrize("part", ["figures", "report.html"])
def test_what_cannot_be_shown_costs_no_table(small, tmp_path, part):
    def broken(*_):
        raise ValueError("no such colour")

    figures = Gallery({**FIGURES.drawings, "last": Drawing(broken)}) if part == "figures" else FIGURES
    shown = Presentation(lambda: figures, SHOWN.sentences, broken if part == "report.html" else SHOWN.page)
    with pytest.warns(FailedWorkWarning, match=f"{part} could not be written: ValueError: no such colour"):
        folder = write_folder(Small(presentation=shown), tmp_path / "out")
    assert names(folder) >= TABLES
    assert not (folder / part).exists()
