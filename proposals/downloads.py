"""Hand out stored files. The caller has checked the right to them: files have no URL of their own."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from proposals.exceptions import ProposalsError
from proposals.models import GeneratedDocument, SourceDocument

#: Of produced files, by their format.
CONTENT_TYPES: dict[str, str] = {
    GeneratedDocument.Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    GeneratedDocument.Format.PDF: "application/pdf",
    GeneratedDocument.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    GeneratedDocument.Format.ICS: "text/calendar; charset=utf-8",
}

PRODUCE_AGAIN = "Ce fichier est introuvable sur le serveur. Produisez les documents de nouveau."


class FileGone(ProposalsError):
    """The row of a document is there, its file is not."""

    code = "file_missing"
    user_message = "Le fichier de ce document est introuvable sur le serveur. Déposez-le de nouveau."


def as_attachment(document: SourceDocument) -> HttpResponse:
    """
    Return a document as a download that no browser shows or keeps.

    Raises:
        FileGone: the file is not there.
    """
    content = _read(document.file, FileGone())
    return content_as_attachment(content, filename=document.filename, content_type="application/pdf")


def generated_as_attachment(document: GeneratedDocument) -> HttpResponse:
    """
    Return a produced file as a download that no browser shows or keeps.

    Raises:
        FileGone: the file is not there.
    """
    content = _read(document.file, FileGone(PRODUCE_AGAIN))
    content_type = CONTENT_TYPES[document.format]
    return content_as_attachment(content, filename=document.filename, content_type=content_type)


def content_as_attachment(content: bytes, *, filename: str, content_type: str) -> HttpResponse:
    """Return content as a download that no browser shows or keeps."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _read(stored: FieldFile, gone: FileGone) -> bytes:
    """Read a file at once, not streamed: under ASGI, Django would collect a file's stream all the same."""
    try:
        with stored.open("rb") as file:
            content: bytes = file.read()
    except FileNotFoundError as error:
        raise gone from error
    return content
