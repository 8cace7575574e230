"""
The main job from end to end, as a user of REST and the WebSocket does it: a project, an RC, the four operations live,
the documents at the end.

Source: the REST API (`/api/docs/`); realtime/PROTOCOL.md.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
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
from realtime.terminal.fold import FINISHED, Frame, State
from realtime.terminal.tokens import SignedInUser, open_http
from realtime.terminal.wording import to_printable

#: A user of the demo data.
USERNAME = "alice"
PROJECT_TITLE = "Démonstration : du règlement de la consultation au mémoire technique"
#: The operations in their order; the last one makes the documents.
KINDS = tuple(str(kind) for kind in Operation.Kind)
#: Who answers with a library of one's own, as long as no name is given.
ANY_COMPANY = "Votre entreprise"
#: The files that a library is made of.
LIBRARY_SUFFIXES = frozenset({".md", ".markdown", ".docx", ".pdf", ".txt"})


class DemoFailed(Exception):
    """The demo cannot go on; the text is one sentence for the terminal."""


@dataclass(frozen=True)
class Order:
    """
    What a demo is to do.

    Args:
        rc: the PDF.
        out: where the documents go; it is made if need be.
        library: a folder or file to use as content library instead of the demo's.
        company: who answers; the documents carry this name.
    """

    rc: Path
    out: Path
    library: Path | None = None
    company: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came out: the analysis, the result of each operation by its kind, the files that were written."""

    analysis: RCAnalysisResult
    results: Mapping[str, Mapping[str, Any]]
    files: Sequence[Path]


class View(Protocol):
    """Who watches the demo."""

    def say(self, sentence: str) -> None:
        """A stage begins."""

    def show_connection(self, connection: Connection) -> None:
        """The socket's connection has changed."""

    def show_frame(self, frame: Frame, state: State) -> None:
        """A frame has come; `state` holds it."""


async def run(order: Order, view: View) -> Outcome:
    """
    Run the four operations on a server of its own, and bring their documents.

    Raises:
        DemoFailed: with the sentence to show.
    """
    check_file(order.rc)
    files = [] if order.library is None else find_library_files(order.library)
    make_folder(order.out)
    view.say("Démarrage d’un serveur de démonstration…")
    try:
        async with run_scratch_server(with_library=order.library is None, company=_name_company(order)) as url:
            return await _work(url, order, files, view)
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


def find_library_files(library: Path) -> list[Path]:
    """
    Return the documents of a folder and its folders, or the one file, in the order of their names.

    Raises:
        DemoFailed: there is none.
    """
    if not library.exists():
        raise DemoFailed(f"La bibliothèque {library} n’existe pas.")
    candidates = [library] if library.is_file() else sorted(library.rglob("*"))
    files = [path for path in candidates if path.is_file() and path.suffix.lower() in LIBRARY_SUFFIXES]
    if not files:
        raise DemoFailed(f"La bibliothèque {library} ne contient aucun fichier DOCX, PDF ou Markdown.")
    return files


def make_folder(out: Path) -> None:
    """
    Make the folder of the documents, so that a bad place is told before any work is done.

    Raises:
        DemoFailed: with the sentence to show.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / f".{uuid.uuid4().hex}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise DemoFailed(f"Impossible d’écrire dans le dossier {out}.") from error


def _name_company(order: Order) -> str:
    """Somebody's own documents must not carry the name of the demo's company."""
    return order.company or (ANY_COMPANY if order.library else "")


async def _work(url: str, order: Order, library: Sequence[Path], view: View) -> Outcome:
    address = parse_address(url)
    async with open_http(address) as http:
        user = SignedInUser(http, username=USERNAME, password=demo_data.PASSWORD)
        api = Api(http, user)
        for file in library:
            await _import(file, api, view)
        project_id = await api.create_project(PROJECT_TITLE)
        view.say(f"Envoi de {order.rc.name}…")
        await api.upload(project_id, order.rc)
        socket = ProjectSocket(
            url=address.project_socket(project_id), get_token=user, on_connection=view.show_connection
        )
        await _follow(socket, api, project_id, view)
        results = {entry["kind"]: await api.read_result(entry) for entry in socket.state["operations"]}
        files = await _bring(results[KINDS[-1]], api, order.out)
        return Outcome(analysis=await api.read_analysis(project_id), results=results, files=files)


async def _import(file: Path, api: Api, view: View) -> None:
    """Take a file into the library; one that cannot be read is told, and the demo goes on."""
    try:
        total = await api.import_file(file)
        view.say(f"Bibliothèque : {file.name}, {total} passage{'s' if total > 1 else ''}")
    except DemoFailed as failure:
        view.say(f"Bibliothèque : {file.name} laissé de côté. {failure}")


async def _follow(socket: ProjectSocket, api: Api, project_id: uuid.UUID, view: View) -> None:
    """Start the operations once the socket is open, and read until the last one ends."""
    is_started = False
    async with aclosing(socket.frames()) as frames:
        async for frame in frames:
            view.show_frame(frame, socket.state)
            if not is_started and frame["type"] == "snapshot":
                await api.run_everything(project_id)
                is_started = True
            ended = [entry for entry in socket.state["operations"] if entry["status"] in FINISHED]
            for entry in ended:
                _check_outcome(entry)
            if any(entry["kind"] == KINDS[-1] for entry in ended):
                return


def _check_outcome(operation: dict[str, Any]) -> None:
    if operation["status"] != Operation.Status.SUCCEEDED:
        error = operation["error"] or {"error": "raison inconnue."}
        label = Operation.Kind(operation["kind"]).label
        raise DemoFailed(f"« {label} » n’a pas abouti : {to_printable(error['error'])}")


async def _bring(result: Mapping[str, Any], api: Api, out: Path) -> list[Path]:
    """Write the documents into the folder; one of the same name is replaced."""
    files = []
    for document in result["documents"]:
        file = out / Path(document["filename"]).name
        file.write_bytes(await api.download(document["id"]))
        files.append(file)
    return files


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

    async def import_file(self, file: Path) -> int:
        """Take a file into the library and return how many passages it brought."""
        with file.open("rb") as content:
            answer = await self._call("POST", "/api/library/imports/", files={"file": (file.name, content)})
        if answer["status"] != "succeeded":
            raise DemoFailed(to_printable(answer["error"]["error"]))
        return int(answer["created_total"])

    async def run_everything(self, project_id: uuid.UUID) -> None:
        """Start the first operation; the others follow."""
        key = {"Idempotency-Key": uuid.uuid4().hex}
        await self._call("POST", f"/api/projects/{project_id}/run/", headers=key)

    async def read_result(self, operation: Mapping[str, Any]) -> dict[str, Any]:
        """Return the whole result of an operation of the socket's state."""
        result = dict(operation["result"])
        return dict((await self._call("GET", result["result_url"]))["result"]) if "result_url" in result else result

    async def download(self, document_id: str) -> bytes:
        """Return a produced document."""
        return (await self._send("GET", f"/api/generated/{document_id}/download/")).content

    async def read_analysis(self, project_id: uuid.UUID) -> RCAnalysisResult:
        """Return the stored analysis."""
        answer = await self._call("GET", f"/api/projects/{project_id}/analysis/")
        try:
            return RCAnalysisResult.model_validate(answer["result"])
        except (KeyError, ValidationError) as error:
            raise DemoFailed("L’analyse rendue par le serveur n’a pas la forme attendue.") from error

    async def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        return dict((await self._send(method, path, **options)).json())

    async def _send(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **body: Any
    ) -> httpx.Response:
        token = await self._user(fresh=False)
        sent = {**(headers or {}), "Authorization": f"Bearer {token}"}
        answer = await self._http.request(method, path, headers=sent, **body)
        if answer.is_error:
            raise DemoFailed(_sentence_of(answer))
        return answer


def _sentence_of(answer: httpx.Response) -> str:
    try:
        error = answer.json()["error"]
        details = error["details"] or {}
        # A refused value says more than "some values are wrong".
        return to_printable(next((texts[0] for texts in details.values()), error["message"]))
    except (ValueError, KeyError, TypeError, IndexError):
        return f"Le serveur de démonstration a répondu par une erreur ({answer.status_code})."
