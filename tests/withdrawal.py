"""Two serving processes and a third that withdraws access: who is closed, and after how long."""

from __future__ import annotations

import copy
import re
import time
from typing import Any

import httpx

from realtime import topics
from tests.instances import RedisInstance
from tests.remote_shell import RemoteShell
from tests.servers import PASSWORD, Person, Site
from tests.sockets import ProjectSocket
from tests.waiting import wait_until

COMPANY = "Atelier Numérique Rivoli"
NEW_USER = """
from proposals.models import Company, User
User.objects.create_user({name!r}, password={password!r}, company=Company.objects.get(name={company!r}))
"""
NEW_PROJECT = """
from proposals.models import Company, Project
Project.objects.create(id={project_id!r}, title="Un marché", company=Company.objects.get(name={company!r}))
"""


class TwoServers:
    """An installation with two serving processes on Redis, and a shell in a third process."""

    def __init__(self, site: Site, redis: RedisInstance) -> None:
        self.site = site
        self.urls = [site.serve("--no-worker")[1] for _ in range(2)]
        self.shell = RemoteShell(site.env)
        self.alice = Person(self.urls[0], "alice")
        self.project_id = self.alice.projects()[0]["id"]
        # They keep both processes listening.
        self.colleagues = self.join(self.alice, self.project_id)
        wait_until(lambda: _listeners(redis) >= len(self.urls), what="both processes to listen")

    def new_user(self, name: str) -> Person:
        """Return a new colleague, signed in by JWT."""
        self.shell.run(NEW_USER.format(name=name, password=PASSWORD, company=COMPANY))
        return Person(self.urls[0], name)

    def join(self, person: Person, project_id: str) -> list[ProjectSocket]:
        """Return a live socket of a person in each process."""
        people = [copy.copy(person) for _ in self.urls]
        for somebody, url in zip(people, self.urls, strict=True):
            somebody.url = url
        return [ProjectSocket(somebody, project_id).receive_snapshot() for somebody in people]

    def wait_for_closes(self, sockets: list[ProjectSocket], *, since: float, seconds: float) -> float:
        """Return how long after an instant of the clock the last of these was closed for `access_revoked`."""
        for socket in sockets:
            frame, code = socket.receive_close(seconds=seconds)
            assert frame is not None
            assert (frame["type"], frame.get("code"), code) == ("closing", "access_revoked", 1008)
        return time.time() - since

    def assert_colleagues_stay(self) -> None:
        """Alice's sockets are as alive as before."""
        for socket in self.colleagues:
            socket.connection.send("ping")
            assert socket.connection.recv(timeout=20) == "pong"

    def close(self) -> None:
        """End all processes."""
        self.shell.close()
        self.site.close()


class Browser:
    """Somebody signed in to the pages, without a browser."""

    def __init__(self, url: str, username: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=30)
        self._post("/connexion/", username=username, password=PASSWORD)

    def new_ticket(self) -> str:
        """Return a ticket of this session."""
        headers = {"X-CSRFToken": self._http.cookies["csrftoken"]}
        answer = self._http.post("/api/realtime/tickets/", headers=headers)
        return str(answer.raise_for_status().json()["ticket"])

    def log_out(self) -> None:
        """Press the button."""
        self._post("/deconnexion/", page="/")

    def _post(self, address: str, *, page: str = "", **fields: str) -> None:
        form = self._http.get(page or address, follow_redirects=True).text
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        assert found
        assert self._http.post(address, data={"csrfmiddlewaretoken": found[1], **fields}).status_code == 302


def _listeners(redis: RedisInstance) -> int:
    with redis.client() as client:
        channels: Any = client.pubsub_channels(f"*{topics.CONTROL}*")
        counts: Any = client.pubsub_numsub(*channels) if channels else []
    return sum(count for _, count in counts)
