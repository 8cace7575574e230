"""What reading one PDF may cost. The caller takes the values from the settings."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """
    Bounds for one PDF, enforced on the process that reads it.

    `wall_seconds` holds for the text; every page that goes through OCR adds `ocr_page_seconds`.
    `page_characters` bounds what one page may say: a denser page is an attack, not a document.
    """

    max_bytes: int = 50 * MIB
    max_pages: int = 300
    memory_bytes: int = 1024 * MIB
    cpu_seconds: int = 60
    wall_seconds: float = 60.0
    ocr_page_seconds: float = 20.0
    page_characters: int = 100_000
