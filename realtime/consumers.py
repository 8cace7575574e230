"""
The consumers: what each kind of socket watches, and which commands it takes beside the common ones.

Source: PROTOCOL.md, "Connecting", "Commands".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

from realtime import database, notifications, topics
from realtime.access import Gate, Subject, Watcher
from realtime.commands import Command
from realtime.socket_consumer import SocketConsumer
from realtime.tokens import Identity


class ProjectConsumer(SocketConsumer):
    """
    One socket that watches one project.

    Args:
        gate: answers for the domain.
    """

    def __init__(self, *, gate: Gate) -> None:
        super().__init__()
        self.gate = gate
        self.handlers |= {"cancel": self._cancel, "retry": self._retry}

    def find_subject(self, identity: Identity) -> Subject:
        """Return the project of the address."""
        return watch_project(self.gate, self._project_id)

    @property
    def _project_id(self) -> UUID:
        project_id: UUID = self._scope["url_route"]["kwargs"]["project_id"]
        return project_id

    async def _cancel(self, command: Command) -> dict[str, Any]:
        return await self._ask_gate(self.gate.cancel, command)

    async def _retry(self, command: Command) -> dict[str, Any]:
        return await self._ask_gate(self.gate.retry, command)

    async def _ask_gate(self, act: Callable[..., dict[str, Any]], command: Command) -> dict[str, Any]:
        return await database.run(
            act,
            user=self.signed_in.user,
            project_id=self._project_id,
            operation_id=command.uuid("operation_id"),
        )


class NotificationConsumer(SocketConsumer):
    """One socket that watches what its user is told."""

    def __init__(self) -> None:
        super().__init__()
        self.handlers |= {"read": self._read}

    def find_subject(self, identity: Identity) -> Subject:
        """Return the user's own topic."""
        return watch_notifications(identity.user.pk)

    async def _read(self, command: Command) -> dict[str, Any]:
        ids = command.uuids("notification_ids", most=notifications.MAX_IDS)
        unread_count = await database.run(notifications.mark_read, self.signed_in.user.pk, ids)
        return {"unread_count": unread_count}


class OwnTopics:
    """The doorkeeper of users' topics: every active user may watch their own, nobody else's."""

    def filter_watchers(self, pairs: set[Watcher]) -> set[Watcher]:
        """Return the pairs of an active user and the same user."""
        own = {user for user, watched in pairs if user == watched}
        active = get_user_model().objects.filter(pk__in=own, is_active=True).values_list("pk", flat=True)
        return {(user, user) for user in active}


OWN_TOPICS = OwnTopics()


class UnknownPathConsumer(AsyncWebsocketConsumer):
    """Refuses the handshake of every path that is no route."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Close before accepting: HTTP 403, and no line in the log."""
        await receive()
        await send({"type": "websocket.close"})


def watch_project(gate: Gate, project_id: UUID) -> Subject:
    """Return what it means to watch a project, by whatever transport."""

    def can_watch(user: AbstractBaseUser) -> bool:
        return gate.can_watch(user=user, project_id=project_id)

    return Subject(
        topic=topics.for_project(project_id),
        id=project_id,
        doorkeeper=gate,
        can_watch=can_watch,
        read_state=partial(gate.read_state, project_id=project_id),
    )


def watch_notifications(user_id: UUID) -> Subject:
    """Return what it means to watch what a user is told, by whatever transport."""

    def can_watch(user: AbstractBaseUser) -> bool:
        return bool(OWN_TOPICS.filter_watchers({(user.pk, user_id)}))

    return Subject(
        topic=topics.for_user(user_id),
        id=user_id,
        doorkeeper=OWN_TOPICS,
        can_watch=can_watch,
        read_state=partial(notifications.read_state, user_id),
    )
