"""The dates that bind the bidder: submission, questions, and how long its offer holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from proposals.analysis import Fact, OfferValidity
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.dates import Instant, find_instants, go_back
from proposals.engines.offline.evidence import Reading, split_sentences
from proposals.engines.offline.facts import Candidate, best_fact
from proposals.engines.offline.numbers import NUMBER, parse_number

_PLIS = r"(?:plis?|offres?|candidatures?|propositions?|dossiers?|reponses?|soumissions?|projets?)"
_LIMIT = r"(?:limites?|butoirs?|maximales?|ultimes?|au plus tard|clotures?)"
_HANDING = r"(?:remises?|receptions?|depots?|envois?|transmissions?|presentations?|retours?|arrivees?)"
SUBMISSION_LABEL = re.compile(
    rf"(?:dates?|jours?|heures?|delais?)(?: et (?:l')?heures?)? {_LIMIT}(?: fixees?)?(?: (?:de|pour|du|"
    rf"d')? ?(?:la |le |l')?{_HANDING}"
    rf"(?: electroniques?)?(?: d(?:es|e|u) (?:la |les )?{_PLIS})?)?|{_HANDING} d(?:es|"
    rf"u) {_PLIS}[^.;]{{0,40}}?(?:avant|au plus tard|:|fixee|{_LIMIT})|"
    rf"{_LIMIT} (?:de|pour|du) (?:la )?{_HANDING}"
)
SUBMISSION_VERB = re.compile(
    rf"{_PLIS}[^.]{{0,160}}?(?:parvenir|parviennent|remis|remises|deposes?|deposees?|transmis|"
    rf"transmises|recus|recues|"
    rf"adressee?s|envoyee?s|etre deposes|reception|remettre|deposer)\b|(?:remettre|deposer|transmettre|"
    rf"remettent|deposent|transmettent|faire parvenir)"
    rf"[^.]{{0,60}}{_PLIS}"
)
OTHER_DATE = re.compile(
    r"question|renseignement|visite|echantillon|maquette|validite|ouverture des plis|publication|"
    r"envoye a la|date d'envoi|"
    r"notification|demarrage|debut d|commence|prendra effet|fin d|arrete du|decret|loi n|ordonnance|"
    r"reunion|audition|"
    r"soutenance|negociation|version du|mise a jour|modification|jury|rectificatif|livraison|"
    r"inscription|rendez-vous"
)
SECOND_PHASE = re.compile(
    r"indicatif|previsionnel|candidats? (?:admis|retenus?|selectionnes?)|seconde phase|deuxieme phase|"
    r"phase 2|phase offre"
)
APPLICATION = re.compile(r"candidatures?")

QUESTION = re.compile(
    r"question|renseignements? complementaires?|demandes? (?:de|d') ?(?:renseignement|precision|"
    r"eclaircissement|information|complement)|"
    r"renseignements?\b|(?:poser|demander)|informations? complementaires?|leurs? demandes?|"
    r"cette demande|ces demandes|toute demande|precisions? (?:peuvent|sont|doivent)|eclaircissement"
)
ANSWER = re.compile(
    r"(?:repon(?:se|dr|d\b)|modification|rectif|modifier|communique(?:s|es|ra|ront)? (?:au plus|"
    r"par l'acheteur)|"
    r"(?:sera|seront|est|sont) (?:alors )?(?:adressee?s?|transmise?s?|envoyee?s?|diffuse?e?s?|"
    r"apportee?s?|fournie?s?|publie?e?s?|mise?s? en ligne))"
)
RELATIVE = re.compile(
    rf"(?P<number>{NUMBER})\s*(?:j\b|jours?)(?:\s+(?P<unit>calendaires?|ouvres?|ouvrables?|francs?|"
    rf"pleins?))?(?:\s+(?:au (?:plus tard|moins|minimum)|minimum))?"
    r"\s*,?\s*(?:avant|precedant|qui precedent)\s*(?:la |le |l'|cette )?(?:date|echeance|remise|"
    r"reception|limite|jour|depot|delai|terme|cloture|fin|expiration|heure)"
)
VALIDITY = re.compile(rf"(?P<number>{NUMBER})\s*(?P<unit>jours?|mois|semaines?)\b")
VALIDITY_LABEL = re.compile(
    r"validite d(?:es|e l'|e son|e leur|e sa|e chaque|u) ?(?:offres?|propositions?|plis?)?|"
    r"delais? (?:minimum |maximum )?de validite|"
    r"(?:duree|periode) (?:minimum |maximum )?de validite|(?:offres?|propositions?) (?:est|sont|"
    r"reste(?:nt)?|demeure(?:nt)?) valables?|"
    r"(?:tenue?s?|engagee?s?|liee?s?)(?: tenus?)? (?:par|a|de maintenir) (?:son|leurs?|sa|ses|l'|"
    r"les) ?(?:offres?|propositions?)|"
    r"(?:maintenir|maintient|maintiennent|maintiendra|maintiendront) (?:son|leurs?|l'|les) ?offres?|"
    r"offres?[^.;]{0,15} (?:lient|lie|engagent|engage) |engagement (?:du|des) (?:candidats?|"
    r"soumissionnaires?)|validite"
)


def find_submission_deadline(reading: Reading) -> tuple[Fact[datetime], tuple[datetime, ...]]:
    """Return the deadline for what is due now, and the other instants the document gives for it."""
    candidates = list(_submission_candidates(reading))
    if any(APPLICATION.search(_near(found)) for found in candidates):
        candidates = [found for found in candidates if not SECOND_PHASE.search(_near(found))]
    candidates = candidates or list(_unlabelled_deadlines(reading))
    if not candidates:
        return Fact[datetime](), ()
    with_hour = [found for found in candidates if found.weight >= 0.8] or candidates
    values = list(dict.fromkeys(found.value for found in with_hour))
    best = max(values, key=lambda value: sum(found.weight for found in with_hour if found.value == value))
    fact = best_fact(Fact[datetime], reading, [found for found in with_hour if found.value == best])
    others = tuple(sorted(value for value in values if value != best))
    if others:
        fact = fact.model_copy(update={"status": "conflict", "confidence": 0.5})
    return fact, others


def _near(candidate: Candidate[datetime]) -> str:
    block = candidate.block
    return f"{' / '.join(block.trail[-1:])} {block.folded[max(0, candidate.start - 220) : candidate.end + 120]}"


def _submission_candidates(reading: Reading) -> Iterator[Candidate[datetime]]:
    for block in reading.blocks:
        for instant in find_instants(block.folded):
            weight = _submission_weight(reading, block, instant)
            if weight:
                complete = instant if instant.hour else _with_later_hour(reading, block, instant)
                weight = weight if complete.hour else weight - 0.3
                yield Candidate(complete.at(), block, instant.start, instant.end, weight)


def _submission_weight(reading: Reading, block: Block, instant: Instant) -> float:
    before = block.folded[max(0, instant.start - 240) : instant.start]
    sentence = re.split(r"[.;]\s", before)[-1]
    label = list(SUBMISSION_LABEL.finditer(sentence))
    if label and not OTHER_DATE.search(sentence[label[-1].start() :]) and not OTHER_DATE.search(sentence[-60:]):
        return 1.0
    if SUBMISSION_VERB.search(sentence) and not OTHER_DATE.search(sentence):
        return 0.9
    alone = len(block.text) - (instant.end - instant.start) < 40 and not OTHER_DATE.search(block.folded)
    above = _above(reading, block)
    if alone and SUBMISSION_LABEL.search(above) and not OTHER_DATE.search(above):
        return 0.95
    return 0.0


#: Short ways to announce the deadline, trusted only where nothing clearer is said.
VAGUE_LABEL = re.compile(
    rf"(?:cloture|limite|echeance|pour quand|remise|reception|depot|avant le|au plus tard|"
    rf"{_PLIS})[^.]{{0,90}}$"
)


def _unlabelled_deadlines(reading: Reading) -> Iterator[Candidate[datetime]]:
    for block in reading.blocks:
        for instant in find_instants(block.folded):
            before = re.split(r"[.;]\s", block.folded[max(0, instant.start - 140) : instant.start])[-1]
            if instant.hour and VAGUE_LABEL.search(before) and not OTHER_DATE.search(before):
                yield Candidate(instant.at(), block, instant.start, instant.end, 0.8)
            elif instant.hour and block.page == 1 and len(block.text) < 120 and not OTHER_DATE.search(block.folded):
                yield Candidate(instant.at(), block, instant.start, instant.end, 0.8 if len(block.text) < 60 else 0.5)


def _above(reading: Reading, block: Block) -> str:
    """Return the folded text that announces a clause: the one before it, and the lead."""
    before = [other.folded for other in reading.blocks[max(0, block.index - 2) : block.index]]
    return " ".join(text for text in before if len(text) < 200)


def _with_later_hour(reading: Reading, block: Block, instant: Instant) -> Instant:
    """Look for the hour in the next words or clause ("Heure limite : 12 h 00")."""
    following = "".join(f" {other.folded}" for other in reading.blocks[block.index + 1 : block.index + 3])
    text = block.folded[instant.end : instant.end + 80] + following[:120]
    found = re.search(
        r"heures?(?: limites?)?[^.;:]{0,40}?:?\s*(?:a |avant )?(\d{1,2})\s*(?:h|heures?|:)\s*(\d{2})?", text
    )
    if not found:
        return instant
    dated = find_instants(f"{instant.day.isoformat()} a {found[1]}h{found[2] or '00'}")
    return instant._replace(hour=dated[0].hour) if dated else instant


def find_question_deadline(reading: Reading, deadline: datetime | None) -> Fact[datetime]:
    """Return until when candidates may ask; a delay before the deadline is computed from `deadline`."""
    return best_fact(Fact[datetime], reading, _question_candidates(reading, deadline))


def _question_candidates(reading: Reading, deadline: datetime | None) -> Iterator[Candidate[datetime]]:
    for block in reading.blocks:
        for start, end in _sentences(block):
            yield from _question_in(block, start, end, deadline)


def _sentences(block: Block) -> list[tuple[int, int]]:
    return [(0, len(block.text))] if block.kind == "row" else split_sentences(block.text)


def _question_in(block: Block, start: int, end: int, deadline: datetime | None) -> Iterator[Candidate[datetime]]:
    sentence = block.folded[start:end]
    own = QUESTION.search(sentence)
    titled = QUESTION.search(block.context)
    for found in RELATIVE.finditer(sentence):
        weight = _question_weight(sentence, found.start(), own=bool(own), titled=bool(titled))
        days = parse_number(found["number"])
        if weight and days and deadline:
            unit = {"ouvre": "ouvres", "ouvrable": "ouvrables"}.get((found["unit"] or "").rstrip("s"), "")
            yield Candidate(
                go_back(deadline, days, unit=unit), block, start + found.start(), start + found.end(), weight
            )
    for instant in find_instants(sentence):
        weight = _question_weight(sentence, instant.start, own=bool(own), titled=bool(titled))
        if weight and not re.search(r"arrete|decret|loi ", sentence[: instant.start][-60:]):
            if deadline and instant.at() >= deadline:
                continue
            yield Candidate(instant.at(), block, start + instant.start, start + instant.end, weight + 0.05)


def _question_weight(sentence: str, position: int, *, own: bool, titled: bool) -> float:
    around = sentence[max(0, position - 160) : position + 40]
    asked = re.search(
        r"(?:demandes?|questions?|precisions?|renseignements?)[^.;]{0,60}(?:adressee?s?|transmise?s?|"
        r"envoyee?s?|deposee?s?|posee?s?|sollicitee?s?|demandee?s?|formulee?s?|close?s?|acceptee?s?|"
        r"recue?s?)",
        around,
    )
    if (ANSWER.search(around) and not (asked and not re.search(r"repon(?:se|dr)|modific|rectif", around))) or re.search(
        r"visite|echantillon", around
    ):
        return 0.0
    if own and re.search(r"candidats?|soumissionnaires?|operateurs?|poser|parvenir|formule|questions?", sentence):
        return 0.9
    return 0.7 if own else 0.6 if titled else 0.0


def find_offer_validity(reading: Reading) -> Fact[OfferValidity]:
    """Return for how long the bidder is bound by its offer."""
    return best_fact(Fact[OfferValidity], reading, _validity_candidates(reading))


def _validity_candidates(reading: Reading) -> Iterator[Candidate[OfferValidity]]:
    for block in reading.blocks:
        for start, end in _sentences(block):
            sentence = block.folded[start:end]
            label = VALIDITY_LABEL.search(sentence)
            titled = block.trail and VALIDITY_LABEL.search(block.trail[-1])
            if label or titled:
                yield from _validity_in(block, start, sentence, label.start() if label else None)


def _validity_in(block: Block, start: int, sentence: str, label: int | None) -> Iterable[Candidate[OfferValidity]]:
    for found in VALIDITY.finditer(sentence):
        amount = parse_number(found["number"])
        if not amount or amount > 400:
            continue
        days = found["unit"].startswith(("jour", "semaine"))
        amount = amount * 7 if found["unit"].startswith("semaine") else amount
        distance = abs(found.start() - label) if label is not None else 100
        certain = label is not None and "offre" in sentence
        weight = (0.95 if certain else 0.75) - min(distance, 300) / 1500
        value = OfferValidity(amount=amount, unit="days" if days else "months")
        yield Candidate(value, block, start + found.start(), start + found.end(), weight)
