"""`manage.py watch PROJECT`: follow the operations of a project of any running server, in the terminal."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from getpass import getpass
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from proposals.models import Operation
from realtime.terminal.address import ServerAddress, parse_address
from realtime.terminal.client import ProjectSocket
from realtime.terminal.errors import TerminalError
from realtime.terminal.fold import State
from realtime.terminal.follow import follow, is_finished, never
from realtime.terminal.screen import make_screen
from realtime.terminal.tokens import GivenToken, SignedInUser, TokenProvider, open_http
from realtime.terminal.wording import describe_step

DEFAULT_URL = "http://127.0.0.1:8000"
LABELS: dict[str, str] = dict(Operation.Kind.choices)


@dataclass(frozen=True)
class Credentials:
    """What opens the socket: a token, or a name and a password."""

    token: str = ""
    username: str = ""
    password: str = ""


class Command(BaseCommand):
    help = "Follow the operations of a project: progress, remaining time, errors. Resumes by itself; Ctrl-C ends it."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="id of the project (UUID)")
        parser.add_argument("--url", default=DEFAULT_URL, help=f"address of the server (default: {DEFAULT_URL})")
        parser.add_argument("--token", default="", help="access token; without it, name and password are asked for")
        parser.add_argument("--username", default="", help="name to sign in with; the password is asked for")
        parser.add_argument(
            "--until-finished",
            action="store_true",
            help="end once no operation waits or runs: exit 0 if the last one succeeded, else 1",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        project_id = _parse_project(options["project"])
        until = is_finished if options["until_finished"] else never
        try:
            address = parse_address(options["url"])
            credentials = _ask_credentials(options["token"], options["username"])
            state = asyncio.run(_watch(project_id, address, credentials, until=until))
        except KeyboardInterrupt:
            return
        except EOFError as error:
            raise CommandError("Indiquez --token, ou répondez aux questions dans un terminal.") from error
        except TerminalError as error:
            raise CommandError(str(error)) from error
        _raise_if_failed(state)


def _parse_project(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise CommandError(f"« {text} » n'est pas l'identifiant d'un projet (UUID).") from error


def _ask_credentials(token: str, username: str) -> Credentials:
    if token:
        return Credentials(token=token)
    name = username or input("Nom d'utilisateur : ")
    return Credentials(username=name, password=getpass("Mot de passe : "))


async def _watch(
    project_id: UUID, address: ServerAddress, credentials: Credentials, *, until: Callable[[State], bool]
) -> State:
    async with AsyncExitStack() as stack:
        get_token: TokenProvider = GivenToken(credentials.token)
        if not credentials.token:
            http = await stack.enter_async_context(open_http(address))
            get_token = SignedInUser(http, username=credentials.username, password=credentials.password)
        screen = stack.enter_context(make_screen(Console(), labels=LABELS))
        socket = ProjectSocket(
            url=address.project_socket(project_id),
            get_token=get_token,
            on_connection=screen.show_connection,
            use_proxy=not address.is_local,
        )
        return await follow(socket, screen, until=until)


def _raise_if_failed(state: State) -> None:
    last = max(state["operations"], key=lambda operation: str(operation["finished_at"]))
    if last["status"] != Operation.Status.SUCCEEDED:
        label = LABELS.get(last["kind"], last["kind"])
        raise CommandError(f"{label} : {describe_step(last)}")
