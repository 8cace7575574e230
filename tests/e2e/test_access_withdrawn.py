"""Access that is withdrawn ends sockets in every process at once, not at the next periodic check."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.instances import RedisInstance
from tests.servers import Person, Site
from tests.sockets import ProjectSocket

pytestmark = [pytest.mark.e2e, pytest.mark.redis]

DEACTIVATE = """
from proposals.models import User
user = User.objects.get(username="bob")
user.is_active = False
user.save()
"""


def test_sockets_of_two_processes_close_when_a_third_withdraws_access(
    make_site: Callable[..., Site], redis_instance: RedisInstance
) -> None:
    site = make_site(REDIS_URL=redis_instance.url, REALTIME_RECHECK_SECONDS="3600")
    urls = [site.serve()[1] for _ in range(2)]
    alice = Person(urls[0], "alice")
    project_id = alice.projects()[0]["id"]
    sockets = [ProjectSocket(Person(url, "bob"), project_id).receive_snapshot() for url in urls]

    with ProjectSocket(alice, project_id).receive_snapshot() as colleague:
        site.manage("shell", "--no-imports", "-c", DEACTIVATE)
        closings = [socket.receive_close(seconds=5) for socket in sockets]
        colleague.connection.send(json.dumps({"type": "status", "id": 1}))
        answer = colleague.receive_until(lambda frame: frame["type"] == "reply")

    assert [(frame and frame["code"], code) for frame, code in closings] == [("access_revoked", 1008)] * 2
    assert answer["ok"] is True
