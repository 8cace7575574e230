"""The produced documents as the project page shows them: one production after the other, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from proposals.dashboard import wording
from proposals.documents.page_count import say_excluded
from proposals.models import GeneratedDocument, Operation, Project

ICONS: dict[str, str] = {
    GeneratedDocument.Format.DOCX: "page",
    GeneratedDocument.Format.PDF: "files",
    GeneratedDocument.Format.XLSX: "sheet",
    GeneratedDocument.Format.ICS: "calendar",
}
SHORT_DIGEST = 12


@dataclass(frozen=True)
class OutputFile:
    """One file. `digest` is the beginning of its SHA-256."""

    document: GeneratedDocument
    label: str
    icon: str
    digest: str


@dataclass(frozen=True)
class Production:
    """
    The files of one production.

    Args:
        pages: of the PDF; None when there is no PDF.
        pages_counted: those that count against the limit.
        excluded: which pages do not count, in words; "" for none.
        page_limit: of the RC; None when it sets none.
        not_produced: a sentence for each file that could not be made.
        engine: in words; "" when nobody knows.
        requested_by: who asked; "" when nobody in particular did.
    """

    version: int
    created_at: datetime
    files: tuple[OutputFile, ...]
    pages: int | None
    pages_counted: int | None
    excluded: str
    page_limit: int | None
    not_produced: tuple[str, ...]
    gaps_total: int
    engine: str
    requested_by: str

    @property
    def is_over_limit(self) -> bool:
        """Whether more pages count than the RC allows."""
        return self.pages_counted is not None and self.page_limit is not None and self.pages_counted > self.page_limit


def list_productions(project: Project, *, page_limit: int | None) -> tuple[Production, ...]:
    """
    Return the productions of a project, the newest first.

    Args:
        page_limit: of the RC, for productions whose own result is gone; None when it sets none.
    """
    documents = GeneratedDocument.objects.filter(project=project).select_related("operation__requested_by")
    by_version = groupby(documents, key=lambda document: document.version)
    return tuple(_production(version, tuple(group), page_limit) for version, group in by_version)


def _production(version: int, documents: tuple[GeneratedDocument, ...], page_limit: int | None) -> Production:
    operation = documents[0].operation
    result = (operation.result if operation else None) or {}
    pages = next((document.pages for document in documents if document.pages), None)
    return Production(
        version=version,
        created_at=documents[0].created_at,
        files=tuple(_file(document) for document in _in_order(documents)),
        pages=pages,
        pages_counted=result.get("pages_counted", pages),
        excluded=say_excluded(result.get("pages_excluded", ())),
        page_limit=result.get("page_limit", page_limit),
        not_produced=tuple(str(missing["message"]) for missing in result.get("not_produced", ())),
        gaps_total=int(result.get("gaps_total") or 0),
        engine=wording.say_engine(str(result.get("engine") or "")),
        requested_by=_requester(operation),
    )


def _file(document: GeneratedDocument) -> OutputFile:
    label = GeneratedDocument.Format(document.format).label
    return OutputFile(document, label, ICONS[document.format], document.sha256[:SHORT_DIGEST])


def _in_order(documents: Iterable[GeneratedDocument]) -> list[GeneratedDocument]:
    """As the formats are listed: what people write on first, the calendar last."""
    order = list(GeneratedDocument.Format)
    return sorted(documents, key=lambda document: order.index(GeneratedDocument.Format(document.format)))


def _requester(operation: Operation | None) -> str:
    requester = operation.requested_by if operation else None
    return requester.display_name if requester else ""
