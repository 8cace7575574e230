"""Limits of reading a document, from the settings."""

from __future__ import annotations

from django.conf import settings

from proposals.documents.limits import Limits


def pdf_limits() -> Limits:
    """Return the limits of reading a PDF."""
    return Limits(
        max_bytes=settings.PROPOSALS_MAX_UPLOAD_BYTES,
        max_pages=settings.PROPOSALS_MAX_PAGES,
        memory_bytes=settings.PROPOSALS_PDF_MEMORY_BYTES,
        cpu_seconds=settings.PROPOSALS_PDF_CPU_SECONDS,
        wall_seconds=settings.PROPOSALS_PDF_WALL_SECONDS,
    )
