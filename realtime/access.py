"""
The questions that delivery asks of the domain. `realtime` does not know what a project is: it is handed a gate.

Source: docs/architecture.md, "The seam".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser

#: A user's id and the id of what is watched.
Watcher = tuple[UUID, UUID]


class Doorkeeper(Protocol):
    """Knows who may go on watching."""

    def filter_watchers(self, pairs: set[Watcher]) -> set[Watcher]:
        """Return those pairs of a user and what is watched that still stand, in one query."""


class Gate(Doorkeeper, Protocol):
    """Answers for one domain of projects. All methods are synchronous and may use the database."""

    def can_watch(self, *, user: AbstractBaseUser, project_id: UUID) -> bool:
        """Whether this user may see what happens on this project; False also when there is no such project."""

    def read_state(self, *, project_id: UUID) -> dict[str, Any]:
        """Return the JSON-ready state that a snapshot carries: what folding all events would give."""

    def cancel(self, *, user: AbstractBaseUser, project_id: UUID, operation_id: UUID) -> dict[str, Any]:
        """
        Ask an operation to stop; return the JSON-ready result of the command.

        Raises:
            CommandRejected: unknown operation, or nothing to cancel.
        """

    def retry(self, *, user: AbstractBaseUser, project_id: UUID, operation_id: UUID) -> dict[str, Any]:
        """
        Start a failed or cancelled operation again; return the JSON-ready result of the command.

        Raises:
            CommandRejected: unknown operation, or not in a state to be retried.
        """


def group_of(user: AbstractBaseUser) -> str:
    """
    Name whoever shares `REALTIME_SOCKETS_PER_COMPANY` with a user; "" for nobody.

    A user model may say it in `socket_group`, by its own row: it is read on the event loop.
    """
    return str(getattr(user, "socket_group", ""))


@dataclass(frozen=True, slots=True)
class Subject:
    """
    What one client watches. The functions are synchronous and may use the database.

    `id` is the second half of the pairs that `doorkeeper` decides on; `read_state` returns the JSON-ready state that a
    snapshot carries.
    """

    topic: str
    id: UUID
    doorkeeper: Doorkeeper
    can_watch: Callable[[AbstractBaseUser], bool]
    read_state: Callable[[], dict[str, Any]]
