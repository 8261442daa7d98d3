"""What lies over what: defaults, presets, extended files, the file itself, overrides."""

from pathlib import Path
from typing import Any

import pytest

from sim.model.scenario import Scenario
from sim.scenario import Loaded, load_preset, load_scenario, load_text
from sim.scenario.presets import CULTURE, FAMILIES, VOICE, names
from sim.scenario.shipped_files import shipped_scenarios
from sim.studies.causes.known_causes import find_causes
from sim.studies.comparison.comparison_plan import prepare
from sim.vocabulary.errors import ScenarioError


def chain(loaded: Loaded, path: str) -> list[tuple[Any, str]]:
    return [(step.value, step.origin) for step in loaded.origins[path]]


def files(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / f"{list(texts)[-1]}.yaml"


def test_a_file_that_says_nothing_is_the_default_scenario_with_its_own_name():
    assert load_text("name: scenario\n").scenario == Scenario()
    assert load_text("firm:\n", name="mine").scenario.name == "mine"


def test_every_value_knows_where_it_came_from(tmp_path: Path):
    file = files(
        tmp_path,
        base="firm:\n  desk: {ease: 1, agents: 7}\n",
        middle="extends: base.yaml\nfirm: {desk: {ease: 2}}\n",
        top="extends: middle.yaml\n\nfirm: {culture: poor, desk: {ease: 3}}\n",
    )
    loaded = load_scenario(file, ["firm.desk.ease=4"])
    assert chain(loaded, "firm.desk.ease") == [
        (0.0, "default"),
        (1, f"{tmp_path}/base.yaml:2"),
        (2, f"{tmp_path}/middle.yaml:2"),
        (-0.8, "preset poor"),
        (3, f"{tmp_path}/top.yaml:3"),
        (4, "--set"),
    ]
    assert loaded.scenario.firm.desk.ease == 4.0
    assert chain(loaded, "firm.desk.agents")[-1][1] == "preset poor"
    assert loaded.files == tuple(f"{tmp_path}/{name}.yaml" for name in ("base", "middle", "top"))
    assert loaded.base_dir == tmp_path


def test_the_origins_end_in_the_values_of_the_scenario():
    segments = "segments: [{name: a, share: 1, bonds: {captive_share: 0.5}}]\n"
    loaded = load_text(f"voice: {{preset: slogan}}\nfirm: {{culture: awful}}\n{segments}")
    for path, steps in loaded.origins.items():
        node: Any = loaded.scenario
        for token in path.split("."):
            node = next(item for item in node if item.name == token) if isinstance(node, list) else getattr(node, token)
        assert node == steps[-1].value, path


def test_name_and_question_are_not_inherited(tmp_path: Path):
    file = files(tmp_path, base="name: base\nquestion: Why?\n", child="extends: base.yaml\n")
    scenario = load_scenario(file).scenario
    assert (scenario.name, scenario.question) == ("child", "")


def test_presets_lie_beneath_the_keys_of_their_own_file_wherever_those_stand():
    for text in ("voice: {preset: slogan, complain_share: 0.5}", "voice: {complain_share: 0.5, preset: slogan}"):
        voice = load_text(text).scenario.voice
        assert (voice.complain_share, voice.lapse_share, voice.preset) == (0.5, 1.0, "slogan")


def test_a_preset_that_is_replaced_leaves_no_trace(tmp_path: Path):
    files(tmp_path, base="voice: {preset: slogan}\n", rage="voice: {preset: rage_2015}\n")
    for base in ("base", "rage"):
        child = files(tmp_path, child=f"extends: {base}.yaml\nname: x\nvoice: {{preset: tarp_minor}}\n")
        assert load_scenario(child).scenario == load_text("name: x\nvoice: {preset: tarp_minor}").scenario
        none = files(tmp_path, none=f"extends: {base}.yaml\nname: x\nvoice: {{preset: }}\n")
        assert load_scenario(none).scenario == load_text("name: x").scenario


def test_a_voice_preset_may_set_a_key_of_every_firm():
    text = "voice: {preset: rage_2015}\nrivals: [{name: a, initial_share: 0.1}, {name: b, initial_share: 0.1}]"
    scenario = load_text(text).scenario
    assert [firm.desk.front_line_resolution for firm in scenario.firms] == [0.37] * 3


def test_the_order_of_overrides_of_presets_does_not_matter():
    overrides = ["firm.desk.ease=5", "firm.culture=awful", "voice.complain_share=0.3", "voice.preset=slogan"]
    one, other = load_text("name: a", overrides), load_text("name: a", overrides[::-1])
    assert one.scenario == other.scenario
    assert (one.scenario.firm.desk.ease, one.scenario.voice.complain_share) == (5.0, 0.3)


def test_a_segment_starts_from_the_customers_whoever_sets_them(tmp_path: Path):
    file = files(
        tmp_path,
        base="segments:\n  - {name: a, share: 0.5, bonds: {captive_share: 0.9}}\n  - {name: b, share: 0.5}\n",
        child="extends: base.yaml\ncustomers: {bonds: {captive_share: 0.1, switching_cost: 0.7}}\n",
    )
    a, b = load_scenario(file, ["segments.b.judgement.tolerance=2"]).scenario.segments
    assert (a.bonds.captive_share, a.bonds.switching_cost) == (0.9, 0.7)
    assert (b.bonds.captive_share, b.judgement.tolerance) == (0.1, 2.0)


def test_a_list_replaces_but_a_known_name_is_continued(tmp_path: Path):
    base = "rivals:\n  - {name: a, initial_share: 0.1, desk: {ease: 1}}\n  - {name: b, initial_share: 0.1}\n"
    child = "extends: base.yaml\nrivals:\n  - {name: a, culture: poor}\n  - {name: c, initial_share: 0.2}\n"
    a, c = load_scenario(files(tmp_path, base=base, child=child)).scenario.rivals
    assert (a.name, a.initial_share, a.desk.ease, a.culture) == ("a", 0.1, -0.8, "poor")
    assert (c.name, c.initial_share, c.desk.ease) == ("c", 0.2, 0.0)
    assert load_text("rivals: []").scenario.rivals == []
    assert load_text("rivals: [{culture: exceptional}]").scenario.rivals[0].initial_share == 0.4


def test_overrides_reach_rivals_by_name_and_by_number():
    by_name = load_text("name: a", ["rivals.rival.culture=exceptional", "rivals.rival.desk.ease=1"])
    by_number = load_text("name: a", ["rivals.0.culture=exceptional", "rivals.0.desk.ease=1"])
    assert by_name.scenario == by_number.scenario
    assert by_name.scenario.rivals[0].desk.ease == 1.0
    assert load_text("name: a", ["rivals=[]"]).scenario.rivals == []


def test_an_edge_list_is_found_from_the_file_that_names_it(tmp_path: Path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "ties.csv").write_text("source,target\n0,1\n", encoding="utf-8")
    files(tmp_path, base="market: {network: {kind: edges, file: ties.csv}}\n")
    child = files(tmp_path / "deep", child="extends: ../base.yaml\n")
    loaded = load_scenario(child)
    assert loaded.scenario.market.network.file == "../ties.csv"
    assert (loaded.base_dir / loaded.scenario.market.network.file).is_file()


@pytest.mark.parametrize(("family", "name"), [(family, name) for family in FAMILIES for name in names(family)])
def test_every_preset_applies_whole_and_has_an_honest_note(family: str, name: str):
    preset = load_preset(family, name)
    key = {VOICE: "voice: {preset", CULTURE: "firm: {culture"}[family]
    loaded = load_text(f"{key}: {name}}}")
    given = {path for path, steps in loaded.origins.items() if steps[-1].origin == f"preset {name}"}
    assert len(given) >= 9
    assert "assumption" in preset.note.lower()
    assert [found for _, found in loaded.presets] == [preset]
    assert getattr(loaded.scenario.voice, "preset") == name or loaded.scenario.firm.culture == name  # noqa: B009


@pytest.mark.parametrize(
    ("name", "complain", "repurchase"),
    [
        ("slogan", 0.04, (0.09, 0.0, 0.0, 0.70, 0.70)),
        ("tarp_minor", 0.04, (0.37, 0.37, 0.46, 0.70, 0.95)),
        ("tarp_major", 0.04, (0.09, 0.09, 0.19, 0.54, 0.82)),
        ("goodman_1999", 0.50, (0.37, 0.37, 0.46, 0.70, 0.95)),
        ("rage_2015", 0.79, (0.37, 0.37, 0.46, 0.70, 0.95)),
    ],
)
def test_the_published_shares_come_out_exactly(name: str, complain: float, repurchase: tuple[float, ...]):
    voice = load_text(f"voice: {{preset: {name}}}").scenario.voice
    assert voice.complain_share == complain
    assert tuple(voice.repurchase.model_dump().values()) == repurchase
    drivers = [*voice.complaint_drivers.model_dump().values(), *voice.repurchase_drivers.model_dump().values()]
    assert (name == "slogan") == (not any(drivers))


def test_the_cultures_are_ordered_from_awful_to_exceptional():
    firms = [
        load_text(f"firm: {{culture: {name}}}").scenario.firm for name in ("awful", "poor", "normal", "exceptional")
    ]
    for level in (
        lambda firm: sum(firm.systems.service.model_dump().values()),
        lambda firm: -firm.systems.failure_scale,
        lambda firm: -firm.systems.staff_variation,
        lambda firm: firm.desk.ease,
        lambda firm: firm.desk.resolution_share,
        lambda firm: firm.desk.apology,
        lambda firm: firm.costs.prevention,
    ):
        values = [level(firm) for firm in firms]
        assert values == sorted(values)
        assert len(set(values)) == 4


def test_a_bare_name_that_is_not_there_means_the_shipped_scenario(tmp_path: Path):
    child = files(tmp_path, child="extends: telecom.yaml\nname: ours\n")
    assert load_scenario(child).scenario.firm == load_scenario(shipped_scenarios()["telecom"]).scenario.firm
    own = files(tmp_path, telecom="firm: {desk: {ease: 1.5}}\n", child="extends: telecom.yaml\n")
    assert load_scenario(own.parent / "child.yaml").scenario.firm.desk.ease == 1.5
    with pytest.raises(ScenarioError, match="no such file"):
        load_scenario(files(tmp_path, child="extends: sub/baseline.yaml\n"))


def test_one_text_where_several_may_stand_is_no_list_of_letters():
    assert load_text("{}", "firm.desk.ease=2").scenario.firm.desk.ease == 2.0
    assert [cause.name for cause in find_causes(Scenario(), "rivals")] == ["rivals"]
    with pytest.raises(ScenarioError, match="found 1; allowed: 2 to 8"):
        prepare("today.yaml")
