"""
The use cases of the content library: find, add, edit and delete passages of a company.

Source: docs/library.md, "A passage".
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils import timezone

from proposals.exceptions import ProposalsError
from proposals.models import Company, ContentItem, User
from proposals.models.library import TAG_MARK, ContentItemQuerySet, fold_for_search, make_search_text

MAX_TITLE = 300
MAX_BODY = 50_000
MAX_SOURCE = 300
MAX_TAGS = 20
MAX_TAG = 40
LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")

#: What `search` may order by.
ORDERS = {"title": ("title", "id"), "updated": ("-updated_at", "id")}


class InvalidItem(ProposalsError):
    """Values that no passage may have; `details` names the fields."""

    code = "invalid"
    user_message = "Certaines valeurs sont incorrectes."

    def __init__(self, details: dict[str, list[str]]) -> None:
        super().__init__()
        self.details = details


class ItemChanged(ProposalsError):
    """Somebody saved the passage after it was read; `item` is what it is now."""

    code = "item_changed"
    user_message = "Ce passage a été modifié entre-temps. Comparez avec la version actuelle avant d’enregistrer."

    def __init__(self, item: ContentItem) -> None:
        super().__init__()
        self.item = item
        self.details = _describe(item)


class ItemGone(ProposalsError):
    """Somebody deleted the passage meanwhile."""

    code = "item_gone"
    user_message = "Ce passage a été supprimé entre-temps."


class TagCount(NamedTuple):
    """A tag, and how many passages carry it."""

    tag: str
    items_total: int


def search(
    *, user: User, text: str = "", kind: str = "", tag: str = "", status: str = "", order: str = "title"
) -> ContentItemQuerySet:
    """
    Return the passages of the user's company that hold every word of `text` in title, body or tags.

    Args:
        text: words, accents and case aside; a part of a word counts.
        kind: one of `ContentItem.Kind`.
        tag: a whole tag, accents and case aside.
        status: "current" or "expired", as of today in Europe/Paris.
        order: one of `ORDERS`.
    """
    items = ContentItem.objects.visible_to(user)
    for word in fold_for_search(text).split():
        items = items.filter(search_text__contains=word)
    if kind:
        items = items.filter(kind=kind)
    if tag:
        items = items.filter(search_text__contains=f"{TAG_MARK}{fold_for_search(tag)}{TAG_MARK}")
    if status == "current":
        items = items.current(today=timezone.localdate())
    elif status == "expired":
        items = items.expired(today=timezone.localdate())
    return items.order_by(*ORDERS[order])


def tags(user: User) -> list[TagCount]:
    """Return the tags of the user's company in alphabetical order."""
    counts: Counter[str] = Counter()
    for item_tags in ContentItem.objects.visible_to(user).order_by().values_list("tags", flat=True):
        counts.update(item_tags)
    return [TagCount(tag, counts[tag]) for tag in sorted(counts, key=lambda tag: (fold_for_search(tag), tag))]


def create(*, company: Company, by: User | None, fields: Mapping[str, Any]) -> ContentItem:
    """
    Add a passage; `fields` are those of `clean`, at least title and body.

    Raises:
        InvalidItem: no passage may have these values.
    """
    values = clean({"title": "", "body": "", **fields}, company=company)
    return ContentItem.objects.create(company=company, created_by=by, updated_by=by, **values)


def edit(item: ContentItem, *, fields: Mapping[str, Any], version: int, by: User | None) -> ContentItem:
    """
    Change the passage that was read at that version, and return it as it is now.

    Raises:
        InvalidItem: no passage may have these values.
        ItemChanged: it has another version by now; nothing was changed.
        ItemGone: it was deleted.
    """
    changes = clean(fields, company=item.company)
    if item.version != version:
        raise _explain(item)
    changed = {name: value for name, value in changes.items() if getattr(item, name) != value}
    if changed and not _write(item, changed, by):
        raise _explain(item)
    item.refresh_from_db()
    return item


def delete(item: ContentItem) -> None:
    """Delete a passage, and with it the matches that propose it."""
    item.delete()


def clean(fields: Mapping[str, Any], *, company: Company) -> dict[str, Any]:
    """
    Return the values as they are stored: title, body, kind, tags, language, valid_until, owner, source; some or all.

    Raises:
        InvalidItem: a title or text is missing or too long, a tag too long, the owner works elsewhere.
    """
    values = {name: _TIDY[name](value) if name in _TIDY else value for name, value in fields.items()}
    wrong = {name: sentence for name in values if (sentence := _find_fault(name, values[name], company))}
    if wrong:
        raise InvalidItem({name: [sentence] for name, sentence in wrong.items()})
    return values


def clean_line(text: str) -> str:
    """Return the text on one line, without control characters."""
    return " ".join("".join(" " if _is_control(character) else character for character in text).split())


def clean_body(text: str) -> str:
    """Return Markdown with plain line ends, without control characters, without blanks at its ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in lines if character in "\n\t" or not _is_control(character)).strip()


def clean_tags(tags: Iterable[str]) -> list[str]:
    """Return the tags in their order, one for each spelling; commas and semicolons separate tags."""
    known: dict[str, str] = {}
    for part in (part for tag in tags for part in re.split(r"[,;<>]", tag)):
        tag = clean_line(part)
        if tag:
            known.setdefault(fold_for_search(tag), tag)
    return list(known.values())


_TIDY = {"title": clean_line, "source": clean_line, "body": clean_body, "tags": clean_tags}


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"}


def _find_fault(name: str, value: Any, company: Company) -> str | None:
    """Return what is wrong with a value of a passage."""
    match name:
        case "title":
            return _find_fault_of_text(value, MAX_TITLE)
        case "body":
            return _find_fault_of_text(value, MAX_BODY)
        case "source":
            return _find_fault_of_text(value or "-", MAX_SOURCE)
        case "tags" if len(value) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in value):
            return f"Au plus {MAX_TAGS} étiquettes de {MAX_TAG} caractères."
        case "kind" if value not in ContentItem.Kind:
            return f"Nature inconnue : {value}."
        case "language" if not LANGUAGE.fullmatch(value):
            return "Code de langue attendu, par exemple « fr »."
        case "owner" if value is not None and value.company_id != company.id:
            return "Cette personne n’est pas de votre entreprise."
    return None


def _find_fault_of_text(text: str, limit: int) -> str | None:
    if not text:
        return "Ce champ ne peut être vide."
    return f"Au plus {limit} caractères." if len(text) > limit else None


def _write(item: ContentItem, changed: Mapping[str, Any], by: User | None) -> bool:
    """Write the changes if the passage still has the version that was read."""
    now = {name: changed.get(name, getattr(item, name)) for name in ("title", "body", "tags")}
    rows = ContentItem.objects.filter(id=item.id, version=item.version)
    return bool(
        rows.update(
            **changed,
            version=item.version + 1,
            updated_by=by,
            updated_at=timezone.now(),
            search_text=make_search_text(**now),
        )
    )


def _explain(item: ContentItem) -> ProposalsError:
    """Return why a passage was not changed."""
    current = ContentItem.objects.filter(id=item.id).select_related("owner").first()
    return ItemGone() if current is None else ItemChanged(current)


def _describe(item: ContentItem) -> dict[str, list[str]]:
    """Return the present values of a passage, each as a list of texts."""
    return {
        "version": [str(item.version)],
        "title": [item.title],
        "body": [item.body],
        "kind": [item.kind],
        "tags": list(item.tags),
        "language": [item.language],
        "valid_until": [item.valid_until.isoformat()] if item.valid_until else [],
        "owner": [item.owner.username] if item.owner else [],
        "source": [item.source],
    }
