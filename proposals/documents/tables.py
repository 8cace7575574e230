"""How wide the columns of a table are, and whether it needs a page in landscape."""

from __future__ import annotations

from dataclasses import replace

from proposals.documents.blocks import Inline, Table, text_of

#: A table with so many columns is wide, whatever is in them.
WIDE_COLUMNS = 7
#: Letters of table text on one line of a page in portrait.
PORTRAIT_LETTERS = 95
#: A column is never counted narrower or wider than this many letters.
NARROWEST, WIDEST = 6, 40


def fit(table: Table) -> Table:
    """Return the table with its columns in proportion to what they hold."""
    return replace(table, widths=tuple(_letters(table, column) for column in range(len(table.header))))


def is_wide(table: Table) -> bool:
    """Return whether the longest words of the columns do not fit side by side in portrait."""
    words = (max(map(_longest_word, _cells(table, column))) for column in range(len(table.header)))
    return len(table.header) >= WIDE_COLUMNS or sum(max(NARROWEST, word) for word in words) > PORTRAIT_LETTERS


def _cells(table: Table, column: int) -> list[Inline]:
    return [row[column] for row in (table.header, *table.rows) if column < len(row)]


def _letters(table: Table, column: int) -> int:
    return min(WIDEST, max(NARROWEST, *(len(text_of(cell)) for cell in _cells(table, column))))


def _longest_word(cell: Inline) -> int:
    return max(map(len, text_of(cell).split()), default=0)
