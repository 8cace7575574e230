"""Access that is withdrawn ends sockets in every process at once, not at the next periodic check."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.instances import RedisInstance
from tests.servers import Site
from tests.sockets import ProjectSocket
from tests.withdrawal import Browser, TwoServers

pytestmark = [pytest.mark.e2e, pytest.mark.redis]

DEACTIVATE = """
from proposals.models import User
user = User.objects.get(username="bernadette")
user.is_active = False
user.save()
"""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory, demo_template: Path) -> Iterator[TwoServers]:
    directory = tmp_path_factory.mktemp("withdrawn")
    redis = RedisInstance(directory)
    redis.start()
    site = Site(shutil.copytree(demo_template, directory / "site"))
    site.env |= {"REDIS_URL": redis.url, "REALTIME_RECHECK_SECONDS": "3600"}
    servers = TwoServers(site, redis)
    yield servers
    servers.close()
    redis.kill()


def test_sockets_of_two_processes_close_when_a_third_withdraws_access(servers: TwoServers) -> None:
    sockets = servers.join(servers.new_user("bernadette"), servers.project_id)

    withdrawn_at = servers.shell.run(DEACTIVATE)

    servers.wait_for_closes(sockets, since=withdrawn_at, seconds=20)
    servers.assert_colleagues_stay()


def test_a_log_out_over_rest_closes_the_sockets_of_that_log_in_alone(servers: TwoServers) -> None:
    person = servers.new_user("bertille")
    sockets = servers.join(person, servers.project_id)
    answer = person.http.post("/auth/token/", json={"username": "bertille", "password": "demo-tenderwire"})
    elsewhere = {"Authorization": f"Bearer {answer.json()['access']}"}
    other = ProjectSocket(person, servers.project_id, additional_headers=elsewhere).receive_snapshot()

    person.http.post("/auth/token/blacklist/", json={"refresh": person.refresh}).raise_for_status()

    servers.wait_for_closes(sockets, since=time.time(), seconds=20)
    assert person.http.get("/me/").status_code == 401
    assert other.command(type="status", id=1)["ok"]


def test_a_log_out_of_the_pages_closes_their_sockets_in_the_other_process(servers: TwoServers) -> None:
    person = servers.new_user("berthe")
    browser = Browser(servers.urls[0], "berthe")
    person.url = servers.urls[1]
    query = f"?ticket={browser.new_ticket()}"
    socket = ProjectSocket(person, servers.project_id, query=query, additional_headers={}).receive_snapshot()

    browser.log_out()

    servers.wait_for_closes([socket], since=time.time(), seconds=20)
