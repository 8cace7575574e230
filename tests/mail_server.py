"""A mail server on loopback that keeps what it is given, or misbehaves as told."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from email.message import EmailMessage
from types import TracebackType
from typing import Any


class MailServer(socketserver.ThreadingTCPServer):
    """
    Speaks as much SMTP as a client needs.

    `refuses` answers 550 to every recipient; `hangs_up` takes a mail and drops the connection without a word.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refuses = self.hangs_up = False
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> MailServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()

    def take(self, data: bytes) -> None:
        self.mails.append(email.message_from_bytes(data, policy=email.policy.default))


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 ready")
        for line in self.rfile:
            verb = line.decode().split(" ", 1)[0].strip().upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "DATA":
                if not self._take_mail():
                    return
            else:
                self._say(self._answer(verb, line.decode()))

    def _answer(self, verb: str, line: str) -> str:
        if verb != "RCPT":
            return "250 ok"
        if self.server.refuses:
            return "550 no such person"
        self.server.recipients.append(line.split("<")[1].split(">", maxsplit=1)[0])
        return "250 ok"

    def _take_mail(self) -> bool:
        self._say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        self.server.take(b"".join(lines))
        if not self.server.hangs_up:
            self._say("250 taken")
        return not self.server.hangs_up

    def _say(self, text: str) -> Any:
        return self.wfile.write(f"{text}\r\n".encode())
