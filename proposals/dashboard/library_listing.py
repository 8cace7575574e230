"""The list of passages as rows ready to show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, QuerySet

from proposals import library
from proposals.dashboard import markdown
from proposals.dashboard.library_excerpt import Part, make_excerpt, mark
from proposals.dashboard.library_forms import LibraryFilterForm
from proposals.dashboard.library_validity import Validity, describe_validity, soon_until
from proposals.models import ContentItem, LibraryImport, User
from proposals.models.library import fold_for_search

PAGE_SIZE = 20


@dataclass(frozen=True)
class TagLink:
    """A tag, and whether it is one of those looked for."""

    tag: str
    is_hit: bool


@dataclass(frozen=True)
class ItemRow:
    """One passage of the list."""

    item: ContentItem
    title: tuple[Part, ...]
    excerpt: tuple[Part, ...]
    tags: tuple[TagLink, ...]
    validity: Validity


def find_items(form: LibraryFilterForm, *, user: User, today: date) -> QuerySet[ContentItem]:
    """Return the passages that the filters of the page ask for, in the order it asks for."""
    status, order = form.chosen("status"), form.chosen("order")
    found = library.search(
        user=user,
        text=form.chosen("q"),
        kind=form.chosen("kind"),
        tag=form.chosen("tag"),
        status=status if status in ("current", "expired") else "",
        order=order if order in library.ORDERS else "title",
    )
    if status == "soon":
        found = found.filter(valid_until__range=(today, soon_until(today)))
    if form.chosen("import_id"):
        found = found.filter(imported_by=UUID(form.chosen("import_id")))
    if order == "valid_until":
        found = found.order_by(F("valid_until").asc(nulls_last=True), "title", "id")
    return found.select_related("owner").defer("search_text")


def find_import(form: LibraryFilterForm, *, user: User) -> LibraryImport | None:
    """Return the import whose passages the page asks for; None for all passages."""
    chosen = form.chosen("import_id")
    return LibraryImport.objects.visible_to(user).filter(id=chosen).first() if chosen else None


def list_rows(items: Iterable[ContentItem], *, text: str, today: date) -> list[ItemRow]:
    """
    Return the rows of passages.

    Args:
        text: what was searched for; its words are marked.
    """
    words = tuple(dict.fromkeys(fold_for_search(text).split()))
    return [_row(item, words, today) for item in items]


def _row(item: ContentItem, words: Sequence[str], today: date) -> ItemRow:
    return ItemRow(
        item=item,
        title=mark(item.title, words),
        excerpt=make_excerpt(markdown.to_plain_text(item.body), words),
        tags=tuple(TagLink(tag, _holds(tag, words)) for tag in item.tags),
        validity=describe_validity(item.valid_until, today=today),
    )


def _holds(tag: str, words: Sequence[str]) -> bool:
    folded = fold_for_search(tag)
    return any(word in folded for word in words)
