"""The use cases of requirements: people correct, approve or reject what the analysis proposes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from proposals.exceptions import ProposalsError
from proposals.models import Requirement, User


class RequirementGone(ProposalsError):
    """A new analysis has replaced the requirement meanwhile."""

    code = "requirement_gone"
    user_message = "Une nouvelle analyse a remplacé cette exigence. Rechargez la liste."


def edit(requirement: Requirement, *, fields: Mapping[str, Any]) -> Requirement:
    """
    Change some of `text`, `category`, `mandatory`; a change marks the requirement as edited by a person.

    Raises:
        RequirementGone: a new analysis replaced it.
    """
    changed = {name: value for name, value in fields.items() if getattr(requirement, name) != value}
    if changed and not Requirement.objects.filter(id=requirement.id).update(**changed, edited=True):
        raise RequirementGone
    requirement.refresh_from_db()
    return requirement


def approve(requirements: QuerySet[Requirement], *, by: User) -> int:
    """Approve requirements; return how many."""
    return _review(requirements, Requirement.Status.APPROVED, by)


def reject(requirements: QuerySet[Requirement], *, by: User) -> int:
    """Reject requirements; return how many."""
    return _review(requirements, Requirement.Status.REJECTED, by)


def _review(requirements: QuerySet[Requirement], status: str, by: User) -> int:
    return requirements.update(status=status, reviewed_by=by, reviewed_at=timezone.now())
