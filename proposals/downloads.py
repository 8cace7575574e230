"""Hand out stored files. The caller has checked the right to them: files have no URL of their own."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from proposals.exceptions import ProposalsError
from proposals.models import SourceDocument


class FileGone(ProposalsError):
    """The row of a document is there, its file is not."""

    code = "file_missing"
    user_message = "Le fichier de ce document est introuvable sur le serveur. Déposez-le de nouveau."


def as_attachment(document: SourceDocument) -> HttpResponse:
    """
    Return a document as a download that no browser shows or keeps.

    It is read at once, not streamed: under ASGI, Django would collect a file's stream all the same.

    Raises:
        FileGone: the file is not there.
    """
    try:
        with document.file.open("rb") as file:
            content = file.read()
    except FileNotFoundError as error:
        raise FileGone from error
    return content_as_attachment(content, filename=document.filename, content_type="application/pdf")


def content_as_attachment(content: bytes, *, filename: str, content_type: str) -> HttpResponse:
    """Return content as a download that no browser shows or keeps."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
