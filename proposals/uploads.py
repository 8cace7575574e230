"""
Take in a document that somebody uploaded: checked by really opening it, stored whole or not at all.

Source: docs/architecture.md, "Files".
"""

from __future__ import annotations

import dataclasses
import hashlib
import tempfile
from pathlib import Path, PurePath
from typing import IO, NamedTuple

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from proposals.documents.errors import PdfTooLarge
from proposals.documents.limits import Limits
from proposals.documents.pdf_reader import inspect_pdf
from proposals.limits import pdf_limits
from proposals.models import Project, SourceDocument, User
from proposals.models.projects import source_document_path

#: Somebody waits for the answer, and a look inside takes well under a second for an honest document.
INSPECTION_SECONDS = 30
MAX_FILENAME_LENGTH = 255


class Receipt(NamedTuple):
    """A stored document, and whether this upload is what brought it."""

    document: SourceDocument
    is_new: bool


class _Content(NamedTuple):
    file: IO[bytes]
    size_bytes: int
    sha256: str
    pages: int


def store(project: Project, file: File[bytes], kind: str, by: User | None) -> SourceDocument:
    """
    Check and store an uploaded document; see `receive`.

    Raises:
        PdfError: the file cannot be used; nothing was stored.
    """
    return receive(project, file, kind, by).document


def receive(project: Project, file: File[bytes], kind: str, by: User | None) -> Receipt:
    """
    Check and store an uploaded document, or find the same content of the same kind on the project.

    What was uploaded last is what the next analysis reads, so a document that comes again becomes the newest.
    Not to be called inside a transaction: one that rolls back later would leave the file behind.

    Raises:
        PdfError: the file cannot be used; nothing was stored.
    """
    if file.size > settings.PROPOSALS_MAX_UPLOAD_BYTES:
        raise PdfTooLarge.for_limit(settings.PROPOSALS_MAX_UPLOAD_BYTES)
    with tempfile.NamedTemporaryFile(prefix="tenderwire-upload-", suffix=".pdf") as copy:
        digest = copy_hashed(file, copy)
        pages = inspect_pdf(Path(copy.name), _inspection_limits()).pages
        content = _Content(copy, size_bytes=copy.tell(), sha256=digest, pages=pages)
        document = SourceDocument(
            project=project,
            kind=kind,
            filename=_make_filename(file.name),
            sha256=content.sha256,
            size_bytes=content.size_bytes,
            pages=content.pages,
            uploaded_by=by,
        )
        return _store(document, content)


def copy_hashed(source: File[bytes], target: IO[bytes]) -> str:
    """Copy an uploaded file and return the SHA-256 of its content in hexadecimal."""
    digest = hashlib.sha256()
    for chunk in source.chunks():
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    return digest.hexdigest()


def _inspection_limits() -> Limits:
    limits = pdf_limits()
    return dataclasses.replace(
        limits,
        cpu_seconds=min(limits.cpu_seconds, INSPECTION_SECONDS),
        wall_seconds=min(limits.wall_seconds, INSPECTION_SECONDS),
    )


def _make_filename(name: str | None) -> str:
    """Return the name shown and downloaded: no folder, nothing unprintable, always a PDF."""
    plain = "".join(character for character in PurePath(name or "document").name if character.isprintable())
    stem = plain[:-4] if plain.lower().endswith(".pdf") else plain
    return f"{stem[: MAX_FILENAME_LENGTH - 4] or 'document'}.pdf"


def _store(document: SourceDocument, content: _Content) -> Receipt:
    try:
        with transaction.atomic(durable=True):
            # Two uploads of the same file at once: the second waits here, and then finds the first.
            Project.objects.select_for_update().get(id=document.project_id)
            earlier = _find_same(document)
            if earlier is not None:
                return Receipt(earlier, is_new=False)
            content.file.seek(0)
            document.file.save(document.filename, File(content.file), save=False)
            document.save(force_insert=True)
    except BaseException:
        # Also a file that was written in part: its place is known before it is written.
        document.file.storage.delete(source_document_path(document, document.filename))
        raise
    return Receipt(document, is_new=True)


def _find_same(document: SourceDocument) -> SourceDocument | None:
    same = SourceDocument.objects.filter(
        project_id=document.project_id, kind=document.kind, sha256=document.sha256
    ).first()
    if same is not None:
        same.uploaded_at = timezone.now()
        same.save(update_fields=["uploaded_at"])
    return same
