"""T19: every way to lose access, with open sockets in two processes, and tokens that end."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.instances import RedisInstance
from tests.remote_shell import RemoteShell
from tests.servers import PASSWORD, Person, Site
from tests.sockets import ProjectSocket
from tests.waiting import wait_until
from tests.withdrawal import COMPANY, NEW_PROJECT, Browser, TwoServers

pytestmark = [pytest.mark.e2e, pytest.mark.redis]

#: Longest time to a close when the change says so.
AT_ONCE_SECONDS = 1.0
RECHECK_SECONDS = 2.0

FETCH = """
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from proposals.models import Company, Project, User
user = User.objects.filter(username={name!r})
elsewhere = Company.objects.exclude(name={company!r}).first()
project = Project.objects.filter(id={project_id!r})
"""
SAID = {
    "deactivated": "user = user.get(); user.is_active = False; user.save()",
    "deactivated, one field": "user = user.get(); user.is_active = False; user.save(update_fields=['is_active'])",
    "moved to another company": "user = user.get(); user.company = elsewhere; user.save()",
    "new password": "user = user.get(); user.set_password('une-phrase-neuve'); user.save()",
    "changepassword": (
        "import getpass; getpass.getpass = lambda **_: 'une-phrase-neuve'; call_command('changepassword', {name!r})"
    ),
    "signed out everywhere": "user.get().sign_out_everywhere()",
    "user deleted": "user.get().delete()",
    "project deleted": "project.get().delete()",
    "project moved": "project = project.get(); project.company = elsewhere; project.save()",
}
UNSAID = {
    "bulk update of is_active": "user.update(is_active=False)",
    "bulk update of the password": "user.update(password=make_password('une-phrase-neuve'))",
    "company by SQL": (
        "cursor = connection.cursor();"
        "cursor.execute('UPDATE proposals_user SET company_id = %s WHERE username = %s', [elsewhere.pk.hex, {name!r}])"
    ),
    "project deleted in bulk": "project.delete()",
}


def make_servers(directory: Path, template: Path, redis: RedisInstance, recheck_seconds: float) -> TwoServers:
    site = Site(shutil.copytree(template, directory / f"site-{recheck_seconds:g}"))
    site.env |= {
        "REDIS_URL": redis.url,
        "REALTIME_PREFIX": f"recheck-{recheck_seconds:g}",
        "REALTIME_RECHECK_SECONDS": str(recheck_seconds),
    }
    return TwoServers(site, redis)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisInstance]:
    instance = RedisInstance(tmp_path_factory.mktemp("redis"))
    instance.start()
    yield instance
    instance.kill()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, demo_template: Path, redis: RedisInstance) -> Iterator[TwoServers]:
    """Processes that would check by themselves in an hour only."""
    servers = make_servers(tmp_path_factory.mktemp("told"), demo_template, redis, 3600)
    yield servers
    servers.close()


@pytest.fixture(scope="module")
def untold(tmp_path_factory: pytest.TempPathFactory, demo_template: Path, redis: RedisInstance) -> Iterator[TwoServers]:
    """Processes that check every other second."""
    servers = make_servers(tmp_path_factory.mktemp("untold"), demo_template, redis, RECHECK_SECONDS)
    yield servers
    servers.close()


def measure(servers: TwoServers, change: str) -> float:
    """Carry out a change in the third process; return the seconds until both sockets were closed."""
    name, project_id = f"p-{uuid.uuid4().hex[:8]}", str(uuid.uuid4())
    servers.shell.run(NEW_PROJECT.format(project_id=project_id, company=COMPANY))
    sockets = servers.join(servers.new_user(name), project_id)
    names = {"name": name, "project_id": project_id, "company": COMPANY}

    changed_at = servers.shell.run((FETCH + change).format(**names))

    took = servers.wait_for_closes(sockets, since=changed_at, seconds=20)
    servers.assert_colleagues_stay()
    return took


def test_what_is_said_closes_sockets_in_both_processes_at_once(
    told: TwoServers, note_figure: Callable[..., None]
) -> None:
    took = {what: measure(told, change) for what, change in SAID.items()}

    slowest = max(took, key=lambda what: took[what])
    measured = f"{len(took)} ways, slowest {took[slowest]:.2f} s ({slowest})"
    note_figure("T19", "withdrawn in a third process", asked=f"<= {AT_ONCE_SECONDS:g} s", measured=measured)
    assert took[slowest] <= AT_ONCE_SECONDS, took


def test_log_outs_close_sockets_in_both_processes_at_once(told: TwoServers, note_figure: Callable[..., None]) -> None:
    person = told.new_user("sortante")
    sockets = told.join(person, told.project_id)
    started = time.time()
    person.http.post("/auth/token/blacklist/", json={"refresh": person.refresh}).raise_for_status()
    took = {"tokens": told.wait_for_closes(sockets, since=started, seconds=20)}

    browser = Browser(told.urls[0], "sortante")
    sockets = []
    for url in told.urls:
        person.url = url
        query = f"?ticket={browser.new_ticket()}"
        sockets.append(ProjectSocket(person, told.project_id, query=query, additional_headers={}).receive_snapshot())
    started = time.time()
    browser.log_out()
    took["pages"] = told.wait_for_closes(sockets, since=started, seconds=20)

    measured = ", ".join(f"{what} {seconds:.2f} s" for what, seconds in took.items())
    note_figure("T19", "logged out (with the request)", asked=f"<= {AT_ONCE_SECONDS:g} s", measured=measured)
    assert max(took.values()) <= AT_ONCE_SECONDS


def test_what_is_changed_behind_our_back_is_found_by_the_next_check(
    untold: TwoServers, note_figure: Callable[..., None]
) -> None:
    took = {what: measure(untold, change) for what, change in UNSAID.items()}

    slowest = max(took, key=lambda what: took[what])
    asked = f"<= {RECHECK_SECONDS + 1:g} s (REALTIME_RECHECK_SECONDS {RECHECK_SECONDS:g} + 1)"
    measured = f"{len(took)} ways, slowest {took[slowest]:.2f} s ({slowest})"
    note_figure("T19", "changed behind our back", asked=asked, measured=measured)
    assert took[slowest] <= RECHECK_SECONDS + 1, took


LIFE_SECONDS, GRACE_SECONDS = 8, 4
PUBLISH = """
from proposals.models import Project
from realtime.events import Error
from realtime.progress import publish_to_project
publish_to_project(Error(project_id={project_id!r}, operation="x", error="Non."))
"""


def test_a_token_that_ends_leaves_a_grace_in_which_a_refresh_loses_nothing(
    make_site: Callable[..., Site], note_figure: Callable[..., None]
) -> None:
    site = make_site(ACCESS_TOKEN_SECONDS=str(LIFE_SECONDS), REALTIME_TOKEN_GRACE_SECONDS=str(GRACE_SECONDS))
    url = site.serve("--no-worker")[1]
    shell = RemoteShell(site.env)
    long_lived = Person(url, "alice")
    project_id = long_lived.projects()[0]["id"]
    signed_in_at = time.time()
    alice = Person(url, "alice")
    late, gone = (ProjectSocket(alice, project_id).receive_snapshot() for _ in range(2))
    wait_until(lambda: time.time() > signed_in_at + LIFE_SECONDS + 1, seconds=60)

    shell.run(PUBLISH.format(project_id=project_id))
    assert late.receive_until(lambda frame: "operation_id" in frame)["sequence"] == 1
    assert late.command(type="status", id=1)["error"]["code"] == "token_expired"
    fresh = alice.http.post("/auth/token/", json={"username": "alice", "password": PASSWORD}).json()
    assert late.command(type="refresh", id=2, token=fresh["access"])["ok"]
    closing, code = gone.receive_close()
    ended_after = time.time() - signed_in_at
    shell.run(PUBLISH.format(project_id=project_id))

    assert late.receive_until(lambda frame: "operation_id" in frame)["sequence"] == 2
    assert closing is not None
    assert (closing["code"], code, closing["reconnect"]) == ("token_expired", 1008, True)
    assert [event["sequence"] for event in gone.events] == [1]
    assert ended_after >= LIFE_SECONDS + GRACE_SECONDS - 1
    measured = f"events to the end; closed {ended_after - LIFE_SECONDS:.1f} s after exp; the refreshed one went on"
    note_figure("T19", "token ends", asked=f"grace of {GRACE_SECONDS} s, no gap", measured=measured)
    shell.close()
