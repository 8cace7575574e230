"""From the lines of the pages to pieces: paragraphs, list items and table rows, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from proposals.documents.document import Box, Document, Line, PageText
from proposals.engines.offline.folding import fold
from proposals.engines.offline.furniture import NUMBERED, find_body_lines, find_furniture

MARKER = re.compile(
    r"^(?P<marker>[•●▪■□◦○➢➤➔→✓✔❖✦·‒*\uf0a7\uf0b7\uf0d8\uf0fc\uf02d]|[-–—+¢»](?=\s)|o(?=\s)|e(?=\s[A-ZÀ-Ý])|"
    r"(?:\d{1,2}|[a-zA-Z])[)°]\)?(?=\s)|\d{1,2}/(?=\s+[^\W\d])|(?:\d{1,2}|[a-zA-CE-KN-QS-Z])\.(?=\s)(?!\s\d)|"
    r"\([a-z0-9]{1,2}\)(?=\s))\s*(?=\S)"
)
SAME_LEFT = 4.0
#: Words that begin a new line of a cover page, however it is centred.
COVER_OPENER = re.compile(
    r"^(?:marches? (?:public )?n|consultation n|reference|ref\b|n ?°|lots? |date|heure|objet|procedure|"
    r"reglement|accord-cadre n|"
    r"appel d'offres|mapa|dossier n|affaire n|maitre|acheteur|pouvoir|code|tel|https?:|www\.)"
)


@dataclass
class Piece:
    """One paragraph, list item or row before headings are known. `cells` is empty but for rows."""

    page: int
    lines: list[Line]
    cells: tuple[str, ...] = ()
    table: int | None = None
    marker: str = ""
    text: str = field(default="")
    indent: float = 0.0

    @property
    def first(self) -> Line:
        """Return the first line."""
        return self.lines[0]


def join_lines(lines: Iterable[Line]) -> str:
    """Return the text of lines that follow each other; an address cut at a line end is made whole."""
    text = ""
    hyphenated = True
    for line in lines:
        glued = hyphenated or re.search(r"(?:https?:/|www\.)\S*[/_?=&-]$", text)
        text += line.text if glued else f" {line.text}"
        hyphenated = line.hyphenated
    return text


def find_pieces(document: Document) -> list[Piece]:
    """Return the pieces of all pages; running heads, page numbers and the table of contents are left out."""
    furniture = find_furniture(document)
    pieces: list[Piece] = []
    tables = 0
    columns: list[tuple[float, float]] = []
    for page in document.pages:
        lines = find_body_lines(page, furniture)
        tables += 100
        splitter = _PageSplitter(page, lines, tables, columns)
        columns = splitter.columns
        pieces.extend(splitter.split())
    return pieces


class _PageSplitter:
    """Splits the lines of one page into pieces."""

    def __init__(
        self, page: PageText, lines: list[Line], first_table: int, known_columns: list[tuple[float, float]]
    ) -> None:
        self._page = page
        self._lines = _free_boxes(lines)
        self._first_table = first_table
        free = [line for line in self._lines if line.cell is None]
        self.columns = _columns_like(known_columns, free) or _find_columns(free)
        self._gap = _typical_gap(free)
        self._lines = list(self._join_justified())

    def _join_justified(self) -> Iterator[Line]:
        """Close the gaps of a justified line: it fills the page, and its neighbours are whole lines."""
        groups = _by_baseline(self._lines)
        for index, group in enumerate(groups):
            around = [groups[other] for other in (index - 1, index + 1) if 0 <= other < len(groups)]
            if len(group) > 1 and self._fills(group) and all(len(other) == 1 for other in around):
                yield _glue(group)
            else:
                yield from group

    def _fills(self, group: list[Line]) -> bool:
        gaps = [after.box.left - before.box.right for before, after in pairwise(group)]
        narrow = max(gaps) < 6 * max(group[0].box.height, 1.0)
        left, right = self._margins(group[0])
        from_margin_to_margin = group[0].box.left < left + 40 and abs(right - group[-1].box.right) < 6
        return narrow and from_margin_to_margin and not re.search(r"\d\s*(?:%|€|points?)\s*$", group[-1].text)

    def split(self) -> list[Piece]:
        pieces: list[Piece] = []
        for table, group in groupby(self._lines, key=lambda line: line.cell[0] if line.cell else None):
            members = list(group)
            if table is None:
                pieces.extend(self._split_free(members))
            else:
                pieces.extend(self._split_table(members, self._first_table + table))
        return pieces

    def _split_table(self, lines: list[Line], table: int) -> Iterator[Piece]:
        columns = 1 + max(line.cell[2] for line in lines if line.cell)
        for _, group in groupby(lines, key=lambda line: line.cell[1] if line.cell else 0):
            members = list(group)
            cells = tuple(
                _cell_text([line for line in members if line.cell and line.cell[2] == column])
                for column in range(columns)
            )
            yield Piece(self._page.number, members, cells, table)

    def _split_free(self, lines: list[Line]) -> Iterator[Piece]:
        columns: list[list[Line]] = []
        for line in lines:
            if columns and self._is_beside(columns, line):
                columns.append([line])
            elif len(columns) > 1 and self._goes_on_in_cell(columns[-1], line):
                columns[-1].append(line)
            elif len(columns) == 1 and self._goes_on(columns[0], line):
                columns[0].append(line)
            else:
                yield from self._flush(columns)
                columns = [[line]]
        yield from self._flush(columns)

    def _flush(self, columns: list[list[Line]]) -> Iterator[Piece]:
        if len(columns) == 1:
            yield self._plain(columns[0])
        elif columns:
            cells = tuple(_cell_text(column) for column in columns)
            yield Piece(self._page.number, [line for column in columns for line in column], cells, None)

    def _plain(self, lines: list[Line]) -> Piece:
        text = join_lines(lines)
        found = MARKER.match(text)
        if not found:
            return Piece(self._page.number, lines, text=text, indent=self._indent(lines[0]))
        marker = found["marker"]
        return Piece(self._page.number, lines, marker=marker, text=text[found.end() :], indent=self._indent(lines[0]))

    def _indent(self, line: Line) -> float:
        return line.box.left - self._margins(line)[0]

    def _margins(self, line: Line) -> tuple[float, float]:
        """Return the left and right margin of the text column that a line stands in."""
        return next((column for column in reversed(self.columns) if line.box.left >= column[0] - 2), self.columns[0])

    def _is_beside(self, columns: list[list[Line]], line: Line) -> bool:
        last = columns[-1]
        right = max(other.box.right for other in last)
        top, bottom = last[0].box.top, last[0].box.bottom
        overlaps = min(top, line.box.top) - max(bottom, line.box.bottom) > 0.4 * line.box.height
        return overlaps and line.box.left > right + 2

    def _goes_on_in_cell(self, column: list[Line], line: Line) -> bool:
        below = column[-1].box.bottom - line.box.top
        return abs(line.box.left - column[0].box.left) < SAME_LEFT and -3 < below < self._gap + 3

    def _goes_on(self, lines: list[Line], line: Line) -> bool:
        before, first = lines[-1], lines[0]
        height = max(line.box.height, 1.0)
        below = before.box.bottom - line.box.top
        if before.hyphenated:
            return True
        if not -0.6 * height < below < self._gap + 0.4 * height:
            return False
        if MARKER.match(line.text) or NUMBERED.match(line.text) or abs(line.size - before.size) > 1:
            return False
        if (
            MARKER.match(first.text)
            and line.box.left < first.box.left + SAME_LEFT
            and before.text.rstrip().endswith((".", ";"))
        ):
            return False
        if before.bold and not line.bold and self._ends_title(lines):
            return False
        return not (self._is_short(before, line) and self._opens(before, line))

    def _ends_title(self, lines: list[Line]) -> bool:
        return all(line.bold for line in lines) and len(lines) < 3 and bool(NUMBERED.match(lines[0].text))

    def _is_short(self, line: Line, following: Line) -> bool:
        """Return whether the first word below would have fitted: then the line was ended on purpose."""
        word = following.text.split(" ", maxsplit=1)[0]
        width = (line.box.right - line.box.left) / max(len(line.text), 1)
        return self._margins(line)[1] - line.box.right > 1.15 * width * (len(word) + 1)

    def _opens(self, before: Line, line: Line) -> bool:
        """Return whether `line` begins a clause although it stands close under a short line."""
        if (
            before.bold != line.bold
            or before.text.rstrip().endswith((".", ":", ";"))
            or COVER_OPENER.match(fold(line.text))
        ):
            return True
        return line.text[:1].isupper() and not _is_centred(before, line)


def _columns_like(known: list[tuple[float, float]], lines: list[Line]) -> list[tuple[float, float]]:
    """Keep the two columns of the page before, however little of them this page fills."""
    if len(known) < 2:
        return []
    crosses = any(line.box.left < known[0][1] - 20 and line.box.right > known[1][0] + 20 for line in lines)
    return [] if crosses else known


def _find_columns(lines: list[Line]) -> list[tuple[float, float]]:
    """Return the margins of the page, or those of its two columns when it is set like a newspaper."""
    if not lines:
        return [(0.0, 0.0)]
    left, right = min(line.box.left for line in lines), max(line.box.right for line in lines)
    middle = (left + right) / 2
    first = [line for line in lines if line.box.right <= middle + 8]
    second = [line for line in lines if line.box.left >= middle - 8]
    long_second = [line for line in second if line.box.right - line.box.left > 0.3 * (right - left)]
    if len(first) < 0.3 * len(lines) or len(long_second) < max(8, 0.2 * len(lines)):
        return [(left, right)]
    start = min(line.box.left for line in long_second)
    return [(left, max(line.box.right for line in first)), (start, right)]


def _by_baseline(lines: list[Line]) -> list[list[Line]]:
    """Group the free lines that follow each other from left to right at one height."""
    groups: list[list[Line]] = []
    for line in lines:
        before = groups[-1][-1] if groups else None
        level = before is not None and abs(before.box.bottom - line.box.bottom) < 0.3 * max(line.box.height, 1.0)
        if before and level and before.cell is None and line.cell is None and line.box.left >= before.box.right:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _glue(group: list[Line]) -> Line:
    first, last = group[0], group[-1]
    text = " ".join(line.text for line in group)
    return Line(text, whole_box(group), first.size, first.bold, last.hyphenated, None)


def _is_centred(before: Line, line: Line) -> bool:
    middle = (before.box.left + before.box.right) / 2 - (line.box.left + line.box.right) / 2
    return abs(middle) < 3 and abs(before.box.left - line.box.left) > 3


def _free_boxes(lines: list[Line]) -> list[Line]:
    """Take lines of tables with a single column out of their cells: a frame around text is no table."""
    columns: dict[int, set[int]] = {}
    for line in lines:
        if line.cell:
            columns.setdefault(line.cell[0], set()).add(line.cell[2])
    framed = {table for table, found in columns.items() if len(found) == 1}
    return [
        Line(line.text, line.box, line.size, line.bold, line.hyphenated)
        if line.cell and line.cell[0] in framed
        else line
        for line in lines
    ]


def _typical_gap(lines: list[Line]) -> float:
    gaps = sorted(
        before.box.bottom - line.box.top
        for before, line in pairwise(lines)
        if abs(before.box.left - line.box.left) < SAME_LEFT and -6 < before.box.bottom - line.box.top < 16
    )
    return gaps[len(gaps) // 3] if gaps else 3.0


def _cell_text(lines: list[Line]) -> str:
    """Return the text of a cell; list items inside it start on a new line."""
    text = ""
    for index, line in enumerate(lines):
        starts = index and (MARKER.match(line.text) or NUMBERED.match(line.text))
        separator = "\n" if starts else "" if not index or lines[index - 1].hyphenated else " "
        text += separator + line.text
    return text


def whole_box(lines: list[Line]) -> Box:
    """Return the box around lines."""
    return Box(
        min(line.box.left for line in lines),
        min(line.box.bottom for line in lines),
        max(line.box.right for line in lines),
        max(line.box.top for line in lines),
    )
