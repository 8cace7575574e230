"""Values that stand beside a label: "label : value", two cells of a row, or the clause under a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from proposals.engines.offline.blocks import Block
from proposals.engines.offline.evidence import Reading

#: A label cell may hold some words around the label itself.
LABEL_ROOM = 40
#: What may stand before a label: figures, signs, the number of an article.
LABEL_START = r"^(?:[\W\d]|article\b|art\b|[ivx]{1,4}(?=[ .)/-])|[a-h](?=[.)] ))*"


class Labelled(NamedTuple):
    """The span of a value in its clause; `kind` tells how it was labelled."""

    block: Block
    start: int
    end: int
    kind: str


def find_labelled(reading: Reading, label: re.Pattern[str]) -> Iterator[Labelled]:
    """Yield the values labelled by a pattern of folded text, in reading order."""
    for block in reading.blocks:
        if block.kind == "row":
            yield from _in_row(block, label)
        else:
            yield from _in_text(reading, block, label)


def _in_row(block: Block, label: re.Pattern[str]) -> Iterator[Labelled]:
    position = 0
    cells = [cell for cell in block.cells if cell]
    for index, (cell, value) in enumerate(zip(cells, [*cells[1:], ""], strict=True)):
        found = label.search(block.folded[position : position + len(cell)])
        start = position + len(cell) + 1
        if found and value and index % 2 == 0 and len(cell) <= len(found.group()) + LABEL_ROOM and found.start() < 12:
            yield Labelled(block, start, start + len(value), "row")
            return
        position = start


def _in_text(reading: Reading, block: Block, label: re.Pattern[str]) -> Iterator[Labelled]:
    found = label.search(block.folded)
    if not found or found.start() > LABEL_ROOM:
        return
    colon = re.compile(r"[^:.;]{0,60}?:\s*").match(block.folded, found.end())
    if colon and colon.end() < len(block.text):
        yield Labelled(block, colon.end(), len(block.text), "colon")
        return
    rest = block.folded[found.end() :].strip(" :-")
    short = len(rest) <= LABEL_ROOM and not rest.endswith(".") and block.index + 1 < len(reading.blocks)
    if short and (block.kind == "heading" or block.text.rstrip().endswith(":")):
        below = reading.blocks[block.index + 1]
        yield Labelled(below, 0, len(below.text), "below")
