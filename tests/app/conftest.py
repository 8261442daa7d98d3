import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.app.door import welcome
from sim.app.serving import listen
from sim.app.starts import Starts
from sim.app.turns import Turns
from sim.app.web import site
from tests.app.browsing import PATIENCE, RECORDER, finished

TODAY = """\
name: small
question: What "is" <b>this</b>?
run: {periods: 26, seed: 7}
market: {customers: 100}
firm: {desk: {ease: 1.0}}
rivals: [{name: other, initial_share: 0.3}]
"""


@pytest.fixture
def today(tmp_path: Path) -> Path:
    """A scenario so small that everybody in it is watched."""
    file = tmp_path / "small.yaml"
    file.write_text(TODAY, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def starts(tmp_path_factory: pytest.TempPathFactory) -> Starts:
    """What a page of that scenario may start from, read once: it never changes, and every shipped file is in it."""
    file = tmp_path_factory.mktemp("page") / "small.yaml"
    file.write_text(TODAY, encoding="utf-8")
    return Starts(file)


@pytest.fixture
def turns() -> Iterator[Turns]:
    made = Turns(2)
    yield made
    made.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    uvicorn = pytest.importorskip("uvicorn")
    file = tmp_path_factory.mktemp("page") / "small.yaml"
    file.write_text(
        "question: Which of them?\nrun: {periods: 26, seed: 7}\nmarket: {customers: 400}\n", encoding="utf-8"
    )
    turns, listening = Turns(2), listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    application = site(Starts(file), turns, welcome("127.0.0.1", port))
    server = uvicorn.Server(uvicorn.Config(application, log_level="error", lifespan="off", ws="none"))
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
    turns.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def tab(browser, address, request) -> Iterator[Any]:
    """A page that has shown its first picture; afterwards: nothing was asked elsewhere, nothing was complained of."""
    width, scheme = getattr(request, "param", (1400, "light"))
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    opened.add_init_script(RECORDER)
    asked: list[str] = []
    complaints: list[str] = []
    context.on("request", lambda sent: asked.append(sent.url))
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(address)
    finished(opened)
    yield opened
    context.close()
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert [text for text in complaints if "422" not in text and "ERR_FAILED" not in text] == []
