"""Criteria one by one as they are written, in lists, titles and sentences, or in tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from proposals.engines.offline.award_section import SCALE, find_award_blocks
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.criteria_item import Item
from proposals.engines.offline.criteria_names import (
    SCALE_NAME,
    WEIGHT,
    Named,
    clean_name,
    depth_of,
    lot_around,
    read_weight,
)
from proposals.engines.offline.criteria_tables import Columns, read_row
from proposals.engines.offline.evidence import Reading, split_sentences
from proposals.engines.offline.folding import fold


def find_items(reading: Reading) -> list[Item]:
    """Return the weighted criteria of a document in reading order."""
    items: list[Item] = []
    tables: dict[int, Columns] = {}
    before: tuple[Block, Columns] | None = None
    for block in find_award_blocks(reading):
        if block.kind == "row":
            key = block.table if block.table is not None else -block.page
            columns = tables.setdefault(key, Columns())
            if before and not columns.weight and _goes_on(before[0], block):
                columns = tables[key] = before[1]
            items.extend(read_row(block, columns))
            before = (block, columns)
        elif not _is_scale(block):
            items.extend(_in_text(block))
    return items


def _goes_on(before: Block, block: Block) -> bool:
    """Return whether a row continues a table of the page before, whose header is not repeated."""
    return before.page == block.page - 1 and len(before.cells) == len(block.cells)


def find_unweighted(reading: Reading) -> list[Item]:
    """Return the criteria of a list announced as criteria but without any weight."""
    items: list[Item] = []
    for block in find_award_blocks(reading):
        announced = re.search(r"criteres?", block.lead) and re.search(
            r"suivant|ci-|decroissant|:$|hierarchis", block.lead
        )
        if block.kind == "bullet" and announced and not _has_ended(items, block):
            named = clean_name(block.text)
            if named.name:
                items.append(_item(block, named, (0, len(block.text)), None))
    return items


def _has_ended(items: list[Item], block: Block) -> bool:
    """Return whether a list that was read stopped before this clause."""
    return bool(items) and items[-1].block.lead != block.lead


def _is_scale(block: Block) -> bool:
    return (bool(block.trail and SCALE.search(block.trail[-1])) and "ponder" not in block.folded) or "=" in block.text


def _in_text(block: Block) -> Iterator[Item]:
    matches = [found for found in WEIGHT.finditer(block.folded) if not _is_noise(block.folded, found)]
    if not matches:
        return
    if block.kind == "paragraph" and len(block.text) > 170:
        yield from _in_prose(block)
        return
    yield from _in_prose(block) if len(matches) > 1 and not _same_twice(matches) else _in_line(block, matches[0])


def _same_twice(matches: list[re.Match[str]]) -> bool:
    return len({read_weight(found)[0] for found in matches}) == 1 or (
        len(matches) == 2 and matches[1]["out_of"] is not None
    )


def _is_noise(folded: str, found: re.Match[str]) -> bool:
    before, after = folded[max(0, found.start() - 60) : found.start()], folded[found.end() : found.end() + 50]
    return bool(
        re.search(
            r"note(?:e|r|s|es|ees)?(?: de 0 a| maximale| comprise|s? attribuees?|s? sur)? (?:de |a )?$|"
            r"\btaux (?:de (?:la )?(?:tva|remise|l'avance|rabais|penalite)|d'avance|est|a|fixe)?[^,;:]{0,12}$|"
            r"\bavances?\b|\becarts?\b|superieure?s? (?:a|de)|inferieure?s? (?:a|de)|moyenne|retenue de|\btva\b|"
            r"au moins|moins de|plus de|minimum de|egale? a|rabais|remise de|entre 0 et|de 0 a|"
            r"total(?:e)? (?:de |sur )?$",
            before,
        )
        or re.match(
            r" ?(?:de l'estimation|du montant|de la note (?:max|obtenue)|de leur|de tva|a l'offre|"
            r"au candidat|est attribue|sont attribues|du chiffre|d'avance|par )",
            after,
        )
        or (
            found["out_of"]
            and float(found["out_of"].replace(",", ".")) in {5.0, 10.0, 20.0}
            and re.search(r"not(?:e|es|ee|er|ation)[^.]{0,30}$", before)
        )
    )


def _in_line(block: Block, found: re.Match[str]) -> Iterator[Item]:
    named = clean_name(block.text[: found.start()])
    end = found.end()
    if not named.name:
        end = len(block.text)
        named = clean_name(re.sub(r"^\W*(?:pour|:|-)?\s*", "", block.text[found.end() :]))
    if not named.name or SCALE_NAME.search(fold(named.name)) or not _is_line(block, found):
        return
    if not named.number:
        named = named._replace(number=_own_number(block))
    yield _item(block, named, (0, end), found)


def _is_line(block: Block, found: re.Match[str]) -> bool:
    return (
        block.kind != "paragraph" or len(block.folded[found.end() :].strip(" .;)]")) < 90 or "critere" in block.folded
    )


def _own_number(block: Block) -> str | None:
    marker = block.marker.strip("().°")
    return marker if marker and marker.isalnum() and marker not in {"o"} else None


def _in_prose(block: Block) -> Iterator[Item]:
    """Yield the criteria of a sentence: "le prix (60 %) et la valeur technique (40 %)", or weights first."""
    for low, high in split_sentences(block.text):
        matches = [found for found in WEIGHT.finditer(block.folded, low, high) if not _is_noise(block.folded, found)]
        under = _parent_named(block.folded[low : matches[0].start()]) if matches else None
        named = _criterion_divided(block, low, matches[0].start()) if matches and under is None else ""
        weights_first = bool(matches) and _is_weight_first(block, low, matches)
        for index, found in enumerate(matches):
            if weights_first:
                start, end = found.end(), matches[index + 1].start() if index + 1 < len(matches) else high
            else:
                start, end = (matches[index - 1].end() if index else low), found.start()
            for item in _prose_item(block, found, start, end, alone=len(matches) == 1 and under is None):
                deeper = (
                    under is not None or named or re.match(r"[\s,;)]*(?:et |dont )?dont\b", block.folded[start:end])
                )
                yield replace(item, under=under, under_name=named, depth=1) if deeper else item


_ORDINALS = ("premier", "deuxieme", "troisieme", "quatrieme", "cinquieme")
SUBDIVIDED = re.compile(
    r"(?:le |ce |la )?(?P<which>premier|deuxieme|second|troisieme|quatrieme|"
    r"cinquieme)(?: critere)?[^,;]{0,60}?(?:se (?:decompose|divise|subdivise|repartit)|"
    r"est (?:decompose|divise|subdivise|juge|apprecie|note)|comprend|comporte|s'apprecie)"
)


def _parent_named(folded: str) -> int | None:
    """Return the position of the criterion that a sentence subdivides ("le premier se décompose en…")."""
    found = SUBDIVIDED.search(folded)
    if not found:
        return None
    return _ORDINALS.index("deuxieme" if found["which"] == "second" else found["which"])


DIVIDED = re.compile(
    r"\s*(?:le critere |la |le |l'|les )*(?P<name>[^.:,;()]{4,60}?)(?: ?\([^()]{1,20}\))? (?:se (?:decompose|"
    r"divise|subdivise|"
    r"repartit)|(?:est|sera) (?:decompose|divise|subdivise|reparti)e?)\b"
)


def _criterion_divided(block: Block, low: int, high: int) -> str:
    """Return the name of the criterion whose parts a sentence gives ("la valeur technique se décompose en…")."""
    found = DIVIDED.match(block.folded, low, high)
    return block.text[slice(*found.span("name"))] if found else ""


def _is_weight_first(block: Block, low: int, matches: list[re.Match[str]]) -> bool:
    after = re.match(r"\s*(?:pour|au titre|:|sur|de la note pour|attribues)\s", block.folded[matches[0].end() :])
    before = re.split(r"[:,]", block.folded[low : matches[0].start()])[-1].strip(" (-")
    return bool(after) and (
        len(before) < 3 or bool(re.search(r"(?:suivante|criteres?|raison de|est de|hauteur de|base de)$", before))
    )


def _prose_item(block: Block, found: re.Match[str], start: int, end: int, *, alone: bool) -> Iterator[Item]:
    raw = block.text[start:end]
    folded = block.folded[start:end]
    lead = [
        m.end()
        for m in re.finditer(
            r":\s|suivants?\s|criteres?[^:.,]{0,60} (?:sont|est)\s|se (?:decompose|divise|subdivise) en |\.{3,}\s",
            folded,
        )
    ]
    if lead and folded[lead[-1] :].strip(" (-"):
        start, raw = start + lead[-1], raw[lead[-1] :]
    raw = re.sub(
        r"^\s*(?:restants?|de la note(?: finale| globale| totale)?|des points|"
        r"du total)?[\s),;.\]]+",
        "",
        raw,
    )
    raw = re.sub(r"\s*\([^()]{40,}\)(?=[^()]{0,20}$)", "", raw)
    named = clean_name(raw)
    if not named.name or len(named.name) > 110 or SCALE_NAME.search(fold(named.name)):
        return
    if alone and not re.search(r"critere|ponder|prix|valeur|delai|environ|social|technique|qualite", fold(raw)):
        return
    yield _item(block, named, (start, max(end, found.end())), found)


def _item(block: Block, named: Named, span: tuple[int, int], found: re.Match[str] | None) -> Item:
    weight, unit = read_weight(found) if found else (None, None)
    marker = re.sub(r"\d+", "1", re.sub(r"[a-z]", "a", block.marker))
    indent = str(round(block.left / 6))
    shape = (block.kind, marker, str(depth_of(named.number)), indent, "b" if block.bold else "")
    return Item(named.name, weight, unit, named.number, named.depth, shape, block, *span, lot=lot_around(block))
