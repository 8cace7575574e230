"""
Text of a scanned page by tesseract, as lines with positions. Runs in the child process only.

Tesseract is optional: `is_available` says whether the program and its French data are installed.
"""

from __future__ import annotations

import csv
import io
import math
import shutil
import subprocess
import tempfile
from itertools import groupby
from pathlib import Path
from typing import Any

from proposals.documents.document import Box, Line

DOTS_PER_INCH = 300
POINTS_PER_INCH = 72
#: A render never has more pixels (A3 at 300 dpi), whatever size the page claims.
MAX_PIXELS = 18_000_000
MIN_CONFIDENCE = 20.0
LANGUAGE = "fra"
#: A gap wider than this many line heights separates columns.
COLUMN_GAP = 1.6


def is_available() -> bool:
    """Return whether tesseract and its French data are installed."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    listing = subprocess.run(  # noqa: S603 — fixed arguments
        [program, "--list-langs"], capture_output=True, text=True, check=False, timeout=10
    )
    return LANGUAGE in listing.stdout.split()


def recognise(page: Any) -> list[Line]:
    """
    Return the lines that tesseract reads on a pdfium page.

    Raises:
        MemoryError: tesseract could not finish within the limits of this process.
    """
    width, height = page.get_size()
    scale = min(DOTS_PER_INCH / POINTS_PER_INCH, math.sqrt(MAX_PIXELS / max(width * height, 1.0)))
    with tempfile.TemporaryDirectory(prefix="tenderwire-ocr-") as folder:
        image = Path(folder) / "page.png"
        page.render(scale=scale, grayscale=True).to_pil().save(image)
        table = _run_tesseract(image, dots_per_inch=round(scale * POINTS_PER_INCH))
    return [line for words in _read_words(table) for line in _to_lines(words, scale, height)]


def _run_tesseract(image: Path, dots_per_inch: int) -> str:
    program = shutil.which("tesseract") or "tesseract"
    command = [program, str(image), "-", "-l", LANGUAGE, "--dpi", str(dots_per_inch), "--psm", "4", "tsv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — no shell, own file
    if done.returncode != 0:
        raise MemoryError
    return done.stdout


def _read_words(table: str) -> list[list[dict[str, str]]]:
    rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = [
        row for row in rows if row["level"] == "5" and row["text"].strip() and float(row["conf"]) >= MIN_CONFIDENCE
    ]
    by_line = groupby(words, key=lambda row: (row["block_num"], row["par_num"], row["line_num"]))
    return [list(group) for _, group in by_line]


def _to_lines(words: list[dict[str, str]], scale: float, page_height: float) -> list[Line]:
    lines: list[Line] = []
    for word in words:
        left, top = int(word["left"]) / scale, page_height - int(word["top"]) / scale
        box = Box(left, top - int(word["height"]) / scale, left + int(word["width"]) / scale, top)
        if lines and box.left - lines[-1].box.right < COLUMN_GAP * max(lines[-1].box.height, 8.0):
            lines[-1] = _extend(lines[-1], word["text"], box)
        else:
            lines.append(Line(word["text"], box, 0.0))
    return [_unhyphenate(line) for line in lines]


def _extend(line: Line, word: str, box: Box) -> Line:
    whole = Box(line.box.left, min(line.box.bottom, box.bottom), box.right, max(line.box.top, box.top))
    return Line(f"{line.text} {word}", whole, 0.0)


def _unhyphenate(line: Line) -> Line:
    if len(line.text) > 3 and line.text.endswith("-") and line.text[-2].islower():
        return Line(line.text[:-1], line.box, 0.0, hyphenated=True)
    return line
