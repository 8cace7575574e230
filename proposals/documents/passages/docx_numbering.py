"""The automatic numbers of a DOCX: they stand nowhere in its text and have to be counted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from proposals.documents.passages.docx_package import word
from proposals.documents.passages.docx_styles import read_number, read_value

DEPTHS = 9
NO_LIST = "0"
ROMANS = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True)
class Level:
    """One depth of a list: how its numbers are written ("decimal", "bullet", …), in what text, from which."""

    format: str = "decimal"
    text: str = ""
    start: int = 1
    style: str | None = None


class Counted(NamedTuple):
    """One paragraph of a list: its whole number ("3.2"), its own figure (2), its level and its depth from 0."""

    number: str
    figure: int
    level: Level
    depth: int


@dataclass
class _List:
    levels: dict[int, Level]
    counters: list[int | None] = field(default_factory=lambda: [None] * DEPTHS)


class Numbering:
    """The lists of one document, counting as its paragraphs are read."""

    def __init__(self, root: Any) -> None:
        abstract = {} if root is None else {_id(e): _List(_read_levels(e)) for e in root.iterfind(word("abstractNum"))}
        numbers = () if root is None else root.iterfind(word("num"))
        self._lists = {
            number.get(word("numId")): abstract[key]
            for number in numbers
            if (key := read_value(number, "abstractNumId")) in abstract
        }

    def count(self, number: str | None, depth: int | None, style: str | None = None) -> Counted | None:
        """
        Count one more paragraph of a list; None when it is in none.

        Args:
            style: of the paragraph; a level that belongs to it says the depth where nobody else does.
        """
        found = self._lists.get(number or NO_LIST)
        if found is None or number == NO_LIST:
            return None
        depth = _depth_of(found, style) if depth is None else min(depth, DEPTHS - 1)
        level = found.levels.get(depth, Level())
        before = found.counters[depth]
        figure = level.start if before is None else before + 1
        found.counters[depth:] = [figure] + [None] * (DEPTHS - depth - 1)
        return Counted(_write(found, level), figure, level, depth)


def _id(element: Any) -> str | None:
    value: str | None = element.get(word("abstractNumId"))
    return value


def _read_levels(element: Any) -> dict[int, Level]:
    levels: dict[int, Level] = {}
    for child in element.iterfind(word("lvl")):
        depth = child.get(word("ilvl"), "")
        if depth.isdecimal() and int(depth) < DEPTHS:
            start = read_number(child, "start")
            levels[int(depth)] = Level(
                format=read_value(child, "numFmt") or "decimal",
                text=read_value(child, "lvlText") or "",
                start=1 if start is None else start,
                style=read_value(child, "pStyle"),
            )
    return levels


def _depth_of(found: _List, style: str | None) -> int:
    return next((depth for depth, level in found.levels.items() if style and level.style == style), 0)


def _write(found: _List, level: Level) -> str:
    """Return the number as the level's text puts it ("%1.%2" → "3.2"), without signs at its end."""

    def write_part(part: re.Match[str]) -> str:
        depth = int(part[1]) - 1
        shape = found.levels.get(depth, Level())
        counter = found.counters[depth]
        return write_number(shape.start if counter is None else counter, shape.format)

    return re.sub(r"%([1-9])", write_part, level.text).strip(" .):-–")


def write_number(value: int, number_format: str) -> str:
    """Return a number as figures, letters or in Roman style."""
    match number_format:
        case "lowerLetter" | "upperLetter" if 1 <= value <= 26:
            letter = chr(ord("a") + value - 1)
            return letter.upper() if number_format == "upperLetter" else letter
        case "lowerRoman" | "upperRoman" if 1 <= value < 40:
            roman = _write_roman(value)
            return roman.upper() if number_format == "upperRoman" else roman
    return str(value)


def _write_roman(value: int) -> str:
    text = ""
    for amount, numeral in ROMANS:
        while value >= amount:
            text += numeral
            value -= amount
    return text
