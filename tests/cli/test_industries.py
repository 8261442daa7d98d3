"""`sim industries` as a user meets it, on a small world."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.calling import call

SCENARIO = """
name: {name}
run: {{period: month, periods: 3, seed: 3}}
market: {{customers: 150}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("airline", "bank", "mine"):
        (tmp_path / f"{name}.yaml").write_text(SCENARIO.format(name=name), encoding="utf-8")
    return tmp_path


def test_from_a_folder_to_a_table_a_page_and_a_folder(folder: Path):
    ended = call(folder, "industries", ".", "--replications", "2", "--workers", "1", "--page", "page.md")
    assert ended.returncode == 0, ended.stderr
    assert "Airline (airline)" in ended.stdout
    assert "lies above" in ended.stdout or "lies below" in ended.stdout
    table = pd.read_csv(folder / "results/industries/industries.csv")
    assert table["scenario"].unique().tolist() == ["airline", "bank"]
    page = (folder / "page.md").read_text(encoding="utf-8")
    assert page == (folder / "results/industries/industries.md").read_text(encoding="utf-8")
    assert (folder / "results/industries/report.html").is_file()
    again = call(folder, "industries", ".", "--replications", "2", "--page", "page.md", "--out", "other")
    assert again.returncode == 2
    assert "page.md" in again.stderr
    assert not (folder / "other").exists()


def test_a_file_of_ones_own_as_json(folder: Path):
    words = ("industries", "mine.yaml", "--replications", "2", "--workers", "1", "--no-report", "--json", "-q")
    refused = call(folder, *words)
    assert refused.returncode == 2
    assert "--as" in refused.stderr
    ended = call(folder, *words, "--as", "retail")
    assert ended.returncode == 0, ended.stderr
    answer = json.loads(ended.stdout)
    assert {row["industry"] for row in answer["industries"]} == {"retail"}
    assert Path(answer["folder"]).name == "mine_industry"
