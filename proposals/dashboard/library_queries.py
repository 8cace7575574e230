"""What the library's pages read, always within the company of the person who asks. Nothing here writes."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from proposals.models import ContentItem, ContentMatch, LibraryImport, User

#: Past imports that the import page lists.
IMPORTS_SHOWN = 20


class Totals(NamedTuple):
    """How many passages a company has, and how many of them are out of date."""

    items_total: int
    expired_total: int


def count_items(*, user: User, today: date) -> Totals:
    """Return the size of the library of the user's company."""
    expired = Q(valid_until__lt=today)
    counts = ContentItem.objects.visible_to(user).aggregate(all=Count("id"), expired=Count("id", filter=expired))
    return Totals(items_total=counts["all"], expired_total=counts["expired"])


def find_item(*, user: User, item_id: UUID) -> ContentItem | None:
    """Return a passage of the user's company; None when there is none, or it is another company's."""
    items = ContentItem.objects.visible_to(user).defer("search_text")
    return items.select_related("owner", "updated_by", "imported_by", "company").filter(id=item_id).first()


def get_item(*, user: User, item_id: UUID) -> ContentItem:
    """
    Return a passage of the user's company.

    Raises:
        Http404: there is none, or it is another company's: the same answer.
    """
    item = find_item(user=user, item_id=item_id)
    if item is None:
        raise Http404
    return item


def count_matches(item: ContentItem) -> int:
    """Return for how many requirements the passage is proposed."""
    return ContentMatch.objects.filter(content_item=item).count()


def list_imports(user: User) -> QuerySet[LibraryImport]:
    """Return the newest imports of the user's company, each with `items_left`: its passages that are still there."""
    imports = LibraryImport.objects.visible_to(user).select_related("created_by")
    return imports.annotate(items_left=Count("items")).order_by("-created_at")[:IMPORTS_SHOWN]
