"""
From the blocks of a document, in reading order, to passages: one for each heading with text, none too long.

Source: docs/library.md, "Documents".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from proposals.documents.passages.passage import FoundPassage

BlockKind = Literal["heading", "paragraph", "item", "table"]

#: A passage longer than this is divided at its paragraphs.
MAX_WORDS = 400
#: A last part shorter than this stays with the part before.
MIN_WORDS = 60
#: A text without headings is cut where this many words are reached.
PARAGRAPH_WORDS = 120
#: What stands before the first heading is a cover page, unless one of its paragraphs has so many words.
SENTENCE_WORDS = 12
#: Longest block; what is longer has no paragraphs to divide it at, and is cut between words.
MAX_CHARACTERS = 20_000
LONGEST_WORD = 40
MAX_TITLE = 300
MAX_SOURCE = 300
#: Length of a title made of a text's first words.
FIRST_WORDS = 80
TITLE_JOINT = " – "

NUMBER = re.compile(
    r"^(?:(?i:article|chapitre|partie|section|titre)\s+)?"
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){1,5}(?!\d)|\d{1,2}(?=\s?[.):°–-]|\s+[A-ZÀ-ÖØ-ÝŒ«“])|[IVX]{1,5}(?=\s?[.):–-])|[A-H](?=[.)]))"
    r"\s?[.):°–-]{0,3}\s+(?=\S)"
)
CONTENTS_TITLE = re.compile(r"(?:sommaire|table des mati[èe]res|table des illustrations|contents)\s*:?", re.IGNORECASE)
CONTENTS_LINE = re.compile(r"(?:\.{4,}|(?:\. ){4,}|…{2,}|_{4,})\s*\d{1,3}\s*$")
CONTENTS_WORDS = 15
#: The name of the whole document says nothing about one of its parts.
DOCUMENT_TITLE = re.compile(
    r"(?:m[ée]moire|note|offre|dossier|proposition|r[ée]ponse)\s+(?:technique|m[ée]thodologique|justificati|à|au|aux)\b",
    re.IGNORECASE,
)
MARKDOWN_SIGNS = re.compile(r"[*_`#|>\\]|^\s*(?:[-+]|\d+[.)])\s", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TextBlock:
    """
    A heading, paragraph, list item or table.

    Args:
        text: Markdown; of a heading, plain text without its number.
        level: of a heading, 1 the highest; 0 is the title of the document.
        page: from 1, None where there are no pages.
    """

    kind: BlockKind
    text: str
    level: int = 0
    number: str = ""
    page: int | None = None


@dataclass
class _Section:
    """A heading with what stands under it; `path` holds its title and those above."""

    path: tuple[str, ...] = ()
    number: str = ""
    page: int | None = None
    blocks: list[TextBlock] = field(default_factory=list)


def split_number(title: str) -> tuple[str, str]:
    """Return the number that a heading begins with, and its title without it."""
    found = NUMBER.match(title)
    return (found["number"], title[found.end() :].strip()) if found else ("", title.strip())


def to_passages(blocks: Iterable[TextBlock], *, name: str, title: str = "") -> Iterator[FoundPassage]:
    """
    Yield the passages of a document.

    Args:
        name: of the document, for the sources.
        title: of a text without headings; without one, each passage is called by its first words.
    """
    sections = list(_to_sections(_drop_contents_lines(blocks)))
    has_headings = any(section.path for section in sections)
    for section in sections:
        if _is_contents(section):
            continue
        if section.path:
            yield from _divide(section, _make_title(section.path), name)
        elif title:
            yield from _divide(section, title, name)
        elif not has_headings or _has_sentence(section):
            yield from _divide_untitled(section, name)


def _to_sections(blocks: Iterable[TextBlock]) -> Iterator[_Section]:
    section = _Section()
    stack: list[tuple[int, str]] = []
    for block in blocks:
        if block.kind != "heading":
            section.page = section.page or block.page
            section.blocks.append(block)
            continue
        yield section
        while stack and stack[-1][0] >= block.level:
            stack.pop()
        stack.append((block.level, " ".join(block.text.split())))
        path = tuple(text for level, text in stack if level > 0 or len(stack) == 1)
        section = _Section(path, block.number, block.page)
    yield section


def _drop_contents_lines(blocks: Iterable[TextBlock]) -> Iterator[TextBlock]:
    return (block for block in blocks if block.text.strip() and not CONTENTS_LINE.search(block.text))


def _is_contents(section: _Section) -> bool:
    titled = bool(section.path) and CONTENTS_TITLE.fullmatch(section.path[-1]) is not None
    return titled and all(_count_words(block) <= CONTENTS_WORDS for block in section.blocks)


def _has_sentence(section: _Section) -> bool:
    return any(_count_words(block) >= SENTENCE_WORDS for block in section.blocks)


def _make_title(path: Sequence[str]) -> str:
    """Return the last heading, after the one above it where that says more than the document's name."""
    *above, last = path
    if above and not (len(above) == 1 and DOCUMENT_TITLE.match(above[0])) and above[-1] != last:
        both = f"{above[-1]}{TITLE_JOINT}{last}"
        if len(both) <= MAX_TITLE:
            return both
    return _shorten(last, MAX_TITLE)


def _divide(section: _Section, title: str, name: str) -> Iterator[FoundPassage]:
    for part, blocks in enumerate(_cut(section.blocks), start=1):
        ending = f" (suite {part})" if part > 1 else ""
        source = _make_source(name, section, blocks[0].page)
        yield FoundPassage(f"{_shorten(title, MAX_TITLE - len(ending))}{ending}", _join(blocks), source)


def _divide_untitled(section: _Section, name: str) -> Iterator[FoundPassage]:
    for blocks in _cut(section.blocks, words=PARAGRAPH_WORDS):
        words = MARKDOWN_SIGNS.sub(" ", blocks[0].text).split()
        yield FoundPassage(
            _shorten(" ".join(words), FIRST_WORDS), _join(blocks), _make_source(name, section, blocks[0].page)
        )


def _make_source(name: str, section: _Section, page: int | None) -> str:
    heading = " ".join(filter(None, ("§", section.number, section.path[-1]))) if section.path else ""
    parts = (_shorten(name, MAX_SOURCE // 3), _shorten(heading, MAX_SOURCE // 2), f"p. {page}" if page else "")
    return ", ".join(filter(None, parts))


def _cut(blocks: Sequence[TextBlock], *, words: int = MAX_WORDS) -> list[list[TextBlock]]:
    """Cut before the block that would make a part too long; a sentence that leads a list or table goes with it."""
    parts: list[list[TextBlock]] = [[]]
    count = 0
    for block in (piece for whole in blocks for piece in _split_block(whole)):
        size = _count_words(block)
        if parts[-1] and count + size > words:
            parts.append(_take_lead(parts[-1]))
            count = sum(_count_words(lead) for lead in parts[-1])
        parts[-1].append(block)
        count += size
    if len(parts) > 1 and count < MIN_WORDS:
        last = parts.pop()
        parts[-1] += last
    return [part for part in parts if part]


def _take_lead(part: list[TextBlock]) -> list[TextBlock]:
    if len(part) > 1 and part[-1].kind == "paragraph" and part[-1].text.rstrip().endswith(":"):
        return [part.pop()]
    return []


def _split_block(block: TextBlock) -> Iterator[TextBlock]:
    """Yield a block in pieces of a bearable size; each piece of a table has the head of the whole."""
    is_long_table = block.kind == "table" and _count_words(block) > MAX_WORDS
    for text in _split_table(block.text) if is_long_table else (block.text,):
        yield from (replace(block, text=piece) for piece in _split_text(text))


def _split_table(text: str) -> Iterator[str]:
    head, rule, *rows = text.split("\n")
    kept: list[str] = []
    for row in rows:
        if kept and sum(len(line.split()) for line in (head, *kept, row)) > MAX_WORDS:
            yield "\n".join((head, rule, *kept))
            kept = []
        kept.append(row)
    yield "\n".join((head, rule, *kept))


def _split_text(text: str) -> Iterator[str]:
    while len(text) > MAX_CHARACTERS:
        end = max(text.rfind(" ", 0, MAX_CHARACTERS), text.rfind("\n", 0, MAX_CHARACTERS))
        end = end if end > 0 else MAX_CHARACTERS
        yield text[:end].strip()
        text = text[end:].strip()
    yield text


def _join(blocks: Sequence[TextBlock]) -> str:
    """Return the Markdown of blocks; items of one list stand on lines that follow each other."""
    text = blocks[0].text
    for before, block in pairwise(blocks):
        text += ("\n" if _is_same_list(before, block) else "\n\n") + block.text
    return text.strip()


def _is_same_list(before: TextBlock, block: TextBlock) -> bool:
    """Whether two items may follow each other closely: a number does not end a bullet's text."""
    signs = [one.text.lstrip()[:1].isdigit() for one in (before, block)]
    return before.kind == block.kind == "item" and signs[0] == signs[1]


def _count_words(block: TextBlock) -> int:
    """Return the words of a block; a text without blanks counts by its length."""
    return max(len(block.text.split()), len(block.text) // LONGEST_WORD)


def _shorten(text: str, limit: int) -> str:
    """Return a text of at most so many characters, cut between words."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1].rsplit(" ", 1)[0]
    return f"{cut.rstrip(' ,;:.')}…"
