"""From pieces of a page to clauses: which piece is a heading, which article and lead each clause stands under."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from proposals.documents.document import Document
from proposals.engines.offline.blocks import Block, BlockKind
from proposals.engines.offline.folding import fold
from proposals.engines.offline.layout import Piece, find_pieces

MAX_HEADING = 170
#: From this length on, what ends in a full stop is a clause whose number or first words are bold, no heading.
LONG_SENTENCE = 75
HEADING = re.compile(
    r"^(?P<word>(?:article|art\.|chapitre|section|titre|partie|§)\s*)?"
    r"(?P<number>\d{1,2}(?:er\b)?(?:\s?[.\-]\s?\d{1,2}){0,4}|premier|[ivx]{1,4}(?:[.\-]\d{1,2}){0,3}|"
    r"[a-h](?:[.\-]?\d{1,2}){0,2})"
    r"\s*(?P<mark>[.)°:/\-]{1,3}\s*|\s+|$)(?P<title>[^\d\s].*)?$"
)
WEIGHT = re.compile(r"\d\s*(?:%|points?\b|pts?\b)|/\s*\d{2}\b")
MINOR_LEVEL = 9


@dataclass
class _Walk:
    """Where in the document we are."""

    stack: list[tuple[int, str, str | None]] = field(default_factory=list)
    lead: str = ""
    last_top: int = 0
    top_style: str = ""
    parents: list[tuple[str, str]] = field(default_factory=list)


def find_blocks(document: Document) -> tuple[Block, ...]:
    """Return the clauses of a document in reading order."""
    pieces = _merge_continued_rows(find_pieces(document))
    style = _Style(pieces)
    walk = _Walk()
    return tuple(_to_block(index, piece, style, walk) for index, piece in enumerate(pieces))


class _Style:
    """How this document shows its headings: by weight, size or only by numbers."""

    def __init__(self, pieces: list[Piece]) -> None:
        sizes = Counter(round(line.size) for piece in pieces for line in piece.lines)
        self._body = sizes.most_common(1)[0][0] if sizes else 0
        numbered = [piece for piece in pieces if not piece.cells and HEADING.match(_full(piece))]
        self._numbers_are_styled = sum(self.stands_out(piece) for piece in numbered) >= 3

    def stands_out(self, piece: Piece) -> bool:
        line = piece.first
        text = _full_text(piece)
        shouts = text.upper() == text and sum(c.isalpha() for c in text) >= 5
        return line.bold or line.size > self._body + 0.8 or shouts

    def is_heading(self, piece: Piece, found: re.Match[str], walk: _Walk) -> bool:
        text = _full_text(piece)
        if len(text) > MAX_HEADING or text.rstrip().endswith((";", ",")):
            return False
        if len(text) > LONG_SENTENCE and text.rstrip().endswith("."):
            return False
        if found["word"]:
            return self.stands_out(piece) or not text.rstrip().endswith(".")
        if not found["title"] or not _starts_big(text, found) or not _is_near(found["number"], walk):
            return False
        if self.stands_out(piece):
            return True
        if text.endswith((".", ":")) or WEIGHT.search(fold(text)):
            return False
        several = len(_parts(found["number"])) > 1 and len(text) < 90
        return _follows(found["number"], walk) and (several or not self._numbers_are_styled)


def _starts_big(text: str, found: re.Match[str]) -> bool:
    title = text[found.start("title") :]
    return title[:1].isupper() or title[:1] in '«“"' or title[1:2] in "'’"


def _parts(number: str) -> list[str]:
    return re.split(r"\s?[.\-]\s?", number.replace("er", ""))


_ROMAN_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_ROMANS = {numeral: value for value, numeral in enumerate(_ROMAN_NUMERALS, start=1)}


def _top(number: str) -> int | None:
    """Return the first part of a number as a figure, Roman ones too; None for letters."""
    first = _parts(number)[0]
    return int(first) if first.isdigit() else _ROMANS.get(first.upper())


def _is_near(number: str, walk: _Walk) -> bool:
    """A street number is no heading: article numbers go up by small steps."""
    top, *below = _parts(number)
    return bool(below) or not top.isdigit() or int(top) <= walk.last_top + 3


def _follows(number: str, walk: _Walk) -> bool:
    parts, top = _parts(number), _top(number)
    if top is None:
        return False
    return (
        top == walk.last_top + 1 if len(parts) == 1 else top in {walk.last_top, walk.last_top + 1} or not walk.last_top
    )


def _full_text(piece: Piece) -> str:
    return f"{piece.marker} {piece.text}" if piece.marker else piece.text


def _full(piece: Piece) -> str:
    return fold(_full_text(piece))


def _to_block(index: int, piece: Piece, style: _Style, walk: _Walk) -> Block:
    if piece.cells:
        return _make(index, piece, walk, kind="row", text=" ".join(cell for cell in piece.cells if cell))
    found = HEADING.match(_full(piece))
    if found and style.is_heading(piece, found, walk):
        return _make_heading(index, piece, found, walk)
    if found and (found["word"] or len(_parts(found["number"])) > 1) and not piece.marker:
        _enter_clause(found, walk)
    if piece.marker:
        return _make_bullet(index, piece, walk)
    if _is_unmarked_item(piece, style, walk):
        return _make(index, piece, walk, kind="bullet", text=piece.text)
    if _is_minor_heading(piece, style):
        return _make_minor(index, piece, walk)
    block = _make(index, piece, walk, kind="paragraph", text=piece.text)
    walk.lead = block.folded
    walk.parents.clear()
    return block


def _make_bullet(index: int, piece: Piece, walk: _Walk) -> Block:
    """An item that ends in a colon leads the items below it, which have another sign or stand further right."""
    shape = f"{re.sub(r'[a-z0-9]', 'a', piece.marker.lower())}@{round(piece.indent / 8)}"
    for position, (known, lead) in enumerate(walk.parents):
        if known == shape:
            walk.lead = lead
            del walk.parents[position:]
            break
    block = _make(index, piece, walk, kind="bullet", text=piece.text)
    if piece.text.rstrip().endswith(":"):
        walk.parents.append((shape, walk.lead))
        walk.lead = block.folded
    return block


def _enter_clause(found: re.Match[str], walk: _Walk) -> None:
    """A paragraph that only has a number ("7.2 The offer…") is an article without a title."""
    number = ".".join(_parts(found["number"]))
    if not number[0].isdigit() or not _is_near(number, walk):
        return
    level = len(number.split("."))
    while walk.stack and walk.stack[-1][0] >= level:
        walk.stack.pop()
    walk.stack.append((level, "", number))


def _is_unmarked_item(piece: Piece, style: _Style, walk: _Walk) -> bool:
    """Lists lose their bullets in scans; short lines without a full stop after a colon are still a list."""
    text = piece.text.rstrip()
    return (
        walk.lead.endswith(":") and len(text) <= 240 and not text.endswith((".", ":")) and not style.stands_out(piece)
    )


def _is_minor_heading(piece: Piece, style: _Style) -> bool:
    text = piece.text.rstrip()
    short = len(text) <= 90 and not text.endswith((".", ";", ","))
    return short and style.stands_out(piece) and text[:1].isupper()


def _make_minor(index: int, piece: Piece, walk: _Walk) -> Block:
    while walk.stack and walk.stack[-1][0] >= MINOR_LEVEL:
        walk.stack.pop()
    walk.lead = ""
    walk.stack.append((MINOR_LEVEL, fold(piece.text), None))
    return _make(index, piece, walk, kind="heading", text=piece.text)


def _make_heading(index: int, piece: Piece, found: re.Match[str], walk: _Walk) -> Block:
    text = _full_text(piece)
    number = re.sub(r"\s?[.\-]\s?", ".", text[found.start("number") : found.end("number")])
    number = "1" if number.lower() == "premier" else number.removesuffix("er")
    level = _level(number, walk)
    while walk.stack and walk.stack[-1][0] >= level:
        walk.stack.pop()
    title = text[found.start("title") :] if found["title"] else text
    walk.stack.append((level, fold(title), number))
    walk.lead = ""
    walk.last_top = _top(number) or walk.last_top
    return _make(index, piece, walk, kind="heading", text=text, number=number)


def _style_of(number: str) -> str:
    if number.isdigit():
        return "figures"
    return "roman" if re.fullmatch(r"[IVX]+", number.upper()) else "letters"


def _level(number: str, walk: _Walk) -> int:
    """Return the depth of a heading: the style of the first one is that of the top."""
    parts = number.split(".")
    if len(parts) > 1:
        return len(parts)
    style = _style_of(parts[0])
    walk.top_style = walk.top_style or style
    return 1 if style == walk.top_style else 5 if style == "figures" else 6


def _make(index: int, piece: Piece, walk: _Walk, *, kind: BlockKind, text: str, number: str | None = None) -> Block:
    numbers = [known for _, _, known in walk.stack if known]
    return Block(
        index=index,
        page=piece.page,
        kind=kind,
        text=text.replace("\n", " "),
        cells=piece.cells,
        marker=piece.marker if kind == "bullet" else "",
        number=number,
        article=numbers[-1] if numbers else None,
        trail=tuple(title for _, title, _ in walk.stack if title),
        lead=walk.lead,
        table=piece.table,
        left=piece.indent,
        bold=piece.first.bold,
        size=piece.first.size,
    )


def _merge_continued_rows(pieces: list[Piece]) -> list[Piece]:
    """Join a borderless row to the one before when it goes on in lower case in every cell."""
    merged: list[Piece] = []
    for piece in pieces:
        before = merged[-1] if merged else None
        if before and _continues_row(before, piece):
            cells = tuple(f"{a} {b}".strip() for a, b in zip(before.cells, piece.cells, strict=True))
            merged[-1] = Piece(before.page, before.lines + piece.lines, cells, before.table)
        else:
            merged.append(piece)
    return merged


def _continues_row(before: Piece, piece: Piece) -> bool:
    if piece.table is not None or before.table is not None or before.page != piece.page:
        return False
    same_shape = len(before.cells) == len(piece.cells) > 1
    return same_shape and piece.cells[0][:1].islower()
