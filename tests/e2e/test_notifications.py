"""Notifications on a real installation: two serving processes, Redis between them, a mail server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.instances import RedisInstance
from tests.mail_server import MailServer
from tests.servers import Person, Site
from tests.sockets import NotificationSocket, ProjectSocket
from tests.waiting import wait_until

GIVE_ADDRESSES = """
from django.db.models import F, Value
from django.db.models.functions import Concat
from proposals.models import User
User.objects.update(email=Concat(F("username"), Value("@exemple.fr")))
"""

pytestmark = [pytest.mark.e2e, pytest.mark.redis]


class Stage:
    """Two processes of one installation; each person may be at either."""

    def __init__(self, site: Site, urls: list[str], mail: MailServer) -> None:
        self.site = site
        self.mail = mail
        self.laptop, self.phone = (Person(url, "alice") for url in urls)
        self.bob = Person(urls[1], "bob")
        self.charlie = Person(urls[1], "charlie")
        self.project_id = self.laptop.projects()[0]["id"]

    def end_an_operation(self) -> str:
        """Run an analysis to its end; alice and her colleagues are told."""
        with ProjectSocket(self.laptop, self.project_id) as socket:
            socket.receive_snapshot()
            operation_id = self.laptop.start(self.project_id)
            assert socket.receive_end(operation_id)["status"] == "succeeded"
        return operation_id


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, demo_template: Path) -> Iterator[Stage]:
    directory: Path = tmp_path_factory.mktemp("notifications") / "site"
    shutil.copytree(demo_template, directory)
    redis = RedisInstance(directory)
    redis.start()
    with MailServer() as mail:
        site = Site(
            directory,
            REDIS_URL=redis.url,
            EMAIL_URL=mail.url,
            PUBLIC_URL="https://marches.exemple.fr",
            REALTIME_EMAIL_AFTER_MINUTES="0.02",
        )
        site.manage("shell", "--no-imports", "-c", GIVE_ADDRESSES)
        urls = [site.serve(*options)[1] for options in ((), ("--no-worker",))]
        yield Stage(site, urls, mail)
        site.close()
    redis.kill()


def of_rest(person: Person, query: str = "") -> dict[str, Any]:
    return dict(person.http.get(f"/notifications/{query}").raise_for_status().json())


def shown(socket: NotificationSocket) -> tuple[int, list[Any]]:
    return socket.state["unread_count"], socket.state["notifications"]


def test_two_devices_at_two_processes_stay_in_step(stage: Stage) -> None:
    with NotificationSocket(stage.laptop) as laptop, NotificationSocket(stage.phone) as phone:
        laptop.receive_snapshot()
        phone.receive_snapshot()
        operation_id = stage.end_an_operation()
        event = laptop.receive_until(lambda frame: frame["type"] == "notification")
        phone.receive_up_to(event["sequence"])
        assert (event["operation_id"], event["project_id"]) == (operation_id, stage.project_id)
        assert event["url"].startswith(f"/projects/{stage.project_id}/#")
        assert shown(laptop) == shown(phone)

        reply = phone.command(type="read", id=1, notification_ids=[event["notification_id"]])
        unread = event["unread_count"] - 1
        assert (reply["ok"], reply["result"]) == (True, {"unread_count": unread})
        laptop.receive_until(lambda frame: frame["type"] == "notification_read")
        phone.receive_up_to(laptop.state["sequence"])
        assert shown(laptop) == shown(phone)

        answer = stage.phone.http.post("/notifications/read/", json={"notification_ids": "all"}).raise_for_status()
        stage.end_an_operation()
        fresh = laptop.receive_until(lambda frame: frame["type"] == "notification")
        phone.receive_up_to(fresh["sequence"])

    page = of_rest(stage.laptop)
    assert answer.json() == {"unread_count": 0}
    assert shown(laptop) == shown(phone) == (1, page["results"])
    assert laptop.events == phone.events


def test_a_device_that_was_away_gets_what_it_missed_once(stage: Stage) -> None:
    with NotificationSocket(stage.laptop) as staying, NotificationSocket(stage.phone) as leaving:
        staying.receive_snapshot()
        leaving.receive_snapshot()
    stage.end_an_operation()
    stage.laptop.http.post("/notifications/read/", json={"notification_ids": "all"}).raise_for_status()
    stage.end_an_operation()

    epoch, since = leaving.state["epoch"], leaving.state["sequence"]
    # Back at the other process, which had nobody of this topic before.
    with NotificationSocket(stage.laptop, query=f"?since={since}&epoch={epoch}") as back:
        back.state = leaving.state
        welcome = back.receive()
        back.receive_up_to(welcome["head"])
    assert welcome["resumed"] is True
    assert [event["sequence"] for event in back.events] == list(range(since + 1, welcome["head"] + 1))
    kinds = [event["type"] for event in back.events]
    assert kinds.count("notification") == 2
    page = of_rest(stage.laptop)
    assert shown(back) == (page["unread_count"], page["results"])


def test_a_colleague_has_rows_of_their_own_and_another_company_none(stage: Stage) -> None:
    with NotificationSocket(stage.bob) as bob, NotificationSocket(stage.charlie) as charlie:
        bob.receive_snapshot()
        charlie.receive_snapshot()
        stage.end_an_operation()
        told = bob.receive_until(lambda frame: frame["type"] == "notification")
        stage.laptop.http.post("/notifications/read/", json={"notification_ids": "all"}).raise_for_status()
        foreign = charlie.command(type="read", notification_ids=[told["notification_id"]])
        state = charlie.command(type="status")

    assert told["notification_id"] in {row["notification_id"] for row in of_rest(stage.bob, "?unread=true")["results"]}
    assert told["notification_id"] not in {row["notification_id"] for row in of_rest(stage.laptop)["results"]}
    assert of_rest(stage.laptop)["unread_count"] == 0
    assert (foreign["ok"], foreign["result"]) == (True, {"unread_count": 0})
    assert state["result"]["notifications"] == of_rest(stage.charlie)["results"] == []
    assert charlie.events == []


def test_what_nobody_reads_comes_by_mail_from_one_of_the_processes(stage: Stage) -> None:
    for person in (stage.laptop, stage.bob):
        wish = {kind: {"email": True} for kind in ("completion", "error", "attention")}
        person.http.patch("/notifications/preferences/", json=wish).raise_for_status()
        person.http.post("/notifications/read/", json={"notification_ids": "all"}).raise_for_status()
    stage.mail.recipients.clear()
    stage.mail.mails.clear()
    stage.end_an_operation()

    addresses = ["alice@exemple.fr", "bob@exemple.fr"]
    wait_until(lambda: len(stage.mail.mails) >= 2, seconds=60, what="two digests")

    assert sorted(stage.mail.recipients) == addresses
    for mail in stage.mail.mails:
        body = mail.get_body(("plain",))
        assert body is not None
        assert f"https://marches.exemple.fr/projects/{stage.project_id}/#" in body.get_content()
    output = "".join(process.output for process in stage.site.processes)
    assert not [address for address in addresses if address in output]
