"""The built client against a real server, over each of its transports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.node_client import NodeClient, read_state
from tests.servers import Person

pytestmark = pytest.mark.e2e

TRANSPORTS = ("websocket", "sse", "poll")


@pytest.fixture
def project_id(alice: Person, long_rc: Path) -> str:
    return alice.create_project(long_rc)


@pytest.fixture
def clients(tmp_path: Path, alice: Person, project_id: str) -> Iterator[dict[str, NodeClient]]:
    """One client on each transport; the one on the stream stops what it sees running."""
    clients = {
        transport: NodeClient(tmp_path, alice, project_id, transports=[transport], cancel=transport == "sse")
        for transport in TRANSPORTS
    }
    for client in clients.values():
        client.wait_until_live()
    yield clients
    for client in clients.values():
        client.process.kill()


def test_every_transport_leads_to_the_same_state_and_takes_commands(
    alice: Person, project_id: str, clients: dict[str, NodeClient]
) -> None:
    alice.start(project_id)
    for client in clients.values():
        client.wait_for_status("cancelled")

    for transport, client in clients.items():
        assert client.state == read_state(alice, project_id)
        assert client.said("connection") == [f"connecting {transport}", f"live {transport}"]
        assert client.said("event") == sorted(set(client.said("event")))
        assert client.said("error") == []
    assert [reply["status"] for reply in clients["sse"].said("reply")] == ["cancelling"]
