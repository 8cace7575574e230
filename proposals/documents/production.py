"""What a production makes and leaves behind: files before they are stored, stored files, and what could not be made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from proposals.documents.page_count import PageCount

#: As `GeneratedDocument.Format` has them.
Format = Literal["docx", "pdf", "xlsx", "ics"]

#: Why there is no calendar.
NO_DATE_KNOWN = "no_date_known"


@dataclass(frozen=True, slots=True)
class ProducedFile:
    """A finished file that is not stored yet. `pages` is that of a PDF."""

    format: Format
    filename: str
    content: bytes
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is stored."""

    id: UUID
    format: Format
    filename: str
    size_bytes: int
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class NotProduced:
    """A format that this production lacks. `code` is stable, `message` French and safe to show."""

    format: Format
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Production:
    """
    One finished production.

    Args:
        pages: of the PDF; None without one.
        engine: the engines that wrote the sections, separated by commas.
    """

    version: int
    documents: tuple[StoredFile, ...]
    not_produced: tuple[NotProduced, ...]
    pages: PageCount | None
    gaps_total: int
    engine: str
