"""Topic names, which are also group names on the channel layer: `[A-Za-z0-9_.-]`, under 100 characters."""

from __future__ import annotations

from uuid import UUID

#: The group that the hubs of all serving processes listen to, for what concerns every socket.
CONTROL = "control"


def for_project(project_id: UUID) -> str:
    """Return the topic of everything that happens on one project."""
    return f"project.{project_id}"


def for_user(user_id: UUID) -> str:
    """Return the topic of what one user is told."""
    return f"user.{user_id}"
