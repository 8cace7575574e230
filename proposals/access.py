"""The domain's answers to `realtime` (see `realtime.access.Gate`); the same rule as REST uses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser

from proposals import operations, selectors
from proposals.exceptions import ProposalsError
from proposals.models import Operation, Project, User
from realtime.access import Watcher
from realtime.exceptions import CommandRejected


class ProjectGate:
    """Lets the users of a company watch and steer the projects of that company, nobody else."""

    def can_watch(self, *, user: AbstractBaseUser, project_id: UUID) -> bool:
        """Whether the project belongs to the user's company, by what the database says now."""
        return bool(self.filter_watchers({(user.pk, project_id)}))

    def filter_watchers(self, pairs: set[Watcher]) -> set[Watcher]:
        """Return the pairs of an active user and a project of the user's company."""
        users, projects = {user for user, _ in pairs}, {project for _, project in pairs}
        rows = Project.objects.filter(
            id__in=projects, company__users__in=users, company__users__is_active=True
        ).values_list("company__users", "id")
        return pairs & set(rows)

    def read_state(self, *, project_id: UUID) -> dict[str, Any]:
        """Return the project's state for a snapshot."""
        return selectors.project_state(project_id)

    def cancel(self, *, user: AbstractBaseUser, project_id: UUID, operation_id: UUID) -> dict[str, Any]:
        """Ask an operation of the project to stop."""
        return _steer(operations.cancel, user=user, project_id=project_id, operation_id=operation_id)

    def retry(self, *, user: AbstractBaseUser, project_id: UUID, operation_id: UUID) -> dict[str, Any]:
        """Start a failed or cancelled operation of the project again."""
        return _steer(operations.retry, user=user, project_id=project_id, operation_id=operation_id)


def _steer(act: Any, *, user: AbstractBaseUser, project_id: UUID, operation_id: UUID) -> dict[str, Any]:
    # The socket's user was read at the handshake: ask the database again before anything is done.
    today = User.objects.filter(pk=user.pk).first()
    visible = Operation.objects.visible_to(today) if today else Operation.objects.none()
    operation = visible.filter(project_id=project_id, id=operation_id).first()
    if operation is None:
        raise CommandRejected("not_found", "Cette opération n'existe pas sur ce projet.")
    try:
        changed: Operation = act(operation)
    except ProposalsError as error:
        raise CommandRejected("conflict", error.user_message) from error
    return {"operation_id": str(changed.id), "status": changed.status}
