"""Show a document in the browser's own reader, at a page. The caller has checked the right to it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from proposals.downloads import FileGone
from proposals.models import SourceDocument

#: The document loads nothing, submits nowhere and is framed by nobody. Not "sandbox": Chromium's reader refuses to
#: open there.
DOCUMENT_POLICY = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def show_inline(document: SourceDocument) -> HttpResponse:
    """
    Return a document that the browser shows; only ever as a PDF, whatever its bytes look like.

    Raises:
        FileGone: the file is not there.
    """
    try:
        with document.file.open("rb") as file:
            response = HttpResponse(file.read(), content_type="application/pdf")
    except FileNotFoundError as error:
        raise FileGone from error
    response.headers["Content-Disposition"] = content_disposition_header(False, document.filename) or "inline"
    response.headers["Content-Security-Policy"] = DOCUMENT_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
