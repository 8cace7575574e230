"""
uvicorn's WebSocket protocol with bounds on what a client may pile up, and no traceback whatever it sends.

Source: RFC 6455 §5.4 (fragments), §5.5.3 (pongs), §8.1 (text that is no UTF-8).
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.protocol import State

from realtime import conf

#: Fragments of one message. Empty ones add nothing to its size, and would pile up for ever.
MAX_FRAGMENTS = 1024
#: Messages that may wait for the application beyond those after which it closes the socket for its flood.
SPARE_MESSAGES = 16


class StrictProtocol(WebSocketsSansIOProtocol):
    """A client that floods costs a bounded amount of memory; a client that breaks the rules is closed, in silence."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._owed_pong: list[bytes] = []
        # One read of the kernel may bring ten thousand tiny messages; after six bursts the consumer closes.
        self._most_unread = conf.get("COMMANDS_BURST") * 6 + SPARE_MESSAGES

    def handle_cont(self, event: Frame) -> None:
        """Take one more fragment, if they are not too many."""
        if len(self.frames) < MAX_FRAGMENTS:
            super().handle_cont(event)
        else:
            self._fail(CloseCode.MESSAGE_TOO_BIG, "too many fragments")

    def handle_ping(self) -> None:
        """Answer; a client that reads nothing is owed the newest pong only, else they would pile up here."""
        pongs = self.conn.data_to_send()
        if self.writable.is_set() or self.conn.state is not State.OPEN:
            self.transport.write(b"".join(pongs))
        else:
            self._owed_pong = pongs[-1:] or self._owed_pong

    def resume_writing(self) -> None:
        """Send the pong that the client is owed."""
        super().resume_writing()
        owed, self._owed_pong = self._owed_pong, []
        if owed and not self.close_sent and not self.transport.is_closing():
            self.transport.write(b"".join(owed))

    def send_receive_event_to_app(self) -> None:
        """Hand a whole message to the application; drop what it would refuse unread."""
        if self.queue.qsize() >= self._most_unread:
            self.frames = []
        elif self.curr_msg_data_type == "text" and not _is_utf8(b"".join(self.frames)):
            self._fail(CloseCode.INVALID_DATA, "no UTF-8")
        else:
            super().send_receive_event_to_app()

    def handle_parser_exception(self) -> None:
        """Close with the code that says what was wrong; before the handshake is answered, without one."""
        if self.conn.close_sent is None:
            self.transport.close()
        else:
            super().handle_parser_exception()

    def _fail(self, code: CloseCode, reason: str) -> None:
        self.frames = []
        if not self.close_sent:
            self.conn.fail(code, reason)
            self.handle_parser_exception()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
