"""
From the characters of one PDF page to lines with positions, in the order in which the page was written.

Runs in the child process only. That order keeps the lines of one table cell together, which an order by
height would not. Traps of pdfium met here: a hyphen at a line end comes as U+0002 or U+FFFE; bullets of
lists may be written after all text.
"""

from __future__ import annotations

import ctypes
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pypdfium2.raw as pdfium_c

from proposals.documents.document import Box, Line

#: A horizontal gap wider than this many font sizes separates columns, not words.
COLUMN_GAP = 2.2
#: A gap wider than this many font sizes between two characters is a space.
WORD_GAP = 0.2
HYPHENS = {0x02, 0xFFFE, 0xAD}
MARKER = re.compile(r"(?:[•●▪■□◦○–—‒*·➢➤✓✔❖✦o\-\uf0a7\uf0b7\uf0d8\uf0fc]|(?:\d{1,2}|[a-zA-Z])[.)°])")
#: Parts of French words that keep their hyphen when the line breaks after it.
COMPOUND = re.compile(
    r"(?:\d|[A-Z]|\b(?:sous|sus|ci|là|au|vice|non|contre|celui|celle|ceux|peut|est|dit|main|rendez|mi|semi|avant|"
    r"après|procès|plate|lui|elle|eux|elles|soi|savoir|chef|mot|tiers|hors|quelques|cahier|vis|à|c|"
    r"éco|post|pré|inter|nord|sud|haut|haute|bas|saint|sainte|val))-$",
    re.IGNORECASE,
)

CellFinder = Callable[[float, float], tuple[int, int, int] | None]


@dataclass(slots=True)
class _Glyph:
    char: str
    box: Box
    size: float
    index: int
    spaced: bool


@dataclass(slots=True)
class _Run:
    glyphs: list[_Glyph]
    cell: tuple[int, int, int] | None
    hyphenated: bool = False


def find_no_cell(_x: float, _y: float) -> None:
    """Return None: the page has no ruled table."""
    return


def read_lines(text_page: ctypes.c_void_p, find_cell: CellFinder, max_characters: int) -> list[Line]:
    """
    Return the lines of a page.

    Raises:
        MemoryError: the page has more than `max_characters` characters.
    """
    count = pdfium_c.FPDFText_CountChars(text_page)
    if count > max_characters:
        raise MemoryError
    runs = _split_runs(_read_glyphs(text_page, count), find_cell)
    lines = [_to_line(text_page, run) for run in runs]
    return _attach_markers([line for line in lines if line.text])


def _read_glyphs(text_page: ctypes.c_void_p, count: int) -> Iterator[_Glyph]:
    rect = pdfium_c.FS_RECTF()
    spaced = False
    for index in range(count):
        code = pdfium_c.FPDFText_GetUnicode(text_page, index)
        char = chr(code)
        if char.isspace():
            spaced = True
            continue
        if code < 32 and code not in HYPHENS:
            continue
        pdfium_c.FPDFText_GetLooseCharBox(text_page, index, rect)
        box = Box(rect.left, rect.bottom, rect.right, rect.top)
        yield _Glyph(char, box, pdfium_c.FPDFText_GetFontSize(text_page, index), index, spaced)
        spaced = False


def _split_runs(glyphs: Iterator[_Glyph], find_cell: CellFinder) -> list[_Run]:
    runs: list[_Run] = []
    for glyph in glyphs:
        if ord(glyph.char) in HYPHENS:
            _mark_hyphen(runs)
            continue
        cell = find_cell((glyph.box.left + glyph.box.right) / 2, (glyph.box.bottom + glyph.box.top) / 2)
        if runs and runs[-1].cell == cell and not runs[-1].hyphenated and _continues(runs[-1], glyph):
            runs[-1].glyphs.append(glyph)
        else:
            runs.append(_Run([glyph], cell))
    return runs


def _mark_hyphen(runs: list[_Run]) -> None:
    if runs:
        runs[-1].hyphenated = True


def _continues(run: _Run, glyph: _Glyph) -> bool:
    before = run.glyphs[-1]
    height = min(before.box.height, glyph.box.height) or 1.0
    overlap = min(before.box.top, glyph.box.top) - max(before.box.bottom, glyph.box.bottom)
    gap = glyph.box.left - before.box.right
    em = max(before.box.height, glyph.box.height) * 0.85
    # Inside a ruled cell a wide gap is only a justified line.
    widest = COLUMN_GAP if run.cell is None else 4 * COLUMN_GAP
    return overlap > 0.35 * height and -2 * em < gap < widest * em


def _to_line(text_page: ctypes.c_void_p, run: _Run) -> Line:
    first = run.glyphs[0]
    box = Box(
        min(g.box.left for g in run.glyphs),
        min(g.box.bottom for g in run.glyphs),
        max(g.box.right for g in run.glyphs),
        max(g.box.top for g in run.glyphs),
    )
    is_bold = _is_bold(text_page, first.index) and _is_bold(text_page, run.glyphs[-1].index)
    text, hyphenated = _resolve_hyphen(_join(run.glyphs), run.hyphenated)
    return Line(text, box, round(first.box.height, 1), is_bold, hyphenated, run.cell)


def _join(glyphs: list[_Glyph]) -> str:
    parts = [glyphs[0].char]
    for before, glyph in itertools.pairwise(glyphs):
        em = glyph.box.height * 0.85
        if glyph.spaced or glyph.box.left - before.box.right > WORD_GAP * em:
            parts.append(" ")
        parts.append(glyph.char)
    return "".join(parts)


def _resolve_hyphen(text: str, marked: bool) -> tuple[str, bool]:
    """Return the text and whether its last word goes on; a hyphen that belongs to the word is kept."""
    if not marked:
        return text, False
    bare = text.rstrip("-\u00ad\u2010")
    return (f"{bare}-", True) if COMPOUND.search(f"{bare}-") else (bare, True)


def _is_bold(text_page: ctypes.c_void_p, index: int) -> bool:
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium_c.FPDFText_GetFontInfo(text_page, index, buffer, len(buffer), flags)
    name = buffer.value.lower()
    return b"bold" in name or b"black" in name or pdfium_c.FPDFText_GetFontWeight(text_page, index) >= 600


def _attach_markers(lines: list[Line]) -> list[Line]:
    """Put every lonely bullet or list number in front of the text that stands right of it."""
    markers = [line for line in lines if MARKER.fullmatch(line.text)]
    if not markers:
        return lines
    texts = [line for line in lines if not MARKER.fullmatch(line.text)]
    orphans: list[Line] = []
    for marker in markers:
        index = _text_beside(marker, texts)
        if index is None:
            orphans.append(marker)
        else:
            line = texts[index]
            box = Box(marker.box.left, line.box.bottom, line.box.right, line.box.top)
            texts[index] = replace(line, text=f"{marker.text} {line.text}", box=box)
    return texts + orphans


def _text_beside(marker: Line, texts: list[Line]) -> int | None:
    middle = (marker.box.bottom + marker.box.top) / 2
    best: tuple[float, int] | None = None
    for index, line in enumerate(texts):
        gap = line.box.left - marker.box.right
        beside = line.box.bottom <= middle <= line.box.top and -2 <= gap <= 60
        if beside and line.cell == marker.cell and (best is None or gap < best[0]):
            best = (gap, index)
    return best[1] if best else None
