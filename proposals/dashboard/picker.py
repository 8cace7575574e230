"""Passages of the library to choose from, for a requirement that somebody answers by hand."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from proposals import library
from proposals.dashboard.library_listing import ItemRow, list_rows
from proposals.models import ContentMatch, User

#: Passages that are offered at once.
OFFERED = 20


def find_passages(*, user: User, requirement_id: UUID, text: str, today: date) -> list[ItemRow]:
    """
    Return passages of the user's company that the requirement does not rest on yet, as rows ready to show.

    Args:
        text: words that a passage must all have; "" for any passage.
    """
    accepted = ContentMatch.objects.filter(requirement_id=requirement_id, status=ContentMatch.Status.ACCEPTED)
    found = library.search(user=user, text=text).exclude(id__in=accepted.values("content_item_id"))
    return list_rows(found[:OFFERED], text=text, today=today)
