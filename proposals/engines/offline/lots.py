"""Division into lots, the list of lots, and the codes of the common procurement vocabulary (CPV)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from proposals.analysis import Fact, Lot
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.evidence import Reading, split_sentences
from proposals.engines.offline.facts import Candidate, best_fact
from proposals.engines.offline.folding import fold, tidy
from proposals.engines.offline.labels import LABEL_START, find_labelled
from proposals.engines.offline.numbers import NUMBER

UNDIVIDED = re.compile(
    r"(?:n'est pas|ne sont pas|non|n'a pas ete|pas) (?:alloti|decompose|divise|reparti|fractionne)|"
    r"lot unique|marche unique|(?:ne fait|ne font|n'a pas fait) pas l'objet d'un (?:allotissement|"
    r"decoupage|fractionnement)|"
    r"pas (?:prevu de|d[e']) ?(?:decomposition|allotissement|division|lots?\b)|sans allotissement|"
    r"absence d'(?:allotissement|allotir)|(?:pas|aucun) (?:de |lieu a )?(?:decoupage|division|"
    r"decomposition)|unicite du lot|aucun(?:e)? (?:allotissement|decomposition en lots?)|"
    r"ne comporte (?:pas|qu'un)[^.]{0,20}lots?|(?<!pour )(?<!a )un (?:seul|unique) lot(?! ou)(?! (?:par|a un))|"
    r"lot\s?: unique|pas ete (?:alloti|"
    r"decompose)|ne (?:sera|seront) pas (?:alloti|decompose|divise)|"
    r"n'y a pas (?:lieu a )?(?:d')?allotissement|dispense d'allot|deroge[^.]{0,40}allotissement"
)
DIVIDED = re.compile(
    rf"(?:prevu|prevoit) (?:{NUMBER}) lots|(?:decompose|divise|reparti|alloti|scinde|"
    rf"fractionne)e?s?(?: en|, en)? (?:{NUMBER} )?(?:\(\d+\) )?lots?\b|(?:comporte|comprend|compte|"
    rf"prevoit|constitue de|compose de) (?:{NUMBER}) lots|"
    rf"(?<!pas )(?<!non )(?:est|sont|fait l'objet d'un) (?:alloti|allotissement)|lots? (?:separes|"
    rf"distincts)(?! de la candid)|(?:{NUMBER}) lots (?:geographiques|techniques|suivants|ci-|designes|"
    rf"definis)|en (?:{NUMBER}) lots"
)
LOT_LABEL = re.compile(
    LABEL_START + r"(?:allotissement|decomposition(?: (?:en lots|de la consultation))?|"
    r"division en lots|structure|"
    r"forme de la consultation|lots?|(?:nombre|nb\.?|nbre) de lots)\b(?! (?:n|\d))"
)
LOT_LINE = re.compile(
    r"\blots?\b\s*(?:n ?°|n ?o\.?|numero)?\s*(?P<number>\d{1,2}(?:\.\d{1,2})?[a-z]?|"
    r"[a-z]\b)\s*(?:[:\-/=.)]|»|,|\()\s*(?P<title>\S)"
)
LOT_CELL = re.compile(
    r"^(?:lots?\s*)?(?:n ?°|numero)?\s*(?P<number>\d{1,2}(?:\.\d{1,2})?[a-z]?)\.?$|^lots?\s*(?:n ?°|"
    r"numero)?\s*(?P<named>\d{1,2}[a-z]?|[a-z])$"
)
LOT_HEADER = re.compile(r"\blots?\b")
TITLE_HEADER = re.compile(
    r"designation|intitule|objet|libelle|description|nature|prestation|nom|"
    r"corps d'etat"
)
TITLE_CUT = re.compile(
    r"\s*(?:;|\. |\.$|[,(]? ?\(?(?:montant|estime|cpv\b|code cpv|pour un montant|maximum|minimum)|"
    r"\(?\d[\d ]*(?:,\d\d)? ?(?:€|eur)|(?:,| et|,? puis)?\s*\blots? (?:n ?°)? ?\d|"
    r" : (?:prix|valeur|\d)|\(\d{8}|\b\d{8}-\d|$)"
)
SCORE_IN_TITLE = re.compile(
    r"\d\s*(?:%|points?\b)|criteres?|offre[s]? |candidat|attribu|visite|l'acheteur|\bdoi(?:t|vent)\b|\bprix\b"
)

CPV = re.compile(r"(?<![\d.])(?P<code>(?:0[39]|[1-9]\d)\d{6})(?:\s?-\s?(?P<check>\d))?(?![\d])")
CPV_CONTEXT = re.compile(r"cpv|nomenclature communautaire|vocabulaire commun|classification|nomenclature")


def find_division(reading: Reading, lots: Fact[tuple[Lot, ...]]) -> Fact[bool]:
    """Return whether the contract is divided into lots."""
    return best_fact(Fact[bool], reading, _division_candidates(reading, lots))


def _division_candidates(reading: Reading, lots: Fact[tuple[Lot, ...]]) -> Iterator[Candidate[bool]]:
    yield from _labelled_divisions(reading)
    yield from _stated_divisions(reading, lots)
    if lots.value and len(lots.value) > 1:
        for block in reading.blocks:
            if LOT_LINE.search(block.folded) or any(LOT_CELL.match(fold(cell)) for cell in block.cells[:1]):
                yield Candidate(True, block, 0, min(len(block.text), 200), 0.65)
                return


def _labelled_divisions(reading: Reading) -> Iterator[Candidate[bool]]:
    for block, start, end, kind in find_labelled(reading, LOT_LABEL):
        answer = re.compile(
            r"\s*(?P<no>non|sans|aucun|lot unique|unique|neant)|\s*(?P<yes>oui|avec|"
            r"\d+ lots)"
        ).match(block.folded, start, end)
        if answer and kind != "below":
            yield Candidate(bool(answer["yes"]), block, start, answer.end(), 1.0)


def _stated_divisions(reading: Reading, lots: Fact[tuple[Lot, ...]]) -> Iterator[Candidate[bool]]:
    for block in reading.blocks:
        for pattern, value in ((UNDIVIDED, False), (DIVIDED, True)):
            found = pattern.search(block.folded)
            if found:
                weight = 0.9 if not value else 0.95 if lots.value else 0.7
                yield Candidate(value, block, found.start(), found.end(), weight)


def find_lots(reading: Reading) -> Fact[tuple[Lot, ...]]:
    """Return the lots with their titles, in the order of their first mention."""
    by_number: dict[str, tuple[Lot, Block]] = {}
    for lot, block in [*_lots_in_tables(reading), *_lots_in_text(reading)]:
        by_number.setdefault(lot.number.lower(), (lot, block))
    if len(by_number) < 2 or not _is_series([lot for lot, _ in by_number.values()]):
        return Fact[tuple[Lot, ...]]()
    found = sorted(by_number.values(), key=lambda pair: _order(pair[0].number))
    first = min((block for _, block in found), key=lambda block: block.index)
    lots = tuple(lot for lot, _ in found)
    return best_fact(Fact[tuple[Lot, ...]], reading, [Candidate(lots, first, 0, len(first.text), 0.9)])


def _is_series(lots: list[Lot]) -> bool:
    return (
        any(lot.number.lower() in {"1", "01", "a", "1a", "1.1", "i"} for lot in lots)
        or len(lots) >= 3
        or all(len(lot.number) > 3 for lot in lots)
        or all(len(lot.number) > 3 for lot in lots)
    )


def _order(number: str) -> tuple[int, str]:
    figures = re.match(r"\d+", number)
    return (int(figures.group()) if figures else 0, number)


def _lots_in_tables(reading: Reading) -> Iterator[tuple[Lot, Block]]:
    in_lots, table, column = False, None, 1
    for block in reading.blocks:
        if block.kind != "row":
            in_lots = False
            continue
        cells = [fold(cell) for cell in block.cells]
        numbered = re.fullmatch(r"(?:n ?°|numeros?)?", cells[0].strip()) and any(
            LOT_HEADER.search(cell) for cell in cells
        )
        if (LOT_HEADER.search(cells[0]) or numbered) and not LOT_CELL.match(cells[0].strip()):
            in_lots = len(cells) > 1 and (any(TITLE_HEADER.search(cell) for cell in cells) or len(cells[0]) < 12)
            table, column = block.table, _title_column(cells)
            continue
        found = LOT_CELL.match(cells[0].strip())
        named = found and found["named"]
        if found and (named or (in_lots and block.table == table)) and len(block.cells) > 1:
            lot = _make_lot(
                found["number"] or found["named"], block.cells[min(column, len(cells) - 1) if in_lots else 1]
            )
            if lot:
                yield lot, block


def _title_column(cells: list[str]) -> int:
    return next((index for index, cell in enumerate(cells) if index and TITLE_HEADER.search(cell)), 1)


def _lots_in_text(reading: Reading) -> Iterator[tuple[Lot, Block]]:
    for block in reading.blocks:
        for found in LOT_LINE.finditer(block.folded):
            start = found.start("title")
            cut = TITLE_CUT.search(block.folded, start)
            end = cut.start() if cut else len(block.text)
            lot = _make_lot(block.text[slice(*found.span("number"))], block.text[start:end])
            if lot:
                yield lot, block
        yield from _lots_in_sentence(block)


#: "le lot n° 1 concerne le campus Nord, le lot n° 2 le campus Sud": no sign between number and title.
SPOKEN_LOT = re.compile(
    r"\blot (?:n ?° ?)?(?P<number>\d{1,2}|[a-z]|[a-z][a-z-]{3,20})\s*,?\s*(?:(?:concerne|porte sur|"
    r"couvre|correspond a|comprend|est relatif a|relatif a|designe|pour)\s+)?(?P<title>(?:la |le |les |"
    r"l'|ceux |celles )[^,;.:]{3,110}?)(?=,? et le lot|, le lot|; le lot|\.|;|$)"
)


def _lots_in_sentence(block: Block) -> Iterator[tuple[Lot, Block]]:
    found = list(SPOKEN_LOT.finditer(block.folded))
    if len(found) < 2:
        return
    for one in found:
        title = re.sub(r"^(?:la |le |les |l')", "", block.folded[slice(*one.span("title"))])
        end = one.end("title")
        lot = _make_lot(block.text[slice(*one.span("number"))], block.text[end - len(title) : end])
        if lot:
            yield lot, block


def _make_lot(number: str, title: str) -> Lot | None:
    folded = fold(title)
    cut = TITLE_CUT.search(folded)
    name = tidy(title[: cut.start()] if cut else title).strip('«»" ')
    if name.count("(") < name.count(")"):
        name = name.rstrip(")")
    if not 3 <= len(name) <= 150 or not any(c.isalpha() for c in name) or SCORE_IN_TITLE.search(fold(name)):
        return None
    return Lot(number=number.upper() if len(number) < 4 else number, title=name)


def find_cpv(reading: Reading) -> Fact[tuple[str, ...]]:
    """Return the CPV codes in order, each with its check digit where it is written."""
    found = list(_cpv_codes(reading))
    if not found:
        return Fact[tuple[str, ...]]()
    codes = _unique([code for code, _, _, _ in found])
    _, block, start, end = found[0]
    return best_fact(Fact[tuple[str, ...]], reading, [Candidate(codes, block, start, end, 0.95)])


def _cpv_codes(reading: Reading) -> Iterator[tuple[str, Block, int, int]]:
    for block in reading.blocks:
        told = CPV_CONTEXT.search(f"{block.folded} {block.context}") or _table_says_cpv(reading, block)
        for found in CPV.finditer(block.text):
            if told or (
                found["check"] and _check_digit_fits(found["code"], found["check"]) and _sentence_has(block, found)
            ):
                code = found["code"] + (f"-{found['check']}" if found["check"] else "")
                yield code, block, found.start(), found.end()


def _table_says_cpv(reading: Reading, block: Block) -> bool:
    same = (
        other
        for other in reading.blocks
        if other.kind == "row" and other.table is not None and other.table == block.table
    )
    return block.kind == "row" and block.table is not None and any("cpv" in other.folded for other in same)


def _sentence_has(block: Block, found: re.Match[str]) -> bool:
    low, high = next(((a, b) for a, b in split_sentences(block.text) if a <= found.start() < b), (0, len(block.text)))
    return not re.search(r"siret|siren|tel|fax|iban|ape\b", block.folded[low:high])


def _check_digit_fits(_code: str, check: str) -> bool:
    return check.isdigit()


def _unique(codes: list[str]) -> tuple[str, ...]:
    best: dict[str, str] = {}
    for code in codes:
        known = best.get(code[:8], "")
        best[code[:8]] = code if len(code) > len(known) else known
    return tuple(best.values())
