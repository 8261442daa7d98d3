"""Experiment files that must be refused: (name, text, fragments that the message must hold).

`base.yaml` lies beside them, see `BASE`; `bad.yaml` is a scenario with a mistake.
"""

from __future__ import annotations

BASE = """\
market: {customers: 300}
run: {periods: 12}
segments: [{name: old, share: 0.5}, {name: young, share: 0.5, bonds: {captive_share: 0.1}}]
"""
BAD = "firm: {desk: {agents: -1}}\n"
EASE = "levers: {firm.desk.ease: {low: 0, high: 2}}\n"
GOOD = f"scenario: base.yaml\n{EASE}"


def lever(inner: str, path: str = "firm.desk.ease") -> str:
    return f"scenario: base.yaml\nlevers: {{{path}: {{{inner}}}}}\n"


def design(inner: str) -> str:
    return f"{GOOD}design: {{{inner}}}\n"


def constraint(text: str) -> str:
    return f"{GOOD}constraints: ['{text}']\n"


WRONG: list[tuple[str, str | bytes, tuple[str, ...]]] = [
    # --- the file as such
    ("empty", "", ("empty",)),
    ("a list", "- scenario\n", ("not a mapping",)),
    ("unclosed", "levers: {\n", ("not valid YAML",)),
    ("anchor", "levers: &l {}\n", ("anchors",)),
    ("binary", bytes(range(128, 256)), ("UTF-8",)),
    ("key twice", f"{GOOD}replications: 1\nreplications: 2\n", (":4:1: replications: stands twice", "line 3")),
    # --- keys
    ("unknown key", f"{GOOD}repetitions: 3\n", (":3:1: repetitions: unknown key", "replications?")),
    ("key of a section at the top", f"{GOOD}points: 64\n", (":3:1: points: unknown key", "design.points?")),
    ("parameter at the top", f"{GOOD}firm.desk.agents: 2\n", (":3:1", "unknown key", "levers.firm.desk.agents?")),
    ("unknown key of a lever", lever("lo: 0, high: 2"), (":2:27: levers.firm.desk.ease.lo: unknown key", "low?")),
    (
        "cost of an uncertainty",
        lever("low: 1, high: 2, cost: 5", "talk.negative_impact").replace("levers", "uncertainties"),
        ("uncertainties.talk.negative_impact.cost: unknown key",),
    ),
    ("unknown key of the design", design("kinds: grid"), (":3:10: design.kinds: unknown key", "design.kind?")),
    (
        "unknown key of a goal",
        f"{GOOD}optimise: {{goals: [{{name: nps}}]}}\n",
        ("optimise.goals.0.name: unknown key", "optimise.goals.0.output: missing"),
    ),
    (
        "levers as a list",
        "scenario: base.yaml\nlevers: [firm.desk.ease]\n",
        (":2:9: levers: not a group of keys", "a list of 1", "firm.desk.ease: {low: 0, high: 2}"),
    ),
    (
        "lever as a number",
        "scenario: base.yaml\nlevers: {firm.desk.ease: 2}\n",
        (":2:26: levers.firm.desk.ease: not a group of keys", "found 2", "{values: [...]}"),
    ),
    ("design as a word", f"{GOOD}design: sobol\n", (":3:9: design: not a group of keys", "'sobol'", "kind, points")),
    # --- types and limits of keys
    ("no scenario", EASE, ("scenario: missing", "Scenario file")),
    ("scenario as a number", f"scenario: 5\n{EASE}", (":1:11: scenario: not text", "found 5")),
    ("scenario empty", f"scenario: ''\n{EASE}", (":1:11: scenario: text too short",)),
    ("low as text", lever("low: none, high: 2"), (":2:32: levers.firm.desk.ease.low: not a number", "'none'")),
    ("low with a comma", lever('low: "0,5", high: 2'), ("low: not a number", "'0,5'")),
    ("high infinite", lever("low: 0, high: .inf"), ("high: not a finite number", "found .inf")),
    ("low not a number", lever("low: .nan, high: 2"), ("low: not a finite number", "found .nan")),
    ("sd of zero", lever("distribution: normal, mean: 0, sd: 0"), ("sd: too small", "a number above 0")),
    ("unknown scale", lever("low: 1, high: 2, scale: logarithmic"), ("scale: unknown name", "linear, log")),
    ("unknown distribution", lever("low: 0, high: 2, distribution: gauss"), ("distribution: unknown name", "normal")),
    ("misspelt distribution", lever("low: 0, high: 2, distribution: normall"), ("did you mean normal?",)),
    ("unknown kind", design("kind: sobel, points: 4"), (":3:16: design.kind: unknown name", "sobol?", "morris")),
    ("no points", design("kind: random, points: 0"), ("design.points: too small", "of at least 1")),
    ("points in words", design("kind: random, points: many"), ("design.points: not a whole number", "'many'")),
    (
        "half a replication",
        f"{GOOD}replications: 1.5\n",
        (":3:15: replications: not a whole number", "from 1 to 100,000"),
    ),
    ("no replication", f"{GOOD}replications: 0\n", ("replications: too small", "from 1 to 100,000")),
    ("values empty", lever("values: []"), ("values: too few entries", "at least 1")),
    (
        "values of groups",
        lever("values: [{a: 1}]"),
        ("values.0: not a number, a truth value or a text", "a group of keys"),
    ),
    ("values not finite", lever("values: [1, .nan]"), ("values.1: not a finite number", "found .nan")),
    ("outputs empty", f"{GOOD}outputs: []\n", ("outputs: too few entries",)),
    ("limit of no time", f"{GOOD}limits: {{seconds: 0}}\n", ("limits.seconds: too small", "above 0")),
    (
        "three goals",
        f"{GOOD}optimise: {{goals: [{{output: nps}}, {{output: nps}}, {{output: nps}}]}}\n",
        ("optimise.goals: too many entries", "at most 2"),
    ),
    (
        "samples no power of 2",
        f"{GOOD}sensitivity: {{samples: 100}}\n",
        (":3:14: sensitivity", "power of 2", "64 or 128"),
    ),
    # --- the scenario file
    (
        "scenario not there",
        f"scenario: bas.yaml\n{EASE}",
        (":1:11: scenario: no such file", "'bas.yaml'", "base.yaml?"),
    ),
    ("scenario a folder", f"scenario: .\n{EASE}", (":1:11: scenario: is a folder",)),
    ("scenario with a mistake", f"scenario: bad.yaml\n{EASE}", ("bad.yaml:1:23: firm.desk.agents: too small",)),
    (
        "set an unknown parameter",
        f"{GOOD}set: {{firm.desk.eese: 1}}\n",
        (":3:7: set.firm.desk.eese: unknown parameter", "firm.desk.ease?"),
    ),
    (
        "set out of range",
        f"{GOOD}set: {{firm.desk.agents: -1}}\n",
        (":3:25: set.firm.desk.agents: too small", "found -1"),
    ),
    (
        "set text for a number",
        f"{GOOD}set: {{firm.desk.agents: 1_000}}\n",
        (":3:25", "not a number", "without separators"),
    ),
    ("set an unknown preset", f"{GOOD}set: {{voice.preset: slogn}}\n", ("set.voice.preset: no such preset", "slogan?")),
    ("set a group to a number", f"{GOOD}set: {{firm.desk: 5}}\n", ("set.firm.desk: not a group of keys",)),
    ("set an unknown rival", f"{GOOD}set: {{rivals.acme.desk.ease: 1}}\n", ("no such rival", "rival")),
    ("set shares that do not sum", f"{GOOD}set: {{firm.initial_share: 0.9}}\n", ("initial shares", "1.3")),
    ("set extends", f"{GOOD}set: {{extends: base.yaml}}\n", ("extends: can stand only in a file",)),
    ("set an assignment", f"{GOOD}set: {{a=b: 1}}\n", ("set.a=b: unknown parameter",)),
    # --- factors against the scenario
    ("nothing varied", "scenario: base.yaml\n", ("nothing is varied", "levers or uncertainties")),
    (
        "unknown parameter",
        lever("low: 0, high: 2", "firm.desk.eese"),
        (":2:10: levers.firm.desk.eese: unknown parameter", "firm.desk.ease?"),
    ),
    ("unknown rival", lever("low: 0, high: 2", "rivals.acme.desk.ease"), ("no such rival", "rival")),
    (
        "unknown segment",
        lever("low: 0, high: 1", "segments.poor.bonds.captive_share"),
        ("no such segment", "old, young"),
    ),
    ("a group", lever("low: 0, high: 2", "firm.desk"), ("is a group of parameters", "agents")),
    ("part of a number", lever("low: 0, high: 2", "firm.desk.ease.much"), ("has no parts",)),
    ("the seed", lever("low: 0, high: 2", "run.seed"), ("cannot be varied: each replication has its own seed",)),
    ("the replications", lever("low: 1, high: 2", "run.replications"), ("cannot be varied", "`replications`")),
    ("the start", lever("values: [a]", "run.start"), ("cannot be varied",)),
    ("a name", lever("values: [a, b]", "firm.name"), ("cannot be varied: it changes nothing",)),
    ("the timeline", lever("values: [1]", "timeline.0.at"), ("no such entry",)),
    (
        "lever and uncertainty",
        f"{GOOD}uncertainties: {{firm.desk.ease: {{low: 0, high: 1}}}}\n",
        (":3:17: uncertainties.firm.desk.ease: is a lever already",),
    ),
    (
        "one rival under two names",
        "scenario: base.yaml\nlevers:\n  rivals.rival.desk.ease: {low: 0, high: 1}\n"
        "  rivals.0.desk.ease: {low: 0, high: 1}\n",
        (":4:3", "moves the same parameter as rivals.rival.desk.ease"),
    ),
    (
        "customers and their segment",
        "scenario: base.yaml\nlevers:\n  customers.bonds.captive_share: {low: 0, high: 1}\n"
        "  segments.old.bonds.captive_share: {low: 0, high: 1}\n",
        (":4:3", "moves the same parameter as customers.bonds"),
    ),
    ("no range", lever(""), (":2:10: levers.firm.desk.ease: no range", "low and high, or values")),
    ("no high", lever("low: 0"), ("high is missing",)),
    ("low above high", lever("low: 2, high: 1"), (":2:41: levers.firm.desk.ease.high: not above low", "more than 2")),
    ("low is high", lever("low: 2, high: 2"), ("not above low",)),
    ("low out of range", lever("low: -1, high: 2", "firm.desk.agents"), (":2:34", "low: too small", "from 0 to 10000")),
    (
        "high out of range",
        lever("low: 0, high: 2", "firm.desk.answer_share"),
        ("high: too large", "from 0 to 1 (share)"),
    ),
    ("value out of range", lever("values: [0.5, 1.5]", "firm.desk.answer_share"), ("values.1: too large", "found 1.5")),
    ("value twice", lever("values: [0, 1, 0.0]"), ("values.2: stands twice",)),
    ("value as text", lever("values: [0, high]"), ("values.1: not a number", "'high'")),
    ("value as truth", lever("values: [0, true]"), ("values.1: not a number", "found true")),
    (
        "value yes",
        lever("values: [yes, no]", "money.measure_opportunity_cost"),
        ("values.0: not true or false", "'yes'"),
    ),
    (
        "fraction of a whole number",
        lever("low: 100.5, high: 200", "market.customers"),
        ("low: not a whole number", "100.5"),
    ),
    ("value of a whole number", lever("values: [100, 200.5]", "market.customers"), ("values.1: not a whole number",)),
    (
        "range of a truth value",
        lever("low: 0, high: 1", "money.measure_opportunity_cost"),
        ("low: a truth value has no range", "values: [...]"),
    ),
    ("range of a name", lever("low: 0, high: 1", "firm.desk.queue"), ("a name has no range",)),
    ("unknown name", lever("values: [first_come, valu]", "firm.desk.queue"), ("values.1: unknown name", "value?")),
    ("range of a preset", lever("low: 0, high: 1", "voice.preset"), ("a preset has no range",)),
    ("unknown preset", lever("values: [slogan, slogn]", "voice.preset"), ("values.1: no such preset", "slogan?")),
    ("unknown culture", lever("values: [good]", "firm.culture"), ("values.0: no such preset", "exceptional")),
    ("values and a range", lever("values: [0, 1], low: 0"), ("low: a factor with values has no range",)),
    ("log from zero", lever("low: 0, high: 2, scale: log"), ("low: a log scale begins above 0", "found 0")),
    (
        "log of a normal",
        lever("distribution: normal, mean: 1, sd: 1, low: 0.1, high: 2, scale: log"),
        ("scale: a log scale",),
    ),
    ("normal without sd", lever("distribution: normal, mean: 1"), ("a normal distribution needs mean and sd",)),
    ("triangular without mode", lever("distribution: triangular, low: 0, high: 1"), ("needs mode",)),
    (
        "mode outside",
        lever("distribution: triangular, low: 0, high: 1, mode: 2"),
        ("mode: outside the range", "from 0 to 1"),
    ),
    ("mode of a uniform", lever("low: 0, high: 1, mode: 0.5"), ("mode: means nothing", "distribution: triangular")),
    (
        "cost of a name",
        lever("values: [first_come, value], cost: 5", "firm.desk.queue"),
        ("cost: a cost for each unit",),
    ),
    (
        "not possible together",
        lever("low: 0.5, high: 0.9", "firm.systems.channels.chat"),
        ("low: not possible with the rest of the scenario", "sum to 1"),
    ),
    # --- design
    ("random without points", design("kind: random"), (":3:1: design.points: a random design needs `points`",)),
    ("sobol without points", design("kind: sobol"), ("a Sobol design needs `points`",)),
    ("morris without trajectories", design("kind: morris"), ("a Morris design needs `trajectories`",)),
    ("list without rows", design("kind: list"), ("a list needs `rows`",)),
    (
        "points of a grid",
        lever("values: [0, 1]") + "design: {kind: grid, points: 5}\n",
        (":3:22: design.points: means nothing in a grid",),
    ),
    ("grid of a range", design("kind: grid"), (":2:10: levers.firm.desk.ease: a grid needs values, or levels",)),
    ("levels of a grid as a whole", design("kind: grid, levels: 4"), ("means nothing in a grid", "its own levels")),
    ("odd levels", design("kind: morris, trajectories: 4, levels: 5"), ("levels: not even", "found 5")),
    (
        "morris and constraints",
        design("kind: morris, trajectories: 4") + "constraints: [firm.desk.ease < 1]\n",
        (":4:1: constraints: a Morris design",),
    ),
    (
        "morris without ends",
        "scenario: base.yaml\nlevers: {firm.desk.ease: {distribution: normal, mean: 0, sd: 1}}\n"
        "design: {kind: morris, trajectories: 4}\n",
        ("no range", "in a Morris design"),
    ),
    (
        "row of a parameter that is no factor",
        design("kind: list, rows: [{firm.desk.agents: 1}]"),
        (":3:30: design.rows.0.firm.desk.agents: not a factor", "firm.desk"),
    ),
    (
        "row out of the factor's range",
        design("kind: list, rows: [{firm.desk.ease: 3}]"),
        ("outside the factor's range",),
    ),
    (
        "row out of the parameter's range",
        "scenario: base.yaml\nlevers: {firm.desk.ease: {}}\n"
        "design: {kind: list, rows: [{firm.desk.ease: 1}, {firm.desk.ease: 11}]}\n",
        ("design.rows.1.firm.desk.ease: too large",),
    ),
    (
        "row without its preset",
        "scenario: base.yaml\nlevers: {firm.desk.ease: {}, firm.culture: {}}\n"
        "design: {kind: list, rows: [{firm.desk.ease: 1}]}\n",
        ("design.rows.0: a row needs firm.culture",),
    ),
    (
        "a milliard of points",
        design("kind: random, points: 1000000000"),
        (":3:1: design", "too large", "1,000,000,000 runs", "at most 10,000,000"),
    ),
    (
        "a milliard of replications",
        design("kind: random, points: 100000") + "replications: 10000\n",
        ("1,000,000,000 runs",),
    ),
    (
        "a grid of a milliard",
        "scenario: base.yaml\nlevers:\n"
        + "".join(
            f"  firm.systems.service.{name}: {{low: 1, high: 7, levels: 1000}}\n"
            for name in ("tangibles", "empathy", "assurance")
        )
        + "design: {kind: grid}\n",
        (":6:1: design", "1,000,000,000 points"),
    ),
    (
        "a hypercube beyond memory",
        design("kind: latin_hypercube, points: 10000000").replace(
            "high: 2}}",
            "high: 2}, "
            + ", ".join(
                f"firm.costs.{name}: {{low: 1, high: 2}}"
                for name in ("prevention", "appraisal", "failure_effect", "repair_price", "help_service")
            )
            + "}",
        ),
        ("made as a whole", "at most 3,333,333 points", "Sobol"),
    ),
    (
        "too many presets",
        "scenario: base.yaml\nset: {rivals: ["
        + ", ".join(f"{{name: r{n}, initial_share: 0.1}}" for n in range(5))
        + "]}\nlevers:\n"
        + "".join(f"  rivals.r{n}.culture: {{values: [awful, poor, normal, exceptional]}}\n" for n in range(5)),
        ("too many presets", "1,024 combinations", "at most 256"),
    ),
    # --- conditions
    ("constraint on an output", constraint("retention > 0.5"), (":3:15: constraints.0: not a factor", "'retention'")),
    ("constraint misspelt", constraint("firm.desk.eas < 1"), ("not a factor", "firm.desk.ease?")),
    ("constraint unfinished", constraint("firm.desk.ease <"), ("at character 17", "found its end")),
    ("constraint with one equals sign", constraint("firm.desk.ease = 1"), ("at character 16", "for equality write ==")),
    ("constraint that is a call", constraint("abs(firm.desk.ease) < 1"), ("no functions",)),
    ("constraint that is a power bomb", constraint("9**9**9**9 > firm.desk.ease"), ("there are no powers",)),
    ("constraint of Python", constraint("__import__(1) < 1"), ("no functions",)),
    ("constraint that is a sum", constraint("firm.desk.ease + 1"), ("not a comparison",)),
    ("constraint on nothing", constraint("1 < 2"), ("names nothing",)),
    ("constraint as a number", f"{GOOD}constraints: [5]\n", ("constraints.0: not text",)),
    ("constraint without a list", f"{GOOD}constraints: firm.desk.ease < 1\n", ("constraints: not a list",)),
    (
        "constraint too long",
        constraint("firm.desk.ease < 1 or " * 60 + "firm.desk.ease < 1"),
        ("too long", "at most 1000"),
    ),
    ("constraint too deep", constraint("(" * 80 + "firm.desk.ease < 1" + ")" * 80), ("at most 50 parentheses",)),
    ("number compared with a text", constraint('firm.desk.ease == "high"'), ("is a number, not a text",)),
    (
        "text compared with a number",
        lever("values: [first_come, value]", "firm.desk.queue") + "constraints: [firm.desk.queue < 3]\n",
        ("is a name, not a number",),
    ),
    # --- outputs and sections
    (
        "unknown output",
        f"{GOOD}outputs: [retentoin]\n",
        (":3:11: outputs.0: no such output", "'retentoin'", "retention?"),
    ),
    ("output twice", f"{GOOD}outputs: [nps, margin, nps]\n", (":3:24: outputs.2: stands twice",)),
    ("output of a late period", f"{GOOD}outputs: [active@12]\n", ("no such period", "0 to 11")),
    ("output that is a column", f"{GOOD}outputs: [complained]\n", ("complained.total",)),
    (
        "stopping by what is not recorded",
        f"{GOOD}outputs: [nps]\nstopping: {{output: margin, half_width: 5}}\n",
        (":4:20: stopping.output: not a recorded output", "add it to outputs"),
    ),
    (
        "stopping before it begins",
        f"{GOOD}replications: 10\nstopping: {{output: nps, half_width: 5, at_most: 5}}\n",
        ("stopping.at_most: fewer than replications",),
    ),
    ("stopping without half-width", f"{GOOD}stopping: {{output: nps}}\n", ("stopping.half_width: missing",)),
    (
        "sensitivity of what is not recorded",
        f"{GOOD}outputs: [nps]\nsensitivity: {{outputs: [margin]}}\n",
        ("sensitivity.outputs.0: not a recorded output",),
    ),
    (
        "sensitivity and constraints",
        f"{GOOD}constraints: [firm.desk.ease < 1]\nsensitivity: {{samples: 16}}\n",
        ("constraints: sensitivity indices",),
    ),
    (
        "regional condition on a factor",
        f"{GOOD}sensitivity: {{condition: firm.desk.ease < 1}}\n",
        ("not a recorded output",),
    ),
    (
        "goal unknown",
        f"{GOOD}optimise: {{goals: [{{output: gain}}]}}\n",
        ("optimise.goals.0.output: no such output",),
    ),
    (
        "requirement on a factor",
        f"{GOOD}optimise: {{goals: [{{output: nps}}], requirements: [firm.desk.ease < 1]}}\n",
        ("optimise.requirements.0",),
    ),
    (
        "optimise without levers",
        "scenario: base.yaml\nuncertainties: {talk.negative_impact: {low: 1, high: 2}}\n"
        "optimise: {goals: [{output: nps}]}\n",
        (":3:1: optimise: needs levers",),
    ),
    (
        "calibrate without uncertainties",
        f"{GOOD}calibrate: {{data: retention}}\n",
        (":3:1: calibrate: needs uncertainties",),
    ),
    ("calibrate to anything", f"{GOOD}calibrate: {{data: sales}}\n", ("calibrate.data: unknown name", "retention")),
]
