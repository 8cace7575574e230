"""
A local HTTP server that speaks the Messages API: it plays a scene for each request and remembers what came in.

Scenes say exactly what happens on the wire: answers in pieces, refusals, streams that are cut, silence.
"""

from __future__ import annotations

import json
import select
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit

KEY = "sk-ant-only-for-tests-5f3a9c"
REQUEST_ID = "req_local_0001"
MODELS = ("claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-5-5")
#: Longest wait of a scene for a client that should leave.
PATIENCE_SECONDS = 20.0

Usage = dict[str, int]
USAGE: Usage = {
    "input_tokens": 1_000,
    "output_tokens": 1,
    "cache_creation_input_tokens": 200,
    "cache_read_input_tokens": 300,
}


@dataclass(frozen=True)
class Request:
    """One request as it came in; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def rules(self) -> str:
        """Return the system prompt."""
        return "".join(block["text"] for block in self.body["system"])

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """Return the content of the only message."""
        (message,) = self.body["messages"]
        return list(message["content"])

    def document(self, title: str) -> str:
        """Return the text of the document block of that title."""
        return str(next(block for block in self.blocks if block.get("title") == title)["source"]["data"])


class Stage:
    """What a scene can do with its request."""

    def __init__(self, handler: _Handler, request: Request) -> None:
        self._handler = handler
        self.request = request

    def answer_json(self, status: int, value: object, headers: Mapping[str, str] | None = None) -> None:
        """Send a whole answer."""
        data = json.dumps(value).encode()
        self._begin(status, {"content-type": "application/json", "content-length": str(len(data)), **(headers or {})})
        self.send_raw(data)

    def refuse(self, status: int, error_type: str, message: str = "refused", **headers: str) -> None:
        """Send an error; `headers` with underscores for hyphens."""
        body = {"type": "error", "error": {"type": error_type, "message": message}, "request_id": REQUEST_ID}
        self.answer_json(status, body, {name.replace("_", "-"): value for name, value in headers.items()})

    def open_stream(self, usage: Usage = USAGE) -> None:
        """Begin an answer in events."""
        self._begin(200, {"content-type": "text/event-stream"})
        message = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": self.request.body["model"],
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": usage,
        }
        self.send_event("message_start", message=message)
        self.send_event("content_block_start", index=0, content_block={"type": "text", "text": ""})

    def say(self, text: str) -> None:
        """Send a piece of text."""
        self.send_event("content_block_delta", index=0, delta={"type": "text_delta", "text": text})

    def stop(self, reason: str = "end_turn", *, output_tokens: int = 50) -> None:
        """End the answer in good order."""
        self.send_event("content_block_stop", index=0)
        delta = {"stop_reason": reason, "stop_sequence": None}
        self.send_event("message_delta", delta=delta, usage={"output_tokens": output_tokens})
        self.send_event("message_stop")

    def send_event(self, event: str, **fields: object) -> None:
        """Send one event of a stream."""
        self.send_raw(f"event: {event}\ndata: {json.dumps({'type': event, **fields})}\n\n".encode())

    def send_raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def stay_silent(self) -> None:
        """Say nothing until the client leaves."""
        self._handler.wait_for_the_client_to_leave()

    def cut(self) -> None:
        """Break the connection, so that the client sees a reset."""
        linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._handler.connection.close()

    def _begin(self, status: int, headers: Mapping[str, str]) -> None:
        self._handler.send_response(status)
        for name, value in {"request-id": REQUEST_ID, "connection": "close", **headers}.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()


Scene = Callable[[Stage], object]


class _Handler(BaseHTTPRequestHandler):
    server: _Listener

    def do_GET(self) -> None:
        request = self._take({})
        self.server.show_models(Stage(self, request))

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        request = self._take(json.loads(self.rfile.read(length)))
        scene = self.server.next_scene()
        try:
            scene(Stage(self, request))
        except OSError:  # the client left before the scene was over
            self.server.left.set()
        self.close_connection = True

    def wait_for_the_client_to_leave(self) -> None:
        readable, _, _ = select.select([self.connection], [], [], PATIENCE_SECONDS)
        if readable and not self.connection.recv(1, socket.MSG_PEEK):
            self.server.left.set()

    def _take(self, body: dict[str, Any]) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body)
        self.server.requests.append(request)
        return request

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """The requests are kept; nothing is printed."""


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, scenes: list[Scene], *, models: tuple[str, ...], aliases: tuple[str, ...], key: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[Request] = []
        self.left = threading.Event()
        self._models = models
        self._aliases = aliases
        self._key = key
        self._scenes = scenes
        self._lock = threading.Lock()
        self._played = 0

    def next_scene(self) -> Scene:
        """Return the scene of the next request; the last one is played again and again."""
        with self._lock:
            scene = self._scenes[min(self._played, len(self._scenes) - 1)]
            self._played += 1
            return scene

    def show_models(self, stage: Stage) -> None:
        """Answer as the Models API does: the list, or one model."""
        path = urlsplit(stage.request.path).path
        name = unquote(path.removeprefix("/v1/models").strip("/"))
        if stage.request.headers.get("authorization") != f"Bearer {self._key}":
            stage.refuse(401, "authentication_error")
        elif not name:
            models = [_model(model) for model in self._models]
            stage.answer_json(200, {"data": models, "has_more": False, "first_id": None, "last_id": None})
        elif name in (*self._models, *self._aliases):
            stage.answer_json(200, _model(name))
        else:
            stage.refuse(404, "not_found_error")


class MessagesServer:
    """
    The server; `requests` are those of all connections, in order.

    Args:
        scenes: one for each request, in order; the last one is played again and again.
        models: ids that the Models API lists; it knows the aliases too.
        key: the one that the Models API accepts.
    """

    def __init__(
        self, *scenes: Scene, models: tuple[str, ...] = MODELS, aliases: tuple[str, ...] = (), key: str = KEY
    ) -> None:
        self._listener = _Listener(list(scenes), models=models, aliases=aliases, key=key)
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True)
        self.url = f"http://127.0.0.1:{self._listener.server_port}"

    @property
    def requests(self) -> list[Request]:
        """Return what came in so far."""
        return list(self._listener.requests)

    @property
    def calls(self) -> list[Request]:
        """Return the requests for messages, without those for models."""
        return [request for request in self.requests if request.method == "POST"]

    @property
    def left(self) -> threading.Event:
        """Set once a client has left in the middle of an answer."""
        return self._listener.left

    def __enter__(self) -> MessagesServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()


def _model(name: str) -> dict[str, Any]:
    supported = {"supported": True}
    levels = dict.fromkeys(("low", "medium", "high", "xhigh", "max"), supported)
    return {
        "id": name,
        "type": "model",
        "display_name": name,
        "created_at": "2026-10-07T00:00:00Z",
        "lifecycle": "deprecated" if name.startswith("claude-old") else "active",
        "retires_at": "2026-12-31T00:00:00Z" if name.startswith("claude-old") else None,
        "capabilities": {"structured_outputs": supported, "effort": {"supported": True, **levels}},
    }


def text(*pieces: str, reason: str = "end_turn", output_tokens: int = 50) -> Scene:
    """Play an answer in pieces."""

    def scene(stage: Stage) -> None:
        stage.open_stream()
        for piece in pieces:
            stage.say(piece)
        stage.stop(reason, output_tokens=output_tokens)

    return scene


def structured(value: object) -> Scene:
    """Play an answer that is JSON, cut into pieces that respect no boundary."""
    whole = json.dumps(value, ensure_ascii=False)
    return text(*(whole[start : start + 37] for start in range(0, len(whole), 37)))


def refusal(status: int, error_type: str, message: str = "refused", **headers: str) -> Scene:
    """Play an error instead of an answer."""
    return lambda stage: stage.refuse(status, error_type, message, **headers)


def broken(*pieces: str, error: Mapping[str, str] | None = None) -> Scene:
    """Play an answer that is cut after these pieces: by a reset or, if given, by an event that says why."""

    def scene(stage: Stage) -> None:
        stage.open_stream()
        for piece in pieces:
            stage.say(piece)
        if error is not None:
            stage.send_event("error", error=dict(error))
        else:
            stage.cut()

    return scene


def silent(*pieces: str) -> Scene:
    """Play an answer that goes silent after these pieces, until the client leaves; with none, before it begins."""

    def scene(stage: Stage) -> None:
        if pieces:
            stage.open_stream()
            for piece in pieces:
                stage.say(piece)
        stage.stay_silent()

    return scene


def gated(gate: threading.Event, before: str, after: str) -> Scene:
    """Play an answer that waits at a gate in its middle."""

    def scene(stage: Stage) -> None:
        stage.open_stream()
        stage.say(before)
        gate.wait(PATIENCE_SECONDS)
        stage.say(after)
        stage.stop()

    return scene
