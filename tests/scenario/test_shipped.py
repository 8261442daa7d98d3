"""The shipped scenario files, their schema, the starter file, and what show and explain say."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sim.parameters.registry import parameters
from sim.parameters.timeline import phases
from sim.scenario import load_scenario, load_text
from sim.scenario.document import read_file, read_text
from sim.scenario.explain import article, find, table
from sim.scenario.schema import SCHEMA_FILE, scenario_schema, schema_text
from sim.scenario.show import resolved, text
from sim.scenario.starter import LEVERS, starter_text

FOLDER = Path(__file__).resolve().parents[2] / "scenarios"
SHIPPED = sorted(FOLDER.glob("*.yaml"))
EXPECTED = {
    "baseline",
    "easy_complaints",
    "answer_well_and_fast",
    "promise_less_deliver_more",
    "cut_the_desk",
    "rival_improves",
    "captive_customers",
    "telecom",
    "airline",
    "bank",
    "retail",
    "health_insurer",
    "software",
    "restaurant",
    "public_office",
    *(f"iceberg_{name}" for name in ("slogan", "tarp_minor", "tarp_major", "goodman_1999", "rage_2015")),
    *(f"culture_{name}" for name in ("awful", "poor", "normal", "exceptional")),
}


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def in_editor(document: Any) -> list[str]:
    validator = jsonschema.Draft7Validator(scenario_schema())
    return [error.message for error in validator.iter_errors(as_json(document))]


def test_all_scenarios_are_shipped():
    assert {path.stem for path in SHIPPED} >= EXPECTED


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario(path: Path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"# yaml-language-server: $schema={SCHEMA_FILE}"
    assert lines[1].startswith("# Question: ")
    assert lines[1].endswith("?")
    assert len(lines) <= 40
    assert in_editor(read_file(path).root.plain) == []
    loaded = load_scenario(path)
    assert loaded.scenario.name == path.stem
    assert loaded.scenario.question.casefold() == lines[1].removeprefix("# Question: ").replace("*", "").casefold()
    assert loaded.warnings == ()
    assert phases(loaded.scenario)[0][0] == 0
    assert loaded.scenario.voice.preset is not None


def test_the_shipped_schema_is_current():
    assert (FOLDER / SCHEMA_FILE).read_text(encoding="utf-8") == schema_text(), "run: sim schema --out scenarios/..."


def test_the_schema_is_a_schema_and_documents_every_parameter():
    schema = json.loads(schema_text())
    jsonschema.Draft7Validator.check_schema(schema)
    told = json.dumps(schema)
    for info in parameters():
        assert json.dumps(info.meaning)[1:-1] in told


@pytest.mark.parametrize(
    "text",
    [
        "frim: {}",
        "firm: {desk: {eese: 1}}",
        "firm.desk.eese: 1",
        "firm: {desk.ease: 11}",
        "segments: [{name: a, share: 1, bonds.captive: 1}]",
        "firm: {desk: {ease: high}}",
        "firm: {desk: {ease: 11}}",
        "firm: {strategy: {price_index: 0}}",
        "run: {period: fortnight}",
        "voice: {preset: slogn}",
        "rivals: [{culture: good}]",
        "segments: [{name: a}]",
        "timeline: [{at: 5}]",
        "timeline: [{at: 5, set: {firm.desk.eese: 1}}]",
        "timeline: [{at: 5, set: {market.customers: 7}}]",
        "timeline: [{at: 5, set: {firm.desk.ease: 70}}]",
    ],
)
def test_an_editor_marks_what_the_loader_refuses(text: str):
    assert in_editor(read_text(text, "a.yaml").root.plain) != []


def test_the_schema_lets_pass_what_the_loader_lets_pass():
    text = """
    extends: b.yaml
    firm: {desk.agents: x 1.5, strategy: {promise.empathy: 6}}
    firm.guarantee.trust: .1
    voice: {preset: }
    customers: {judgement: {tolerance: 1}}
    segments: [{name: a, share: 1, bonds.captive_share: 1}]
    timeline: [{at: 2026-02-01, until: 9, set: {rivals.rival.desk.ease: 1, firm.desk: {ease: 2}, firm.culture: poor}}]
    """
    assert in_editor(read_text(text, "a.yaml").root.plain) == []


def test_the_starter_file_is_the_default_scenario_and_every_lever_in_it_works():
    text = starter_text("mine")
    assert in_editor(read_text(text, "mine.yaml").root.plain) == []
    plain = load_text("name: mine\nquestion: What happens if ...?\nvoice: {preset: tarp_minor}\n").scenario
    assert load_text(text).scenario == plain
    free = text.split("# segments:")[0].replace("#", "", 0)
    lines = [
        line.replace("#", "", 1) if line.strip().startswith("#") and line.strip()[1:2].isalpha() else line
        for line in free.splitlines()
    ]
    loaded = load_text("\n".join(lines))
    assert {path for path in LEVERS if loaded.origins[path][-1].origin.startswith("scenario.yaml")} == set(LEVERS)


def test_show_tells_old_new_and_origin():
    loaded = load_text(
        "voice: {preset: slogan}\nfirm: {desk: {ease: 1}}\ntimeline: [{at: 5, set: {firm.culture: poor}}]"
    )
    shown = text(loaded)
    assert [line.split() for line in shown.splitlines() if line.startswith("firm.desk.ease")] == [
        ["firm.desk.ease", "0.0", "->", "1", "scenario.yaml:2", "index"]
    ]
    assert "repudiated by its source" in shown
    assert "from period 5" in shown
    assert "firm.culture = poor, with:" in shown
    assert "more parameters have their defaults" in shown
    everything = list(resolved(loaded, everything=True))
    assert len(everything) == len(loaded.origins)


def test_every_parameter_is_explained_by_its_path():
    for info in parameters():
        assert find(info.path) == [info]
        assert info.meaning in article(info)
        assert info.source in article(info)


def test_explain_finds_by_part_word_and_misspelling():
    assert find("rivals.0.desk.ease")[0].path == "rivals[].desk.ease"
    assert {info.path for info in find("firm.win_back")} == {
        "firm.win_back.contacts_per_year",
        "firm.win_back.acceptance_share",
        "firm.win_back.cost",
        "firm.win_back.fatigue",
    }
    assert find("swiching_cost")[0].path.endswith("switching_cost")
    assert "customers.judgement.tolerance" in {info.path for info in find("zone of tolerance")}
    assert find("xyzzy") == []
    assert find("") == []
    assert "repudiated" in article(find("voice.preset")[0])
    assert len(table(list(parameters())).splitlines()) == len(parameters())
