"""The ledger of obligations: what the bidder or the later holder must do, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from proposals.analysis import RequirementItem
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.evidence import Reading, split_sentences
from proposals.engines.offline.folding import fold, words

#: Who has to do it, or what has to be done; a duty of the buyer is none of the bidder's.
DUTY = re.compile(
    r"\bdoi(?:t|vent)\b|\bdevr(?:a|ont|aient|ait)\b|\b(?:est|sont|sera|seront|etre) tenue?s? (?:de|d'|a|au|aux|par)|obligatoire(?:ment)?|imperative?(?:ment)?|impose[es]?|sous peine|est exige|sont exige|exigee?s?\b|"
    r"est interdit|sont interdit|interdiction|interdite?s?\b|\bs'engage(?:nt)?\b|a peine de|il appartient (?:au|aux) (?:candidat|soumissionnaire|titulaire)|(?:est|sont|sera|seront) (?:a |entierement )?(?:fournir|produire|remettre|joindre|rediges?|redigees?|exprimees?|limitees?|limites?|rejete|elimine|irreguli)|"
    r"ne (?:peut|peuvent|pourra|pourront)(?: pas)?\b|n'excede|ne depasse|excedera|depassera|au plus tard|uniquement|exclusivement|seuls? les|minimum|au moins|au maximum|maximum"
)
DUTY_VERB = re.compile(
    r"(?:(?:le |les |chaque |tout |l')(?:candidats?|soumissionnaires?|titulaires?|concurrents?|attributaires?|prestataires?|entreprises?|operateurs?(?: economiques?)?|groupements?|mandataires?|entrepreneurs?)|\bil|\bils|(?:les |l')offres?|les candidatures?|les plis?|le memoire(?: technique)?|la note(?: \w+)?|le cadre(?: \w+){0,3}|le pli)"
    r"(?: [a-z,' ()-]{0,60}?)? (?:remet(?:tra|tront|tent)?|fourni(?:t|ra|ront|ssent)|produi(?:t|ra|ront|sent)|joint|joindra|precise(?:ra)?(?:nt)?|indique(?:ra|ront|nt)?|presente(?:ra|ront|nt)?|decri(?:t|ra|vent)|transmet(?:tra|tent)?|depose(?:ra|nt)?|complete(?:ra)?|renseigne(?:ra)?|"
    r"utilise(?:ra)?|respecte(?:ra)?(?:nt)?|consacre(?:ra)?|assure(?:ra)?|tient|notifie|garanti(?:t|ra)|justifie(?:ra)?(?:nt)?|reste(?:nt)? (?:engage|tenu)|comprend(?:ra)?|comporte(?:ra)?|contien(?:t|dra)|detaille(?:ra)?|propose(?:ra)?|atteste|reserve(?:ra)?|dispose(?:ra)?|prend (?:en compte|a sa charge)|forme(?:ra)?|respecter|designe(?:ra)?|signe(?:ra)?|chiffre(?:ra)?)\b"
)
BUYER_DUTY = re.compile(
    r"^(?:\W|toutefois,? |cependant,? |neanmoins,? )*(?:le |l'|la )(?:pouvoir adjudicateur|acheteur|maitre d'ouvrage|agence|commission|collectivite|representant du pouvoir|entite adjudicatrice|commune|administration|personne publique|dossier de consultation|delai global|marche (?:est|sera)|accord-cadre (?:est|sera)|date limite)[^,;:]{0,60} (?:se reserve|doit|devra|peut|pourra|est|s'engage|examine|choisi|attribu|engage|invite|adresse|verifi|negoci)"
)
WAIVER = re.compile(
    r"(?:ne (?:sont|est|seront|sera) pas|n'est pas|non) (?:tenue?s?|obligatoire|exigee?|requise?|oblige)|pas obligatoire|facultati|peu(?:t|vent) (?:egalement )?(?:effectuer|etre|demander|presenter|remettre|utiliser|librement)|se reserve|il est conseille|recommande"
)
NOISE = re.compile(
    r"^(?:\W*(?:article|chapitre|sommaire|page)\b.{0,60})$|^\W*$|tribunal|refere|recours|introduit|note (?:maximale|obtenue|attribuee|totale)|notation|est notee?|formule de calcul|^nota"
)

CATEGORIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("site_visit", re.compile(r"visite|reconnaissance des lieux")),
    (
        "deadline",
        re.compile(
            r"date limite|date et (?:l')?heure|au plus tard|dans un delai|hors delai|delai de validite|tenu[es]* par (?:son|leur|sa)|avant le \d|avant la date|dans les \d+ jours"
        ),
    ),
    (
        "environmental",
        re.compile(
            r"environnement|carbone|dechets?|energie|recycl|ecolog|eco-?conception|biodivers|emission|durable|\beau\b|carburant|rgesn|pollu|vegetal|bio\b|ecolabel|reemploi"
        ),
    ),
    (
        "social",
        re.compile(r"insertion|social|handicap|egalite|emploi|salaries|reprise du personnel|diversite|apprenti"),
    ),
    (
        "data_protection",
        re.compile(
            r"donnees (?:a caractere )?personnel|rgpd|\b2016/679\b|confidentialite|secret|violation de donnees|hebergement"
        ),
    ),
    (
        "submission",
        re.compile(
            r"plis?\b|voie electronique|plate-?forme|profil d'acheteur|demateriali|copie de sauvegarde|format|fichier|signature|signe|depot|depose|virus|enveloppe|zip|\bmo\b|langue francaise|en francais|euros"
        ),
    ),
    (
        "financial",
        re.compile(
            r"\bprix\b|bordereau|\bbpu\b|\bdpgf\b|\bdqe\b|montant|tarif|factur|remise commerciale|devis|chiffre d'affaires|acompte|caution|retenue de garantie|avance"
        ),
    ),
    (
        "administrative",
        re.compile(
            r"\bdc ?[124]\b|dume|attestations?|certificats?|declaration|candidature|assurances?|kbis|groupement|mandataire|sous-trait|habilitation|redressement|interdiction de soumissionner|references?|capacite|pouvoir"
        ),
    ),
    (
        "contractual",
        re.compile(
            r"titulaire|penalite|garantie|execution du (?:marche|contrat)|ccap|ordre de service|reception des|astreinte|delai d'execution|bon de commande"
        ),
    ),
)
MIN_LENGTH, MAX_LENGTH = 18, 700
SKIPPED_TITLES = re.compile(
    r"recours|contenu du d|sommaire|jugement|attribution d|criteres? d|notation|voies et delais"
)
LIST_OF_CONTENT = re.compile(
    r"(?:memoire|note|cadre|planning|reponse|offre|il|elle|candidat|document|exigences?|obligations?|titulaire|prestations?)[^.]{0,160}(?:doi|devra|precis|decri|detaill|indiqu|develop|comport|comprend|contien|present|expos|aborde|trait|justifi|points|elements|rubriques|suivant|respect|conditionnent|minimal)[^.]*:?$"
)


def find_requirements(reading: Reading) -> tuple[RequirementItem, ...]:
    """Return the obligations in reading order, coded "R-001" and on."""
    found: list[RequirementItem] = []
    seen: set[str] = set()
    for block, start, end in _statements(reading):
        text = " ".join(block.text[start:end].split()).strip(" -•;")
        key = " ".join(words(text))
        quote = reading.quote(block, start, end)
        if quote and key not in seen and MIN_LENGTH <= len(text):
            seen.add(key)
            found.append(_to_item(len(found) + 1, block, text[:MAX_LENGTH], quote))
    return tuple(found)


def _to_item(position: int, block: Block, text: str, quote: str) -> RequirementItem:
    return RequirementItem(
        code=f"R-{position:03d}",
        text=text[:1].upper() + text[1:],
        category=_category(block, fold(text)),
        mandatory=not re.search(
            r"de preference|souhait|dans la mesure du possible|invites? a|le cas echeant|facultati|conseill", fold(text)
        ),
        article=block.article,
        page=block.page,
        quote=quote,
    )


def _category(block: Block, folded: str) -> str:
    for name, pattern in CATEGORIES:
        if pattern.search(folded):
            return name
    for name, pattern in CATEGORIES:
        if block.trail and pattern.search(block.trail[-1]):
            return name
    return "technical"


def _statements(reading: Reading) -> Iterator[tuple[Block, int, int]]:
    for block in reading.blocks:
        if block.kind == "heading" or (block.trail and SKIPPED_TITLES.search(block.trail[-1])):
            continue
        if block.kind == "row":
            yield from _in_row(block)
        elif block.kind == "bullet" and _is_obliged_list(block):
            yield block, 0, len(block.text)
        else:
            yield from _in_text(block)


def _in_row(block: Block) -> Iterator[tuple[Block, int, int]]:
    strong = re.search(r"\bdoi(?:t|vent)\b|\bdevr(?:a|ont)\b|obligatoire|imperativ|exige|impose", block.folded)
    if (
        strong
        and len(block.text) > 40
        and len(block.cells) <= 4
        and not re.match(r"libelle|pieces?|documents?", block.folded)
    ):
        yield block, 0, len(block.text)


def _is_obliged_list(block: Block) -> bool:
    lead = block.lead
    return (
        bool(LIST_OF_CONTENT.search(lead))
        and not re.search(r"dossier de consultation|\bdce\b|criteres?|pieces suivantes|documents suivants", lead)
        and not BUYER_DUTY.search(lead)
    )


def _in_text(block: Block) -> Iterator[tuple[Block, int, int]]:
    for start, end in split_sentences(block.text):
        sentence = block.folded[start:end]
        if NOISE.search(sentence) or BUYER_DUTY.search(sentence) or len(sentence) < MIN_LENGTH:
            continue
        strong = DUTY.search(sentence) or DUTY_VERB.search(sentence)
        if strong and not (WAIVER.search(sentence) and not re.search(r"sous peine|imperativ", sentence)):
            yield block, start, end
