"""The domain's answers to `realtime` (see `realtime.access.Gate`); the same rule as REST uses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser

from proposals import operations, selectors
from proposals.exceptions import ProposalsError
from proposals.models import Operation, Project, User
from realtime.exceptions import CommandRejected


class ProjectGate:
    """Lets the users of a company watch and steer the projects of that company, nobody else."""

    def can_watch(self, *, user: AbstractBaseUser, project_id: UUID) -> bool:
        """Whether the project belongs to the user's company."""
        return isinstance(user, User) and Project.objects.visible_to(user).filter(id=project_id).exists()

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
    visible = Operation.objects.visible_to(user) if isinstance(user, User) else Operation.objects.none()
    operation = visible.filter(project_id=project_id, id=operation_id).first()
    if operation is None:
        raise CommandRejected("not_found", "Cette opération n'existe pas sur ce projet.")
    try:
        changed: Operation = act(operation)
    except ProposalsError as error:
        raise CommandRejected("conflict", error.user_message) from error
    return {"operation_id": str(changed.id), "status": changed.status}
