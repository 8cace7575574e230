"""
The socket of a project, as long as somebody reads it: connects, resumes after a loss, keeps the token fresh.

Source: PROTOCOL.md.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, InvalidURI, WebSocketException

from realtime.close_codes import PRIVATE_CODE_OFFSET, CloseCode, Reason
from realtime.terminal.address import with_query
from realtime.terminal.backoff import Backoff
from realtime.terminal.errors import InvalidAddress, NotThisService, ServerUnreachable, SocketRefused, TerminalError
from realtime.terminal.fold import Frame, State, empty_state, fold
from realtime.terminal.tokens import TokenProvider

#: After this many silent heartbeats the server is asked for a sign of life; after as many more the link is dead.
PATIENCE_HEARTBEATS = 1.2
#: A notice this soon after a refresh means that tokens are shorter than the notice: take half of their life.
SOON_AFTER_REFRESH_SECONDS = 5.0
#: Longest wait for the connection and for its first frame.
OPEN_TIMEOUT_SECONDS = 10.0
#: A dead peer answers no close frame; this is how long the client waits for one.
CLOSE_TIMEOUT_SECONDS = 1.0
#: A connection that lived this long was good: the next loss is a first failure again.
STABLE_SECONDS = 5.0
#: Biggest frame taken; a snapshot may carry the text of many sections.
MAX_FRAME_BYTES = 16 * 1024 * 1024

#: Servers whose library may not send the standard code add an offset to it.
_FINAL_CODES = (CloseCode.POLICY, CloseCode.POLICY + PRIVATE_CODE_OFFSET)

#: What a lost connection raises, here and in websockets.
_LOSSES = (OSError, TimeoutError, WebSocketException, ServerUnreachable)


@dataclass(frozen=True)
class Connection:
    """How the connection is; `wait_seconds` until the next try, for `waiting`."""

    state: Literal["connecting", "live", "waiting", "closed"]
    wait_seconds: float = 0.0


def ignore_connection(connection: Connection) -> None:
    """Take no notice of how the connection is."""


class ProjectSocket:
    """
    Follows one project.

    Args:
        url: of the socket, without query.
        get_token: gives the access token, and a fresh one when the server announces the end of the last.
        on_connection: told whenever the connection changes.
        use_proxy: whether the proxy of the environment stands between.
        backoff: waits between two tries.
    """

    def __init__(
        self,
        *,
        url: str,
        get_token: TokenProvider,
        on_connection: Callable[[Connection], None] = ignore_connection,
        use_proxy: bool = False,
        backoff: Backoff | None = None,
    ) -> None:
        self._url = url
        self._get_token = get_token
        self._on_connection = on_connection
        self._use_proxy = use_proxy
        self._backoff = backoff or Backoff()
        #: All frames so far, folded.
        self.state: State = empty_state()
        self._was_live = False
        self._token_spent = False
        self._live_since: float | None = None
        self._patience_seconds = OPEN_TIMEOUT_SECONDS
        self._closing: Frame | None = None
        self._refreshing: asyncio.Task[None] | None = None
        self._refreshed_at = -SOON_AFTER_REFRESH_SECONDS

    async def frames(self) -> AsyncGenerator[Frame, None]:
        """
        Yield every JSON frame received, across all connections, until the server refuses for good.

        `state` is folded before a frame is yielded. Close the iterator (`contextlib.aclosing`) to close the socket.

        Raises:
            ServerUnreachable, NotThisService, InvalidAddress: the first connection failed.
            SocketRefused: the server does not want this socket back.
            TerminalError: there is no token.
        """
        while True:
            try:
                async with self._open() as socket:
                    while True:
                        frame = await self._receive(socket)
                        if frame is not None:
                            yield frame
            except _LOSSES as loss:
                self._judge(loss)
            await self._pause()

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[ClientConnection]:
        self._on_connection(Connection("connecting"))
        self._closing = None
        self._patience_seconds = OPEN_TIMEOUT_SECONDS
        token = await self._get_token(fresh=self._token_spent)
        self._token_spent = False
        try:
            async with connect(
                self._resume_url(),
                additional_headers={"Authorization": f"Bearer {token}"},
                proxy=True if self._use_proxy else None,
                compression=None,
                open_timeout=OPEN_TIMEOUT_SECONDS,
                close_timeout=CLOSE_TIMEOUT_SECONDS,
                ping_interval=None,  # the silence of the protocol itself is watched
                max_size=MAX_FRAME_BYTES,
            ) as socket:
                yield socket
        finally:
            if self._refreshing is not None:
                self._refreshing.cancel()

    def _resume_url(self) -> str:
        if not self.state["epoch"]:
            return self._url
        return with_query(self._url, since=self.state["sequence"], epoch=self.state["epoch"])

    async def _receive(self, socket: ClientConnection) -> Frame | None:
        frame = _decode(await self._hear(socket))
        if frame is not None:
            self.state = fold(self.state, frame)
            self._obey(frame, socket)
        return frame

    async def _hear(self, socket: ClientConnection) -> str | bytes:
        try:
            return await asyncio.wait_for(socket.recv(), self._patience_seconds)
        except TimeoutError:
            await socket.send("ping")
            return await asyncio.wait_for(socket.recv(), self._patience_seconds)

    def _obey(self, frame: Frame, socket: ClientConnection) -> None:
        if frame["type"] == "welcome":
            self._patience_seconds = PATIENCE_HEARTBEATS * frame["heartbeat_seconds"]
            self._was_live = True
            self._live_since = time.monotonic()
            self._on_connection(Connection("live"))
        elif frame["type"] == "closing":
            self._closing = frame
        elif frame["type"] == "token_expiring":
            self._refreshing = asyncio.create_task(self._refresh(socket, seconds_left=frame["seconds"]))

    async def _refresh(self, socket: ClientConnection, *, seconds_left: float) -> None:
        if time.monotonic() - self._refreshed_at < SOON_AFTER_REFRESH_SECONDS:
            await asyncio.sleep(seconds_left / 2)
        self._refreshed_at = time.monotonic()
        try:
            token = await self._get_token(fresh=True)
            await socket.send(json.dumps({"type": "refresh", "id": "refresh", "token": token}))
        except (*_LOSSES, TerminalError):
            return  # the server closes at the end of the token; the next connection asks again, and says so

    def _judge(self, loss: Exception) -> None:
        """Decide whether a lost connection is opened again."""
        code = self._reason_to_stay_away(loss)
        if code == Reason.TOKEN_EXPIRED:
            self._token_spent = True
        elif code is not None:
            self._on_connection(Connection("closed"))
            raise SocketRefused(code) from loss
        elif not self._was_live and self._closing is None:
            raise _first_failure(loss, self._url) from loss

    def _reason_to_stay_away(self, loss: Exception) -> str | None:
        """Return the code of the refusal that ended a connection; None when it was merely lost."""
        if self._closing is not None:
            final = not self._closing["reconnect"] or self._closing["code"] == Reason.TOKEN_EXPIRED
            return str(self._closing["code"]) if final else None
        received = loss.rcvd if isinstance(loss, ConnectionClosed) else None
        return received.reason or str(received.code) if received and received.code in _FINAL_CODES else None

    async def _pause(self) -> None:
        if self._live_since is not None and time.monotonic() - self._live_since >= STABLE_SECONDS:
            self._backoff.reset()
        self._live_since = None
        asked_seconds = ((self._closing or {}).get("retry_after_ms") or 0) / 1000
        seconds = max(asked_seconds, self._backoff.next_seconds())
        self._on_connection(Connection("waiting", seconds))
        await asyncio.sleep(seconds)


def _first_failure(loss: Exception, url: str) -> TerminalError:
    if isinstance(loss, ServerUnreachable):
        return loss
    if isinstance(loss, InvalidURI):
        return InvalidAddress(url)
    parts = urlsplit(url)
    server = f"{parts.scheme.replace('ws', 'http')}://{parts.netloc}"
    answered = isinstance(loss, InvalidStatus) and loss.response.status_code < 500
    return NotThisService(server) if answered else ServerUnreachable(server)


def _decode(data: str | bytes) -> Frame | None:
    """Return a JSON frame; None for everything else a later version of the server may send."""
    try:
        frame = json.loads(data)
    except ValueError:
        return None
    return frame if isinstance(frame, dict) and isinstance(frame.get("type"), str) else None
