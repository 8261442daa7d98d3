"""Without compilation the same code gives the same bits."""

import hashlib
import os
import subprocess
import sys

from sim.engine.simulation import Simulation
from sim.model.bonds import WinBack
from sim.model.desk import Desk
from sim.model.firm import Firm
from sim.model.market import Market, Run
from sim.model.scenario import Scenario
from sim.model.systems import Systems
from sim.model.voice import Voice

SCENARIO = Scenario(
    market=Market(customers=40, entrants_per_year=30.0),
    run=Run(period="month", periods=6, seed=2**63 + 1, panel=40),
    voice=Voice(complain_share=0.6, headquarters_share=0.5, escalation_share=0.5, lapse_share=0.5),
    firm=Firm(
        systems=Systems(failure_scale=20.0),
        desk=Desk(handling_hours=100.0, queue="value"),
        win_back=WinBack(contacts_per_year=12.0),
    ),
)

PROGRAM = """
import sys
from sim.compiled import PLAIN
from sim.engine.simulation import Simulation
from sim.model.scenario import Scenario
assert PLAIN
tables = Simulation(Scenario.model_validate_json(sys.stdin.read()), threads=1).run()
import hashlib
digest = hashlib.sha256(tables.tallies.tobytes() + tables.leavers.tobytes() + tables.stayers.tobytes())
for column in tables.panel.values():
    digest.update(column.tobytes())
print(digest.hexdigest())
"""


def test_plain_python_gives_the_same_bits_as_compiled_code():
    """The whole state of everybody, through the panel, and all tallies."""
    tables = Simulation(SCENARIO, threads=1).run()
    digest = hashlib.sha256(tables.tallies.tobytes() + tables.leavers.tobytes() + tables.stayers.tobytes())
    assert tables.panel is not None
    for column in tables.panel.values():
        digest.update(column.tobytes())
    plain = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=SCENARIO.model_dump_json(),
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
    )
    assert plain.returncode == 0, plain.stderr
    assert plain.stdout.strip() == digest.hexdigest()
    assert tables.tallies.any()
