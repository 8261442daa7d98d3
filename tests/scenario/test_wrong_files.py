"""Every wrong file is refused with a message that says where, what and what instead."""

import datetime as dt
from pathlib import Path

import pytest

from sim.engine import fitting
from sim.engine.free import Free
from sim.scenario import load_scenario, load_text
from sim.vocabulary.errors import ScenarioError
from tests.scenario import wrong_files as corpus


def refusal(path: Path, *overrides: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, overrides)
    assert caught.value.exit_status == 2
    return str(caught.value)


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def test_the_corpus_is_large_enough():
    assert len({name for name, _, _ in corpus.WRONG}) == len(corpus.WRONG)
    assert len(corpus.WRONG) + len(corpus.WRONG_OVERRIDES) >= 130


@pytest.mark.parametrize(("text", "fragments"), [item[1:] for item in corpus.WRONG], ids=[i[0] for i in corpus.WRONG])
def test_a_wrong_file_is_refused_in_plain_words(tmp_path: Path, text: str | bytes, fragments: tuple[str, ...]):
    file = write(tmp_path / "wrong.yaml", text)
    message = refusal(file)
    for fragment in fragments:
        assert fragment in message
    assert message.startswith(str(file))
    assert "pydantic" not in message
    assert "Traceback" not in message
    assert sorted(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(("text", "fragments"), corpus.WRONG_OVERRIDES, ids=[i[0] for i in corpus.WRONG_OVERRIDES])
def test_a_wrong_override_is_refused_in_plain_words(tmp_path: Path, text: str, fragments: tuple[str, ...]):
    message = refusal(write(tmp_path / "good.yaml", "name: good\n"), text)
    for fragment in fragments:
        assert fragment in message
    assert message.startswith("--set: ")


def test_a_file_that_is_not_there(tmp_path: Path):
    write(tmp_path / "baseline.yaml", "name: a\n")
    message = refusal(tmp_path / "baselin.yaml")
    assert "no such file" in message
    assert "did you mean" in message
    assert "is a folder" in refusal(tmp_path)
    assert "not a possible file name" in refusal(Path("a\0b.yaml"))


def test_all_problems_of_a_file_are_told_together_in_its_order(tmp_path: Path):
    text = "frim: {}\nfirm:\n  desk: {agents: -1, ease: yes}\nname: a\nname: b\nrun: {periods: 0}\n"
    lines = refusal(write(tmp_path / "wrong.yaml", text)).splitlines()
    assert [line.split("wrong.yaml:")[1].split(":")[0] for line in lines] == ["1", "3", "3", "5", "6"]


def test_twenty_problems_are_enough(tmp_path: Path):
    text = "".join(f"key{number}: 1\n" for number in range(50))
    lines = refusal(write(tmp_path / "wrong.yaml", text)).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "... and 30 more"


def test_a_circle_is_told_with_its_files(tmp_path: Path):
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        write(tmp_path / f"{name}.yaml", f"extends: {other}.yaml\n")
    message = refusal(tmp_path / "a.yaml")
    assert "circle" in message
    assert message.count("a.yaml") == 2
    assert message.startswith(str(tmp_path / "c.yaml"))


def test_a_chain_has_an_end(tmp_path: Path):
    for number in range(30):
        write(tmp_path / f"f{number}.yaml", f"extends: f{number + 1}.yaml\n")
    assert "more than 16 files" in refusal(tmp_path / "f0.yaml")


def test_a_mistake_in_an_extended_file_is_placed_there(tmp_path: Path):
    write(tmp_path / "base.yaml", "firm:\n  desk: {agents: -1}\n")
    message = refusal(write(tmp_path / "a.yaml", "extends: base.yaml\n"))
    assert message.startswith(f"{tmp_path / 'base.yaml'}:2:18: firm.desk.agents: too small")


def test_more_people_than_the_memory_holds_are_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fitting, "free_memory", lambda threads: Free(2**30, "on this machine"))
    message = refusal(write(tmp_path / "a.yaml", "market: {customers: 6000000}\n"))
    assert "a.yaml:1:21: market.customers: the run takes more memory than is free; found 1.2 GiB: people" in message
    assert "allowed: 922 MiB, of 1.0 GiB free on this machine (10% is kept back); that is 4," in message
    growing = "market: {customers: 1000, entrants_per_year: 1e8}\n"
    assert "market.entrants_per_year" in refusal(write(tmp_path / "b.yaml", growing))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("market:\n  customers: 3,000", "if thousands are meant write 3000"),
        ("market:\n  customers: 1,234,567", "write the number without separators"),
        ("firm:\n  desk:\n    agents: x 1,5", "write a decimal point, not a comma"),
        ("firm:\n  desk:\n    resolution_share: 80,5%", "write a decimal point, not a comma"),
        ("firm:\n  desk:\n    resolution_share: 80", "80% is 0.8"),
        ("firm:\n  strategy:\n    welcome_cost: 30 €", "write the number alone"),
        ("firm:\n  strategy:\n    welcome_cost: $30", "write the number alone"),
        ("firm:\n  desk:\n    investigation_days: 1 day", "write the number alone"),
        ("firm:\n  desk:\n    investigation_days:1", "put a space behind the colon"),
        ("desk: {agents: 2}", "did you mean firm.desk?"),
        ("firm: {welcome: 3}", "did you mean firm.strategy.welcome_cost?"),
        ("firm: {joining_fee: 3}", "did you mean firm.strategy.welcome_cost?"),
        ("timeline: {at: 3, set: {firm.desk.ease: 1}}", "each with a dash before it"),
        ("timeline:\n  - {at: 3, firm.desk.ease: 1}", "parameters stand below `set`"),
        ("timeline:\n  - {at: 3, to: 5, set: {firm.desk.ease: 1}}", "did you mean until?"),
        ("run: {start: 1/2/2027}", "allowed: a date (YYYY-MM-DD); write"),
    ],
)
def test_what_strangers_type_is_told_how_it_is_written(text: str, said: str):
    with pytest.raises(ScenarioError) as caught:
        load_text(text)
    assert said in str(caught.value)


def test_months_are_read_in_spanish_and_german_too():
    plan = "timeline:\n  - {at: 1 de julio de 2026, until: 1. Oktober 2026, set: {firm.desk.ease: 2}}"
    (change,) = load_text(plan).scenario.timeline
    assert (change.at, change.until) == (dt.date(2026, 7, 1), dt.date(2026, 10, 1))


def test_a_shipped_scenario_is_found_by_its_bare_name_and_offered_where_a_path_leads_nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_scenario("telecom.yaml").scenario.name == "telecom"
    for named in ("scenarios/telecom.yaml", "telecom"):
        with pytest.raises(ScenarioError, match=r"no such file; did you mean telecom\.yaml\?"):
            load_scenario(named)
    (tmp_path / "telecom.yaml").write_text("name: mine\n")
    assert load_scenario("telecom.yaml").scenario.name == "mine"
