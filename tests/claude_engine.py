"""A Claude engine for tests: the real SDK, pointed at a local server, with a meter that remembers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from proposals.engines.claude.conversation import Conversation
from proposals.engines.claude.engine import ClaudeEngine
from proposals.engines.claude.metering import CallUsage
from proposals.engines.claude.options import Options
from proposals.engines.claude.streaming import Question
from proposals.exceptions import CancelRequested
from tests.messages_server import KEY, MessagesServer

LABEL = "Operation 0d9c6a52"


class RecordingMeter:
    """Keeps what calls used; refuses them when `refusing` is set."""

    def __init__(self) -> None:
        self.usages: list[CallUsage] = []
        self.refusing: Exception | None = None

    def admit(self) -> None:
        if self.refusing is not None:
            raise self.refusing

    def record(self, usage: CallUsage) -> None:
        self.usages.append(usage)


class Canceller:
    """A `check` that raises once it was asked to; remembers when."""

    def __init__(self) -> None:
        self.asked_at: float | None = None

    def cancel(self, *_: object) -> None:
        self.asked_at = time.monotonic()

    def __call__(self) -> None:
        if self.asked_at is not None:
            raise CancelRequested


def do_not_stop() -> None:
    """A `check` that lets the run go on."""


def options_for(server: MessagesServer, **changes: Any) -> Options:
    """Return options that reach the server, with few retries and short patience."""
    values = {"model": "claude-sonnet-5-5", "timeout_seconds": 20.0, "max_retries": 0, **changes}
    return Options(api_key=KEY, base_url=server.url, **values)


def make_conversation(
    server: MessagesServer,
    *,
    meter: RecordingMeter | None = None,
    check: Callable[[], None] = do_not_stop,
    **options: Any,
) -> Conversation:
    """Return a conversation with the server."""
    meter = meter or RecordingMeter()
    return Conversation(options_for(server, **options), meter=meter, check=check, label=LABEL)


def make_engine(
    server: MessagesServer,
    *,
    meter: RecordingMeter | None = None,
    check: Callable[[], None] = do_not_stop,
    **options: Any,
) -> ClaudeEngine:
    """Return an engine that asks the server."""
    meter = meter or RecordingMeter()
    return ClaudeEngine(options_for(server, **options), meter=meter, check=check, label=LABEL)


def make_question(**changes: Any) -> Question:
    """Return a question for free text."""
    values = {"rules": "Be brief.", "content": ({"type": "text", "text": "Bonjour"},), "max_tokens": 1_000, **changes}
    return Question(**values)
