"""
Which requirements the technical proposal answers. The others are about papers, dates, prices and the procedure: the
bidder meets them outside its text.

Source: docs/generation.md, "Requirements outside the proposal".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from proposals.analysis import RequiredDocument
from proposals.engines.offline.folding import fold, words
from proposals.planning.requirement import PlannedRequirement

#: Papers, deposit, signature, dates, prices, forms of the offer, acts of the buyer.
_OUTSIDE = re.compile(
    r"\bplis?\b|profil (?:d')?acheteur|voie electronique|dematerialise|depot|deposee?|transmi(?:s|ssion)|"
    r"copie de sauvegarde|signat|\bsigne|certificats?\b|attestations?\b|\bdc[124]\b|\bdume\b|candidatures?\b|lettre de|"
    r"declaration|copie du jugement|acte d'engagement|\bbpu\b|\bdqe\b|\bdpgf\b|bordereau|\bprix\b|montants?\b|"
    r"\bmaximums\b|fixe de minimum|chiffre d'affaires|engagement ecrit|date (?:et l'heure )?limite|questions\b|"
    r"demandes? de (?:renseignement|precision)|renseignements complementaires|delai de validite|\bvalables?\b|"
    r"par (?:son|leur) offre|langue francaise et|rediges? en|redigees? en|traduction|en euros|\bvirus\b|"
    r"formats? accepte|reconduct|reconduit|budget|sommes dues|avance\b|paiement|financ|code de la commande publique|"
    r"groupement|mandataire|intermediaire|operateur|variantes?\b|\bpse\b|prestations? supplementaires?|"
    r"negociation|\bvisites? (?!par an)|rendez-vous|echantillons?|recepisse|rejetee?|ecartee?|elimine|irreguli|"
    r"\bclasse|attributaire|attribue|candidats? (?:non )?(?:retenus?|admis)|recours|invitation a soumissionner|"
    r"(?:reponses?|reglement) (?:est|sont|leur)|dossier modifie|soumissionnent|solution de base|offre par lot|"
    r"marche de (?:services|fournitures|travaux)|\bseances?\b|(?:etape|phase) \d|\btours\b|\ben retient\b|"
    r"engagement de confidentialite"
)
#: What the holder does when the contract runs, and what the proposal must contain: stronger than the words above.
_INSIDE = re.compile(
    r"\bles? titulaires? (?:\w+ )?(?!ne peut|pressenti)(?:doi|dev|s'engage|remet|assure|consacre|reprend|"
    r"prend|fourni|agit|reserve)|"
    r"(?:soumissionnaire|candidat) s'engage|"
    r"\b(?:memoire|note|cadre|crt|il y)\b[^.;]{0,80}(?:present|decri|precis|indiqu|detaill|expos|portant sur)"
)
#: A limit of form is one even where the sentence names the proposal; a sentence that announces a list says nothing.
_FORM = re.compile(
    r"\bpages?\b|\bmo\b|\bpressenti\b|en francais|titres, leur numerotation|est impose|chacune d'elles|:\s*$|"
    r"utilise (?:obligatoirement |imperativement )?(?:le|la|ce) (?:cadre|trame|modele)"
)
#: A sentence that goes on about what the one before it spoke of.
_GOES_ON = re.compile(r"\W*(?:ils?|elles?|celui-ci|celle-ci|ceux-ci|ces derniers)\b")


class Divided(NamedTuple):
    """Requirements that the proposal answers, and the others, both in reading order."""

    memo: list[PlannedRequirement]
    outside: list[PlannedRequirement]


def divide(requirements: Sequence[PlannedRequirement], documents: Sequence[RequiredDocument] = ()) -> Divided:
    """
    Divide the requirements by their words.

    Args:
        documents: the papers to hand in; a requirement that only names one of them is outside.
    """
    papers = {_key(document.quote or document.name) for document in documents}
    divided = Divided([], [])
    earlier: PlannedRequirement | None = None
    inside = True
    for requirement in sorted(requirements, key=lambda requirement: requirement.code):
        follows = earlier is not None and earlier.article == requirement.article
        if _key(requirement.quote) in papers:
            inside = False
        else:
            inside = _judge(fold(requirement.text), before=inside if follows else True)
        (divided.memo if inside else divided.outside).append(requirement)
        earlier = requirement
    return divided


def _judge(folded: str, *, before: bool) -> bool:
    if _FORM.search(folded):
        return False
    if _INSIDE.search(folded):
        return True
    if _OUTSIDE.search(folded):
        return False
    return before if _GOES_ON.match(folded) else True


def _key(text: str) -> str:
    return " ".join(words(text))
