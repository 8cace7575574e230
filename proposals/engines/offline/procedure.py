"""How the contract is awarded, what kind of contract it is, and how long it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from proposals.analysis import ContractType, Fact, Procedure
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.evidence import Reading
from proposals.engines.offline.facts import Candidate, best_fact
from proposals.engines.offline.folding import tidy
from proposals.engines.offline.labels import LABEL_START, find_labelled
from proposals.engines.offline.numbers import NUMBER

_NAMES: tuple[tuple[Procedure, re.Pattern[str]], ...] = (
    (
        "other",
        re.compile(
            r"sans publicite ni mise en concurrence|systeme d'acquisition dynamique|"
            r"concours (?:restreint|ouvert)|delegation de service public|procedure de concession|"
            r"contrat de concession|concession de service"
        ),
    ),
    ("mapa", re.compile(r"procedures? adaptees?|\bmapa\b|marche passe selon une procedure adaptee")),
    ("competitive_dialogue", re.compile(r"dialogues? competitifs?")),
    ("negotiated", re.compile(r"procedures? (?:concurrentielles? )?avec negociation|procedure negociee")),
    ("restricted", re.compile(r"appels? d'offres restreints?|\baor\b|procedure restreinte")),
    (
        "open",
        re.compile(
            r"appels? d'offres (?:europeen )?ouverts?|\baoo\b|procedure ouverte|"
            r"appel d'offres \(ouvert\)"
        ),
    ),
)
_ARTICLES: tuple[tuple[Procedure, re.Pattern[str]], ...] = (
    ("mapa", re.compile(r"[lr]\. ?2123-[1-7]\b")),
    ("competitive_dialogue", re.compile(r"r\. ?2161-(?:2[4-9]|3[01])\b|l\. ?2124-4\b|r\. ?2124-5\b")),
    ("negotiated", re.compile(r"r\. ?2161-(?:1[2-9]|2[0-3])\b|l\. ?2124-3\b|r\. ?2124-[34]\b")),
    ("restricted", re.compile(r"r\. ?2161-(?:[6-9]|1[01])\b")),
    ("open", re.compile(r"r\. ?2161-[2-5]\b|l\. ?2124-2\b|r\. ?2124-2\b")),
)
PROCEDURE_LABEL = re.compile(
    LABEL_START + r"(?:(?:type|mode|nature|forme) de (?:la )?(?:procedure|passation|consultation)|procedure|"
    r"mode de passation|procedure de passation)"
)
PASSING = re.compile(
    r"pass(?:ee?s?|ation)|lancee?|soumise?|en application|conformement|selon|suivant|"
    r"presente (?:consultation|procedure)|s'agit d|procedure (?:utilisee|retenue|choisie)|est une?\b|"
    r"type de procedure"
)
HYPOTHETICAL = re.compile(
    r"infructueu|en cas d|le cas echeant|ulterieur|pourra(?:it)? (?:etre )?(?:lance|recour|relance)|"
    r"sans suite|similaires|l'article r\. ?2122|si la procedure"
)

_TYPES: tuple[tuple[ContractType, re.Pattern[str]], ...] = (
    ("works", re.compile(r"marches? (?:public )?de travaux|\btravaux\b|ccag[ -]travaux")),
    (
        "supplies",
        re.compile(
            r"marches? (?:public )?de fournitures?\b(?! et (?:de )?services?)(?! courantes et)|"
            r"\bfournitures?\b(?! courantes et| et (?:de )?services?)"
        ),
    ),
    (
        "services",
        re.compile(
            r"prestations? (?:intellectuelles?|de services?)|\bservices?\b|maitrise d'(?:œ|oe|o)uvre|"
            r"ccag[ -](?:pi|tic|moe|mi)\b"
        ),
    ),
)
TYPE_LABEL = re.compile(
    LABEL_START + r"(?:(?:type|nature|categorie|famille)s? (?:de |du |d'|des )?(?:la |l')?(?:marche|contrat|"
    r"prestation|achat|accord-cadre)s?|nature|categorie)"
)
TITLE_TYPE: tuple[tuple[ContractType, re.Pattern[str]], ...] = (
    (
        "services",
        re.compile(
            r"delegation de service public|concession de services?|"
            r"(?:marche|accord-cadre|consultation)s?(?: public(?:s)?)? (?:de |d')(?:prestations?|"
            r"services?|maitrise d'|prestations intellectuelles|assurances?)|\bccag[ -](?:pi|tic|"
            r"moe)\b|prestations intellectuelles"
        ),
    ),
    (
        "works",
        re.compile(
            r"(?:marche|accord-cadre|consultation)s?(?: public(?:s)?)?(?: a bons de commande)? de "
            r"travaux|ccag[ -]?travaux|cahier des clauses administratives generales applicables? aux "
            r"marches publics de travaux"
        ),
    ),
    (
        "supplies",
        re.compile(
            r"(?:marche|accord-cadre|consultation)s?(?: public(?:s)?)? de fournitures?\b(?! (?:courantes "
            r")?et (?:de )?services?)(?! courantes)"
        ),
    ),
)
OBJECT_TYPE: tuple[tuple[ContractType, re.Pattern[str]], ...] = (
    (
        "services",
        re.compile(
            r"^(?:\W|les? |la |l'|des )*(?:missions?|maitrise d'|assistance|etudes?|prestations?|"
            r"entretien|nettoyage|maintenance|gardiennage|collecte|transport|"
            r"restauration (?:collective|scolaire)|location|assurances?|formation|services?|"
            r"hebergement|conception|exploitation|controle|diagnostic|surveillance|conseil|"
            r"realisation d'(?:etude|enquete|audit))"
        ),
    ),
    (
        "supplies",
        re.compile(
            r"^(?:\W|les? |la |l'|des )*(?:fournitures?|achats?|acquisitions?|livraisons?|"
            r"approvisionnement|equipement)"
        ),
    ),
    (
        "works",
        re.compile(
            r"travaux|construction|rehabilitation|renovation|refection|extension|demolition|"
            r"amenagement|restructuration|rehabiliter|mise aux normes|restauration"
        ),
    ),
)
CPV_TYPE = re.compile(r"\b(\d{2})\d{6}\b(?:-\d)?")

DURATION_LABEL = re.compile(
    r"durees?\b(?! de (?:validite|stockage|conservation))|delais? (?:global |maximum |total |"
    r"prevu )?(?:d'execution|de realisation|d'intervention|de livraison|d'etude)|conclue?s? pour|"
    r"periode (?:initiale |ferme )?d|reconductible|prend effet|court sur|combien de temps|\\bfermes?\\b"
)
LENGTH = re.compile(
    rf"(?P<number>{NUMBER})\s*(?:an(?:nee)?s?|mois|semaines?|jours?(?: (?:calendaires|ouvres|ouvrables))?)\b"
)
DURATION_ELSEWHERE = re.compile(
    r"fixee?s? (?:a|au|dans|par) (?:l'acte|le ccap|l'ae|le cahier|au ccap|c\.?c\.?a\.?p)|"
    r"acte d'engagement|defini(?:e|s|es)? (?:a|au|dans|par)"
)
NOT_A_DURATION = re.compile(
    r"validite|offre|soumissionnaire|propositions?|paiement|avant la date|trois derni|"
    r"derniers? (?:exercice|annee)|dernieres annees|delai de (?:reponse|recours|stand)|references|"
    r"anciennete|date limite|question|garantie|payees?|conservation|preavis|sous peine|remise|"
    r"a compter de la (?:reception|demande)|experience"
)
RECONDUCTION = re.compile(r"re?condu(?:ctible|ction|it)|renouvel|prolonge|\+ ?\d")


def find_procedure(reading: Reading) -> Fact[Procedure]:
    """Return the award procedure from its name, else from the articles of the Code."""
    return best_fact(Fact[Procedure], reading, _procedure_candidates(reading))


def _procedure_candidates(reading: Reading) -> Iterator[Candidate[Procedure]]:
    for block, start, end, kind in find_labelled(reading, PROCEDURE_LABEL):
        for name, pattern in (*_NAMES, *_ARTICLES):
            found = pattern.search(block.folded, start, min(end, start + 250))
            if found:
                yield Candidate(name, block, found.start(), found.end(), 1.0 if kind == "row" else 0.97)
                break
    for block in reading.blocks:
        yield from _procedures_named(block)


def _procedures_named(block: Block) -> Iterator[Candidate[Procedure]]:
    for patterns, base in ((_NAMES, 0.7), (_ARTICLES, 0.5)):
        for name, pattern in patterns:
            found = pattern.search(block.folded)
            if found and not HYPOTHETICAL.search(block.folded[max(0, found.start() - 90) : found.end() + 30]):
                early = 0.12 if block.page <= 1 + len(block.trail) // 3 or block.index < 40 else 0.0
                passing = 0.1 if PASSING.search(block.folded[max(0, found.start() - 120) : found.end()]) else 0.0
                titled = 0.1 if any("passation" in title or "procedure" in title for title in block.trail[-2:]) else 0.0
                yield Candidate(name, block, found.start(), found.end(), base + early + passing + titled)


def find_contract_type(reading: Reading, bought: Fact[str]) -> Fact[ContractType]:
    """Return supplies, services or works, from the label, the title, the CPV division or the object."""
    return best_fact(Fact[ContractType], reading, _type_candidates(reading, bought))


def _type_candidates(reading: Reading, bought: Fact[str]) -> Iterator[Candidate[ContractType]]:
    for block, start, end, _ in find_labelled(reading, TYPE_LABEL):
        kinds = {name: found for name, pattern in _TYPES if (found := pattern.search(block.folded, start, end))}
        if len(kinds) == 1:
            for name, found in kinds.items():
                yield Candidate(name, block, found.start(), found.end(), 0.95)
    for block in reading.blocks:
        for name, pattern in TITLE_TYPE:
            found = pattern.search(block.folded)
            if found and not re.search(r"references?|similaires?", block.folded[: found.start()]):
                yield Candidate(name, block, found.start(), found.end(), 0.92 if block.page == 1 else 0.75)
    yield from _types_by_cpv(reading)
    yield from _types_by_object(reading, bought)


def _types_by_cpv(reading: Reading) -> Iterator[Candidate[ContractType]]:
    for block in reading.blocks:
        found = CPV_TYPE.search(block.text)
        if found and re.search(r"cpv|nomenclature|vocabulaire|classification", f"{block.folded} {block.context}"):
            division = int(found[1])
            name: ContractType = "works" if division == 45 else "services" if division >= 50 else "supplies"
            yield Candidate(name, block, found.start(), found.end(), 0.9)
            return


def _types_by_object(reading: Reading, bought: Fact[str]) -> Iterator[Candidate[ContractType]]:
    if not bought.value:
        return
    for block in reading.blocks:
        start = block.text.find(bought.value[1:60])
        if start < 0:
            continue
        for name, pattern in OBJECT_TYPE:
            found = pattern.search(block.folded, max(0, start - 1), start + len(bought.value))
            if found:
                yield Candidate(name, block, found.start(), found.end(), 0.8)
                return


def find_duration(reading: Reading) -> Fact[str]:
    """Return how long the contract runs, as it is written, renewals included when they stand beside."""
    return best_fact(Fact[str], reading, _duration_candidates(reading))


def _duration_candidates(reading: Reading) -> Iterator[Candidate[str]]:
    for block in reading.blocks:
        titled = bool(block.trail and DURATION_LABEL.search(block.trail[-1]))
        label = DURATION_LABEL.search(block.folded)
        if not titled and not label:
            continue
        yield from _periods(block, titled=titled)
        for found in LENGTH.finditer(block.folded):
            before = block.folded[max(0, found.start() - 130) : found.start()]
            after = block.folded[found.end() : found.end() + 30]
            if NOT_A_DURATION.search(before[-70:]) or re.search(r"avant la date|de paiement|exercice|derni", after):
                continue
            if re.search(r"periodes? (?:successives? |supplementaires? )?d[e'] ?(?:une? )?$", before) and PERIOD.search(
                block.folded, 0, found.start()
            ):
                continue
            near = DURATION_LABEL.search(before)
            if near or titled:
                yield _duration_at(block, found, titled=titled, near=bool(near))


PERIOD = re.compile(r"du (?:1er|\d{1,2}) [a-zéû]+ \d{4} au \d{1,2} [a-zéû]+ \d{4}")


def _periods(block: Block, *, titled: bool) -> Iterator[Candidate[str]]:
    for found in PERIOD.finditer(block.folded):
        if titled or DURATION_LABEL.search(block.folded[: found.start()]):
            yield Candidate(tidy(block.text[found.start() : found.end()]), block, found.start(), found.end(), 0.7)


def _duration_at(block: Block, found: re.Match[str], *, titled: bool, near: bool) -> Candidate[str]:
    end = _extend_to_renewal(block, found)
    weight = 0.6 + 0.15 * titled + 0.15 * near + 0.08 * (block.kind == "row") + 0.02 * (end > found.end())
    if re.search(r"marche|accord-cadre|contrat|conclu|initiale", block.folded[: found.start()][-130:]):
        weight += 0.05
    if re.search(
        r"maximale|totale|toutes periodes|y compris", block.folded[max(0, found.start() - 60) : found.start()]
    ):
        weight -= 0.1
    return Candidate(tidy(block.text[found.start() : end]), block, found.start(), end, weight)


def _extend_to_renewal(block: Block, found: re.Match[str]) -> int:
    """Return where the renewal said in the same sentence ends."""
    stop = re.compile(r"\.\s|\.$|;(?! (?:il|elle|et) (?:est|sera|peut))|$").search(block.folded, found.end())
    end = stop.start() if stop else len(block.text)
    return end if RECONDUCTION.search(block.folded[found.end() : end]) and end - found.start() < 160 else found.end()
