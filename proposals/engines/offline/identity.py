"""Who buys what under which reference."""

from __future__ import annotations

import re
from collections.abc import Iterator

from proposals.analysis import Fact
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.evidence import Reading
from proposals.engines.offline.facts import Candidate, best_fact
from proposals.engines.offline.folding import fold, tidy
from proposals.engines.offline.furniture import find_furniture, furniture_key
from proposals.engines.offline.labels import LABEL_START, find_labelled

_TOKEN = r"[a-z0-9][a-z0-9._/\-]*(?: ?[-/_] ?[a-z0-9._/]+)*"
_REFERENCED = (
    r"(?:consultation|marche(?: public)?|procedure|affaire|dossier|accord-cadre|accord cadre|mapa|aoo|"
    r"aor|ao|appel d'offres(?: ouvert| restreint)?|"
    r"contrat|operation|avis|dce|projet|concours)"
)
REFERENCE = re.compile(
    rf"(?:(?:numero|n ?°|n ?o|reference|ref\.?|code)s?(?: interne)?(?: (?:de |d'|du |de la |"
    rf"de l'){{0,2}}(?:la |l')?(?:presente? )?{_REFERENCED})(?: n ?°)?\s*[:=]?\s*"
    rf"|{_REFERENCED}(?: public)?(?: de [a-z ]{{4,30}})?\s*(?:n ?°|numero|no\.|ref\.?|reference)\s*:?\s*"
    r"|\b(?:reference|ref|nos? ref|numero)\b\.?[^.:;\d]{0,50}:\s*|^(?:reference|numero|n ?°|"
    r"ref\.?)(?: (?:de|du|d')[a-z '/]{3,40})?\s+(?=[a-z0-9./_-]*\d))"
    rf"(?P<value>{_TOKEN}(?: [a-z0-9._/\-]*\d[a-z0-9._/\-]*){{0,3}})"
)
NOT_A_REFERENCE = re.compile(r"(?:siret|siren|tva|lot|article|annexe|formulaire|phase|tel)\W*$")

OBJECT_LABEL = re.compile(
    LABEL_START + r"(?:objet|quoi\b|consultation(?=$)|intitule(?= (?:de|du)(?! lots?\b)|$))(?: (?:de la |de l'|du |"
    r"de cette |"
    r"de |d'un )?(?:presente? )?(?:consultation|marche(?:s)?(?: public)?(?: de [a-z ]+)?|"
    r"accord-cadre|contrat|procedure|operation|achat|appel d'offres|concession))?\b(?! (?:et|des))"
)
OBJECT_SENTENCE = re.compile(
    r"(?:(?:presente? )?(?:consultation|marche(?: public)?|accord-cadre|accord cadre|contrat|procedure|"
    r"appel d'offres|reglement)[^.;:]{0,80}?"
    r"(?:a pour objet|ont pour objet|porte sur|portent sur|concerne(?:nt)?|est (?:relative?|"
    r"lancee?) (?:a|pour|en vue d[eu])|vise a|est lancee? (?:pour|en vue d[eu']))"
    r"|(?:a|ayant|ont) pour objet)\s*:?\s*"
)
OBJECT_CUT = re.compile(
    r"\s*(?:\(ci-apres|ci-apres denomme|, ?(?:dans les conditions|conformement|telles? que (?:defini|"
    r"decrit)|selon les)|; |\. |\.$|$|"
    r" dans les conditions| conformement (?:a|au))"
)
ARTICLE = re.compile(r"^(?:l'|la |le |les |des |du |de la |de l'|d'|de |un |une )")

BUYER_LABEL = re.compile(
    LABEL_START + r"(?:(?:nom|identification|denomination|coordonnees|designation)(?: et adresse|"
    r" officielle?|"
    r" et coordonnees)*(?: d[eu]s?)?(?: l[ae']s?)? ?)?(?:l')?"
    r"(?:qui achete|etablissement support|pouvoir adjudicateur|acheteurs?(?! ?\.)(?: public)?|"
    r"entite adjudicatrice|maitres? d'ouvrage|maitrise d'ouvrage|organisme(?: acheteur|"
    r" qui passe le marche)?|collectivite|personne publique|"
    r"autorite (?:concedante|contractante|adjudicatrice)|representant du pouvoir adjudicateur|"
    r"etablissement acheteur|mandataire)"
)
NOT_A_BUYER = re.compile(
    r"^(?:l')?(?:profil|https?:|www\.|adresse|represente|tel|objet|date|le |la presente|procedure|"
    r"reglement|se reserve|article|monsieur|madame|m\. |mme|correspondant|"
    r"direction d[eu]s? (?:la commande|achats|marches)|exercant)"
)
BODY = re.compile(
    r"(?:ville|commune|mairie|communaute (?:de communes|d'agglomeration|urbaine)|metropole|"
    r"grand [a-z]+|departement|conseil (?:departemental|regional|general)|"
    r"region|collectivite|centre hospitalier|centre communal|chu|chru|ch |hopital|hopitaux|hospices|"
    r"universite|institut|syndicat|office (?:public|national|francais|de l'habitat)|oph|sivom|sivu|"
    r"siaep|sdis|"
    r"service departemental|ministere|prefecture|agence|ecole|lycee|college|chambre|"
    r"etablissement public|ccas|regie|sem |spl |societe (?:publique|d'economie)|caisse|"
    r"groupement (?:hospitalier|d'interet|de coop)|"
    r"assistance publique|parc n|port autonome|grand port|ugap|cnfpt|crous|rectorat|academie|habitat|"
    r"eau de|pays de|pole|direction (?:interdepartementale|regionale|departementale)|etat|museum|musee|"
    r"theatre|centre national|inserm|cnrs|inrae|observatoire|conservatoire|banque)"
)
BODY_START = re.compile(rf"^(?:la |le |l'|les )?{BODY.pattern}\b")
BUYER_CUT = re.compile(
    r"\s*(?:\d{1,4}(?: ?bis| ?ter)?,? ?(?:rue|avenue|av\.|place|boulevard|bd|quai|cours|chemin|route|"
    r"allee|impasse|square)|,? ?(?:represente|agissant|dont le siege|sise?|situee?|domicilie|ci-apres|"
    r"designe|denomme|societe|etablissement|personne morale|syndicat|collectivite|agissant|"
    r"maitre d'ouvrage|ayant)|"
    r" ?\(ci-apres|\b(?:cs|bp) ?\d|\b\d{5}\b|tel(?:ephone)?\b|siret|https?:|www\.|\b[\w.]+@|[;|\n]|"
    r" - (?:\d|service|place|rue|avenue|boulevard|hotel de)| : | (?:lance|organise|souhaite|envisage|procede|"
    r"se reserve)\b|\. |\.$| ?, (?:\d|rue|place|"
    r"avenue|boulevard|hotel de ville|immeuble|direction|service|pole)|$)"
)


def find_reference(reading: Reading) -> Fact[str]:
    """Return the buyer's reference of the consultation, as it is written."""
    return best_fact(Fact[str], reading, _reference_candidates(reading))


def _reference_candidates(reading: Reading) -> Iterator[Candidate[str]]:
    yield from _bare_references(reading)
    yield from _references_in_furniture(reading)
    for block in reading.blocks:
        for found in REFERENCE.finditer(block.folded):
            start, end = found.span("value")
            value = _bare_value(block.text[start:end])
            if not _is_reference(value) or NOT_A_REFERENCE.search(block.folded[: found.start()]):
                continue
            weight = 0.95 if block.page <= 2 or block.kind == "row" else 0.7
            yield Candidate(value, block, found.start(), start + len(value), weight)


def _bare_value(text: str) -> str:
    """A dash between spaces ends the reference: what follows is the title."""
    return re.split(r"\s[–—]\s", text)[0].rstrip(" .-/")


def _references_in_furniture(reading: Reading) -> Iterator[Candidate[str]]:
    """The number of the consultation may stand in the running foot only."""
    furniture = find_furniture(reading.document)
    for page in reading.document.pages[:3]:
        for line in page.lines:
            found = REFERENCE.search(fold(line.text)) if furniture_key(line) in furniture else None
            if found and _is_reference(value := _bare_value(line.text[slice(*found.span("value"))])):
                block = Block(0, page.number, "paragraph", line.text)
                yield Candidate(value, block, found.start(), found.start("value") + len(value), 0.65)


#: What looks like a reference without being announced as one: letters, a year and a number.
BARE_REFERENCE = re.compile(
    r"\b(?=[\w/-]*\d)(?=[\w/-]*[A-Z])[A-Z0-9]{2,}(?:[-_/][A-Z0-9]+){2,4}\b|"
    r"\b20\d\d[-_/ ]?[A-Z]{1,6}[-_/ ]?\d{1,5}\b"
)


def _bare_references(reading: Reading) -> Iterator[Candidate[str]]:
    """A code on the cover that comes back elsewhere is the reference."""
    whole = " ".join(page.text for page in reading.document.pages)
    for block in reading.blocks:
        for found in BARE_REFERENCE.finditer(block.text) if block.page == 1 else ():
            if whole.count(found.group()) > 1 and not re.search(
                r"CCAG|ISO|NF|https?|www", block.text[: found.end()][-40:]
            ):
                yield Candidate(found.group(), block, found.start(), found.end(), 0.6)


def _is_reference(value: str) -> bool:
    return (
        len(value) >= 3
        and any(c.isdigit() for c in value)
        and not re.fullmatch(r"\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{14}", value)
    )


def find_object(reading: Reading) -> Fact[str]:
    """Return what is bought, in the words of the document."""
    return best_fact(Fact[str], reading, _object_candidates(reading))


def _object_candidates(reading: Reading) -> Iterator[Candidate[str]]:
    for block, start, end, kind in find_labelled(reading, OBJECT_LABEL):
        inner = OBJECT_SENTENCE.search(block.folded, start, end)
        if inner or kind == "below":
            continue
        weight = {"row": 0.98, "colon": 0.9}[kind]
        yield from _object_at(block, start, weight, keep_article=True)
    yield from _cover_titles(reading)
    for block in reading.blocks:
        found = OBJECT_SENTENCE.search(block.folded)
        if found and found.start() < 200:
            titled = any("objet" in title for title in block.trail[-2:])
            yield from _object_sentence(reading, block, found, 0.8 if titled else 0.6)


#: What stands on a cover page beside the title.
NOT_A_TITLE = re.compile(
    r"reglement|^(?:delegation|concession) de services? publics?$|^marches? (?:public )?de (?:travaux|services?|"
    r"fournitures?)(?: n|$| courantes)|"
    r"^(?:objet|procedure|mandataire|maitre d'|conducteur d'|mapa|appel d'offres|date|heure|n ?°|reference|"
    r"marches? (?:public|n)|"
    r"accord-cadre a|accord-cadre n|consultation n|lot |sommaire|article|document|etabli|dialogue|avis|"
    r"dossier de)|"
    r"\d{5}|\btel|https?:|www\.|@|\d{1,2} ?[/.] ?\d{1,2} ?[/.] ?\d{2}|\d{1,2} ?h ?\d{0,2}\b|^direction|"
    r"^service |^pole |^etablissement public|code de la commande|article"
)
BUSINESS = re.compile(
    r"travaux|fourniture|achat|acquisition|prestation|entretien|maintenance|nettoyage|construction|"
    r"rehabilitation|restructuration|requalification|modernisation|renovation|refection|amenagement|mission|"
    r"maitrise|assistance|etude|location|"
    r"collecte|transport|gestion|"
    r"exploitation|conception|realisation|mise en|services?|restauration|livraison|assurance|formation|"
    r"surveillance|extension|demolition|creation|remplacement|installation|hebergement|accompagnement|"
    r"impression|equipement"
)


def _cover_titles(reading: Reading) -> Iterator[Candidate[str]]:
    for block in reading.blocks:
        if block.page > 1 or block.number:
            return
        usable = block.kind in {"heading", "paragraph", "bullet"} and 20 <= len(block.text) <= 320
        if usable and not NOT_A_TITLE.search(block.folded) and not BODY_START.match(block.folded):
            beside = any("reglement" in other.folded for other in reading.blocks[max(0, block.index - 1) : block.index])
            named = (BUSINESS.search(block.folded) or beside) and not block.text.rstrip().endswith(".")
            if named:
                yield Candidate(tidy(block.text), block, 0, len(block.text), 0.86)


def _object_sentence(reading: Reading, block: Block, found: re.Match[str], weight: float) -> Iterator[Candidate[str]]:
    if found.end() >= len(block.text) - 2 and block.index + 1 < len(reading.blocks):
        yield from _object_at(reading.blocks[block.index + 1], 0, weight, keep_article=True)
    else:
        yield from _object_at(block, found.end(), weight, keep_article=False)


def _object_at(block: Block, start: int, weight: float, *, keep_article: bool) -> Iterator[Candidate[str]]:
    cut = OBJECT_CUT.search(block.folded, start)
    end = cut.start() if cut else len(block.text)
    article = ARTICLE.match(block.folded[start:end])
    begin = start + article.end() if article and not keep_article else start
    value = tidy(block.text[begin:end])
    if 8 <= len(value) <= 400:
        yield Candidate(value[:1].upper() + value[1:], block, begin, end, weight)


def find_buyer(reading: Reading) -> Fact[str]:
    """Return the name of the public body that buys."""
    return best_fact(Fact[str], reading, _buyer_candidates(reading))


def _buyer_candidates(reading: Reading) -> Iterator[Candidate[str]]:
    for block, start, end, kind in find_labelled(reading, BUYER_LABEL):
        text = block.folded[start:end]
        if NOT_A_BUYER.match(text) or (kind != "row" and not _is_body(text)):
            continue
        agent = 0.15 if re.search(r"pour le compte|mandataire", block.folded) else 0.0
        weight = (0.95 - agent if _is_body(text) else 0.7) + (0.03 if kind == "row" else 0)
        yield from _buyer_at(block, start, end, weight)
    for block in reading.blocks:
        found = BODY_START.match(block.folded)
        if block.page == 1 and found and block.kind != "row" and len(block.text) < 140:
            yield from _buyer_at(block, 0, len(block.text), 0.85 if block.index < 12 else 0.6)
        yield from _buyer_in_sentence(block)
    yield from _buyer_in_furniture(reading)


def _is_body(folded: str) -> bool:
    return bool(BODY.search(folded[:80]))


def _buyer_at(block: Block, start: int, end: int, weight: float) -> Iterator[Candidate[str]]:
    article = re.compile(r"(?:la|le|les) |l'").match(block.folded, start)
    start = article.end() if article else start
    cut = BUYER_CUT.search(block.folded, start + 3, end)
    stop = cut.start() if cut else end
    value = tidy(block.text[start:stop])
    if 4 <= len(value) <= 120:
        yield Candidate(value[:1].upper() + value[1:], block, start, stop, weight)


BUYER_SENTENCE = re.compile(
    rf"(?:pouvoir adjudicateur|acheteur(?: public)?|maitre d'ouvrage|"
    rf"entite adjudicatrice)[^.:;]{{0,40}}? est (?=(?:la |le |l'|les )?{BODY.pattern})"
)
BUYER_SUBJECT = re.compile(
    rf"(?:^|[.;:] )(?=(?:la |le |l'){BODY.pattern}[^.;]{{0,90}}? (?:lance|souhaite|organise|envisage|"
    rf"passe|consulte|procede|met en concurrence)\b)"
)


def _buyer_in_sentence(block: Block) -> Iterator[Candidate[str]]:
    found = BUYER_SENTENCE.search(block.folded)
    if found:
        yield from _buyer_at(block, found.end(), len(block.text), 0.9)
    subject = BUYER_SUBJECT.search(block.folded) if block.page <= 3 else None
    if subject:
        yield from _buyer_at(block, subject.end(), len(block.text), 0.75)


def _buyer_in_furniture(reading: Reading) -> Iterator[Candidate[str]]:
    """The buyer often stands in the running head only."""
    furniture = find_furniture(reading.document)
    for page in reading.document.pages[:3]:
        for line in page.lines:
            if furniture_key(line) in furniture and BODY_START.match(fold(line.text)):
                block = Block(0, page.number, "paragraph", line.text)
                yield from _buyer_at(block, 0, len(line.text), 0.65)
