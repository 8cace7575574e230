"""
The progress helpers that long-running services call, and the protocol the services depend on.

The six `send_*` methods and their arguments are the original sketch's. They work from both worlds: called in a
thread they publish at once; in a coroutine they must be awaited. Halves of surrogate pairs in texts for people are
replaced, and such texts are cut at `events.MAX_LINE_LENGTH`, so that no service fails for its message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from channels.db import database_sync_to_async
from pydantic import JsonValue

from realtime import conf, publisher, topics
from realtime.events import (
    Completion,
    DocumentGenerationProgress,
    Error,
    GenerationProgress,
    MatchingProgress,
    ProjectEvent,
    RCAnalysisProgress,
    measure,
)
from realtime.exceptions import EventTooLarge

Publish = Callable[[ProjectEvent], object]


class Progress(Protocol):
    """What a service says while it works. Any call may raise to stop it: let that pass."""

    def send_rc_analysis_progress(self, project_id: UUID, status: str, progress: int, message: str) -> Awaitable[None]:
        """The RC is being read; `progress` is 0–100."""

    def send_matching_progress(
        self,
        project_id: UUID,
        current_requirement: str,
        requirements_completed: int,
        requirements_total: int,
        progress: int,
    ) -> Awaitable[None]:
        """Requirements are being matched."""

    def send_generation_progress(
        self,
        project_id: UUID,
        current_section: str,
        sections_completed: int,
        sections_total: int,
        progress: int,
        quality_score: float | None = None,
    ) -> Awaitable[None]:
        """Sections are being written; `quality_score` is 0–1."""

    def send_document_generation_progress(
        self, project_id: UUID, status: str, progress: int, message: str
    ) -> Awaitable[None]:
        """Documents are being produced."""

    def send_error(self, project_id: UUID, operation: str, error_message: str) -> Awaitable[None]:
        """Something failed; `error_message` is shown to users."""

    def send_completion(self, project_id: UUID, operation: str, result: dict[str, JsonValue]) -> Awaitable[None]:
        """An operation succeeded."""


class _Sent:
    """The awaitable of a call that already happened."""

    def __await__(self) -> Generator[Any, None, None]:
        yield from ()


def publish_to_project(event: ProjectEvent) -> int:
    """Publish an event on the topic of its project; return its sequence."""
    return publisher.publish(topic=topics.for_project(event.project_id), event=event)


@dataclass(frozen=True)
class ProgressUpdater:
    """
    The sketch's progress helpers.

    Args:
        publish: takes each event; by default straight to the log and the sockets. The runner of an operation
            passes its own, which guards, throttles and stores.
        operation_id, attempt: the envelope of the run that speaks; None outside an operation.
    """

    publish: Publish = field(default=publish_to_project)
    operation_id: UUID | None = None
    attempt: int | None = None

    def send_rc_analysis_progress(self, project_id: UUID, status: str, progress: int, message: str) -> Awaitable[None]:
        """Send RC analysis progress (0–100)."""
        return self._send(RCAnalysisProgress, project_id=project_id, status=status, progress=progress, message=message)

    def send_matching_progress(
        self,
        project_id: UUID,
        current_requirement: str,
        requirements_completed: int,
        requirements_total: int,
        progress: int,
    ) -> Awaitable[None]:
        """Send matching progress (0–100)."""
        return self._send(
            MatchingProgress,
            project_id=project_id,
            current_requirement=current_requirement,
            requirements_completed=requirements_completed,
            requirements_total=requirements_total,
            progress=progress,
        )

    def send_generation_progress(
        self,
        project_id: UUID,
        current_section: str,
        sections_completed: int,
        sections_total: int,
        progress: int,
        quality_score: float | None = None,
    ) -> Awaitable[None]:
        """Send generation progress (0–100), with the score (0–1) of a finished section."""
        return self._send(
            GenerationProgress,
            project_id=project_id,
            current_section=current_section,
            sections_completed=sections_completed,
            sections_total=sections_total,
            progress=progress,
            quality_score=quality_score,
        )

    def send_document_generation_progress(
        self, project_id: UUID, status: str, progress: int, message: str
    ) -> Awaitable[None]:
        """Send document generation progress (0–100)."""
        return self._send(
            DocumentGenerationProgress,
            project_id=project_id,
            status=status,
            progress=progress,
            message=message,
        )

    def send_error(
        self,
        project_id: UUID,
        operation: str,
        error_message: str,
        *,
        code: str = "internal_error",
        retryable: bool = False,
    ) -> Awaitable[None]:
        """
        Send an error. `error_message` reaches browsers: a sentence of ours, never an exception's text.

        Args:
            code: for programs; the operations' own are listed in PROTOCOL.md, other programs may have others.

        Raises:
            ValueError: `code` is not made of at most 64 small letters, digits and "_"; nothing is sent.
        """
        return self._send(
            Error,
            project_id=project_id,
            operation=operation,
            error=error_message,
            code=code,
            retryable=retryable,
        )

    def send_completion(self, project_id: UUID, operation: str, result: dict[str, JsonValue]) -> Awaitable[None]:
        """
        Send a completion. The runner of an operation puts a large result behind REST; outside of one there is no
        place for it, so it is refused. Nothing is written then.

        Raises:
            EventTooLarge: outside an operation, beyond `REALTIME_MAX_RESULT_BYTES`.
            EventNotEncodable: the result has NaN, an infinity or half of a surrogate pair.
        """
        size, limit = measure(result), conf.get("MAX_RESULT_BYTES")
        if self.operation_id is None and size > limit:
            raise EventTooLarge(f"the result of a completion outside an operation is bigger than {limit} bytes")
        return self._send(Completion, project_id=project_id, operation=operation, result=result)

    def _send(self, event_type: type[ProjectEvent], **fields: Any) -> Awaitable[None]:
        event = event_type(operation_id=self.operation_id, attempt=self.attempt, **fields)
        if _in_coroutine():
            return self._send_later(event)
        self.publish(event)
        return _Sent()

    async def _send_later(self, event: ProjectEvent) -> None:
        await database_sync_to_async(partial(self.publish, event), thread_sensitive=False)()


def _in_coroutine() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
