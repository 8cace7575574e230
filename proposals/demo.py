"""
The main job from end to end, as a user of REST and the WebSocket does it: a project, an RC, its analysis, live.

Source: the REST API (`/api/docs/`); realtime/PROTOCOL.md.
"""

from __future__ import annotations

import uuid
from contextlib import aclosing
from pathlib import Path
from typing import Any, Protocol

import httpx
from pydantic import ValidationError

from proposals import demo_data
from proposals.analysis import RCAnalysisResult
from proposals.models import Operation
from proposals.scratch_server import ServerDidNotStart, run_scratch_server
from realtime.terminal.address import parse_address
from realtime.terminal.client import Connection, ProjectSocket
from realtime.terminal.errors import TerminalError
from realtime.terminal.fold import FINISHED, Frame, State, find_operation
from realtime.terminal.tokens import SignedInUser, open_http
from realtime.terminal.wording import to_printable

#: A user of the demo data.
USERNAME = "alice"
PROJECT_TITLE = "Démonstration : analyse d’un règlement de la consultation"
KIND = Operation.Kind.RC_ANALYSIS


class DemoFailed(Exception):
    """The demo cannot go on; the text is one sentence for the terminal."""


class View(Protocol):
    """Who watches the demo."""

    def say(self, sentence: str) -> None:
        """A stage begins."""

    def show_connection(self, connection: Connection) -> None:
        """The socket's connection has changed."""

    def show_frame(self, frame: Frame, state: State) -> None:
        """A frame has come; `state` holds it."""


async def run(rc: Path, view: View) -> RCAnalysisResult:
    """
    Analyse an RC on a server of its own and return the analysis as REST gives it.

    Raises:
        DemoFailed: with the sentence to show.
    """
    check_file(rc)
    view.say("Démarrage d’un serveur de démonstration…")
    try:
        async with run_scratch_server() as url:
            return await _analyse(url, rc, view)
    except ServerDidNotStart as error:
        raise DemoFailed(f"Le serveur de démonstration n’a pas démarré ({to_printable(str(error))}).") from error
    except TerminalError as error:
        raise DemoFailed(str(error)) from error
    except httpx.TransportError as error:
        raise DemoFailed("Le serveur de démonstration ne répond plus.") from error


def check_file(rc: Path) -> None:
    """
    Refuse what is no readable file; whether it is a usable PDF is for the server to say.

    Raises:
        DemoFailed: with the sentence to show.
    """
    if not rc.exists():
        raise DemoFailed(f"Le fichier {rc} n’existe pas.")
    try:
        with rc.open("rb"):
            pass
    except OSError as error:
        raise DemoFailed(f"{rc} n’est pas un fichier lisible.") from error


async def _analyse(url: str, rc: Path, view: View) -> RCAnalysisResult:
    address = parse_address(url)
    async with open_http(address) as http:
        user = SignedInUser(http, username=USERNAME, password=demo_data.PASSWORD)
        api = Api(http, user)
        project_id = await api.create_project(PROJECT_TITLE)
        view.say(f"Envoi de {rc.name}…")
        await api.upload(project_id, rc)
        socket = ProjectSocket(
            url=address.project_socket(project_id), get_token=user, on_connection=view.show_connection
        )
        await _follow(socket, api, project_id, view)
        return await api.read_analysis(project_id)


async def _follow(socket: ProjectSocket, api: Api, project_id: uuid.UUID, view: View) -> None:
    """Start the analysis once the socket is open, and read until it ends."""
    operation_id = ""
    async with aclosing(socket.frames()) as frames:
        async for frame in frames:
            view.show_frame(frame, socket.state)
            if not operation_id and frame["type"] == "snapshot":
                operation_id = await api.start(project_id)
            operation = find_operation(socket.state, operation_id)
            if operation is not None and operation["status"] in FINISHED:
                _check_outcome(operation)
                return


def _check_outcome(operation: dict[str, Any]) -> None:
    if operation["status"] != Operation.Status.SUCCEEDED:
        error = operation["error"] or {"error": "raison inconnue."}
        raise DemoFailed(f"L’analyse n’a pas abouti : {to_printable(error['error'])}")


class Api:
    """
    The few REST calls of the demo.

    Each raises DemoFailed with the server's own sentence when the server refuses.
    """

    def __init__(self, http: httpx.AsyncClient, user: SignedInUser) -> None:
        self._http = http
        self._user = user

    async def create_project(self, title: str) -> uuid.UUID:
        """Create a project and return its id."""
        return uuid.UUID((await self._call("POST", "/api/projects/", json={"title": title}))["id"])

    async def upload(self, project_id: uuid.UUID, rc: Path) -> None:
        """Upload an RC."""
        path = f"/api/projects/{project_id}/documents/"
        with rc.open("rb") as file:
            await self._call("POST", path, files={"file": (rc.name, file)}, data={"kind": "rc"})

    async def start(self, project_id: uuid.UUID) -> str:
        """Start the analysis and return the operation's id."""
        path = f"/api/projects/{project_id}/operations/"
        key = {"Idempotency-Key": uuid.uuid4().hex}
        return str((await self._call("POST", path, json={"kind": KIND}, headers=key))["id"])

    async def read_analysis(self, project_id: uuid.UUID) -> RCAnalysisResult:
        """Return the stored analysis."""
        answer = await self._call("GET", f"/api/projects/{project_id}/analysis/")
        try:
            return RCAnalysisResult.model_validate(answer["result"])
        except (KeyError, ValidationError) as error:
            raise DemoFailed("L’analyse rendue par le serveur n’a pas la forme attendue.") from error

    async def _call(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **body: Any
    ) -> dict[str, Any]:
        token = await self._user(fresh=False)
        sent = {**(headers or {}), "Authorization": f"Bearer {token}"}
        answer = await self._http.request(method, path, headers=sent, **body)
        if answer.is_error:
            raise DemoFailed(_sentence_of(answer))
        return dict(answer.json())


def _sentence_of(answer: httpx.Response) -> str:
    try:
        error = answer.json()["error"]
        details = error["details"] or {}
        # A refused value says more than "some values are wrong".
        return to_printable(next((texts[0] for texts in details.values()), error["message"]))
    except (ValueError, KeyError, TypeError, IndexError):
        return f"Le serveur de démonstration a répondu par une erreur ({answer.status_code})."
