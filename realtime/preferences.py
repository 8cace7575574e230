"""
What users want to be told, by kind: at all, and by e-mail when they do not look.

Source: docs/notifications.md, "Preferences".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypedDict
from uuid import UUID

from django.db import transaction

from realtime.models import NotificationKind, NotificationPreference


class Preference(TypedDict):
    """`enabled`: tell at all; `email`: also by e-mail when it stays unread."""

    enabled: bool
    email: bool


#: What holds until somebody decides. Good news can wait for the next visit.
DEFAULTS: Mapping[str, Preference] = {
    NotificationKind.COMPLETION.value: {"enabled": True, "email": False},
    NotificationKind.ERROR.value: {"enabled": True, "email": True},
    NotificationKind.ATTENTION.value: {"enabled": True, "email": True},
}


def read(user_id: UUID) -> dict[str, Preference]:
    """Return the preferences of one user for every kind."""
    return read_all([user_id])[user_id]


def read_all(user_ids: Iterable[UUID]) -> dict[UUID, dict[str, Preference]]:
    """Return the preferences of several users for every kind, in one query."""
    found = {user_id: {kind: Preference(**default) for kind, default in DEFAULTS.items()} for user_id in user_ids}
    for row in NotificationPreference.objects.filter(user_id__in=found):
        found[row.user_id][row.kind] = {"enabled": row.enabled, "email": row.email}
    return found


@transaction.atomic
def change(user_id: UUID, changes: Mapping[str, Mapping[str, bool]]) -> dict[str, Preference]:
    """
    Change what is named and leave the rest; return all preferences of the user.

    Args:
        changes: by kind, `enabled` or `email` or both.
    """
    current = read(user_id)
    for kind in sorted(changes):
        wanted = {**current[kind], **changes[kind]}
        NotificationPreference.objects.update_or_create(user_id=user_id, kind=kind, defaults=wanted)
    return read(user_id)
