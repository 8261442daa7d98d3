import json
import os
import subprocess
import sys

import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.results.folder import FolderError, check_folder, write_folder
from sim.runs.run import run
from tests.results.kept import read_folder


@pytest.fixture(scope="module")
def written(result, tmp_path_factory):
    return write_folder(result, tmp_path_factory.mktemp("results") / "one", csv=True)


def contents(path):
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def test_everything_is_there(written):
    names = set(contents(written))
    assert names >= {
        "series.parquet",
        "series.csv",
        "survival.parquet",
        "panel.parquet",
        "iceberg.csv",
        "census.csv",
        "summary.json",
        "manifest.json",
        "dictionary.csv",
        "dictionary.json",
        "report.html",
        "figures/iceberg.svg",
        "figures/iceberg.png",
        "flows.parquet",
        "flows.csv",
    }
    assert not list(written.parent.glob(".*"))


def test_the_same_seed_gives_the_same_bytes_but_for_the_manifest(written, scenario, tmp_path):
    again = write_folder(run(scenario, threads=2), tmp_path / "again", csv=True)
    ours, theirs = contents(written), contents(again)
    assert {name for name in ours | theirs if ours.get(name) != theirs.get(name)} <= {"manifest.json"}


def test_what_is_read_is_what_was_written(written, result):
    read = read_folder(written)
    for name in ("series", "summary", "iceberg", "survival", "flows", "census", "panel"):
        pd.testing.assert_frame_equal(getattr(read, name), getattr(result, name), obj=name)
    assert read.scenario == result.scenario
    assert read.manifest["seeds"] == result.manifest["seeds"]
    assert read.plot.iceberg() is not None


def test_a_flipped_bit_is_noticed(result, tmp_path):
    path = write_folder(result, tmp_path / "one", figures=False, report=False)
    file = path / "series.parquet"
    damaged = bytearray(file.read_bytes())
    column = pq.ParquetFile(file).metadata.row_group(0).column(0)
    damaged[column.data_page_offset + column.total_compressed_size * 3 // 4] ^= 1  # within a page, behind its header
    file.write_bytes(damaged)
    with pytest.raises(OSError, match=r"CRC|[Dd]eserializ"):
        read_folder(path)


def test_page_checksums_and_zstd_are_in_the_file(written):
    column = pq.ParquetFile(written / "series.parquet").metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"


def test_strict_json_without_nan(written):
    for name in ("summary.json", "manifest.json", "dictionary.json"):
        text = (written / name).read_text(encoding="utf-8")
        json.loads(text, parse_constant=pytest.fail)


def test_nothing_is_overwritten_without_force(written, result):
    before = contents(written)
    with pytest.raises(FolderError, match="--force"):
        write_folder(result, written)
    assert contents(written) == before


def test_force_replaces_the_whole_folder(result, tmp_path):
    path = write_folder(result, tmp_path / "one", csv=True, figures=False, report=False)
    write_folder(result, path, force=True, figures=False, report=False)
    assert not (path / "series.csv").exists()
    assert [item.name for item in tmp_path.iterdir()] == ["one"]


def test_force_spares_folders_that_hold_no_results(result, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(FolderError, match="not results"):
        write_folder(result, tmp_path, force=True)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_an_empty_folder_may_be_used(result, tmp_path):
    (tmp_path / "empty").mkdir()
    assert write_folder(result, tmp_path / "empty", figures=False, report=False).is_dir()


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, OSError])
def test_what_is_interrupted_leaves_nothing(result, tmp_path, monkeypatch, error):
    def fail(*_):
        raise error("stop")

    monkeypatch.setattr(type(result), "as_json", fail)
    with pytest.raises(FolderError if error is OSError else error):
        write_folder(result, tmp_path / "deep" / "one", figures=False, report=False)
    assert not list((tmp_path / "deep").iterdir())


def test_an_interrupted_replacement_leaves_the_old_results(result, tmp_path, monkeypatch):
    path = write_folder(result, tmp_path / "one", figures=False, report=False)
    before = contents(path)
    monkeypatch.setattr(type(result), "as_json", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write_folder(result, path, force=True, figures=False, report=False)
    assert contents(path) == before
    assert [item.name for item in tmp_path.iterdir()] == ["one"]


def test_places_that_cannot_hold_results_are_refused_early(tmp_path):
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / ("x" * 300)):
        with pytest.raises(FolderError) as caught:
            check_folder(place)
        assert caught.value.exit_status == 2


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(FolderError, match="not a writable folder"):
        check_folder(tmp_path / "new")


def test_the_manifest_says_what_it_takes_to_do_it_again(written, scenario):
    manifest = json.loads((written / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["scenario"] == json.loads(scenario.model_dump_json())
    assert len(manifest["scenario_sha256"]) == 64
    assert manifest["packages"].keys() >= {"numpy", "numba", "pandas"}
    assert manifest.keys() >= {"started", "seconds", "python", "platform", "version", "seeds", "git_commit"}


def test_nothing_heavy_is_loaded_before_it_is_needed():
    code = "import sys, sim.runs.run, sim.results.folder; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"matplotlib", "jinja2", "pyarrow.parquet", "scipy", "sim.plots.style", "sim.report.run_page"} & set(
        loaded
    )
