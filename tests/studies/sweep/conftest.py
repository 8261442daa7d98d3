"""A small sweep that every test of this folder varies: some points do well, some are not allowed, some say nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.studies.sweep.sweeping")

SCENARIO = """
name: small
market: {{customers: {customers}}}
firm: {{desk: {{agents: 20}}}}
run: {{period: week, periods: {periods}, seed: 5}}
"""

# A quarter of the points asks for two failures whose probabilities sum to more than 1, and so fails; where there is no
# failure at all, nobody complains, and the share of complainers kept is a share of nothing.
EXPERIMENT = """
name: small
scenario: {scenario}
levers:
  firm.desk.ease: {{values: [{ease}]}}
uncertainties:
  firm.systems.failures.apathy.probability: {{values: [0.0, 0.6]}}
  firm.systems.failures.wrong_answer.probability: {{values: [0.0, 0.6]}}
design: {{kind: grid}}
replications: {replications}
outputs: [satisfaction, retention, complaint_share, complainers_kept, silent_lost_ratio, complained.total, margin]
{more}
"""


@pytest.fixture
def experiment(tmp_path: Path) -> Callable[..., Path]:
    """Writes the experiment file, with what is asked for, and gives its path."""

    def write(
        ease: str = "0, 1, 2",
        replications: int = 3,
        *,
        name: str = "experiment.yaml",
        customers: int = 200,
        periods: int = 6,
        more: str = "",
    ) -> Path:
        scenario = f"world-{customers}-{periods}.yaml"
        (tmp_path / scenario).write_text(SCENARIO.format(customers=customers, periods=periods))
        file = tmp_path / name
        file.write_text(EXPERIMENT.format(scenario=scenario, ease=ease, replications=replications, more=more))
        return file

    return write
