"""Which clauses say how offers are judged; how applications are selected is another matter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from proposals.engines.offline.blocks import Block
from proposals.engines.offline.evidence import Reading

AWARD = re.compile(
    r"criteres?(?! de (?:selection|choix) des candid)(?! (?:de |d')?(?:selection|recevabilite) (?:des|"
    r"de la) candid)|jugement|attribution|classement des offres|choix (?:de l'offre|des offres|"
    r"de l'attributaire|du titulaire)|"
    r"(?:analyse|examen|evaluation|notation|selection) des (?:offres|propositions)|ponderation|"
    r"offres?[^.]{0,25}(?:jugee?s|classee?s|notee?s|appreciee?s|evaluee?s|departagee?s|choisies?)|"
    r"(?:serez-vous|etes-vous) (?:juge|evalue)|^(?:le |la )?(?:choix|selection de l'offre)"
)
APPLICATION = re.compile(r"candidatures?|candidats? admis|premiere phase|phase (?:1|candidature)|capacites?")
OFFERS = re.compile(r"offres?|propositions?|attribution|attribue|jugement des")
LEADS = re.compile(
    r"(?:criteres?|ponder|notee? sur|economiquement la plus avantageuse|jugee?s?|classees?|"
    r"attribue[^.]{0,30}(?:sur la base|en fonction))"
)
SCALE = re.compile(
    r"methode|bareme|echelle|modalites? de notation|notation d|formule|regle de calcul|"
    r"appreciation\b.{0,20}note"
)
ELSEWHERE = re.compile(
    r"offre anormalement|negociation|recours|renseignement|attributaire|dossier de consultation|"
    r"penalites|avance|prix du marche|duree|variantes|groupement"
)


def find_award_blocks(reading: Reading) -> Iterator[Block]:
    """Yield the clauses that may hold award criteria, headings included."""
    inside = False
    for block in reading.blocks:
        inside = _is_inside(block, inside)
        if inside:
            yield block


def _is_inside(block: Block, inside: bool) -> bool:
    if block.kind == "heading":
        return _by_trail(block, inside)
    if (
        block.kind == "paragraph"
        and LEADS.search(block.folded)
        and not (block.kind == "paragraph" and SCALE.search(block.folded[:60]))
    ):
        return _by_lead(block, inside)
    if block.kind == "row" and re.match(r"criteres?|sous-criteres?|n ?°? ?criteres?", block.folded):
        return not APPLICATION.search(block.context) or bool(OFFERS.search(block.context))
    return inside


def _by_trail(block: Block, inside: bool) -> bool:
    for title in reversed(block.trail):
        if APPLICATION.search(title) and not OFFERS.search(title):
            return False
        if AWARD.search(title) and not ELSEWHERE.search(title):
            return True
        if ELSEWHERE.search(title):
            return False
    return inside and block.number is None


def _by_lead(block: Block, inside: bool) -> bool:
    about_applications = re.search(
        r"(?:selection|choix|examen|jugement|classement|analyse) des candidat|candidatures? (?:seront|"
        r"sont|est)|candidats? (?:admis|seront)",
        block.folded,
    )
    if about_applications and not re.search(
        r"offres? (?:sont|seront|est)|jugement des offres|attribution", block.folded
    ):
        return False
    if re.search(r"criteres?", block.folded) and (
        OFFERS.search(f"{block.folded} {block.context}") or "%" in block.text or "point" in block.folded
    ):
        return True
    return inside
