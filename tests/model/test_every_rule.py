"""No rule without worked examples, and none whose examples stand where the rule says nothing."""

import ast
import importlib
import inspect
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import sim.model
from tests.model.worked import Example

LOOPS = Path(__file__).parents[1] / "engine" / "loops"
FOLDER = Path(sim.model.__path__[0])

BY_PATH = {
    "gamma_parts": "as part of gamma and beta, in test_luck_known.py",
    "gamma": "by the path of its attempts, in test_luck_known.py",
    "beta": "from two gammas, in test_luck_known.py",
    "attrition_of_anybody": "trait by trait, in loops/test_population.py",
    "attrition_differs": "with attrition_of_anybody",
    "chance_of_anybody": "by its two gammas, in loops/test_drop_out.py",
    "attrition_in_stock": "by the path of its attempts, in loops/test_lasting.py",
}
"""Rules whose worked values are no table."""


MODULES = {
    "luck": ["luck_known"],
    "gammas": ["luck_known"],
    "perception": ["perception", "judgement"],
    "adoption": ["talk"],
}
"""Test modules of a room, where it is not one of the room's name."""


CALLED_ONE_BY_ONE = {"column", "table", "state", "inbox", "environment", "prices", "person", "firm", "systems"}
"""Arguments of rules that no table can hold: they are tested in `tests/engine/loops`, one call at a time."""


BY_CALLER = {
    "arrange": "serve",
    "deliver": "serve",
    "fail": "serve",
    "pay_for_failures": "serve",
    "weigh": "count_standings",
    "perceive": "serve",
    "learn": "serve",
    "conclude": "serve",
    "add_margin": "leave, join, settle and pay",
    "share_who_switch": "part",
    "share_who_rebuy": "part",
    "dearer": "adopt",
    "asked_of": "encounter_stage",
    "_others_price": "get_used",
    "compare_suppliers": "part and be_offered",
    "yearly_margin": "leave",
    "switch_to": "part",
    "go": "part",
    "introduce": "serve",
    "leave_the_market": "part",
    "move": "movement_stage",
    "appetite_of": "encounter_stage",
    "move_within": "move",
    "whereabouts": "move",
    "tell": "talk_stage",
    "loyalty_of": "decide, settle and part",
    "nobody_adopts": "movement_stage",
    "be_somebody": "begin_as_somebody",
    "usual_level": "populate",
    "be_born": "populate",
    "be_known": "begin_as_known",
    "stay_so_long": "begin_as_known",
    "draw_person": "be_known and take_place",
    "draw_traits": "be_born and take_place",
    "begin": "populate",
    "take_traits": "populate and take_place",
    "count_from_now": "begin_counting",
    "advantage_of": "part and think_of_return",
    "pull_of_former": "think_of_return",
    "registered": "register",
    "note": "decide",
    "propensity": "decide",
    "take_up": "desk_stage",
    "end": "finish_case",
    "close": "finish_case",
    "finish": "finish_case",
    "owed": "count_customer",
    "put_in": "talk_stage and spread_posts",
    "describe": "ask_after_encounter",
    "kind_of": "customer_types",
    "margin_a_year": "customer_types",
    "write_down": "register_stage",
    "claimable": "decide",
    "honour_unasked": "encounter_stage",
    "tell_of": "encounter_stage",
    "tenure_of": "encounter_stage",
    "enter": "enter_market and take_place",
    "relation_to": "count_relations",
    "book_running_costs": "book_period",
    "segment_of": "encounter_stage and movement_stage",
    "sways_of_one": "movement_stage",
    "owe": "collect",
    "redeem": "collect",
    "lapse_loss_of": "movement_stage",
    "pass_year": "movement_stage",
}
"""What is seen through what calls it, and that."""


def marked(room: str) -> list[ast.FunctionDef]:
    tree = ast.parse((FOLDER / f"{room}.py").read_text(encoding="utf-8"))
    return [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(mark) in ("rule", "kernel") for mark in node.decorator_list)
    ]


def needs_more(node: ast.FunctionDef) -> bool:
    return bool(CALLED_ONE_BY_ONE & {argument.arg for argument in node.args.args})


def rules_of(room: str) -> list[str]:
    return [node.name for node in marked(room) if not needs_more(node)]


ROOMS = sorted(path.stem for path in FOLDER.glob("*.py") if rules_of(path.stem))


def examples_of(room: str) -> dict[str, tuple[Callable[..., Any], list[Example]]]:
    modules = [importlib.import_module(f"tests.model.test_{name}") for name in MODULES.get(room, [room])]
    return {rule.__name__: (rule, table) for module in modules for rule, table in module.EXAMPLES.items()}


TABLES = [pytest.param(rule, table, id=name) for room in ROOMS for name, (rule, table) in examples_of(room).items()]


@pytest.mark.parametrize("room", ROOMS)
def test_every_rule_has_worked_examples(room: str) -> None:
    assert set(rules_of(room)) - set(BY_PATH) <= set(examples_of(room))


def flat(arguments: Any) -> list[Any]:
    """Arguments one by one, those in tuples too."""
    return [x for one in arguments for x in (flat(one) if isinstance(one, tuple) else [one])]


def like(example: Any, values: list[Any]) -> Any:
    """The values, taken from the front of the list, in tuples as those of the example."""
    if not isinstance(example, tuple):
        return values.pop(0)
    parts = [like(part, values) for part in example]
    return type(example)(*parts) if hasattr(example, "_fields") else tuple(parts)


def test_what_needs_a_state_or_a_market_is_called_one_by_one() -> None:
    texts = [path.read_text(encoding="utf-8") for path in LOOPS.glob("test_*.py")]
    names = [node.name for path in FOLDER.glob("*.py") for node in marked(path.stem) if needs_more(node)]
    assert len(names) > 15
    silent = [name for name in names if not any(f"{name}(" in text for text in texts)]
    assert sorted(set(silent) - set(BY_CALLER)) == []


@pytest.mark.parametrize(("rule", "table"), TABLES)
def test_some_example_has_all_arguments_different_and_none_neutral(
    rule: Callable[..., Any], table: list[Example]
) -> None:
    def says_something(arguments: tuple[Any, ...]) -> bool:
        amounts = [x for x in flat(arguments) if isinstance(x, float)]
        return not {0.0, 1.0} & set(amounts) and all(abs(a) != abs(b) for a, b in combinations(amounts, 2))

    assert any(says_something(arguments) for arguments, _ in table)


@pytest.mark.parametrize(("rule", "table"), TABLES)
def test_every_argument_counts_in_some_example(rule: Callable[..., Any], table: list[Example]) -> None:
    def moved(x: Any) -> list[Any]:
        if isinstance(x, bool):
            return [not x]
        return [x + 0.3 * abs(x), x - 0.3 * abs(x)] if isinstance(x, float) else [type(x)(int(x) ^ 1)]

    places = len(flat(table[0][0]))
    assert len(table[0][0]) == len(inspect.signature(rule).parameters)
    silent = set(range(places))
    for arguments, _ in table:
        each = flat(arguments)
        for place in range(len(each)):
            others = ([*each[:place], other, *each[place + 1 :]] for other in moved(each[place]))
            if any(rule(*like(arguments, other)) != rule(*arguments) for other in others):
                silent.discard(place)
    assert not silent
