"""
Commands over HTTP, for clients whose stream cannot carry them: one request, one `reply` frame. Synchronous.

Source: PROTOCOL.md, "Commands over HTTP".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser

from realtime import commands, eventlog, metrics, notifications
from realtime.access import Gate, Subject
from realtime.commands import Command
from realtime.exceptions import CommandRejected

Handlers = Mapping[str, Callable[[Command], dict[str, Any]]]


def answer(body: bytes, handlers: Handlers) -> dict[str, Any]:
    """Return the `reply` frame to the one command in a request."""
    command_id = None
    try:
        command = commands.parse(_to_text(body))
        command_id = command.id
        if command.type not in handlers:
            raise CommandRejected("unknown_command", "There is no such command over HTTP.")
        result = handlers[command.type](command)
    except CommandRejected as rejection:
        metrics.COMMANDS.labels(outcome="rejected").inc()
        details = {"code": rejection.code, "message": rejection.message}
        return {"type": "reply", "id": command_id, "ok": False, "error": details}
    metrics.COMMANDS.labels(outcome="accepted").inc()
    return {"type": "reply", "id": command_id, "ok": True, "result": result}


def for_project(gate: Gate, *, user: AbstractBaseUser, project_id: UUID) -> Handlers:
    """Return what somebody may ask of a project beside its state."""

    def cancel(command: Command) -> dict[str, Any]:
        return gate.cancel(user=user, project_id=project_id, operation_id=command.uuid("operation_id"))

    def retry(command: Command) -> dict[str, Any]:
        return gate.retry(user=user, project_id=project_id, operation_id=command.uuid("operation_id"))

    return {"cancel": cancel, "retry": retry}


def for_notifications(user_id: UUID) -> Handlers:
    """Return what somebody may do about what they were told, beside reading it."""

    def read(command: Command) -> dict[str, Any]:
        ids = command.uuids("notification_ids", most=notifications.MAX_IDS)
        return {"unread_count": notifications.mark_read(user_id, ids)}

    return {"read": read}


def read_state(subject: Subject) -> dict[str, Any]:
    """Return the fields of a snapshot: the state, and the exact position that it reflects."""
    head, state = eventlog.read_consistently(subject.topic, subject.read_state)
    return {"sequence": head.sequence, "epoch": head.epoch, **state}


def _to_text(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None
