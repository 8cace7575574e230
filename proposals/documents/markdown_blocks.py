"""
From the Markdown of a section to blocks.

Raw HTML never passes as markup, nothing is fetched, and what is not known here stays as text: nothing gets lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from proposals.documents.blocks import (
    MAX_HEADING_LEVEL,
    Alignment,
    Block,
    CodeBlock,
    Heading,
    Inline,
    ListBlock,
    ListItem,
    Mark,
    Paragraph,
    Quote,
    Span,
    Table,
    text_of,
)
from proposals.documents.characters import one_line, printable
from proposals.writing import GAP

#: Deeper nesting than any document needs; what is nested deeper would be dropped.
MAX_NESTING = 100
ALLOWED_SCHEMES = ("http://", "https://", "mailto:")

LINE_BREAK_TAG = re.compile(r"[ \t]*<br\s*/?>[ \t]*", re.IGNORECASE)
CAPTION = re.compile(r"(?:Tableau|Table)(?:\s+\d+)?\s*[:–—-]\s*(?=\S)", re.IGNORECASE)

#: Private characters around marked parts: they pass through the parser as letters would.
OPENING: dict[Mark, str] = {"gap": "\ue000", "doubt": "\ue001"}
CLOSING = "\ue002"
MARKS = {character: mark for mark, character in OPENING.items()}
MARK = re.compile(f"([{''.join(MARKS)}{CLOSING}])")
#: A mark in front of these would hide a list, a heading, a quote or a table from the parser.
BLOCK_START = re.compile(r"(?:[-+*#>|`~=]|\d{1,9}[.)](?:\s|$))")
#: What begins a list item, a heading or a quote.
BLOCK_MARKER = re.compile(r"^(?:[-+*>]|#{1,6}|\d{1,9}[.)])\s+")

#: A part of a text as [start, end), in code points.
Range = tuple[int, int]


def find_gaps(text: str) -> list[str]:
    """Return what each `[à compléter : …]` of a text asks for."""
    return [" ".join(found[1].split()) or "à préciser" for found in GAP.finditer(text)]


def to_blocks(text: str, *, doubts: Iterable[Range] = ()) -> tuple[Block, ...]:
    """
    Return the blocks of a Markdown text. Headings keep their Markdown level, at most 4, and have no number yet.

    Args:
        doubts: parts of `text` to mark as unproven.
    """
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING}).enable("table")
    tokens = parser.parse(_insert_marks(text, doubts))
    return _caption_tables(_Reader(tokens).read())


def to_inline(statement: str) -> Inline:
    """Return one sentence, list item or table row of a Markdown text as spans on one line."""
    parser = MarkdownIt("commonmark", {"html": False})
    line = one_line(MARK.sub(" ", BLOCK_MARKER.sub("", statement.strip().strip("|"), count=1)))
    return _to_spans(parser.parseInline(line)[0].children or ())


def _insert_marks(text: str, doubts: Iterable[Range]) -> str:
    """Put private characters around gaps and doubts; those that stand in the text already become spaces."""
    clean = MARK.sub(" ", text)
    gaps = [found.span() for found in GAP.finditer(clean)]
    marked: list[tuple[int, int, Mark]] = [(start, end, "gap") for start, end in gaps]
    marked += [(*part, "doubt") for part in doubts if not any(_overlap(part, gap) for gap in gaps)]
    for start, end, mark in sorted(marked, reverse=True):
        if mark == "gap" or not _opens_block(clean, start):
            clean = f"{clean[:start]}{OPENING[mark]}{clean[start:end]}{CLOSING}{clean[end:]}"
    return clean


def _overlap(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _opens_block(text: str, position: int) -> bool:
    line_start = text.rfind("\n", 0, position) + 1
    return not text[line_start:position].strip() and BLOCK_START.match(text, position) is not None


class _Reader:
    """Reads the flat list of tokens of markdown-it back into a tree."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._position = 0

    def read(self, closing: str = "") -> tuple[Block, ...]:
        blocks: list[Block] = []
        while self._position < len(self._tokens):
            token = self._next()
            if token.type == closing:
                break
            blocks += self._to_blocks(token)
        return tuple(blocks)

    def _next(self) -> Token:
        token = self._tokens[self._position]
        self._position += 1
        return token

    def _to_blocks(self, token: Token) -> Iterator[Block]:
        match token.type:
            case "heading_open":
                yield _to_heading(token, self._read_inline())
            case "inline":
                yield Paragraph(_to_spans(token.children or ()))
            case "bullet_list_open" | "ordered_list_open":
                yield self._read_list(token)
            case "blockquote_open":
                yield Quote(self.read("blockquote_close"))
            case "fence" | "code_block":
                yield CodeBlock(MARK.sub("", printable(token.content)).rstrip("\n"))
            case "table_open":
                yield self._read_table()
            case _ if token.content and not token.hidden:
                yield Paragraph((Span(printable(token.content)),))

    def _read_inline(self) -> Inline:
        return _to_spans(self._next().children or ())

    def _read_list(self, opening: Token) -> ListBlock:
        ordered = opening.type == "ordered_list_open"
        items: list[ListItem] = []
        while (token := self._next()).type != opening.type.replace("open", "close"):
            if token.type == "list_item_open":
                items.append(ListItem(self.read("list_item_close")))
        start = opening.attrGet("start")
        return ListBlock(tuple(items), ordered=ordered, start=int(start) if start is not None else 1)

    def _read_table(self) -> Table:
        rows: list[list[Inline]] = []
        alignments: list[Alignment] = []
        while (token := self._next()).type != "table_close":
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                rows[-1].append(self._read_inline())
                if token.type == "th_open":
                    alignments.append(_read_alignment(token))
        header, *body = rows
        return Table(tuple(header), tuple(tuple(row) for row in body), alignments=tuple(alignments))


def _to_heading(token: Token, content: Inline) -> Block:
    """Inside a list or a quote a heading divides nothing: it is a paragraph in bold there."""
    if token.level > 0:
        return Paragraph(tuple(replace(span, bold=True) for span in content))
    return Heading(min(int(token.tag[1]), MAX_HEADING_LEVEL), content)


def _read_alignment(cell: Token) -> Alignment:
    style = str(cell.attrGet("style") or "")
    return "right" if "right" in style else "center" if "center" in style else "left"


@dataclass
class _Style:
    """The style in force at one point of a run of text."""

    bold: int = 0
    italic: int = 0
    href: str | None = None
    mark: Mark | None = None

    def take(self, token: Token) -> None:
        match token.type:
            case "strong_open" | "strong_close":
                self.bold += token.nesting
            case "em_open" | "em_close":
                self.italic += token.nesting
            case "link_open":
                self.href = _allow(str(token.attrGet("href") or ""))
            case "link_close":
                self.href = None

    def make_span(self, text: str, *, code: bool = False) -> Span:
        return Span(text, self.bold > 0, self.italic > 0, code, self.href, self.mark)


def _allow(address: str) -> str | None:
    return address if address.lower().startswith(ALLOWED_SCHEMES) else None


def _to_spans(tokens: Iterable[Token]) -> Inline:
    style = _Style()
    spans: list[Span] = []
    for token in tokens:
        style.take(token)
        for part in MARK.split(_text_of_token(token)):
            if part in MARKS:
                style.mark = MARKS[part]
            elif part == CLOSING:
                style.mark = None
            elif part:
                spans.append(style.make_span(printable(part), code=token.type == "code_inline"))
    return _merge(spans)


def _text_of_token(token: Token) -> str:
    match token.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "text":
            return LINE_BREAK_TAG.sub("\n", token.content)
        case "image":
            return f"[image : {token.content}]" if token.content else ""
    return token.content


def _merge(spans: Iterable[Span]) -> Inline:
    """Join neighbours of the same style."""
    merged: list[Span] = []
    for span in spans:
        if merged and replace(merged[-1], text="") == replace(span, text=""):
            merged[-1] = replace(span, text=merged[-1].text + span.text)
        else:
            merged.append(span)
    return tuple(merged)


def _caption_tables(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Take a paragraph "Tableau : …" right before a table for its caption."""
    captioned: list[Block] = []
    for block in blocks:
        previous = captioned[-1] if captioned else None
        if isinstance(block, Table) and isinstance(previous, Paragraph) and CAPTION.match(text_of(previous.content)):
            captioned[-1] = replace(block, caption=_without_prefix(previous.content))
        else:
            captioned.append(block)
    return tuple(captioned)


def _without_prefix(content: Inline) -> Inline:
    """Cut "Tableau :" off: the caption's number is counted, not written."""
    rest = len(text_of(content)) - len(CAPTION.sub("", text_of(content), count=1))
    kept: list[Span] = []
    for span in content:
        text = span.text[rest:]
        rest = max(0, rest - len(span.text))
        if text:
            kept.append(replace(span, text=text))
    return tuple(kept)
