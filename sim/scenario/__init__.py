"""Scenario files: YAML with `extends`, presets, segments, a timeline and overrides, all checked before a run starts."""

from sim.scenario.layers import LayerStep
from sim.scenario.loader import Loaded, load_scenario, load_text, several
from sim.scenario.practical import ScenarioWarning
from sim.scenario.presets import Preset, load_preset

__all__ = ["LayerStep", "Loaded", "Preset", "ScenarioWarning", "load_preset", "load_scenario", "load_text", "several"]
