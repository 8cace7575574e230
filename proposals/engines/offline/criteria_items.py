"""Criteria one by one as they are written: in tables, lists, titles or sentences, with weight and shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from proposals.analysis import WeightUnit
from proposals.engines.offline.award_section import SCALE, find_award_blocks
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.evidence import Reading, split_sentences
from proposals.engines.offline.folding import fold, tidy

_NUMBER = r"(?P<{0}>\d{{1,3}}(?:[.,]\d{{1,2}})?)"
WEIGHT = re.compile(
    rf"(?:{_NUMBER.format('percent')}\s?(?:%|pour ?cent|p\. ?100)|{_NUMBER.format('points')}\s?(?:points?\b|pts?\b|/ ?100\b)|"
    rf"(?:sur|/)\s?{_NUMBER.format('out_of')}(?:\s?(?:points?|pts?)\b)?(?!\s?[/%\d])(?! ?(?:ans?|mois|jours?|annees?|semaines?|sites?|lots?|pages?)\b)|(?:coefficient|coef\.?|ponderation|poids)\s*(?:de |d[eu] |:|=)?\s*{_NUMBER.format('factor')}(?![\d%]))"
)
BARE = re.compile(r"(?:sur |/ ?)?(?P<bare>\d{1,3}(?:[.,]\d{1,2})?)(?: ?/ ?100)?")
HEADER_WEIGHT = re.compile(r"ponderation|poids|points?|\bnote|coef|%|bareme|pourcentage|valeur en|/ ?100")
HEADER_NAME = re.compile(r"criteres?|sous[- ]criteres?|designation|libelle|elements?|intitule")
TOTAL = re.compile(r"^\W*(?:total|sous-total|somme)|^\W*note (?:totale|globale|finale|maximale)\b")
LABEL = re.compile(
    r"^[\W]*(?:le |la |les |l'|un |une )?(?:(?P<order>premier|deuxieme|second|troisieme|quatrieme|cinquieme) )?(?:(?P<sub>sous[- ]?criteres?)|(?P<word>criteres?|elements?))\b\s*"
    r"(?:(?:d[eu] |de la )?(?:jugement|notation|choix|attribution) )?(?:n ?°\s*)?(?P<number>[\da-z](?:[.\-]\d{1,2}|[.\-]?[a-z]\b)?\b(?! [a-z]{2,} ))?\s*[:.)\-]?\s*"
)
NUMBERED = re.compile(
    r"^\W*(?P<number>\d{1,2}(?:[.\-]\d{1,2}){0,2}|[a-z]|\d{1,2}[a-z]|\d{1,2}\.[a-z])\s?(?:[.)°:/\-]{1,3}\s*|\s+(?=\S))(?=[^\d\s%/])"
)
ARTICLE = re.compile(
    r"^(?:\W*(?:et |puis |enfin,? |ainsi que |pour |d'une part,? |d'autre part,? |sur |dont |soit |a savoir |du |de la |de l'|des ))*\W*(?:le |la |les |l')?(?:criteres? (?=(?:du |de la |de l'|de |des |prix|valeur|technique|delai|environ|social)))?(?:du |de la |de l'|des )?"
)
NAME_CUT = re.compile(
    r"\s*(?:[:;(]\s*$|,? ?(?:jugee?s?|appreciee?s?|evaluee?s?|notee?s?|ponderee?s?|analysee?s?|calculee?s?|affectee?s? (?:d'|de )|comptant|compte(?:ra)? (?:pour|a)|represente|intervient|decomposee?|a hauteur|qui (?:compte|sera|represente)|est (?:note|pondere|apprecie|juge)\w*|sera (?:note|pondere|apprecie|juge)\w*)\b.*$|"
    r"(?:,| pour| a hauteur de) [a-z -]{2,30} (?:pour ?cent|points)\b.*$|(?:,| -|;)? ?(?:au regard|au vu|sur la base|en fonction|a partir|d'apres|a l'aide|compte tenu|selon les|sur le fondement|resultant)\b.*$|\s(?:compte pour(?: les)?|pour les|pour|sur|a|avec un|coefficient|ponderation|poids|\[|\()\s*:?\s*$|[.…_]{3,}.*$|$)"
)
NOT_A_NAME = re.compile(
    r"^(?:note|la note|formule|total|n\b|offre|soit|moins|plus|montant|tva|taux|avance|penalite|retenue|remise|reponse|critere|sous-critere|ponderation|il|elle|ils|ce|cette|chaque|si|lorsque|pour|sur|de|a|en|dont|au|aux|par|100|tres (?:bien|satisfaisant|bon)|satisfaisant|bien|moyen|insuffisant|passable|excellent|absence|non |nul|bon|faible|mauvais|correct|conforme|l'offre|les offres|le candidat|le nombre|superieur|inferieur|ecart)(?![a-z])"
)
SCALE_NAME = re.compile(
    r"satisfaisant|insuffisant|excellent|absence de|non renseigne|tres bien|moyen\b|incomplet|hors sujet|mini|note (?:du|de|obtenue|attribuee|maximale)|\bp ?=|=|\bx ?\(|formule|barème"
)
MAX_NAME = 170


@dataclass(frozen=True)
class Item:
    """One criterion as written. `depth` is 0 or 1 where the document says it, else None; `shape` is its layout."""

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


LOT = re.compile(r"\blots?\b\s*(?:n ?°\s*)?(\d{1,2}(?:(?:,| et|-| a) ?\d{1,2})*|[a-z]\b)")


def find_items(reading: Reading) -> list[Item]:
    """Return the weighted criteria of a document in reading order."""
    items: list[Item] = []
    tables: dict[int | None, _Columns] = {}
    before: tuple[Block, _Columns] | None = None
    for block in find_award_blocks(reading):
        if block.kind == "row":
            columns = tables.setdefault(block.table if block.table is not None else -block.page, _Columns())
            if (
                before
                and before[0].page == block.page - 1
                and len(before[0].cells) == len(block.cells)
                and not columns.weight
            ):
                columns = tables[block.table if block.table is not None else -block.page] = before[1]
            items.extend(_in_row(block, columns))
            before = (block, columns)
        elif not _is_scale(block):
            items.extend(_in_text(block))
    return items


def find_unweighted(reading: Reading) -> list[Item]:
    """Return the criteria of a list announced as criteria but without any weight."""
    items: list[Item] = []
    for block in find_award_blocks(reading):
        announced = re.search(r"criteres?", block.lead) and re.search(
            r"suivant|ci-|decroissant|:$|hierarchis", block.lead
        )
        if block.kind == "bullet" and announced and not items_ended(items, block):
            name, number, depth = _clean_name(block.text)
            if name:
                items.append(_item(block, name, 0, len(block.text), number=number, depth=depth))
    return items


def items_ended(items: list[Item], block: Block) -> bool:
    """Return whether a list that was read stopped before this clause."""
    return bool(items) and items[-1].block.lead != block.lead


def _is_scale(block: Block) -> bool:
    return bool(block.trail and SCALE.search(block.trail[-1])) and "ponder" not in block.folded or "=" in block.text


@dataclass
class _Columns:
    """What the header of a table told: where weights stand, and in which unit."""

    weight: tuple[int, ...] = ()
    sub_name: int | None = None
    unit: WeightUnit | None = None
    is_scale: bool = False
    first_names: int = 0
    lots: tuple[str, ...] = ()
    lot: str = ""


def _in_row(block: Block, columns: _Columns) -> Iterator[Item]:
    cells = [" ".join(cell.split()) for cell in block.cells]
    folded = [fold(cell) for cell in cells]
    if _read_header(block, folded, columns) or columns.is_scale or TOTAL.search(" ".join(folded)):
        return
    position = 0
    offsets = []
    for cell in block.cells:
        offsets.append(position)
        position += len(cell) + 1 if cell else 0
    yield from _row_items(block, folded, offsets, columns)


def _lot_of(folded: str) -> str:
    found = LOT.search(folded)
    return found[1] if found else ""


def _lot_around(block: Block) -> str:
    """Return the lot that the nearest heading or the lead names, for lists of criteria lot by lot."""
    return _lot_of(block.lead) or next((lot for title in reversed(block.trail) if (lot := _lot_of(title))), "")


def _read_header(block: Block, folded: list[str], columns: _Columns) -> bool:
    weights = tuple(i for i, cell in enumerate(folded) if HEADER_WEIGHT.search(cell) and not re.search(r"^\W*\d", cell))
    lots = tuple(_lot_of(cell) for cell in folded)
    names = [i for i, cell in enumerate(folded) if HEADER_NAME.search(cell) and not WEIGHT.search(cell)]
    if not (names and (weights or any(lots))) or any(
        WEIGHT.search(cell) for cell in folded if not HEADER_WEIGHT.search(cell)
    ):
        if any(re.match(r"appreciation|note$|notes?\b", cell) for cell in folded) and not names and len(folded) > 1:
            columns.is_scale = columns.is_scale or "appreciation" in block.folded
        return False
    columns.weight, columns.lots = weights, lots if sum(bool(lot) for lot in lots) > 1 else ()
    columns.lot = next((lot for lot in lots if lot), "")
    columns.sub_name = next(
        (i for i in names if "sous" in folded[i] and not re.match(r"criteres? et sous", folded[i])), None
    )
    text = block.folded
    columns.unit = (
        "points"
        if re.search(r"points?|note|bareme", text) and "%" not in text
        else "percent"
        if "%" in text or "pourcentage" in text
        else None
    )
    columns.is_scale = bool(re.search(r"appreciation|niveau", folded[names[0]])) if names else False
    return True


def _row_items(block: Block, folded: list[str], offsets: list[int], columns: _Columns) -> Iterator[Item]:
    number: str | None = None
    pending: tuple[int, str] | None = None
    made = 0
    for index, cell in enumerate(folded):
        if not cell:
            continue
        if (
            index == 0
            and re.fullmatch(r"\W*(?:critere )?(?:n ?°)?\d{1,2}(?:[.\-]\d{1,2})?\W*", cell)
            and len(folded) > 2
        ):
            number = re.sub(r"[^\d.]", "", cell.replace("-", "."))
            continue
        own = _weight_in_cell(cell, index, columns)
        if not own and pending and columns.sub_name == index:
            yield _row_item(block, offsets, pending, (None, columns.unit), number, columns, made, columns.lot)
            pending, number = None, None
        if own and pending:
            lot = columns.lots[index] if index < len(columns.lots) else columns.lot
            yield _row_item(block, offsets, pending, own, number, columns, made, lot)
            if not columns.lots:
                pending, number = None, None
            made += 1
        elif not own:
            inline = list(_in_cell(block, offsets[index], cell, index, columns, made))
            yield from inline
            made += len(inline)
            pending = pending if inline or (pending and columns.sub_name != index) else (index, cell)


def _weight_in_cell(cell: str, index: int, columns: _Columns) -> tuple[float, WeightUnit | None] | None:
    found = WEIGHT.fullmatch(cell.strip(" ().:")) or WEIGHT.match(cell) if len(cell) < 25 else None
    if found and (
        not re.search(r"[a-z]{4,}", cell.replace("points", "").replace("point", "").replace("pour cent", ""))
        or found.end() > 0.6 * len(cell)
    ):
        return _read_weight(found)
    bare = BARE.fullmatch(cell.strip(" ()"))
    if bare and (index in columns.weight or columns.lots):
        return float(bare["bare"].replace(",", ".")), columns.unit
    return None


def _row_item(
    block: Block, offsets: list[int], pending: tuple[int, str], own: tuple[float | None, WeightUnit | None], number: str | None,
    columns: _Columns, made: int, lot: str,
) -> Item:  # fmt: skip
    index, cell = pending
    raw = block.text[offsets[index] : offsets[index] + len(cell)]
    name, own_number, depth = _clean_name(raw)
    if made and not columns.lots:
        depth = 1
    elif columns.sub_name is not None:
        depth = int(index >= columns.sub_name)
    shape = ("row", str(index), str(_depth_of(number or own_number)), "b" if block.bold else "")
    return Item(
        name or tidy(raw),
        own[0],
        own[1],
        number or own_number,
        depth,
        shape,
        block,
        offsets[index],
        len(block.text),
        lot or _lot_around(block),
    )


def _in_cell(block: Block, offset: int, cell: str, index: int, columns: _Columns, made: int) -> Iterator[Item]:
    """Yield criteria whose name and weight stand in one cell."""
    for found in WEIGHT.finditer(cell):
        if found["factor"] is None and found["out_of"] and not found.group().startswith("sur"):
            continue
        start = max((other.end() for other in WEIGHT.finditer(cell[: found.start()])), default=0)
        name, number, depth = _clean_name(block.text[offset + start : offset + found.start()])
        if name and not SCALE_NAME.search(fold(name)):
            value, unit = _read_weight(found)
            deep = 1 if made or start or columns.sub_name == index else depth
            shape = ("cell", str(index), str(_depth_of(number)), str(start > 0))
            yield Item(
                name,
                value,
                unit,
                number,
                deep,
                shape,
                block,
                offset + start,
                offset + found.end(),
                columns.lot or _lot_around(block),
            )


def _in_text(block: Block) -> Iterator[Item]:
    matches = [found for found in WEIGHT.finditer(block.folded) if not _is_noise(block.folded, found)]
    if not matches:
        return
    if block.kind == "paragraph" and len(block.text) > 170:
        yield from _in_prose(block)
        return
    yield from _in_prose(block) if len(matches) > 1 and not _same_twice(matches) else _in_line(block, matches[0])


def _same_twice(matches: list[re.Match[str]]) -> bool:
    return (
        len({_read_weight(found)[0] for found in matches}) == 1
        or len(matches) == 2
        and matches[1]["out_of"] is not None
    )


def _is_noise(folded: str, found: re.Match[str]) -> bool:
    before, after = folded[max(0, found.start() - 60) : found.start()], folded[found.end() : found.end() + 50]
    return bool(
        re.search(
            r"note(?:e|r|s)?(?: de 0 a| maximale| comprise|s? attribuees?|s? sur)? (?:de |a )?$|taux|avance|ecart|superieure?s? (?:a|de)|inferieure?s? (?:a|de)|moyenne|retenue|tva|au moins|moins de|plus de|minimum de|egale? a|rabais|remise de|entre 0 et|de 0 a|total(?:e)? (?:de |sur )?$",
            before,
        )
        or re.match(
            r" ?(?:de l'estimation|du montant|de la note (?:max|obtenue)|de leur|de tva|a l'offre|au candidat|est attribue|sont attribues|du chiffre|d'avance|par )",
            after,
        )
        or (
            found["out_of"]
            and float(found["out_of"].replace(",", ".")) in {5.0, 10.0, 20.0}
            and re.search(r"not(?:e|es|ee|er|ation)[^.]{0,30}$", before)
        )
    )


def _in_line(block: Block, found: re.Match[str]) -> Iterator[Item]:
    name, number, depth = _clean_name(block.text[: found.start()])
    start, end = 0, found.end()
    if not name:
        end = len(block.text)
        name, number, depth = _clean_name(re.sub(r"^\W*(?:pour|:|-)?\s*", "", block.text[found.end() :]))
    if not name or SCALE_NAME.search(fold(name)) or (block.kind == "paragraph" and not _is_line(block, found)):
        return
    value, unit = _read_weight(found)
    number = number or _own_number(block)
    yield _item(block, name, start, end, value=value, unit=unit, number=number, depth=depth)


def _is_line(block: Block, found: re.Match[str]) -> bool:
    return len(block.folded[found.end() :].strip(" .;)]")) < 90 or "critere" in block.folded


def _own_number(block: Block) -> str | None:
    marker = block.marker.strip("().°")
    return marker if marker and marker.isalnum() and marker not in {"o"} else None


def _in_prose(block: Block) -> Iterator[Item]:
    """Yield the criteria of a sentence: "le prix (60 %) et la valeur technique (40 %)", or weights first."""
    for low, high in split_sentences(block.text):
        matches = [found for found in WEIGHT.finditer(block.folded, low, high) if not _is_noise(block.folded, found)]
        under = _parent_named(block.folded[low : matches[0].start()]) if matches else None
        weights_first = bool(matches) and _is_weight_first(block, low, matches)
        for index, found in enumerate(matches):
            if weights_first:
                start, end = found.end(), matches[index + 1].start() if index + 1 < len(matches) else high
            else:
                start, end = (matches[index - 1].end() if index else low), found.start()
            for item in _prose_item(block, found, start, end, alone=len(matches) == 1 and under is None):
                deeper = under is not None or re.match(r"[\s,;)]*(?:et |dont )?dont\b", block.folded[start:end])
                yield replace(item, under=under, depth=1) if deeper else item


_ORDINALS = ("premier", "deuxieme", "troisieme", "quatrieme", "cinquieme")
SUBDIVIDED = re.compile(
    r"(?:le |ce |la )?(?P<which>premier|deuxieme|second|troisieme|quatrieme|cinquieme)(?: critere)?[^,;]{0,60}?(?:se (?:decompose|divise|subdivise|repartit)|est (?:decompose|divise|subdivise|juge|apprecie|note)|comprend|comporte|s'apprecie)"
)


def _parent_named(folded: str) -> int | None:
    """Return the position of the criterion that a sentence subdivides ("le premier se décompose en…")."""
    found = SUBDIVIDED.search(folded)
    if not found:
        return None
    return _ORDINALS.index("deuxieme" if found["which"] == "second" else found["which"])


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
            r":\s|suivants?\s|criteres? (?:sont|est)\s|se (?:decompose|divise|subdivise) en |\.{3,}\s", folded
        )
    ]
    if lead and folded[lead[-1] :].strip(" (-"):
        start, raw = start + lead[-1], raw[lead[-1] :]
    raw = re.sub(r"^\s*(?:restants?|de la note(?: finale| globale| totale)?|des points|du total)?[\s),;.\]]+", "", raw)
    raw = re.sub(r"\s*\([^()]{40,}\)(?=[^()]{0,20}$)", "", raw)
    name, number, depth = _clean_name(raw)
    if not name or len(name) > 110 or SCALE_NAME.search(fold(name)):
        return
    if alone and not re.search(r"critere|ponder|prix|valeur|delai|environ|social|technique|qualite", fold(raw)):
        return
    value, unit = _read_weight(found)
    yield _item(block, name, start, max(end, found.end()), value=value, unit=unit, number=number, depth=depth)


def _item(
    block: Block, name: str, start: int, end: int, *, value: float | None = None, unit: WeightUnit | None = None,
    number: str | None = None, depth: int | None = None, kind: str = "",
) -> Item:  # fmt: skip
    marker = re.sub(r"\d+", "1", re.sub(r"[a-z]", "a", block.marker))
    shape = (kind or block.kind, marker, str(_depth_of(number)), str(round(block.left / 6)), "b" if block.bold else "")
    return Item(name, value, unit, number, depth, shape, block, start, end, _lot_around(block))


def _depth_of(number: str | None) -> int:
    return len(re.split(r"[.\-]", number)) if number else 0


def _read_weight(found: re.Match[str]) -> tuple[float, WeightUnit]:
    text = found["percent"] or found["points"] or found["out_of"] or found["factor"]
    return float(text.replace(",", ".")), "percent" if found["percent"] else "points"


def _clean_name(raw: str) -> tuple[str, str | None, int | None]:
    """Return (name, number, depth as said by its label) of a criterion; the name is empty if there is none."""
    raw = " ".join(raw.split())
    number, depth = None, None
    label = LABEL.match(fold(raw))
    if label and label.end():
        depth = 1 if label["sub"] else 0 if label["word"] == "critere" and label["number"] else None
        number = label["number"]
        raw = raw[label.end() :]
    else:
        found = NUMBERED.match(fold(raw))
        if found:
            number, raw = found["number"], raw[found.end() :]
    article = ARTICLE.match(fold(raw))
    raw = raw[article.end() :] if article else raw
    cut = NAME_CUT.search(fold(raw), 2)
    name = tidy(raw[: cut.start()] if cut else raw).strip('«»"[ ')
    if name.count("(") > name.count(")"):
        name = tidy(name[: name.rindex("(")]) if name.rindex("(") > 2 else name
    quoted = re.match(r"^« ?([^»]+?) ?»?$", name)
    name = quoted[1] if quoted else name.replace("« ", "« ")
    bad = (
        len(name) < 3
        or len(name) > MAX_NAME
        or not re.search(r"[a-zà-ÿ]{3}", name, re.I)
        or NOT_A_NAME.match(fold(name))
    )
    number = number.replace("-", ".") if number else None
    return ("" if bad else name[:1].upper() + name[1:]), number, depth
