"""The API on the shipped server: several requests at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.pdfs import make_pdf
from tests.servers import PASSWORD, Site

pytestmark = pytest.mark.e2e

AT_ONCE = 8


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def site(request: pytest.FixtureRequest, make_site: Callable[..., Site]) -> Site:
    """An installation with the demo cast, on each database."""
    if request.param == "sqlite":
        return make_site()
    return make_site(DATABASE_URL=request.getfixturevalue("postgres_url"))


@pytest.fixture
def alice(site: Site) -> httpx.Client:
    """Alice, logged in on a server without worker."""
    _, url = site.serve("--no-worker")
    client = httpx.Client(base_url=f"{url}/api", timeout=60)
    tokens = client.post("/auth/token/", json={"username": "alice", "password": PASSWORD}).json()
    client.headers["Authorization"] = f"Bearer {tokens['access']}"
    return client


def at_once(request: Callable[[int], httpx.Response]) -> list[httpx.Response]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(request, range(AT_ONCE)))


def test_requests_that_race_make_one_document_and_one_operation(site: Site, alice: httpx.Client) -> None:
    project = f"/projects/{alice.post('/projects/', json={'title': 'Course'}).json()['id']}"
    files = Path(site.env["VAR_DIR"]) / "files"
    before = len(list(files.rglob("*.pdf")))

    uploads = at_once(
        lambda _: alice.post(f"{project}/documents/", files={"file": ("a.pdf", make_pdf())}, data={"kind": "rc"})
    )
    starts = at_once(
        lambda _: alice.post(f"{project}/operations/", json={"kind": "rc_analysis"}, headers={"Idempotency-Key": "k"})
    )
    others = at_once(lambda _: alice.post(f"{project}/operations/", json={"kind": "rc_analysis"}))

    assert sorted(response.status_code for response in uploads) == [200] * (AT_ONCE - 1) + [201]
    assert len({response.json()["id"] for response in uploads}) == 1
    assert len(list(files.rglob("*.pdf"))) == before + 1
    assert sorted(response.status_code for response in starts) == [200] * (AT_ONCE - 1) + [202]
    [operation_id] = {response.json()["id"] for response in starts}
    assert {response.status_code for response in others} == {409}
    assert {response.json()["error"]["details"]["operation_id"][0] for response in others} == {operation_id}


def test_no_log_line_holds_a_token_or_a_ticket(site: Site, alice: httpx.Client) -> None:
    ticket = alice.post("/realtime/tickets/").json()["ticket"]
    access = alice.headers["Authorization"].removeprefix("Bearer ")
    alice.get("/me/", params={"token": access, "ticket": ticket})
    alice.get("/nope/", params={"token": access, "ticket": ticket})

    written = "".join(process.output for process in site.processes)

    assert "/api/nope/" in written
    assert access not in written
    assert ticket not in written
