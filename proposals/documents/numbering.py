"""Give headings their numbers and anchors, and tables the numbers of their captions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from proposals.documents.blocks import MAX_HEADING_LEVEL, Block, Heading, Landscape, Numbering, Quote, Table

#: No level is left out going down: a number such as 2.0.1 would stand for a heading that is not there.
DEEPEST = MAX_HEADING_LEVEL


class Numberer:
    """
    Numbers blocks in the order in which they come.

    Args:
        numbering: "body" counts 1, 2; "annex" A, B. Levels below count 1, 2 in both.
    """

    def __init__(self, numbering: Numbering, *, tables: Iterator[int]) -> None:
        self._numbering = numbering
        self._counts: list[int] = []
        self._tables = tables

    def number(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """Return the blocks numbered."""
        return tuple(self._number(block) for block in blocks)

    def heading(self, heading: Heading) -> Heading:
        """Return a heading with its number and anchor."""
        level = min(heading.level, len(self._counts) + 1, DEEPEST)
        self._counts = [*self._counts, 0][:level]
        self._counts[-1] += 1
        number = ".".join([self._first(), *map(str, self._counts[1:])])
        prefix = "section" if self._numbering == "body" else "annexe"
        anchor = f"{prefix}_{number.replace('.', '_')}"
        return replace(heading, level=level, number=number, anchor=anchor, numbering=self._numbering)

    def _first(self) -> str:
        first = self._counts[0]
        return str(first) if self._numbering == "body" else chr(ord("A") + first - 1)

    def _number(self, block: Block) -> Block:
        match block:
            case Heading():
                return self.heading(block)
            case Table() if block.caption:
                return replace(block, number=next(self._tables))
            case Landscape() | Quote():
                return replace(block, blocks=self.number(block.blocks))
        return block
