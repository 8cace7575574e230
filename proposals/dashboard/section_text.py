"""
The text of a section as HTML in which each statement shows what it rests on, with what is missing and what nobody
vouches for marked.

Marks are laid into the Markdown as single characters before it is parsed, and found again in the texts of what the
parser returns: so a statement may hold emphasis, links or several cells of a table, and no markup of the text gets
through. A mark that ends up in an address or in code is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from proposals.dashboard import markdown
from proposals.writing import Gap, Grounding, Statement, Violation

#: Around a statement: punctuation, so that emphasis which begins or ends there is still seen; nobody writes these.
STATEMENT, STATEMENT_END = "\u2e2a", "\u2e2b"
#: Around a gap and a violation: letters, so that emphasis around them is still seen.
MARKED, MARKED_END = "\ue000", "\ue001"
#: Before each mark that begins: which part it is, as a character of a private plane.
NUMBERS = 0xF0000
MOST_PARTS = 0xFFFD

_NUMBER = f"[{chr(NUMBERS)}-{chr(NUMBERS + MOST_PARTS)}]"
_OURS = re.compile(f"{_NUMBER}|[{STATEMENT}{STATEMENT_END}{MARKED}{MARKED_END}]")
_MARK = re.compile(f"({_NUMBER}[{STATEMENT}{MARKED}]|[{STATEMENT_END}{MARKED_END}])")
#: The same in an address.
_ESCAPED = re.compile("%E2%B8%A[AB]|%EE%80%8[01]|%F3%B[0-9A-F]%[0-9A-F]{2}%[0-9A-F]{2}")
_ROW = re.compile(r"\s*\|.*\|\s*", re.DOTALL)

#: Levels of headings that the page itself has; the text's highest comes next.
HEADINGS_ABOVE = 2

GAP_LABEL = "À compléter"
VIOLATION_LABELS = {
    "name": "Nom sans source",
    "figure": "Chiffre sans source",
    "date": "Date sans source",
    "reference": "Référence sans source",
}


class _Located(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


Part = TypeVar("Part", bound=_Located)


class _Insertion(NamedTuple):
    """A mark and where it goes; at one place, what ends comes before what begins."""

    position: int
    rank: int
    mark: str


@dataclass
class _Place:
    """Where the renderer is: inside which statement and which mark."""

    statements: Sequence[Statement]
    marked: Sequence[Gap | Violation]
    titles: Mapping[str, str]
    statement: int | None = None
    mark: int | None = None

    def pass_mark(self, mark: str) -> str:
        """Go past a mark; return what the page shows there."""
        if mark == MARKED_END:
            self.mark = None
        elif mark.endswith(MARKED):
            self.mark = ord(mark[0]) - NUMBERS
        elif mark.endswith(STATEMENT):
            self.statement = ord(mark[0]) - NUMBERS
        elif self.statement is not None:
            references = _references(self.statements[self.statement], self.titles)
            self.statement = None
            return references
        return ""

    def write(self, text: str) -> str:
        """Return a piece of text inside of what is open."""
        if not text:
            return ""
        html = SafeString(markdown.escape_text(text))
        if self.mark is not None:
            html = _marked(self.marked[self.mark], html)
        return html if self.statement is None else _said(self.statement, self.statements[self.statement], html)


class _Renderer(markdown.PageRenderer):
    """HTML with statements, gaps and violations shown, and headings below those of the page."""

    def heading_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """Open a heading."""
        return f"<{_lower(tokens[index].tag, env)}>"

    def heading_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """Close it."""
        return f"</{_lower(tokens[index].tag, env)}>\n"

    def text(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """Write a text, piece by piece between its marks."""
        place: _Place = env["place"]
        pieces = _MARK.split(tokens[index].content)
        return "".join(place.pass_mark(piece) if _MARK.match(piece) else place.write(piece) for piece in pieces)


def render(text: str, grounding: Grounding) -> SafeString:
    """
    Return a section's Markdown as HTML that may be put into a page as it is.

    Each statement is a `span.said` with its number, followed by links to its sources; one without sources is
    `span.said.said--unproven`.

    Args:
        grounding: of this very text; what lies beyond it is left out.
    """
    clean = _OURS.sub(" ", text)
    parts: list[Gap | Violation] = [*grounding.gaps, *grounding.violations]
    marking = _choose(_Marking(clean, _apart(grounding.statements, len(text)), _apart(parts, len(text))))
    titles = {source.key: source.title for source in grounding.sources}
    parser = markdown.make_parser(_Renderer)
    tokens = parser.parse(marking.text)
    top = min((int(token.tag[1]) for token in tokens if token.type == "heading_open"), default=1)
    env = {"place": _Place(marking.statements, marking.marked, titles), "top": top}
    html = parser.renderer.render(tokens, parser.options, env)
    return SafeString(_ESCAPED.sub("", _OURS.sub("", html)))


@dataclass(frozen=True)
class _Marking:
    """A text without marks, and what is to be marked in it, in order and apart."""

    clean: str
    statements: Sequence[Statement] = ()
    marked: Sequence[Gap | Violation] = ()

    @property
    def text(self) -> str:
        """Return the text with its marks."""
        parts, done = [], 0
        insertions = [*_around_statements(self.clean, self.statements), *_around_marked(self.marked)]
        for position, _, mark in sorted(insertions):
            parts += [self.clean[done:position], mark]
            done = position
        return "".join([*parts, self.clean[done:]])

    @property
    def fits(self) -> bool:
        """Whether the text with its marks has the form that it has without."""
        return _form_of(self.text) == _form_of(self.clean)


def _choose(wanted: _Marking) -> _Marking:
    """
    Return the marking without what would change the form of the text: a mark in an odd place may end emphasis, or a
    list.
    """
    if wanted.fits:
        return wanted
    clean = wanted.clean
    kept = _Marking(
        clean,
        [statement for statement in wanted.statements if _Marking(clean, [statement]).fits],
        [part for part in wanted.marked if _Marking(clean, marked=[part]).fits],
    )
    return kept if kept.fits else _Marking(clean)


def _lower(tag: str, env: EnvType) -> str:
    return f"h{min(6, int(tag[1]) - env['top'] + HEADINGS_ABOVE + 1)}"


def _form_of(text: str) -> list[tuple[str, list[str], str]]:
    """Return the blocks of a text, what but plain text stands in each, and the plain text without marks."""
    return [
        (token.type, [child.type for child in token.children or () if child.type != "text"], _plain_text(token))
        for token in markdown.make_parser().parse(text)
    ]


def _plain_text(block: Token) -> str:
    """A mark may also turn what closes a heading into text."""
    return _OURS.sub("", " ".join(child.content for child in block.children or () if child.type == "text")).strip()


def _apart(parts: Sequence[Part], length: int) -> list[Part]:
    """Return the parts of a text in order, without those that overlap an earlier one or lie beyond the text."""
    kept: list[Part] = []
    for part in sorted(parts, key=lambda part: (part.start, part.end)):
        if (kept[-1].end if kept else 0) <= part.start < part.end <= length:
            kept.append(part)
    return kept[:MOST_PARTS]


def _around_statements(text: str, statements: Sequence[Statement]) -> Iterator[_Insertion]:
    for number, statement in enumerate(statements):
        start, end = _inside(text, statement)
        yield _Insertion(start, 2, f"{chr(NUMBERS + number)}{STATEMENT}")
        yield _Insertion(end, 1, STATEMENT_END)


def _inside(text: str, statement: Statement) -> tuple[int, int]:
    """Where the marks of a statement go: never beside a blank that the parser would strip there."""
    start, end = statement.start, statement.end
    row = text[start:end]
    # A mark before the first bar of a table's row, or behind its last, would be one more cell.
    if _ROW.fullmatch(row) and row.count("|") > 1:
        start, end = start + row.index("|") + 1, start + row.rindex("|")
    said = text[start:end]
    return start + len(said) - len(said.lstrip()), end - (len(said) - len(said.rstrip()))


def _around_marked(marked: Sequence[Gap | Violation]) -> Iterator[_Insertion]:
    for number, part in enumerate(marked):
        yield _Insertion(part.start, 3, f"{chr(NUMBERS + number)}{MARKED}")
        yield _Insertion(part.end, 0, MARKED_END)


def _marked(part: Gap | Violation, html: SafeString) -> SafeString:
    if isinstance(part, Gap):
        return format_html('<mark class="gap" title="{}">{}</mark>', GAP_LABEL, html)
    return format_html('<mark class="violation" title="{}">{}</mark>', VIOLATION_LABELS[part.kind], html)


def _said(number: int, statement: Statement, html: SafeString) -> SafeString:
    proven = "" if statement.sources else " said--unproven"
    return format_html('<span class="said{}" data-statement="{}">{}</span>', proven, number, html)


def _references(statement: Statement, titles: Mapping[str, str]) -> SafeString:
    link = '<a href="#source-{0}" data-source="{0}" title="{1}">{0}</a>'
    links = format_html_join("", link, ((key, titles.get(key, "")) for key in statement.sources))
    return format_html('<sup class="refs">{}</sup>', links) if links else SafeString("")
