"""Two people changed the same passage: what each of them wrote, with what differs marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from proposals import differences
from proposals.dashboard.library_forms import ItemForm, initial_values
from proposals.differences import Piece
from proposals.models import ContentItem


@dataclass(frozen=True)
class Difference:
    """A field that differs: what is stored now, and what the person wrote; changed pieces are not "equal"."""

    label: str
    stored: Sequence[Piece]
    written: Sequence[Piece]


def compare(form: ItemForm, item: ContentItem) -> list[Difference]:
    """Return the fields of a filled form that differ from the passage as it is stored now."""
    stored = ItemForm(initial=initial_values(item), user=form.user, item=item)
    names = [name for name in form.fields if name != "version" and _say(stored, name) != _say(form, name)]
    return [_compare(str(form.fields[name].label), _say(stored, name), _say(form, name)) for name in names]


def _compare(label: str, stored: str, written: str) -> Difference:
    pieces = differences.compare(stored, written)
    return Difference(
        label=label,
        stored=[piece for piece in pieces if piece.change != "insert"],
        written=[piece for piece in pieces if piece.change != "delete"],
    )


def _say(form: ItemForm, name: str) -> str:
    """Return the value of a field as people read it."""
    value = form[name].value()
    text = "" if value is None else str(value)
    choices: Any = getattr(form.fields[name], "choices", ())
    labels = {str(key): str(label) for key, label in choices}
    return labels.get(text, text).replace("\r\n", "\n").strip()
