"""Damage anywhere is found and named, costs only the runs it hit, and is mended by going on."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.results.whole_files import StoreError
from sim.runs.store.ledger import decode, encode
from sim.runs.store.store import Store
from tests.runs.store.studies import abandon, filled, finish, new, points, rows, shard_files

RUNS, PER_SHARD = 60, 20


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("whole") / "study"
    return folder, filled(folder)


@pytest.fixture
def study(whole: tuple[Path, str], tmp_path: Path) -> tuple[Path, str]:
    shutil.copytree(whole[0], tmp_path / "study")
    return tmp_path / "study", whole[1]


def flip(file: Path, bit: int) -> None:
    content = bytearray(file.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    file.write_bytes(content)


@settings(max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_bit_anywhere_is_found_and_mended(
    whole: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    source, digest = whole
    folder = tmp_path_factory.mktemp("flipped") / "study"
    shutil.copytree(source, folder)
    names = ["manifest.json", "points.parquet", "ledger.jsonl", *(f"runs/{file.name}" for file in shard_files(source))]
    file = folder / data.draw(st.sampled_from(names))
    flip(file, data.draw(st.integers(0, 8 * file.stat().st_size - 1)))

    reader = Store.open(folder)
    assert reader.problems != []
    named = " ".join(reader.problems)
    assert file.name in named
    mended, again, found = finish(folder)
    assert mended == digest
    assert file.name in " ".join(found)
    if file.parent.name == "runs":
        assert again == PER_SHARD
        assert reader.counts() == (RUNS, reader.counts().done, reader.counts().failed, PER_SHARD)
        assert (folder / "damaged" / file.name).is_file()
    else:
        assert again == 0


@pytest.mark.parametrize("bit", range(8))
def test_a_flipped_line_end_is_not_taken_for_a_line_being_written(study: tuple[Path, str], bit: int) -> None:
    folder, digest = study
    ledger = folder / "ledger.jsonl"
    flip(ledger, 8 * (ledger.stat().st_size - 1) + bit)
    assert "ledger.jsonl" in " ".join(Store.open(folder).problems)
    mended, again, found = finish(folder)
    assert (mended, again) == (digest, 0)
    assert "ledger.jsonl" in " ".join(found)


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.99])
def test_a_truncated_shard_costs_its_runs_only(study: tuple[Path, str], keep: float) -> None:
    folder, digest = study
    file = shard_files(folder)[1]
    file.write_bytes(file.read_bytes()[: int(keep * file.stat().st_size)])
    (problem,) = Store.open(folder).problems
    assert file.name in problem
    assert "20 runs are not counted" in problem
    assert finish(folder)[:2] == (digest, PER_SHARD)


def test_missing_shards_are_found(study: tuple[Path, str]) -> None:
    folder, digest = study
    for file in shard_files(folder)[:2]:
        file.unlink()
    store = Store.open(folder)
    assert len(store.problems) == 2
    assert all("missing" in problem for problem in store.problems)
    assert store.counts().pending == 2 * PER_SHARD
    assert len(store.runs()) == PER_SHARD
    assert finish(folder)[:2] == (digest, 2 * PER_SHARD)


def test_a_shard_that_is_put_back_counts_again(study: tuple[Path, str], tmp_path: Path) -> None:
    folder, digest = study
    file = shard_files(folder)[0]
    file.rename(tmp_path / file.name)
    with Store.open(folder, write=True) as store:
        assert store.counts().pending == PER_SHARD
        abandon(store)
    (tmp_path / file.name).rename(file)
    assert finish(folder)[:2] == (digest, 0)


def test_a_shard_under_another_name_doubles_nothing(study: tuple[Path, str]) -> None:
    folder, digest = study
    first, second = shard_files(folder)[:2]
    shutil.copy(first, folder / "runs" / f"000999-{first.name.split('-')[1]}")
    shutil.copy(second, folder / "runs" / ".000998-0123456789abcdef.parquet.new")
    assert "000999" in Store.open(folder).problems[0]
    assert finish(folder)[:2] == (digest, 0)
    assert len(list((folder / "runs").iterdir())) == 1


def test_strange_files_are_named_and_kept(study: tuple[Path, str]) -> None:
    folder, _ = study
    (folder / "runs" / "mine.parquet").write_bytes(b"PAR1")
    with Store.open(folder, write=True) as store:
        assert store.problems == ["runs/mine.parquet: does not belong to the study"]
        assert store.counts().pending == 0
    assert (folder / "runs" / "mine.parquet").is_file()


@pytest.mark.parametrize("gone", ["ledger.jsonl", "manifest.json", "points.parquet"])
def test_any_other_file_can_be_lost(study: tuple[Path, str], gone: str) -> None:
    folder, digest = study
    (folder / gone).unlink()
    assert any(gone in problem and "missing" in problem for problem in Store.open(folder).problems)
    mended, again, found = finish(folder)
    assert (mended, again) == (digest, 0)
    assert any(gone in problem for problem in found)


def test_without_points_the_rows_are_still_there(study: tuple[Path, str]) -> None:
    folder, digest = study
    flip(folder / "points.parquet", 800)
    store = Store.open(folder)
    assert len(store.runs()) == RUNS
    assert store.digest() == digest
    with pytest.raises(StoreError, match=r"points\.parquet: damaged"):
        store.table()


def test_damage_after_opening_is_an_error_and_not_fewer_rows(study: tuple[Path, str]) -> None:
    folder, _ = study
    store = Store.open(folder)
    flip(shard_files(folder)[0], 999)
    for question in (store.runs, store.table, store.digest, lambda: list(store.batches())):
        with pytest.raises(StoreError, match="damaged"):
            question()


def test_damage_under_a_writer_is_left_to_the_next(study: tuple[Path, str]) -> None:
    folder, digest = study
    with Store.open(folder, write=True) as store:
        file = shard_files(folder)[1]
        flip(file, 999)
        with pytest.raises(StoreError, match="damaged"):
            store.lookup([one.key for one in rows(points(12), 5)])
    assert store.problems != []
    assert file.is_file()
    assert finish(folder)[:2] == (digest, PER_SHARD)


def test_both_manifest_and_its_entry_gone_is_an_error(study: tuple[Path, str]) -> None:
    folder, _ = study
    (folder / "manifest.json").write_text("{")
    (folder / "ledger.jsonl").unlink()
    for write in (False, True):
        with pytest.raises(StoreError, match="no study that can be read"):
            Store.open(folder, write=write)


def test_a_ledger_line_shows_every_flipped_bit() -> None:
    line = encode({"entry": 3, "at": "2026-01-01T00:00:00+00:00", "kind": "planned", "replications": 12})[:-1]
    assert decode(line) is not None
    for bit in range(8 * len(line)):
        damaged = bytearray(line)
        damaged[bit // 8] ^= 1 << bit % 8
        assert decode(bytes(damaged)) is None, bytes(damaged)


def torn_at_every_byte(folder: Path) -> list[int]:
    content = (folder / "ledger.jsonl").read_bytes()
    last = content.rindex(b"\n", 0, -1) + 1
    return [*range(last, len(content), 7), len(content) - 1]


def test_a_torn_last_line_is_dropped_without_a_word(study: tuple[Path, str]) -> None:
    """A shard whose line is torn is whole, and counts again once somebody writes."""
    folder, digest = study
    content, name = (folder / "ledger.jsonl").read_bytes(), shard_files(folder)[-1].name
    for length in torn_at_every_byte(folder):
        (folder / "ledger.jsonl").write_bytes(content[:length])
        file = folder / "runs" / name
        waiting = file.with_name(f".{name}.new")
        if file.exists():
            file.rename(waiting)
        reader = Store.open(folder)
        assert reader.problems == []
        assert reader.counts().pending == PER_SHARD
        with Store.open(folder, write=True) as store:
            assert store.problems == []
            assert store.counts().pending == 0
            assert store.digest() == digest
            abandon(store)
        mended = (folder / "ledger.jsonl").read_bytes()
        assert mended.endswith(b"\n")
        assert all(decode(line) is not None for line in mended.splitlines())


def edit(change: Callable[[list[bytes]], None], folder: Path) -> None:
    lines = (folder / "ledger.jsonl").read_bytes().splitlines(keepends=True)
    change(lines)
    (folder / "ledger.jsonl").write_bytes(b"".join(lines))


@pytest.mark.parametrize("line", range(1, 8))
def test_a_damaged_or_missing_line_in_the_middle_is_recognised(study: tuple[Path, str], line: int) -> None:
    folder, digest = study
    assert len((folder / "ledger.jsonl").read_bytes().splitlines()) == 8
    if line < 7:
        edit(lambda lines: lines.pop(line), folder)
    else:
        edit(lambda lines: lines.__setitem__(line, lines[line].replace(b"kind", b"kinD")), folder)
    assert any(f"entry {line} is damaged or missing" in problem for problem in Store.open(folder).problems)
    mended, again, found = finish(folder)
    assert (mended, again) == (digest, 0)
    assert any(f"entry {line} " in problem for problem in found)


def test_lines_of_a_later_version_are_passed_over(study: tuple[Path, str]) -> None:
    folder, digest = study
    at = json.loads((folder / "ledger.jsonl").read_text().splitlines()[-1])["at"]
    with (folder / "ledger.jsonl").open("ab") as file:
        file.write(encode({"entry": 8, "at": at, "kind": "annotated", "text": "later"}))
    assert Store.open(folder).problems == []
    assert finish(folder)[:2] == (digest, 0)


def test_damage_everywhere_at_once(tmp_path: Path) -> None:
    for seed in range(5):
        folder = tmp_path / str(seed)
        with new(folder) as store:
            store.add_points(points(12))
            store.plan(5)
            for one in rows(points(12), 5):
                store.append([one])
                if one.replication == 4:
                    store.flush()
            digest = store.digest()
            abandon(store)
        luck = random.Random(seed)
        hit = luck.sample(shard_files(folder), 3)
        for file in [*hit, folder / "points.parquet", folder / "ledger.jsonl"]:
            flip(file, luck.randrange(8 * file.stat().st_size))
        mended, again, _ = finish(folder)
        assert mended == digest
        assert again == 3 * 5
