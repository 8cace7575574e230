"""
A Markdown file that holds passages as they are: each a title, a comment with its values, a text that is not divided.

Source: docs/library.md, "File format".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from proposals.documents.passages.errors import LibraryFileInvalid
from proposals.documents.passages.meta import format_comment, parse_comment, read_comment
from proposals.documents.passages.passage import FoundPassage, Meta

TITLE = re.compile(r"# (?P<title>.*\S)")
#: A line of a text that would be read as a title, or as one that was escaped.
LIKE_TITLE = re.compile(r"^(?=\\*# )", re.MULTILINE)
ESCAPED_TITLE = re.compile(r"^\\(?=\\*# )", re.MULTILINE)
FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})(?P<rest>.*)")
NOTHING_SAID = Meta()
REMARK = re.compile(r"<!--.*?-->", re.DOTALL)


class _Heading(NamedTuple):
    """A title: its line, its text, what the comment says (None without one), where the text begins."""

    start: int
    title: str
    meta: Meta | None
    body: int


def split_library_file(
    lines: Sequence[str], *, name: str, defaults: Meta = NOTHING_SAID, first_line: int = 1
) -> list[FoundPassage] | None:
    """
    Return the passages of a library file; None when the text is any other Markdown.

    Args:
        name: the source of passages that name none.
        defaults: the values of the front matter.
        first_line: the number of the first of `lines` in its file.

    Raises:
        LibraryFileInvalid: a comment is wrong, or a text stands before the first title.
    """
    headings = list(_find_headings(lines, first_line))
    if not any(heading.meta for heading in headings):
        return None
    _refuse_stray_text(lines[: headings[0].start], first_line)
    ends = [heading.start for heading in headings[1:]] + [len(lines)]
    passages = []
    for heading, end in zip(headings, ends, strict=True):
        body = ESCAPED_TITLE.sub("", "\n".join(lines[heading.body : end])).strip()
        meta = (heading.meta or Meta()).over(defaults)
        source = name if meta.source is None else meta.source
        if body:
            line = first_line + heading.start
            passages.append(FoundPassage(heading.title, body, source, replace(meta, source=None), line))
    return passages


def write_library_file(passages: Iterable[FoundPassage]) -> str:
    """Return the library file that reads back as the same passages; their values are those that a library stores."""
    return "\n".join(_write(passage) for passage in passages)


def _write(passage: FoundPassage) -> str:
    comment = format_comment(replace(passage.meta, source=passage.source))
    body = LIKE_TITLE.sub(r"\\", passage.body)
    return f"# {passage.title}\n\n{comment}\n\n{body}\n"


def _find_headings(lines: Sequence[str], first_line: int) -> Iterator[_Heading]:
    """Yield the titles. In a block of code only what a comment follows is one: exports escape all others."""
    fence = ""
    for index, line in enumerate(lines):
        if found := TITLE.match(line):
            comment = read_comment(lines, index + 1)
            meta = parse_comment(comment.text, line=first_line + index + 1) if comment else None
            if meta or not fence:
                fence = ""
                yield _Heading(index, found["title"].strip(), meta, comment.end if comment and meta else index + 1)
        elif found := FENCE.match(line):
            fence = _follow_fence(fence, found["mark"], found["rest"])


def _follow_fence(fence: str, mark: str, rest: str) -> str:
    """Return the mark of the block of code that is open after a line with `mark`."""
    if not fence:
        return mark if mark[0] == "~" or "`" not in rest else ""
    closes = mark[0] == fence[0] and len(mark) >= len(fence) and not rest.strip()
    return "" if closes else fence


def _refuse_stray_text(lines: Sequence[str], first_line: int) -> None:
    text = REMARK.sub(lambda remark: "\n" * remark[0].count("\n"), "\n".join(lines))
    for index, line in enumerate(text.split("\n")):
        if line.strip():
            raise LibraryFileInvalid.at(first_line + index, "ce texte n’a pas de titre.")
