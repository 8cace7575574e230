"""What a reader finds in a file before anything is stored: passages, each with what its file says about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Meta:
    """What a file says about its passages; None where it says nothing."""

    kind: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    valid_until: date | None = None
    owner: str | None = None
    source: str | None = None

    def over(self, other: Meta) -> Meta:
        """Return these values, completed by those of `other`; the tags of both add up."""
        return Meta(
            kind=self.kind or other.kind,
            tags=(*self.tags, *(tag for tag in other.tags if tag not in self.tags)),
            language=self.language or other.language,
            valid_until=self.valid_until or other.valid_until,
            owner=self.owner or other.owner,
            source=other.source if self.source is None else self.source,
        )


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """
    One passage of a file.

    Args:
        body: in Markdown.
        source: where it stands, for people: "memoire-2025.docx, § 3.2 Moyens humains".
        line: of the file, from 1, where a person would look for it; None in files without lines.
    """

    title: str
    body: str
    source: str
    meta: Meta = Meta()
    line: int | None = None


def to_json(passage: FoundPassage) -> dict[str, Any]:
    """Return a passage as plain values; `from_json` makes it whole again."""
    values = asdict(passage)
    day = passage.meta.valid_until
    values["meta"]["valid_until"] = day.isoformat() if day else None
    return values


def from_json(values: dict[str, Any]) -> FoundPassage:
    """Return the passage that `to_json` took apart."""
    meta = dict(values["meta"])
    day = meta["valid_until"]
    meta |= {"tags": tuple(meta["tags"]), "valid_until": date.fromisoformat(day) if day else None}
    return FoundPassage(**{**values, "meta": Meta(**meta)})
