"""Markdown files: a library file keeps its passages as they are, any other text is divided at its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from proposals.documents.passages.library_file import split_library_file
from proposals.documents.passages.meta import read_front_matter
from proposals.documents.passages.outline import TextBlock, split_number, to_passages
from proposals.documents.passages.passage import FoundPassage, Meta

IMAGE = re.compile(r"!\[[^\]\n]{0,500}\](?:\([^)\n]{0,2000}\)|\[[^\]\n]{0,200}\])")
REMARK = re.compile(r"<!--.*?-->", re.DOTALL)
TAG = re.compile(r"</?[A-Za-z][^>\n]{0,1000}>")
ATTRIBUTES = re.compile(r"\s*\{[#.][^}\n]{0,200}\}\s*$")
#: A table of contents: links into the same page, or the mark that asks a program to make one.
CONTENTS_ITEM = re.compile(r"\s*(?:[-+*]|\d+[.)])\s+\[[^\]\n]+\]\(#[^)\n]*\)\s*")
CONTENTS_MARK = re.compile(r"\[\[?_?toc_?\]?\]|\{:toc\}", re.IGNORECASE)


def split_markdown(text: str, *, name: str = "") -> list[FoundPassage]:
    """
    Return the passages of a Markdown text.

    Args:
        name: of the file; what the sources begin with.

    Raises:
        LibraryFileInvalid: a value in it cannot be.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    front = read_front_matter(lines)
    named = front.title or name
    rest = lines[front.end :]
    first_line = front.end + 1
    passages = split_library_file(rest, name=named, defaults=front.meta, first_line=first_line)
    if passages is not None:
        return passages
    return [
        FoundPassage(found.title, found.body, front.meta.source or found.source, _without_source(front.meta))
        for found in to_passages(_read_blocks(rest), name=named, title=front.title)
    ]


def _without_source(meta: Meta) -> Meta:
    return replace(meta, source=None)


def _read_blocks(lines: Sequence[str]) -> Iterator[TextBlock]:
    """Yield the blocks of a Markdown text, each in the words of its lines."""
    parser = MarkdownIt("commonmark").enable("table").disable("reference")
    parser.core.ruler.enableOnly(["normalize", "block"])
    tokens = parser.parse("\n".join(lines))
    for index, token in enumerate(tokens):
        if not token.map:
            continue
        text = "\n".join(lines[token.map[0] : token.map[1]]).rstrip()
        if token.type == "heading_open" and token.level == 0:
            yield _to_heading(token, tokens[index + 1].content)
        elif token.type == "list_item_open" and token.level == 1:
            yield from _to_item(text)
        elif token.level == 0:
            yield from _to_block(token.type, text)


def _to_heading(token: Token, content: str) -> TextBlock:
    spans = MarkdownIt("commonmark").parseInline(ATTRIBUTES.sub("", content))[0].children or []
    text = "".join(span.content if span.type != "softbreak" else " " for span in spans if span.type != "image")
    number, title = split_number(" ".join(TAG.sub("", text).split()))
    return TextBlock("heading", title, int(token.tag[1:]), number)


def _to_item(text: str) -> Iterator[TextBlock]:
    if not CONTENTS_ITEM.fullmatch(text):
        yield TextBlock("item", _drop_unseen(text))


def _to_block(token_type: str, text: str) -> Iterator[TextBlock]:
    match token_type:
        case "hr" | "bullet_list_open" | "ordered_list_open":
            return
        case "table_open":
            yield TextBlock("table", _drop_unseen(text))
        case "fence" | "code_block":
            yield TextBlock("paragraph", text)
        case "html_block":
            yield TextBlock("paragraph", TAG.sub("", _drop_unseen(text)).strip())
        case _ if not CONTENTS_MARK.fullmatch(text.strip()):
            yield TextBlock("paragraph", _drop_unseen(text))


def _drop_unseen(text: str) -> str:
    """Leave out images and remarks."""
    return REMARK.sub("", IMAGE.sub("", text)).strip()
