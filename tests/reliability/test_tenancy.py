"""T18 on sockets: three companies, three roles and a stranger at every project and every command of a real server."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.remote_shell import RemoteShell
from tests.servers import PASSWORD, Person, Site
from tests.sockets import Frame, ProjectSocket
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e

COMPANIES = ("amarante", "bergamote", "cardamome")
MAKE = """
from django.utils import timezone
from proposals.models import Company, Operation, Project, User
company = Company.objects.create(name="Entreprise {word}")
for role in ("member", "admin"):
    User.objects.create_user(f"{{role}}-{word}", password={password!r}, company=company, role=role)
project = Project.objects.create(id={project_id!r}, company=company, title="Marché {word}")
now = timezone.now()
Operation.objects.create(
    id={operation_id!r}, project=project, kind="rc_analysis", status="failed", attempt_limit=3,
    queued_at=now, created_at=now,
)
"""
SUPERUSER = """
from proposals.models import User
User.objects.create_superuser("superuser", password={password!r})
"""
PUBLISH = """
from realtime.events import Error
from realtime.progress import publish_to_project
publish_to_project(Error(project_id={project_id!r}, operation={word!r}, error="Seulement pour {word}."))
"""
#: Answers of any two sockets differ in these.
OWN_FIELDS = {"id", "session", "epoch"}


@dataclass(frozen=True)
class World:
    """One company with a project, an operation on it, and its two people."""

    word: str
    project_id: str
    operation_id: str
    people: tuple[Person, Person]

    def speaks_in(self, frames: list[Frame]) -> bool:
        """Whether frames hold anything of this company."""
        text = json.dumps(frames, ensure_ascii=False)
        return any(secret in text for secret in (self.word, self.project_id, self.operation_id))


class Stage:
    """A server with three companies."""

    def __init__(self, site: Site) -> None:
        self.url = site.serve("--no-worker")[1]
        self.shell = RemoteShell(site.env)
        self.worlds = [self._make(word) for word in COMPANIES]
        self.shell.run(SUPERUSER.format(password=PASSWORD))
        self.superuser = Person(self.url, "superuser")

    def _make(self, word: str) -> World:
        ids = {"project_id": str(uuid.uuid4()), "operation_id": str(uuid.uuid4())}
        self.shell.run(MAKE.format(word=word, password=PASSWORD, **ids))
        member, admin = (Person(self.url, f"{role}-{word}") for role in ("member", "admin"))
        return World(word, ids["project_id"], ids["operation_id"], (member, admin))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    site = Site(tmp_path_factory.mktemp("tenancy"), REALTIME_COMMANDS_BURST="10000")
    site.prepare(demo=False)
    stage = Stage(site)
    yield stage
    stage.shell.close()
    site.close()


def knock(person: Person, project_id: str, **options: Any) -> tuple[list[Frame], int]:
    """Return all that a socket hears which must be closed, and the close code."""
    with ProjectSocket(person, project_id, **options) as socket:
        _, code = socket.receive_close()
    return socket.frames, code


def test_nobody_opens_a_socket_on_another_company(stage: Stage, note_figure: Callable[..., None]) -> None:
    tried = 0
    nowhere = str(uuid.uuid4())
    for person, home in [*((p, w) for w in stage.worlds for p in w.people), (stage.superuser, None)]:
        missing = knock(person, nowhere)
        assert missing[0][0]["code"] == "forbidden"
        for world in (world for world in stage.worlds if world is not home):
            # Also with a position of that company's log, in every role of the credential.
            for query in ("", "?since=0&epoch=x"):
                assert knock(person, world.project_id, query=query) == missing
                tried += 1
    for project_id in (nowhere, *(world.project_id for world in stage.worlds)):
        frames, _ = knock(stage.superuser, project_id, additional_headers={})
        assert [frame["code"] for frame in frames] == ["token_missing"]
        tried += 1

    note_figure("T18", "sockets on others' projects", asked="0; same answer", measured=f"0 of {tried} opened")


def answers_to(socket: ProjectSocket, operation_id: str, token: str) -> list[Frame]:
    """Return the answers to every command that takes an id or a token, without what is the socket's own."""
    replies = [socket.command(type=kind, id=1, operation_id=operation_id) for kind in ("cancel", "retry")]
    replies.append(socket.command(type="refresh", id=1, token=token))
    return [{name: value for name, value in reply.items() if name not in OWN_FIELDS} for reply in replies]


def test_no_command_reaches_another_company_s_operation(stage: Stage, note_figure: Callable[..., None]) -> None:
    tried = 0
    for home, other in itertools.permutations(stage.worlds, 2):
        for person, foreigner in itertools.product(home.people, other.people):
            with ProjectSocket(person, home.project_id).receive_snapshot() as socket:
                foreign = answers_to(socket, other.operation_id, foreigner.token)
                missing = answers_to(socket, str(uuid.uuid4()), foreigner.token)
                status = socket.command(type="status", id=1)

            assert foreign == missing
            assert [reply["error"]["code"] for reply in foreign] == ["not_found", "not_found", "forbidden"]
            assert not other.speaks_in([*socket.frames, status])
            assert home.speaks_in(socket.frames)
            tried += len(foreign)

    note_figure("T18", "commands on others' operations", asked="0; same answer", measured=f"0 of {tried} taken")


def test_events_stay_in_their_company(stage: Stage, note_figure: Callable[..., None]) -> None:
    sockets = [
        (world, ProjectSocket(person, world.project_id).receive_snapshot())
        for world in stage.worlds
        for person in world.people
    ]
    rounds = 20
    for _ in range(rounds):
        for world in stage.worlds:
            stage.shell.run(PUBLISH.format(word=world.word, project_id=world.project_id))

    for world, socket in sockets:
        wait_until(lambda: socket.receive(seconds=30) and len(socket.events) == rounds)  # noqa: B023
        assert {event["project_id"] for event in socket.events} == {world.project_id}
        assert not any(other.speaks_in(socket.frames) for other in stage.worlds if other is not world)
        socket.connection.close()

    measured = f"0 of {rounds * len(sockets)} delivered"
    note_figure("T18", "events of three companies at once", asked="0 foreign messages", measured=measured)
