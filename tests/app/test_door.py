"""Who may ask, and what a browser is told."""

import asyncio

import pytest

from sim.app.door import welcome
from sim.app.wished import MOST_BYTES
from tests.app.asking import HOST, asked, client

pytest.importorskip("starlette")


@pytest.fixture
def server(starts, turns):
    return client(starts, turns)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:1", "", "127.0.0.1:8765.evil.example"]
)
def test_a_foreign_host_is_refused(server, host):
    assert server.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", [HOST, "localhost:8765", "LOCALHOST:8765", "[::1]:8765"])
def test_our_own_names_are_answered(server, host):
    assert server.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "https://127.0.0.1:8765", "http://127.0.0.1:8766", f"http://{HOST}.evil.example"],
)
def test_a_foreign_origin_is_refused(server, origin):
    for address in ("/play", "/range", "/save", "/experiment"):
        assert server.post(address, json=asked(), headers={"origin": origin}).status_code == 403
    assert server.get("/levers/small", headers={"origin": origin}).status_code == 403


def test_one_foreign_origin_among_two_is_refused(server):
    ours, other = ("origin", f"http://{HOST}"), ("origin", "http://evil.example")
    for origins in ([ours, other], [other, ours]):
        assert server.post("/save", json=asked(), headers=[*origins]).status_code == 403


def test_an_address_that_somebody_opens_is_told_in_plain_text(server):
    answer = server.get("/?start=none", headers={"accept": "text/html,*/*"})
    assert answer.status_code == 422
    assert answer.text == "start: no such scenario to start from; found 'none'"


def test_a_page_that_breaks_off_its_question_makes_no_complaint(starts, turns):
    said = []

    async def gone():
        return {"type": "http.disconnect"}

    async def send(message):
        said.append(message)

    headers = {"host": HOST, "content-type": "application/json", "content-length": "100"}
    scope = {
        "type": "http", "method": "POST", "path": "/table", "query_string": b"", "root_path": "", "scheme": "http",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    asyncio.run(client(starts, turns).app(scope, gone, send))
    assert said[0]["status"] == 400


def test_a_request_of_another_site_is_refused_but_a_link_leads_to_the_page(server):
    other = {"sec-fetch-site": "cross-site"}
    assert server.get("/levers/small", headers=other).status_code == 403
    assert server.get("/", headers=other).status_code == 200


def test_a_question_is_json_of_a_known_and_small_size(server):
    form = {"content-type": "text/plain"}
    assert server.post("/save", content=b"{}", headers=form).status_code == 415
    large = b'{"start": "' + b"a" * MOST_BYTES + b'"}'
    json = {"content-type": "application/json"}
    assert server.post("/save", content=large, headers=json).status_code == 413
    assert server.post("/save", content=iter([b"{}"]), headers=json).status_code == 413  # does not say its length


@pytest.mark.parametrize(
    "address", ["/", "/page/main.js", "/page/style.css", "/levers/small", "/nothing", "/levers/none"]
)
def test_every_answer_forbids_whatever_the_page_does_not_need(server, address):
    headers = server.get(address).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_refusals_carry_the_headers_too(server):
    assert "default-src 'none'" in server.get("/", headers={"host": "evil.example"}).headers["content-security-policy"]


def test_on_every_interface_numbers_are_ours_and_strange_names_are_not():
    ours = welcome("0.0.0.0", 80)
    assert ours("192.0.2.7:80")
    assert ours("localhost")
    assert not ours("evil.example:80")
    assert not ours("evil.example")


def test_files_of_the_page_are_all_that_can_be_had(server):
    assert "text/javascript" in server.get("/page/main.js").headers["content-type"]
    for name in ("web.py", "..%2fweb.py", "%2e%2e/web.py", "nothing.js", ""):
        assert server.get(f"/page/{name}").status_code == 404, name
