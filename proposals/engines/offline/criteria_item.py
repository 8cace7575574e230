"""One criterion as a document writes it, before the tree of criteria is known."""

from __future__ import annotations

from dataclasses import dataclass

from proposals.analysis import WeightUnit
from proposals.engines.offline.blocks import Block


@dataclass(frozen=True)
class Item:
    """
    One criterion as written. `depth` is 0 or 1 where the document says it, else None; `shape` is its layout.

    `lot` is the lot whose own list it is in; `under` the position of the criterion that a sentence subdivides.
    """

    name: str
    weight: float | None
    unit: WeightUnit | None
    number: str | None
    depth: int | None
    shape: tuple[str, ...]
    block: Block
    start: int
    end: int
    lot: str = ""
    under: int | None = None
    under_name: str = ""
