"""The rules of the game: variants, visit, negotiation, signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeVar

from proposals.analysis import ElectronicSignature, Fact, Procedure, SiteVisit, Variants
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.evidence import Reading, split_sentences
from proposals.engines.offline.facts import Candidate, best_fact
from proposals.engines.offline.labels import LABEL_START, find_labelled

Value = TypeVar("Value")
Rule = tuple[Value, float, re.Pattern[str]]

_NO = (
    r"(?:non|sans|aucune?s?|interdite?s?|neant|pas d[e']|ne (?:sont|sera|seront|est) pas|n'est pas|"
    r"pas prevue?s?)"
)

VARIANTS: tuple[Rule[Variants], ...] = (
    (
        "required",
        0.97,
        re.compile(
            r"variantes? (?:obligatoires?|imposees?|exigees?)[^.;]{0,60}(?:est|sont|doi(?:t|vent)|:|"
            r"suivantes?)(?! pas)(?! interdite)|(?:doi(?:t|vent)|tenus? de|"
            r"obligatoirement)[^.;]{0,60}(?:repondre|presenter|remettre|proposer|"
            r"chiffrer)[^.;]{0,50}variantes? |variantes? (?:sont|est) (?:exigees?|obligatoires?|"
            r"imposees?)"
        ),
    ),
    (
        "forbidden",
        0.95,
        re.compile(
            rf"variantes?[^.;]{{0,90}}(?:{_NO}[^.;]{{0,25}}(?:autorise|admis|accepte|permis|possible|"
            rf"recevable|acceptable|prevu)|(?:sont|est|seront) (?:interdite|exclue|refusee|proscrite|"
            rf"prohibee)s?|interdites?)|(?:aucune|pas de|pas d'offres?|sans|ni) variantes?|"
            rf"(?:n'autorise|n'admet|n'accepte|ne permet)[^.;]{{0,30}}variantes?|(?:pas|"
            rf"non) autorises?[^.;]{{0,60}}variantes?|ne (?:peuvent|peut|pourront|"
            rf"doivent)[^.;]{{0,40}}(?:presenter|proposer|comporter)[^.;]{{0,20}}variantes?"
        ),
    ),
    (
        "allowed",
        0.9,
        re.compile(
            r"variantes?[^.;]{0,90}(?:(?:sont|est|seront) (?:autorise|admis|accepte|permis|possible|"
            r"recevable)|autorisees?|admises?)|(?:peu(?:ven)?t|pourront|"
            r"peuvent)[^.;]{0,60}(?:presenter|proposer|remettre)[^.;]{0,40}variantes?|(?:autorise|"
            r"admet|accepte)[^.;]{0,40}variantes?|variantes? (?:libres? )?(?:possibles?|autorisees?)"
        ),
    ),
)
VARIANTS_LABEL = re.compile(LABEL_START + r"(?:variantes?)")
VARIANTS_ANSWER: tuple[Rule[Variants], ...] = (
    ("forbidden", 1.0, re.compile(r"\s*(?:non|sans|interdit|aucune|neant|pas )")),
    ("required", 1.0, re.compile(r"\s*(?:exigee|obligatoire|imposee|oui[^.]{0,20}(?:exigee|obligatoire))")),
    ("allowed", 1.0, re.compile(r"\s*(?:oui|autorise|avec|admise|possible|libre)")),
)

VISIT_WORD = (
    r"(?:visites?(?! medicale)|reconnaissance (?:des lieux|du site|du terrain)|se rendre sur (?:place|"
    r"les lieux|le site)|deplacement sur site)"
)
VISIT: tuple[Rule[SiteVisit], ...] = (
    (
        "none",
        0.95,
        re.compile(
            rf"(?:aucune|pas de|sans|pas d'|ni) {VISIT_WORD}|{VISIT_WORD}[^.;]{{0,50}}(?:n'est|ne sont|"
            rf"n'a) (?:pas|ni) (?:prevue?|organise|exige|requise?|imposee?|necessaire)|"
            rf"sans objet[^.]{{0,20}}visite|(?:ne prevoit|n'organise|n'est prevu|"
            rf"ne sera organise)[^.;]{{0,20}} (?:pas |aucune )?(?:de )?{VISIT_WORD}"
        ),
    ),
    (
        "optional",
        0.93,
        re.compile(
            rf"{VISIT_WORD}[^.;]{{0,160}}(?:(?:n'est|non|pas|n'a) (?:pas )?(?:rien d'|"
            rf"de caractere )?obligatoire|facultati|conseillee|recommandee|possible|preconise|souhaite|"
            rf"optionnel|peu(?:ven)?t (?:etre|visiter))|(?:peu(?:ven)?t|pourront|invites? a|conseille|"
            rf"recommande|souhait|possibilite|loisible|vivement)[^.;]{{0,100}}(?:{VISIT_WORD}|visiter)|"
            rf"(?:faculte|possibilite|loisir) de (?:visiter|se rendre)|"
            rf"visite[^.;]{{0,20}} n'est pas une condition|{VISIT_WORD} (?:facultative|libre|"
            rf"sur (?:demande|rendez-vous) (?:est|sont) possible)"
        ),
    ),
    (
        "mandatory",
        0.95,
        re.compile(
            rf"{VISIT_WORD}[^.;]{{0,160}}(?:obligatoire|imperati|exigee|imposee|sous peine|"
            rf"est requise)|(?:doi(?:t|vent)|devr(?:a|ont)|tenus?|imperativement|obligatoire(?:ment)?|"
            rf"obligation)[^.;]{{0,110}}(?:{VISIT_WORD}|visiter|reconnaitre les lieux|"
            rf"pris connaissance des lieux)"
        ),
    ),
    (
        "mandatory",
        0.7,
        re.compile(
            r"(?:attestation|certificat|bon|constat) de (?:la )?visite[^.;]{0,100}(?:obligatoire|"
            r"irregulier|sous peine|elimin|rejet|devra|doit)|(?:absence|"
            r"defaut)[^.;]{0,40}(?:attestation|certificat) de visite"
        ),
    ),
)
VISIT_LABEL = re.compile(
    LABEL_START + r"(?:visites?(?: d[eu]s? (?:sites?|lieux|locaux|installations))?(?: sur (?:site|"
    r"place))?(?: obligatoires?)?)"
)
VISIT_ANSWER: tuple[Rule[SiteVisit], ...] = (
    ("optional", 1.0, re.compile(r"\s*(?:facultati|possible|conseillee|recommandee|non obligatoire|optionnel|libre)")),
    ("none", 1.0, re.compile(r"\s*(?:non|sans|aucune|pas |neant|sans objet)")),
    ("mandatory", 1.0, re.compile(r"\s*(?:obligatoire|oui|imperative|avec|exigee)")),
)

NEGOTIATION: tuple[Rule[bool], ...] = (
    (
        True,
        0.8,
        re.compile(
            r"(?:attribu|offres? initiales?|base des offres)[^.;]{0,90}sans (?:recourir a (?:la|une) |"
            r"mener de |aucune |engager de )?negociation"
        ),
    ),
    (
        False,
        0.96,
        re.compile(
            r"(?:sans|aucune|pas de|ni) negociations?\b(?! prealable)(?!,? (?:si|sur la base))|"
            r"ne (?:sera|fera|peut|pourra|prevoit|procedera|donnera|souhaite)[^.;]{0,40}(?:pas|aucune|"
            r"ni)[^.;]{0,40}negoci|negociations?[^.;]{0,40}(?:n'est|ne sera|ne sont)[^.;]{0,12} (?:pas|"
            r"ni) (?:prevu|autoris|organis|possible|envisag|admis)|(?:exclu[ets]?|"
            r"interdi[ts]e?s?)[^.;]{0,30}negociation|negociations?[^.;]{0,25}(?:exclue|interdite)|"
            r"(?:pas|non) (?:prevu|envisage|lieu)[^.;]{0,20}negoci|\b(?:ne|"
            r"n') ?(?:sera pas )?(?:negocie|negociera)(?:nt|ra)? pas|ne sera pas negocie"
        ),
    ),
    (
        True,
        0.95,
        re.compile(
            r"(?:se reserve|reserve)[^.;]{0,60}(?:droit|possibilite|faculte)[^.;]{0,80}negoci|"
            r"(?:pourra|peut|pourront|peuvent|sera|seront|souhaite|engagera|procedera|prevoit|envisage|"
            r"invit)[^.;]{0,90}(?:negoci)|negociations?[^.;]{0,90}(?:sera|seront|pourra|pourront|peut|"
            r"peuvent|est prevue|est possible|engage|possible|se derouler|porter|portera|menee)|"
            r"negocie(?:ra|nt|ront)? avec|phase de negociation|apres negociation|possibilite de negoci|"
            r"negociation (?:avec|est)|(?:engage|mene|conduit) (?:librement )?(?:les |des |une )?negociation|"
            r"procedure (?:concurrentielle )?avec negociation"
        ),
    ),
)
NEGOTIATION_LABEL = re.compile(LABEL_START + r"negociations?")
NEGOTIATION_ANSWER: tuple[Rule[bool], ...] = (
    (False, 1.0, re.compile(r"\s*(?:non|sans|aucune|pas |neant|interdite|exclue)")),
    (
        True,
        1.0,
        re.compile(
            r"\s*(?:oui|avec|possible|prevue|autorisee|envisagee|eventuelle|"
            r"l'acheteur se reserve)"
        ),
    ),
)

_SIGNED = r"(?:signatures?(?: electroniques?)?|signee?s?|signer)"
SIGNATURE: tuple[Rule[ElectronicSignature], ...] = (
    (
        "allowed",
        0.96,
        re.compile(
            r"signature(?: electronique)?[^.;]{0,60}(?:est|reste|demeure) (?:possible|facultative|"
            r"autorisee|acceptee|admise|recommandee|conseillee|souhaitee|encouragee|libre|optionnelle)"
        ),
    ),
    (
        "allowed",
        0.96,
        re.compile(
            r"(?:candidats?|soumissionnaires?)[^.;]{0,40}(?:souhait|desir)[^.;]{0,20}peu(?:ven)?t[^.;]{0,30}"
            r"sign(?:er|ature)"
        ),
    ),
    (
        "not_required",
        0.96,
        re.compile(
            r"sign[^.;]{0,90}(?:exige|requis|demande|impose)[^.;]{0,20}attributaire,? (?:seulement|"
            r"uniquement|seul)|(?:seul|uniquement)[^.;]{0,20}attributaire[^.;]{0,60}sign|"
            r"(?:peu(?:ven)?t|pourront)[^.;]{0,50}non signee?s?|(?:n'ont|n'a) pas a signer"
        ),
    ),
    (
        "not_required",
        0.95,
        re.compile(
            r"signature(?: electronique)?[^.;]{0,110}(?:n'est (?:pas|plus|ni)|ne sont pas|ne (?:sera|"
            r"seront) pas|non)[^.;]{0,25}(?:exigee?|requise?|obligatoire|imposee?|demandee?|"
            r"necessaire)|(?:n'est|ne sera) pas (?:demande|exige|requis|impose)[^.;]{0,20} (?:de |"
            r"aux candidats de )?sign|(?:n'exige|ne requiert|ne demande)[^.;]{0,30}(?:pas|"
            r"aucune)[^.;]{0,40}signature|(?:n'est|ne sont|n'ont|n'a) (?:pas|pas a)[^.;]{0,50}(?:exige|"
            r"obligat|besoin|tenu|necessaire|requis|etre)[^.;]{0,50}sign(?:e|er|ee|es|ees|ature)\b|"
            r"(?:aucune|sans) signature|sans (?:avoir a )?(?:etre )?signe|(?:n'ont pas|n'est pas|"
            r"pas) a etre signe|(?:dispens|pas oblig|pas tenu)[^.;]{0,40}sign(?:er|ature)|sign(?:e|ee|"
            r"ature)[^.;]{0,60}(?:qu'|uniquement |seulement |que )(?:par |de |a |au |lors|apres|"
            r"l')[^.;]{0,30}attribu"
        ),
    ),
    (
        "allowed",
        0.85,
        re.compile(
            r"(?:peu(?:ven)?t|pourr(?:a|ont)|possible|facultati|possibilite|libre|"
            r"invite)[^.;]{0,60}(?:signature electronique|signee?s? electroniquement|"
            r"signer electroniquement)|signature electronique[^.;]{0,70}(?:facultative|possible|"
            r"recommandee|conseillee|souhaitee|acceptee|autorisee|encouragee|optionnelle)"
        ),
    ),
    (
        "required",
        0.88,
        re.compile(
            r"signature electronique[^.;]{0,70}(?:est |sera |: ?)?(?:obligatoire|exigee|requise|"
            r"imposee)|(?:doi(?:t|vent)|devr(?:a|ont)|obligatoirement|imperativement|sont|"
            r"est)[^.;]{0,70}(?:signee?s? electroniquement|etre signee?s?[^.;]{0,40}(?:electronique|"
            r"certificat)|signes? au moyen d'un certificat)|(?:exige|impose|"
            r"requiert)[^.;]{0,30}signature electronique|"
            r"niveau[^.;]{0,30}signature electronique[^.;]{0,40}exige|(?:doi(?:t|vent)|devr(?:a|ont)|"
            r"sont|est)[^.;]{0,60}(?:revetue?s?|assortie?s?|munie?s?|accompagnee?s?|comporter|"
            r"porter)[^.;]{0,20}signature electronique|"
            r"signee?s? (?:obligatoirement )?(?:electroniquement )?(?:au moyen d'|avec |par |"
            r"a l'aide d')un certificat|signee?s? electroniquement[^.;]{0,60}(?:obligatoire|sous peine|"
            r"irreg)"
        ),
    ),
)
SIGNATURE_LABEL = re.compile(LABEL_START + r"signatures? electroniques?|^signature")
SIGNATURE_ANSWER: tuple[Rule[ElectronicSignature], ...] = (
    ("not_required", 1.0, re.compile(r"\s*(?:non|sans|pas |aucune|n'est pas)")),
    ("allowed", 1.0, re.compile(r"\s*(?:facultati|possible|autorisee|acceptee|recommandee|conseillee)")),
    ("required", 1.0, re.compile(r"\s*(?:oui|obligatoire|exigee|requise|avec|imposee)")),
)


def find_variants(reading: Reading) -> Fact[Variants]:
    """Return whether variants are allowed, forbidden or asked for; optional supplies (PSE) are none."""
    return best_fact(Fact[Variants], reading, _judge(reading, VARIANTS, VARIANTS_LABEL, VARIANTS_ANSWER, "variante"))


def find_site_visit(reading: Reading) -> Fact[SiteVisit]:
    """Return whether the site must, may or cannot be visited."""
    return best_fact(Fact[SiteVisit], reading, _judge(reading, VISIT, VISIT_LABEL, VISIT_ANSWER, "visit"))


def find_negotiation(reading: Reading, procedure: Fact[Procedure]) -> Fact[bool]:
    """Return whether offers may be negotiated; an open or restricted procedure excludes it by its nature."""
    said = best_fact(Fact[bool], reading, _judge(reading, NEGOTIATION, NEGOTIATION_LABEL, NEGOTIATION_ANSWER, "negoci"))
    if said.status == "found" or procedure.status != "found":
        return said
    implied = {"open": False, "restricted": False, "negotiated": True}.get(procedure.value or "")
    return said if implied is None else Fact[bool](**{**procedure.model_dump(), "value": implied, "confidence": 0.7})


def find_electronic_signature(reading: Reading) -> Fact[ElectronicSignature]:
    """Return whether offers are to be signed electronically when they are handed in."""
    judged = _judge(reading, SIGNATURE, SIGNATURE_LABEL, SIGNATURE_ANSWER, "sign")
    return best_fact(Fact[ElectronicSignature], reading, judged)


def _judge(
    reading: Reading,
    rules: tuple[Rule[Value], ...],
    label: re.Pattern[str],
    answers: tuple[Rule[Value], ...],
    word: str,
) -> Iterator[Candidate[Value]]:
    """Yield what short answers beside a label say, then what sentences say; within a sentence the first rule wins."""
    for block, start, end, kind in find_labelled(reading, label):
        for value, weight, pattern in answers:
            if kind != "below" and (found := pattern.match(block.folded, start, end)):
                yield Candidate(value, block, start, max(found.end(), min(end, start + 60)), weight)
                break
    for block in reading.blocks:
        if word in block.folded or (block.trail and word in block.trail[-1]):
            yield from _judge_sentences(block, rules, word)


def _judge_sentences(block: Block, rules: tuple[Rule[Value], ...], word: str) -> Iterator[Candidate[Value]]:
    if block.kind == "heading" and len(block.text) < 60:
        return
    titled = 0.03 if block.trail and word in block.trail[-1] else 0.0
    for start, end in split_sentences(block.text):
        for value, weight, pattern in rules:
            if found := pattern.search(block.folded, start, end):
                yield Candidate(value, block, found.start(), found.end(), weight + titled)
                break
