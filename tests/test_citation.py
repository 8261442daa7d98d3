"""How to cite: CITATION.cff and codemeta.json are valid, and say what pyproject.toml says."""

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
CODEMETA = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))

TERMS = {
    *("@context", "@type", "author", "description", "developmentStatus", "identifier", "keywords", "license", "name"),
    *("operatingSystem", "programmingLanguage", "readme", "runtimePlatform", "softwareRequirements", "version"),
}
"""Those of CodeMeta 2.0 that we use."""


def citation_schema() -> dict:
    """The schema of the Citation File Format, as it comes with check-jsonschema."""
    pytest.importorskip("check_jsonschema")
    vendored = files("check_jsonschema") / "builtin_schemas" / "vendor" / "citation-file-format.json"
    return json.loads(vendored.read_text(encoding="utf-8"))


def test_the_citation_is_valid_and_a_wrong_one_is_seen():
    check = jsonschema.validators.validator_for(citation_schema())(citation_schema())
    assert [error.message for error in check.iter_errors(CITATION)] == []
    assert list(check.iter_errors({**CITATION, "license": "none that is known"}))
    assert list(check.iter_errors({key: value for key, value in CITATION.items() if key != "authors"}))


def test_all_three_say_the_same():
    names = [author["name"] for author in PROJECT["authors"]]
    assert CITATION["version"] == CODEMETA["version"] == PROJECT["version"]
    assert CITATION["license"] == CODEMETA["license"].removeprefix("https://spdx.org/licenses/") == PROJECT["license"]
    assert CITATION["keywords"] == CODEMETA["keywords"] == PROJECT["keywords"]
    assert [author["name"] for author in CITATION["authors"]] == names
    assert [author["name"] for author in CODEMETA["author"]] == names
    assert CODEMETA["name"] == PROJECT["name"]
    assert CODEMETA["description"] == PROJECT["description"]
    required = [re.split(r"[<>=]", line)[0] for line in PROJECT["dependencies"]]
    assert CODEMETA["softwareRequirements"] == required
    pythons = [line.split(" :: ")[-1] for line in PROJECT["classifiers"] if re.search(r":: \d+\.\d+$", line)]
    assert CODEMETA["runtimePlatform"] == [f"Python {version}" for version in pythons]


def test_the_release_has_its_section_in_the_changelog_with_its_day():
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", changes, flags=re.MULTILINE)
    assert released[0] == (PROJECT["version"], str(CITATION["date-released"]))
    assert changes.index("## [Unreleased]") < changes.index(f"## [{PROJECT['version']}]")


def test_codemeta_knows_its_terms():
    assert CODEMETA["@context"] == "https://doi.org/10.5063/schema/codemeta-2.0"
    assert set(CODEMETA) <= TERMS
    assert (ROOT / CODEMETA["readme"]).is_file()
