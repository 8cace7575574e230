"""The use cases of projects. Called by REST and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from proposals.models import Project, User


def create(*, by: User, fields: Mapping[str, Any]) -> Project:
    """
    Create a project of the user's company.

    Args:
        by: a member of a company.
        fields: checked values of `title`, `reference`, `buyer`, `deadline`.
    """
    if by.company_id is None:
        raise ValueError("Only a member of a company creates projects.")
    return Project.objects.create(company_id=by.company_id, created_by=by, **fields)


def edit(project: Project, *, fields: Mapping[str, Any]) -> Project:
    """Change some of `title`, `reference`, `buyer`, `deadline`; what an analysis fills in meanwhile stays."""
    for name, value in fields.items():
        setattr(project, name, value)
    project.save(update_fields=[*fields, "updated_at"])
    return project


def archive(project: Project) -> Project:
    """Put a project away; it stays readable."""
    return edit(project, fields={"status": Project.Status.ARCHIVED})


def unarchive(project: Project) -> Project:
    """Bring an archived project back."""
    return edit(project, fields={"status": Project.Status.ACTIVE})
