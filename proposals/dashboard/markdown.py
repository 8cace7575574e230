"""
Markdown that people wrote, as HTML and as plain text.

Raw HTML stays text, dangerous links are no links, pictures are not loaded: the result can stand in any page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

#: A wide table scrolls inside this, also by keyboard, instead of widening the page.
TABLE_START = '<div class="prose__table" role="region" aria-label="Tableau" tabindex="0"><table>\n'
TABLE_END = "</table></div>\n"
ALIGNMENTS = ("left", "center", "right")

#: French typography: these spaces never end a line.
UNBREAKABLE = re.compile(r"(?<=«) | (?=[;:!?»%€])|(?<=\d) (?=\d{3}(?!\d))")
NBSP = "\u00a0"


class PageRenderer(RendererHTML):
    """HTML whose tables scroll and whose links tell a foreign site nothing."""

    def text(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """Write a text."""
        return escape_text(tokens[index].content)

    def table_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """Open a table that scrolls by itself."""
        return TABLE_START

    def table_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """Close it."""
        return TABLE_END

    def th_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """Open a heading cell."""
        return _open_cell(tokens[index])

    def td_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """Open a cell."""
        return _open_cell(tokens[index])

    def link_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """Open a link that hands on neither the page nor its address."""
        tokens[index].attrSet("rel", "noopener noreferrer nofollow")
        return self.renderToken(tokens, index, options, env)


def render(text: str) -> SafeString:
    """Return Markdown as HTML that may be put into a page as it is."""
    return SafeString(make_parser().render(text))


def escape_text(text: str) -> str:
    """Return plain text as HTML, in which no line begins with a semicolon or the end of a number."""
    return escapeHtml(UNBREAKABLE.sub(NBSP, text))


def to_plain_text(text: str) -> str:
    """Return the words of Markdown on one line, without its signs; a cell of a table ends with a middle dot."""
    parts: list[str] = []
    for token in make_parser().parse(text):
        if token.type == "inline":
            parts.append(_words(token.children or []))
        elif token.type in ("fence", "code_block"):
            parts.append(token.content)
        elif token.type in ("th_close", "td_close"):
            parts.append("·")
    return " ".join(" ".join(parts).replace("· ·", "·").split())


def make_parser(renderer: type[PageRenderer] = PageRenderer) -> MarkdownIt:
    """Return a parser that lets no HTML of the text through."""
    options: dict[str, Any] = {"html": False, "linkify": False}
    return MarkdownIt("commonmark", options, renderer_cls=renderer).enable("table").disable("image")


def _open_cell(token: Token) -> str:
    """Say the alignment by a class: the pages' policy runs no style of an attribute."""
    alignment = str(token.attrGet("style") or "").removeprefix("text-align:")
    return f'<{token.tag} class="prose__{alignment}">' if alignment in ALIGNMENTS else f"<{token.tag}>"


def _words(tokens: Sequence[Token]) -> str:
    return "".join(" " if token.type in ("softbreak", "hardbreak") else token.content for token in tokens)
