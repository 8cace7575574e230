"""How wide the columns of a table are, and whether it needs a page in landscape."""

from __future__ import annotations

from dataclasses import replace

from proposals.documents.blocks import Table, text_of

#: A table with so many columns is wide, whatever is in them.
WIDE_COLUMNS = 7
#: Letters of table text on one line of a page in portrait.
PORTRAIT_LETTERS = 95
#: What the margins of a cell take, in letters.
CELL_MARGIN = 3
#: A column wants no more letters than these, however long its texts are.
WIDEST = 40


def fit(table: Table) -> Table:
    """Return the table with widths that hold the longest word of each column and share the rest by the texts."""
    words = [_longest_word(_cells(table, column)) + CELL_MARGIN for column in range(len(table.header))]
    wishes = [_wish(_cells(table, column)) for column in range(len(table.header))]
    extras = [max(0, wish - word) for wish, word in zip(wishes, words, strict=True)]
    left = max(0, PORTRAIT_LETTERS - sum(words)) / max(1, sum(extras))
    widths = (round(10 * (word + extra * left)) for word, extra in zip(words, extras, strict=True))
    return replace(table, widths=tuple(widths))


def is_wide(table: Table) -> bool:
    """Return whether the longest words of the columns do not fit side by side in portrait."""
    words = (_longest_word(_cells(table, column)) + CELL_MARGIN for column in range(len(table.header)))
    return len(table.header) >= WIDE_COLUMNS or sum(words) > PORTRAIT_LETTERS


def _cells(table: Table, column: int) -> list[str]:
    rows = (table.header, *table.rows)
    return [text_of(row[column]) for row in rows if column < len(row)]


def _wish(texts: list[str]) -> int:
    return min(WIDEST, max(map(len, texts))) + CELL_MARGIN


def _longest_word(texts: list[str]) -> int:
    return max((len(word) for text in texts for word in text.split()), default=0)
