"""Criteria in the rows of a table: which column names them, which one weighs them, for which lot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from proposals.analysis import WeightUnit
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.criteria_item import Item
from proposals.engines.offline.criteria_names import (
    SCALE_NAME,
    WEIGHT,
    clean_name,
    depth_of,
    lot_around,
    lot_of,
    read_weight,
)
from proposals.engines.offline.folding import fold, tidy

BARE = re.compile(r"(?:sur |/ ?)?(?P<bare>\d{1,3}(?:[.,]\d{1,2})?)(?: ?/ ?100)?")
HEADER_WEIGHT = re.compile(r"ponderation|poids|points?|\bnote|coef|%|bareme|pourcentage|valeur en|/ ?100")
HEADER_NAME = re.compile(r"criteres?|sous[- ]criteres?|designation|libelle|elements?|intitule")
TOTAL = re.compile(r"^\W*(?:total|sous-total|somme)|^\W*note (?:totale|globale|finale|maximale)\b")
#: A first cell that only numbers the row.
NUMBER_CELL = re.compile(r"\W*(?:critere )?(?:n ?°)?\d{1,2}(?:[.\-]\d{1,2})?\W*")


@dataclass
class Columns:
    """What the header of a table told: where weights stand, and in which unit."""

    weight: tuple[int, ...] = ()
    sub_name: int | None = None
    unit: WeightUnit | None = None
    is_scale: bool = False
    lots: tuple[str, ...] = ()
    lot: str = ""


def read_row(block: Block, columns: Columns) -> Iterator[Item]:
    """Yield the criteria of a row; a header row only teaches `columns`."""
    folded = [fold(" ".join(cell.split())) for cell in block.cells]
    if _read_header(block, folded, columns) or columns.is_scale or TOTAL.search(" ".join(folded)):
        return
    yield from _RowReader(block, folded, columns).read()


def _read_header(block: Block, folded: list[str], columns: Columns) -> bool:
    weights = tuple(i for i, cell in enumerate(folded) if HEADER_WEIGHT.search(cell) and not re.search(r"^\W*\d", cell))
    lots = tuple(lot_of(cell) for cell in folded)
    names = [i for i, cell in enumerate(folded) if HEADER_NAME.search(cell) and not WEIGHT.search(cell)]
    weighted = any(WEIGHT.search(cell) for cell in folded if not HEADER_WEIGHT.search(cell))
    if weighted or not (names and (weights or any(lots))):
        columns.is_scale = columns.is_scale or _opens_scale(folded, names)
        return False
    columns.weight, columns.lots = weights, lots if sum(bool(lot) for lot in lots) > 1 else ()
    columns.lot = next((lot for lot in lots if lot), "")
    columns.sub_name = next(
        (i for i in names if "sous" in folded[i] and not re.match(r"criteres? et sous", folded[i])), None
    )
    columns.unit = _header_unit(block.folded)
    columns.is_scale = bool(re.search(r"appreciation|niveau", folded[names[0]])) if names else False
    return True


def _opens_scale(folded: list[str], names: list[int]) -> bool:
    return not names and len(folded) > 1 and any("appreciation" in cell for cell in folded)


def _header_unit(folded: str) -> WeightUnit | None:
    if "%" in folded or "pourcentage" in folded:
        return "percent"
    return "points" if re.search(r"points?|note|bareme", folded) else None


def _weight_in_cell(cell: str, index: int, columns: Columns) -> tuple[float, WeightUnit | None] | None:
    found = WEIGHT.fullmatch(cell.strip(" ().:")) or WEIGHT.match(cell) if len(cell) < 25 else None
    if found and (
        not re.search(r"[a-z]{4,}", cell.replace("points", "").replace("point", "").replace("pour cent", ""))
        or found.end() > 0.6 * len(cell)
    ):
        return read_weight(found)
    bare = BARE.fullmatch(cell.strip(" ()"))
    if bare and (index in columns.weight or columns.lots):
        return float(bare["bare"].replace(",", ".")), columns.unit
    return None


class _RowReader:
    """Walks over the cells of one row: a name waits for the weight that follows it."""

    def __init__(self, block: Block, folded: list[str], columns: Columns) -> None:
        self._block = block
        self._folded = folded
        self._columns = columns
        self._offsets = _offsets(block)
        self._number: str | None = None
        self._pending: tuple[int, str] | None = None
        self._made = 0

    def read(self) -> Iterator[Item]:
        for index, cell in enumerate(self._folded):
            if index == 0 and len(self._folded) > 2 and NUMBER_CELL.fullmatch(cell):
                self._number = re.sub(r"[^\d.]", "", cell.replace("-", "."))
            elif cell:
                yield from self._read_cell(index, cell)

    def _read_cell(self, index: int, cell: str) -> Iterator[Item]:
        own = _weight_in_cell(cell, index, self._columns)
        if not own and self._pending and self._columns.sub_name == index:
            yield self._make(self._pending, (None, self._columns.unit), self._columns.lot)
            self._pending = self._number = None
        if own and self._pending:
            yield self._make(self._pending, own, self._lot(index))
            self._made += 1
            if not self._columns.lots:
                self._pending = self._number = None
        elif not own:
            yield from self._read_text_cell(index, cell)

    def _lot(self, index: int) -> str:
        return self._columns.lots[index] if index < len(self._columns.lots) else self._columns.lot

    def _read_text_cell(self, index: int, cell: str) -> Iterator[Item]:
        inline = list(self._inline(index, cell))
        yield from inline
        self._made += len(inline)
        if not inline and (not self._pending or self._columns.sub_name == index):
            self._pending = (index, cell)

    def _make(self, named: tuple[int, str], own: tuple[float | None, WeightUnit | None], lot: str) -> Item:
        index, cell = named
        offset = self._offsets[index]
        raw = self._block.text[offset : offset + len(cell)]
        name, own_number, depth = clean_name(raw)
        number = self._number or own_number
        if self._columns.sub_name is not None:
            depth = int(index >= self._columns.sub_name)
        if self._made and not self._columns.lots:
            depth = 1
        shape = ("row", str(index), str(depth_of(number)), "b" if self._block.bold else "")
        where = lot or lot_around(self._block)
        return Item(
            name or tidy(raw), *own, number, depth, shape, self._block, offset, len(self._block.text), lot=where
        )

    def _inline(self, index: int, cell: str) -> Iterator[Item]:
        """Yield criteria whose name and weight stand in one cell."""
        start = 0
        for found in WEIGHT.finditer(cell):
            if found["out_of"] and not found.group().startswith("sur"):
                continue
            item = self._inline_item(index, start, found)
            if item:
                yield item
            start = found.end()

    def _inline_item(self, index: int, start: int, found: re.Match[str]) -> Item | None:
        offset = self._offsets[index]
        name, number, depth = clean_name(self._block.text[offset + start : offset + found.start()])
        if not name or SCALE_NAME.search(fold(name)):
            return None
        if self._made or start or self._columns.sub_name == index:
            depth = 1
        shape = ("cell", str(index), str(depth_of(number)), str(start > 0))
        where = self._columns.lot or lot_around(self._block)
        span = (offset + start, offset + found.end())
        return Item(name, *read_weight(found), number, depth, shape, self._block, *span, lot=where)


def _offsets(block: Block) -> list[int]:
    """Return where each cell begins in the text of the row."""
    offsets, position = [], 0
    for cell in block.cells:
        offsets.append(position)
        position += len(cell) + 1 if cell else 0
    return offsets
