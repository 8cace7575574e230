"""The papers to hand in, with the application or with the offer: from lists, tables and prose."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from proposals.analysis import DocumentPart, RequiredDocument
from proposals.engines.offline.award_section import find_award_blocks
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.criteria_names import WEIGHT
from proposals.engines.offline.evidence import Reading
from proposals.engines.offline.folding import fold, tidy, words
from proposals.engines.offline.paper_sections import NEITHER, find_parts, is_paper_list, read_lead, read_part

DOCUMENT = re.compile(
    r"\bdc ?[124]\b|\bdume\b|\battri ?1\b|acte d'engagement|\bb\.?p\.?u\b|\bd\.?p\.?g\.?f\b|"
    r"\bd\.?q\.?e\b|bordereau|detail (?:quantitatif|estimatif)|decomposition (?:du|de) prix|memoire|"
    r"note (?:methodo|technique|d'intention|explicative|de|presentant|relative|sur)|"
    r"planning|calendrier|kbis|k-bis|\brib\b|releve d'identite|attestations?|certificats?|"
    r"declarations?|references?|lettre de candidature|habilitation|pouvoirs?|assurances?|"
    r"chiffres? d'affaires|effectifs?|liste|cv\b|curriculum|organigramme|"
    r"echantillons?|maquettes?|fiches? techniques?|fiche|plan |plans|cadre de|devis|catalogue|jugement|"
    r"extrait|certification|qualifications?|agrements?|bilans?|comptes? de resultat|moyens|formulaire|"
    r"annexe|engagement|questionnaire|etude|projet|proposition|sous-traitance|convention|dossier|copie|"
    r"preuve|arretes? prefect|recepisses?|sous-detail|numero d|titres|diplomes|offre|grille|tableau|simulation|"
    r"presentation|description|schema|"
    r"autorisation|licence|carte|notice|programme|charte|matrice|identification|immatriculation|"
    r"inscription|ensemble complet|demonstration|ccap|cctp|rc\b|rapport|photo|visuel|esquisse|panneau|"
    r"indication|justificatif|document"
)
ARTICLE = re.compile(
    r"^\s*(?:(?:[a-h]\)|\d[).]) ?)?(?:si [^:]{3,40}: ?)?(?:facultativement,? |"
    r"eventuellement,? )?(?:pour (?:le|les|chaque) lots?[^:,]{0,40}[:,] ?)?(?:le cas echeant,? ?(?::|"
    r";)? ?)?(?:(?:1|un) exemplaire (?:de |d')(?:la |l')?|la ou les |le ou les |le\(s\) |la\(les\) |"
    r"les? |la |l'|une? |des |du |de la |de l'|d'un |d'une |de (?=cinq |trois |deux |\d)|ses |son |sa |"
    r"leurs? |ainsi que |et |puis |soit |enfin,? |egalement )*"
)
HEADWORD = re.compile(
    r"^(?:libelle|pieces?|documents?|designation|intitule|n ?°|numero|obligatoire|signature|"
    r"pieces? a (?:fournir|produire)|contenu|format|description|document demande)s?\b.{0,40}$"
)
OPTIONAL = re.compile(
    r"en redressement|le cas echeant|eventuel|facultati|\bsi\b(?! possible de)|s'il y a lieu|lorsqu|"
    r"en cas d|si besoin|optionnel|non obligatoire|pour les candidats? en|s'il est|ou non|"
    r"si le candidat|sur demande|au choix"
)
LISTING_VERB = re.compile(
    r"\b(?:candidatures?|candidats?|offres?|soumissionnaires?|concurrents?|dossiers?|plis?|"
    r"propositions?|entreprises?|il|elle|s'y)\b[^.;:]{0,90}?(?:comprend(?:ra)?|comporte(?:ra)?|"
    r"se compose(?:ra)?(?: de)?|contien(?:t|dra)|joint (?=une?\b|l[ae']|les|des|:)|joindra|remet(?:tra|"
    r"tent)?|fourni(?:t|ra|ssent)|produi(?:t|ra|sent)|transmet(?:tra)?|doi(?:t|vent) (?:joindre|"
    r"remettre|fournir|produire|comporter|contenir)|constituee? (?:de|par)|reuni(?:t|ra)|inclut|"
    r"inclura|rassemble|s'y ajoute(?:nt)?|devra (?:comporter|contenir|fournir))\s*:?\s*"
)
NAME_END = re.compile(
    r"\s*(?: : |: |;|\. |\.$|,? (?:dument|entierement) |, ?(?:date|signe|complete|rempli|renseign|"
    r"conforme|paraphe|portant|prevu|precisant|indiquant|decrivant|detaillant|comportant|comprenant|redige|"
    r"faisant|permettant|au format|selon|suivant|sur (?:le|la)|en (?:format|fichier)|datant|fourni|"
    r"joint|dont|y compris|qui|pour chac|delivre|de moins de|a (?:completer|remplir))|"
    r" (?:limitee?s? a |de \d+ pages|d'au plus|d'une page|datee?s?(?=[,;]|$)|\((?:un|une) (?:par|pour)|"
    r"\((?:derniere|dans sa|version|modele|format|\d+ pages)|a completer|complete(?:e?s?)? |datee?s? |"
    r"signee?s? |rempli|precisant|"
    r"indiquant(?! les effectifs)|decrivant|detaillant|permettant|conformement|prouvant|etabli|"
    r"justifiant|pour justifier|attestant|joint|fourni|annexe[es]* au)|(?<!dc\d) - (?!\w+ -)|$)"
)
#: An answer, a folder of papers, or the rest of a sentence.
NOT_A_NAME = re.compile(
    r"(?:oui|non)$|(?:un )?(?:pli|dossier)s? (?:contenant|comprenant|complet)|(?:deux|trois) (?:dossiers|parties)|"
    r"(?:au|aux|a|dans|par|pour|en|alors|avec) "
)
#: The first row of a table that weighs criteria.
GRID_HEADER = re.compile(r"(?:sous-)?criteres?\b.{0,60}(?:points?|ponderation|poids|note|coefficient|%)")
MAX_NAME = 130
LITTLE_WORDS = frozenset({
    "le", "la", "les", "l", "d", "de", "du", "des", "un", "une", "et", "ou", "a", "au", "aux", "en", "pour",
    "par", "sur",
})  # fmt: skip
#: A column that says whether a paper must be there; others, such as "Signature", say nothing about it.
DUTY_COLUMN = re.compile(r"obligatoire|exige|requis|facultatif|a fournir|caractere")


def find_required_documents(reading: Reading) -> tuple[RequiredDocument, ...]:
    """Return the papers in reading order, each once for its part."""
    found: list[RequiredDocument] = []
    for document in _documents(reading):
        if not any(_is_same(document, known) for known in found):
            found.append(document)
    return tuple(found)


def _documents(reading: Reading) -> Iterator[RequiredDocument]:
    judged = {block.index for block in find_award_blocks(reading)}
    in_grid = False
    for block, part in find_parts(reading.blocks):
        in_grid = block.kind == "row" and (in_grid or bool(GRID_HEADER.match(block.folded)))
        if in_grid or (block.index in judged and WEIGHT.search(block.folded)):
            continue
        if block.kind == "row":
            yield from _in_row(reading, block, part)
        elif block.kind == "bullet" and part and is_paper_list(block):
            yield from _in_bullet(reading, block, part)
        elif block.kind == "paragraph":
            yield from _in_prose(reading, block, part)


def _in_row(reading: Reading, block: Block, part: DocumentPart | None) -> Iterator[RequiredDocument]:
    cells = [cell.replace("\n", " ") for cell in block.cells]
    folded = [fold(cell).strip() for cell in cells]
    own = next((said for cell in folded[1:] if (said := _cell_part(cell))), None)
    part = own or part
    position = next((i for i, cell in enumerate(folded) if len(cell) > 2 and not re.fullmatch(r"[\d.]+", cell)), None)
    if part is None or position is None or HEADWORD.match(folded[position]):
        return
    if not own and not DOCUMENT.search(folded[position]):
        return
    mandatory = not (OPTIONAL.search(folded[position]) or _is_optional_row(reading, block, folded))
    start = block.text.find(" ".join(cells[position].split())[:20])
    yield from _make(reading, block, max(start, 0), max(start, 0) + len(cells[position]), part, mandatory=mandatory)


def _is_optional_row(reading: Reading, block: Block, folded: list[str]) -> bool:
    """Read the column "Obligatoire", which the header of the table or of its beginning on an earlier page names."""
    headers = [
        other.cells
        for other in reading.blocks[max(0, block.index - 40) : block.index]
        if other.kind == "row"
        and len(other.cells) == len(folded)
        and any(DUTY_COLUMN.search(fold(c)) for c in other.cells[1:])
    ]
    if not headers:
        return False
    column = next(i for i, cell in enumerate(headers[-1]) if i and DUTY_COLUMN.search(fold(cell)))
    return bool(re.match(r"non|facultatif|le cas echeant|si ", folded[column]))


def _cell_part(cell: str) -> DocumentPart | None:
    if re.fullmatch(r"(?:la )?candidature", cell):
        return "application"
    return "offer" if re.fullmatch(r"(?:l')?offre", cell) else None


#: "En cas de redressement judiciaire, la copie du jugement": a paper that only some candidates owe.
CONDITIONAL = re.compile(
    rf"(?:en cas d|si |lorsqu|pour les (?:candidats|entreprises|societes) )[^,:;.]{{3,90}}[,:] "
    rf"(?=(?:la |le |les |l'|une? |copie )[^,;.]{{0,30}}?(?:{DOCUMENT.pattern})(?![^.;]{{0,80}}\b(?:doi(?:t|"
    rf"vent)|devra)))"
)
#: "Les candidats utilisent les formulaires DC1 et DC2": the forms named in a sentence.
FORMS = re.compile(
    r"(?:candidats?|candidature)[^.;]{0,120}(?:utilis\w+|moyen|aide|remett\w+|"
    r"complet\w+)[^.;]{0,60}formulaires? (?=dc ?\d)"
)
FORM = re.compile(r"dc ?[12]\b(?: ?\([^()]{3,60}\))?")


def _forms(reading: Reading, block: Block, low: int, high: int) -> Iterator[RequiredDocument]:
    found = FORMS.search(block.folded, low, high)
    for form in FORM.finditer(block.folded, found.end(), high) if found else ():
        yield from _make(reading, block, *form.span(), "application", mandatory=True)


def _in_bullet(reading: Reading, block: Block, part: DocumentPart) -> Iterator[RequiredDocument]:
    conditional = CONDITIONAL.match(block.folded)
    if conditional:
        yield from _make(reading, block, conditional.end(), len(block.text), part, mandatory=False)
        return
    if not (DOCUMENT.search(block.folded[:140]) or _is_sure_list(block)) or re.match(
        r"(?:en cas|si (?![^:]{3,40}: ?\w)|les candidats?|le candidat|toutefois|pour (?!les? lots?)|"
        r"(?:il|elle|ils|elles) )",
        block.folded,
    ):
        return
    pieces = _split_joined(block, 0, len(block.text))
    for start, end in pieces:
        optional = OPTIONAL.search(block.folded, start, end) or OPTIONAL.search(block.lead[-80:])
        yield from _make(reading, block, start, end, part, mandatory=not optional)


def _is_sure_list(block: Block) -> bool:
    """Return whether the heading or lead leaves no doubt that every item is a paper."""
    titled = bool(block.trail) and read_part(block.trail[-1]) not in {None, (None,)}
    led = read_lead(block.lead) not in {None, (None,)} or (not block.lead and titled)
    return led and len(block.text) < 140


def _split_joined(block: Block, start: int, end: int) -> list[tuple[int, int]]:
    """Split "le BPU et le DQE" into its papers; only names that are papers on both sides are split."""
    found = re.compile(r",? et,? (?=(?:le cas echeant,? )?l[ea']s? ?\w)").search(block.folded, start, end)
    if found and end - start < 150:
        sides = [(start, found.start()), (found.end(), end)]
        strong = re.compile(
            r"bordereau|bpu|dqe|dpgf|detail|decomposition|acte d'engagement|planning|memoire|dc ?[124]|"
            r"rib\b|attestation|cctp|ccap"
        )
        if all(strong.search(block.folded, a, b) for a, b in sides):
            return sides
    return [(start, end)]


#: The end of a sentence that lists papers; its semicolons only part them.
FULL_STOP = re.compile(r"(?<!\bart)(?<!\b[A-Z])\.\s+(?=[A-ZÀ-Ý«])")


def _in_prose(reading: Reading, block: Block, part: DocumentPart | None) -> Iterator[RequiredDocument]:
    for low, high in _whole_sentences(block.text):
        yield from _samples(reading, block, low, high)
        yield from _forms(reading, block, low, high)
        found = LISTING_VERB.search(block.folded, low, high) or ENVELOPE.match(block.folded, low, high)
        if not found or NEITHER.search(block.folded, low, found.end()):
            continue
        colon = re.compile(r"[^:;,]{0,60}:\s*").match(block.folded, found.end(), high)
        start = colon.end() if colon else found.end()
        said = part = _named_part(block.folded[low:start]) or part
        if said:
            condition = OPTIONAL.search(block.folded, low, start)
            yield from _enumerated(reading, block, start, high, said, mandatory=not condition)


SAMPLES = re.compile(
    r"(?:remett|fourni|depos|livre|remis|joi|adress|transm|presente)\w*[^.;]{0,60}?(?P<name>(?:echantillons?|"
    r"maquettes?|"
    r"prototypes?)(?: (?:gratuits?|representatifs?))?)\b"
)


def _samples(reading: Reading, block: Block, low: int, high: int) -> Iterator[RequiredDocument]:
    found = SAMPLES.search(block.folded, low, high)
    if (
        found
        and re.search(r"candidat|soumissionnaire|offre", block.folded[low:high])
        and not re.search(r"aucune?|pas ", found.group())
    ):
        yield from _make(reading, block, *found.span("name"), "offer", mandatory=True)


def _whole_sentences(text: str) -> Iterator[tuple[int, int]]:
    low = 0
    for found in FULL_STOP.finditer(text):
        yield low, found.start() + 1
        low = found.end()
    yield low, len(text)


def _named_part(folded: str) -> DocumentPart | None:
    if re.search(r"candidature", folded):
        return "application" if not re.search(r"offre", folded[folded.rfind("candidature") :]) else "offer"
    return "offer" if re.search(r"\boffres?\b|proposition", folded) else None


ENVELOPE = re.compile(
    r"(?:\W*(?:enveloppe|partie|dossier|sous-dossier|volet|pli)[^:.]{0,60}|"
    r"\W*(?:pieces? de l(?:'|a )|au titre de l(?:'|a )|pour l(?:'|a ))?(?:candidature|offre)) ?: ?(?=\w)"
)
ENUMERATION = re.compile(
    r"(?:,|;| et| ainsi que|, et| puis) (?=(?:[a-h][).] ?)?(?:de |d')?(?:la |le |les |l'|une? |des |"
    r"du |de l'|de la |ses |son |"
    r"sa |leurs? |trois |deux |cinq |\d |dc ?\d|dume|bilans?|liste|annexe|certificats?|notice|"
    r"attestations?|acte|memoire|"
    r"bordereau|references?|declarations?|planning|fiches?|note|copie|extrait|kbis|rib))|; ?"
)


def _enumerated(
    reading: Reading, block: Block, start: int, end: int, part: DocumentPart, *, mandatory: bool
) -> Iterator[RequiredDocument]:
    for low, high in _enumerated_items(block, start, end):
        item = block.folded[low:high]
        if len(item) < 200 and (DOCUMENT.search(item[:90]) or ITEM_START.match(item)):
            pieces = _split_joined(block, low, high)
            for first, last in pieces:
                yield from _make(reading, block, first, last, part, mandatory=mandatory)
        if DETAILS.search(item):
            return


ITEM_START = re.compile(r"\s*(?:[a-h][).] ?)?(?:une? |l'|la |le |les |des )\w{5,}")
#: After one of these words an enumeration tells what a paper says, no longer which papers.
DETAILS = re.compile(
    r"decrivant|precisant|indiquant|comportant|detaillant|presentant|portant sur|faisant apparaitre|"
    r"expliquant|exposant"
)


def _enumerated_items(block: Block, start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in ENUMERATION.finditer(block.folded, start, end):
        yield start, found.start()
        start = found.end()
    yield start, end


def _make(
    reading: Reading, block: Block, start: int, end: int, part: DocumentPart, *, mandatory: bool
) -> Iterator[RequiredDocument]:
    article = ARTICLE.match(block.folded[start:end])
    mandatory = mandatory and not OPTIONAL.search(block.folded[start : min(end, start + 400)])
    begin = start + (article.end() if article else 0)
    stop = _name_end(block, begin, end)
    name = re.sub(r"\bDC[Il]\b", "DC1", tidy(block.text[begin:stop]))
    quote = reading.quote(block, begin, stop)
    if NOT_A_NAME.match(fold(name)):
        return
    if len(name) >= 2 and quote and any(c.isalpha() for c in name):
        yield RequiredDocument(
            name=name[:1].upper() + name[1:], part=part, mandatory=mandatory, page=block.page, quote=quote
        )


#: Words that name no paper by themselves: what follows belongs to the name.
GENERIC = re.compile(r"(?:convention|document|copie|plan|liste|formulaire|dossier|fiche|extrait|note|justificatif)s?")


def _name_end(block: Block, begin: int, end: int) -> int:
    cut = NAME_END.search(block.folded, begin + 3, end)
    if cut and GENERIC.fullmatch(block.folded[begin : cut.start()].strip()):
        cut = NAME_END.search(block.folded, min(cut.end() + 1, end), end)
    stop = cut.start() if cut else end
    while block.text.count("(", begin, stop) > block.text.count(")", begin, stop):
        closing = block.text.find(")", stop, end)
        if closing < 0:
            break
        stop = closing + 1
    if stop - begin > MAX_NAME:
        comma = block.text.find(",", begin + 20, stop)
        stop = comma if comma > 0 else begin + len(block.text[begin : begin + MAX_NAME].rsplit(" ", 1)[0])
    return stop


def _is_same(one: RequiredDocument, other: RequiredDocument) -> bool:
    if one.part != other.part:
        return False
    mine, theirs = set(words(one.name)) - LITTLE_WORDS, set(words(other.name)) - LITTLE_WORDS
    if {word for word in mine ^ theirs if re.fullmatch(r"dc\d|dume|bpu|dqe|dpgf|attri\d|\d+", word)}:
        return False
    smaller = min(len(mine), len(theirs))
    return bool(smaller) and len(mine & theirs) >= max(1, math.ceil(0.85 * smaller)) and (smaller > 1 or mine == theirs)
