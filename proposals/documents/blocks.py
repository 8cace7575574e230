"""
What a produced document consists of, whatever its format: the one tree that DOCX, HTML and PDF are written from.

Values only; knows no file format, no Markdown and no database. Texts are plain: nothing in them is markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

#: "gap" is a `[à compléter : …]`; "doubt" a name or figure that neither the RC nor the library has.
Mark = Literal["gap", "doubt"]
Alignment = Literal["left", "center", "right"]
ParagraphStyle = Literal["body", "note"]
#: Headings of the body are numbered 1, 1.1; those of annexes A, A.1.
Numbering = Literal["body", "annex"]

MAX_HEADING_LEVEL = 4


@dataclass(frozen=True, slots=True)
class Span:
    """
    A run of text in one style. A newline in `text` is a line break.

    `href` is an address (http, https, mailto) or, with a leading "#", the anchor of a heading.
    """

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    href: str | None = None
    mark: Mark | None = None


Inline = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. `level` is 1–4; `number` and `anchor` are empty until the composition has given them."""

    level: int
    content: Inline
    number: str = ""
    anchor: str = ""
    numbering: Numbering = "body"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text; a "note" speaks about the document, not for it."""

    content: Inline
    style: ParagraphStyle = "body"


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item of a list: its paragraphs and the lists inside it."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; an ordered one counts from `start`."""

    items: tuple[ListItem, ...]
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table with a header row.

    Args:
        widths: of the columns, in proportion to each other; empty for equal ones.
        alignments: of the columns; empty for left.
        number: of its caption, 0 until the composition has given one.
    """

    header: tuple[Inline, ...]
    rows: tuple[tuple[Inline, ...], ...]
    caption: Inline = ()
    number: int = 0
    widths: tuple[int, ...] = ()
    alignments: tuple[Alignment, ...] = ()

    def share(self, column: int) -> float:
        """Return the width of a column as a share of the table's."""
        widths = self.widths or (1,) * len(self.header)
        return widths[column] / sum(widths)

    def alignment(self, column: int) -> Alignment:
        """Return the alignment of a column."""
        return self.alignments[column] if column < len(self.alignments) else "left"


@dataclass(frozen=True, slots=True)
class Quote:
    """Blocks that somebody else said."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Text whose spaces and line ends count."""

    text: str


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class Landscape:
    """Blocks on pages of their own, in landscape: wide tables."""

    blocks: tuple[Block, ...]


Block = Heading | Paragraph | ListBlock | Table | Quote | CodeBlock | PageBreak | Landscape


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page: who answers whom, about what. `lines` are label and value."""

    title: str
    subtitle: str
    company: str
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TocEntry:
    """One line of the table of contents."""

    level: int
    number: str
    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex, from its heading on. An internal one is for the bid team and is taken out before handing in."""

    heading: Heading
    blocks: tuple[Block, ...]
    internal: bool = False

    @property
    def flow(self) -> tuple[Block, ...]:
        """The heading and the blocks; wide pages take the heading in, which else would stand alone before them."""
        if self.blocks and isinstance(self.blocks[0], Landscape):
            return (Landscape((self.heading, *self.blocks[0].blocks)), *self.blocks[1:])
        return (self.heading, *self.blocks)


@dataclass(frozen=True, slots=True)
class Properties:
    """What the file says about itself. `language` is a BCP 47 tag."""

    title: str
    author: str
    subject: str
    reference: str
    created_at: datetime
    language: str = "fr-FR"


@dataclass(frozen=True, slots=True)
class DocumentTree:
    """A whole document: cover, table of contents, body, annexes."""

    properties: Properties
    cover: Cover
    toc: tuple[TocEntry, ...]
    body: tuple[Block, ...]
    annexes: tuple[Annex, ...] = ()


def text_of(content: Inline) -> str:
    """Return the plain text of a run of spans, line breaks as spaces."""
    return " ".join("".join(span.text for span in content).split())


def plain(text: str, *, bold: bool = False, mark: Mark | None = None) -> Inline:
    """Return a plain text as spans; none for an empty one."""
    return (Span(text, bold=bold, mark=mark),) if text else ()


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield every block, those inside lists, quotes and landscape pages after what holds them."""
    for block in blocks:
        yield block
        match block:
            case Quote() | Landscape():
                yield from walk(block.blocks)
            case ListBlock():
                for item in block.items:
                    yield from walk(item.blocks)
