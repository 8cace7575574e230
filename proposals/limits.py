"""Limits of reading and writing documents, from the settings."""

from __future__ import annotations

from django.conf import settings

from proposals.documents.limits import Limits
from proposals.documents.writers.limits import WriterLimits


def pdf_limits() -> Limits:
    """Return the limits of reading a PDF."""
    return Limits(
        max_bytes=settings.PROPOSALS_MAX_UPLOAD_BYTES,
        max_pages=settings.PROPOSALS_MAX_PAGES,
        memory_bytes=settings.PROPOSALS_PDF_MEMORY_BYTES,
        cpu_seconds=settings.PROPOSALS_PDF_CPU_SECONDS,
        wall_seconds=settings.PROPOSALS_PDF_WALL_SECONDS,
    )


def pdf_writer_limits() -> WriterLimits:
    """Return the limits of laying out a PDF."""
    return WriterLimits(
        memory_bytes=settings.PROPOSALS_PDF_WRITER_MEMORY_BYTES,
        cpu_seconds=settings.PROPOSALS_PDF_WRITER_CPU_SECONDS,
        wall_seconds=settings.PROPOSALS_PDF_WRITER_WALL_SECONDS,
    )
