"""
The statements of a Markdown text: its sentences, in paragraphs, list items and table rows, with their positions.

Headings, header rows, rules and code are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from proposals.writing import GAP

#: A dot behind these ends no sentence; neither does one behind a single capital ("R. 2152-1", "S.A.R.L.").
_ABBREVIATIONS = (
    "m mm dr pr me mgr art arts cf p pp n no num ref ex al vol fig chap tab env max min approx tel st ste av bd "
    "janv fevr fev avr juil sept oct nov dec lun mar mer jeu ven sam dim v vs cie resp"
)
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())

_FENCE = re.compile(r"^\s*(?:```|~~~)")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s")
_RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_ROW = re.compile(r"^\s*\|")
_MARKER = re.compile(r"^[\s>]*(?:[-*+•]|\d{1,3}[.)])\s+|^[\s>]+")
_ITEM = re.compile(r"^[\s>]*(?:[-*+•]|\d{1,3}[.)])\s+")

_END = re.compile(r"(?P<stop>[.!?…]+)[»”\")\]*_]*\s+(?=[«“\"(\[*_]*[A-ZÀ-ÖØ-Þ0-9«])")
_BEFORE_STOP = re.compile(r"([^\W\d_]+)$")
#: What a quotation or a gap says ends no sentence of the text that holds it.
_HELD_TOGETHER = re.compile(rf"«[^»]{{0,1500}}»|{GAP.pattern}")


class Unit(NamedTuple):
    """A paragraph, list item or table row of a text, [start, end), without its marker."""

    start: int
    end: int


def split_units(text: str) -> list[Unit]:
    """Return the paragraphs, list items and table rows of a Markdown text."""
    units: list[Unit] = []
    open_unit = False
    for start, end in _prose_lines(text):
        line = text[start:end]
        if not line.strip(" >\t"):
            open_unit = False
            continue
        if open_unit and not _ITEM.match(line) and not _ROW.match(line):
            units[-1] = Unit(units[-1].start, end)
            continue
        marker = _MARKER.match(line)
        units.append(Unit(start + (marker.end() if marker else 0), end))
        open_unit = not _ROW.match(line)
    return [unit for unit in units if text[unit.start : unit.end].strip()]


def split_statements(text: str) -> list[Unit]:
    """Return the bounds of the statements of a Markdown text, in order."""
    return [statement for unit in split_units(text) for statement in _statements_of(text, unit)]


def split_sentences(text: str) -> list[Unit]:
    """Return the bounds of the sentences of a paragraph."""
    held = [found.span() for found in _HELD_TOGETHER.finditer(text)]
    bounds: list[Unit] = []
    low = 0
    for found in _END.finditer(text):
        if _ends_sentence(text, found) and not any(start < found.start() < end - 1 for start, end in held):
            bounds.append(Unit(low, found.end() - len(_trailing_space(found))))
            low = found.end()
    bounds.append(Unit(low, len(text.rstrip())))
    return [bound for bound in bounds if bound.start < bound.end]


def _statements_of(text: str, unit: Unit) -> Iterator[Unit]:
    if text[unit.start : unit.end].startswith("|"):
        yield unit
        return
    for start, end in split_sentences(text[unit.start : unit.end]):
        yield Unit(unit.start + start, unit.start + end)


def _prose_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the lines that may hold statements; others as empty ones, because they end a paragraph."""
    lines = list(_lines(text))
    in_code = False
    for number, (start, end) in enumerate(lines):
        line = text[start:end]
        fence = bool(_FENCE.match(line))
        in_code = in_code != fence
        heads_table = number + 1 < len(lines) and _is_table_rule(text[slice(*lines[number + 1])]) and "|" in line
        skipped = fence or in_code or heads_table or _HEADING.match(line) or _RULE.match(line) or _is_table_rule(line)
        yield (start, start) if skipped else (start, end)


def _is_table_rule(line: str) -> bool:
    return "|" in line and bool(_TABLE_RULE.match(line))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, start + len(line.rstrip("\r\n"))
        start += len(line)


def _ends_sentence(text: str, found: re.Match[str]) -> bool:
    if found["stop"] != ".":
        return True
    word = _BEFORE_STOP.search(text, max(0, found.start() - 20), found.start())
    if word is None:
        return True
    name = word[1]
    return not (name.lower().replace("é", "e") in ABBREVIATIONS or (len(name) == 1 and name.isupper()))


def _trailing_space(found: re.Match[str]) -> str:
    matched = found.group()
    return matched[len(matched.rstrip()) :]
