"""What tests ask the server of the page."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sim.app.door import welcome
from sim.app.starts import Starts
from sim.app.turns import Turns
from sim.app.web import site

HOST = "127.0.0.1:8765"


def client(starts: Starts, turns: Turns) -> Any:
    testclient = pytest.importorskip("starlette.testclient")
    return testclient.TestClient(site(starts, turns, welcome("127.0.0.1", 8765)), base_url=f"http://{HOST}")


def asked(**changed: Any) -> dict[str, Any]:
    return {"start": "small", "changes": {}, "seed": None, "session": "one", **changed}


def events(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in text.strip().split("\n\n"):
        name, data = part.split("\n")
        yield name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def problems(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {problem["key"]: problem["text"] for problem in answer.json()["problems"]}
