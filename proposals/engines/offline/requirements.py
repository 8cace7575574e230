"""The ledger of obligations: what the bidder or the later holder must do, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from proposals.analysis import RequirementItem
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.evidence import Reading, split_sentences
from proposals.engines.offline.folding import fold, words
from proposals.engines.offline.paper_sections import find_parts, is_paper_list, part_named_alone

#: Who has to do it, or what has to be done; a duty of the buyer is none of the bidder's.
DUTY = re.compile(
    r"\bdoi(?:t|vent)\b|\bdevr(?:a|ont|aient|ait)\b|\b(?:est|sont|sera|seront|etre) tenue?s? (?:de|d'|"
    r"a|au|aux|par)|obligatoire(?:ment)?|imperative?(?:ment)?|impose[es]?|sous peine|est exige|"
    r"sont exige|exigee?s?\b|"
    r"est interdit|sont interdit|interdiction|interdite?s?\b|\bs'engage(?:nt)?\b|a peine de|"
    r"il appartient (?:au|aux) (?:candidat|soumissionnaire|titulaire)|(?:est|sont|sera|seront) (?:a |"
    r"entierement )?(?:fournir|produire|remettre|joindre|rediges?|redigees?|exprimees?|limitees?|"
    r"limites?|rejete|elimine|irreguli)|"
    r"ne (?:peut|peuvent|pourra|pourront)(?: pas)?\b|n'excede|ne depasse|excedera|depassera|"
    r"au plus tard|uniquement|exclusivement|seuls? les|minimum|au moins|au maximum|maximum|"
    r"dans un delai|dans les \w+ (?:heures|jours)|sous \w+(?:-\w+)* ?(?:\(\d+\) )?(?:heures|jours)|"
    r"au plus\b|entraine(?:nt)? (?:le rejet|l'irregularite|l'elimination)|limitee?s? a|"
    r"a ses frais|moins de \d|a l'exclusion|necessairement|s'effectue(?:nt)?|seront? (?:rejetee?s?|"
    r"ecartee?s?|eliminee?s?)|(?:est|sont) (?:refusee?s?|ecartee?s?|eliminee?s?|rejetee?s?|requise?s?|"
    r"signee?s?|redigee?s?|rediges|etablis|transmis\w*|deposee?s?|remis\w*|livree?s?|joint\w*|"
    r"accessibles?|admise|solidaires?)|"
    r"s'impose|seule? (?:la|le|les)\b|ne (?:sera|seront) pas (?:analys|ouvert|lu|examin|pris)|"
    r"conforme\w* (?:a|aux)|certifiee?s?"
)
#: Sentences about these are about the bidder's part; in an RC the present tense commands.
SUBJECT = re.compile(
    r"^\W*(?:pour (?:le|les|chaque) lots?[^,;:]{0,40}, |en outre,? |de plus,? |a ce titre,? |toutefois,? |"
    r"en cas de [a-z' ]{3,40},? |"
    r"pour [a-z' ]{3,40},? |au titre de [a-z' ]{3,40},? |chaque annee,? )?"
    r"(?:(?:l[ae]s?|l'|chaque|tout|toute|ce|cette|ces|un|une|un meme|une meme|des|"
    r"le futur) ?(?:candidat|soumissionnaire|titulaire|concurrent|attributaire|prestataire|entreprise|"
    r"operateur|groupement|mandataire|entrepreneur|fournisseur|equipe|"
    r"offre|candidature|pli\b|plis|memoire|note|cadre|crt\b|cmt\b|reponse|dossier|document|piece|"
    r"fichier|prix|bordereau|planning|calendrier|garantie|livraison|delai de livraison|installation|"
    r"prestation|travaux|materiel|produit|bois|composant|vehicule|personnel|"
    r"formateur|animateur|support|texte|etiquette|stock|solution|hebergement|donnee|service|"
    r"intervention|astreinte|rapport|reunion|chantier|article|echantillon|depot|transmission|signature|"
    r"visite|visiteur|colis|architecte|delai (?:maximal|maximum|global)|variante|certificat|attestation|"
    r"intermediaire|assureur|seul)s?\b"
    r"|il\b|ils\b|elle\b|elles\b|aucun|tous? |toutes? |au moins|seuls?\b|sont elimin)"
)
PERMISSION = re.compile(
    r"\bpeu(?:t|vent)\b(?! (?:etre|figurer|presenter|exceder|depasser|refuser|avoir)? ?(?:inferieur|"
    r"superieur))|pourr(?:a|ont)\b|faculte|possibilite|il est possible"
)
PROCEDURAL = re.compile(
    r"consultation (?:est|a pour)|marche (?:est|sera|public|fait)|accord-cadre (?:est|sera|a pour|"
    r"comporte)|procedure|lots? (?:est|sont)|decompos|divise|alloti|cpv|nomenclature|conclu pour|"
    r"duree (?:du|de)|\bnotees?\b|note\b.{0,20}(?:sur|maximale|obtenue)|"
    r"critere|classement|ponder|tribunal|renseignements? (?:d'ordre|peu)|estime|montant maximum|"
    r"sans minimum|telechargeable|disponible a l'adresse|est attribue|attribution|a titre indicatif|"
    r"dossier de consultation (?:comprend|contient|se compose)|dossier comprend|variantes? n'est|"
    r"variantes? (?:est|sont|"
    r"ne)|acheteur|collectivite choisit|prime\b"
)
BUYER_DUTY = re.compile(
    r"^(?:\W|toutefois,? |cependant,? |neanmoins,? )*(?:le |l'|la )(?:pouvoir adjudicateur|acheteur|"
    r"maitre d'ouvrage|agence|commission|collectivite|representant du pouvoir|entite adjudicatrice|"
    r"commune|administration|personne publique|dossier de consultation|delai global|marche (?:est|"
    r"sera)|accord-cadre (?:est|sera)|date limite)[^,;:]{0,60} (?:se reserve|doit|devra|peut|pourra|repond|"
    r"est|s'engage|examine|choisi|attribu|engage|invite|adresse|verifi|negoci)"
)
WAIVER = re.compile(
    r"(?:ne (?:sont|est|seront|sera) pas|n'est pas|non) (?:tenue?s?|obligatoire|exigee?|requise?|"
    r"oblige)|pas obligatoire|facultati|peu(?:t|vent) (?:egalement )?(?:effectuer|etre|demander|"
    r"presenter|remettre|utiliser|librement)|se reserve|il est conseille|recommande"
)
NOISE = re.compile(
    r"^(?:\W*(?:article|chapitre|sommaire|page)\b.{0,60})$|^\W*$|tribunal|\brefere\b|recours|introduit|"
    r"note (?:maximale|obtenue|attribuee|totale)|notation|est notee?|formule de calcul|^nota"
)

#: What is so, or what the buyer does, said with words that elsewhere command.
NO_DUTY = re.compile(
    r"aucune?s? [^.;]{0,60}(?:n'est|ne sont|ne sera) (?:pas )?(?:impose|preconise|exige|prevu|demande|requis)|"
    r"soumise?s? aux dispositions|passee?s? en application|emission de bons? de commande|"
    r"(?:seront|sont|est|sera) (?:payee?s?|financee?s?|reglee?s?|versee?s?)\b|accuse de reception|"
    r"(?:reponse|information)s? (?:sera|seront|est)(?: alors)? (?:adressee|communiquee|transmise|envoyee)|"
    r"(?:contient|comprend|classification[^.]{0,60}(?:est|sont)|reparties? en [^.]{1,12} lots?[^.]{0,6}) ?"
    r"(?:les (?:pieces|documents) (?:suivante?s|ci-(?:dessous|apres)))? ?:$|"
    r"(?:pieces|documents|justificatifs|elements|dossiers) (?:suivante?s|ci-(?:dessous|apres)) ?:$|"
    r"(?:pouvoir adjudicateur|acheteur|maitre d'ouvrage) (?:peut|pourra) (?:decider|demander)|"
    r"offre la mieux classee (?:sera|est) retenue|^\W*il s'agit d|(?:n'ont|n'a) pas a |il n'est pas prevu|"
    r"(?:ne sont|n'est|ne sera|ne seront) pas (?:autorise|admis|alloti|prevu|demande|necessaire)|"
    r"^\W*(?:le |la |les )[^,.]{0,50} (?:est|sont) joints? au (?:dossier|dce)\b|"
    r"^\W*(?:il est (?:ensuite )?|le (?:marche|contrat) est |ou )?(?:reconductible|renouvelable)|aucune indemnite"
)

#: What only opens a list.
LEAD_IN = re.compile(
    r"^[^:;]{0,110}(?:suivante?s?|ci-dessous|ci-apres|comprend|comporte\w*|contien\w+|fourni\w+|remet\w*|produi\w+|"
    r"compose\w*|separes|candidature|offre) ?:$"
)

CATEGORIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("site_visit", re.compile(r"visite|reconnaissance des lieux")),
    (
        "deadline",
        re.compile(
            r"date limite|date et (?:l')?heure|au plus tard|dans un delai|hors delai|delai de validite|"
            r"tenu[es]* par (?:son|leur|sa)|avant le \d|avant la date|dans les \d+ jours"
        ),
    ),
    (
        "environmental",
        re.compile(
            r"environnement|carbone|dechets?|energie|recycl|ecolog|eco-?conception|biodivers|emission|"
            r"durable|\beau\b|carburant|rgesn|pollu|vegetal|bio\b|ecolabel|reemploi"
        ),
    ),
    (
        "social",
        re.compile(
            r"insertion|social|handicap|egalite|emploi|salaries|reprise du personnel|diversite|"
            r"apprenti"
        ),
    ),
    (
        "data_protection",
        re.compile(
            r"donnees (?:a caractere )?personnel|rgpd|\b2016/679\b|confidentialite|secret|"
            r"violation de donnees|hebergement"
        ),
    ),
    (
        "submission",
        re.compile(
            r"plis?\b|voie electronique|plate-?forme|profil d'acheteur|demateriali|copie de sauvegarde|"
            r"format|fichier|signature|signe|depot|depose|virus|enveloppe|zip|\bmo\b|langue francaise|"
            r"en francais|euros"
        ),
    ),
    (
        "financial",
        re.compile(
            r"\bprix\b|bordereau|\bbpu\b|\bdpgf\b|\bdqe\b|montant|tarif|factur|remise commerciale|"
            r"devis|chiffre d'affaires|acompte|caution|retenue de garantie|avance"
        ),
    ),
    (
        "administrative",
        re.compile(
            r"\bdc ?[124]\b|dume|attestations?|certificats?|declaration|candidature|assurances?|kbis|"
            r"groupement|mandataire|sous-trait|habilitation|redressement|interdiction de soumissionner|"
            r"references?|capacite|pouvoir"
        ),
    ),
    (
        "contractual",
        re.compile(
            r"titulaire|penalite|garantie|execution du (?:marche|contrat)|ccap|ordre de service|"
            r"reception des|astreinte|delai d'execution|bon de commande"
        ),
    ),
)
MIN_LENGTH, MAX_LENGTH = 18, 700
SKIPPED_TITLES = re.compile(
    r"recours|contenu du (?:dce|dossier de (?:la )?consultation)|sommaire|voies et delais|litige|contentieux"
)
#: Under these titles only what the bidder must do counts, not how its offer is marked.
JUDGING_TITLES = re.compile(
    r"jugement|jugee?s|attribution|criteres?|notation|choix|examen|classement|"
    r"selection"
)
BIDDER = re.compile(r"candidats?|attributaires?|titulaires?|soumissionnaires?|entreprises?|laureats?")
#: What the winner hands in before the contract is signed, however the sentence begins.
WINNER_DUTY = re.compile(
    r"(?:candidats?|attributaires?|titulaires? pressenti|il|elle)[^.]{0,220}(?:produi|fourni|remet|"
    r"transm)[^.]{0,200}(?:delai|jours|sous )"
)
CONTENT_LEAD = re.compile(
    r"\b(?:doi|devr|comprend|contien|comport|precis|decri|detaill|indiqu|develop|present|expos|trait|"
    r"abord|respect|exig|minimal|justifi|permett|s'engage|conditionnent|obligation|points|elements|"
    r"rubriques)\w*[^:]{0,90}:?\s*$"
)
OTHER_LIST = re.compile(
    r"dossier de consultation|\bdce\b|criteres?|pieces (?:suivantes|ci|relatives|de la)|"
    r"documents suivants|\blots?\b|cpv|candidature (?:se|est|comp|reunit|comporte|contient)|"
    r"l'offre (?:comprend|se compose|comporte|contient)|formats? accept|personnes|tribunal|adresse"
)

#: What sounds like a duty and asks nothing of the bidder.
NO_DUTY = re.compile(
    r"n'est en rien|aucune negociation|(?:ne sera|n'est) (?:pas )?(?:procede|engage)e?s? |"
    r"ne souhaite imposer|^(?:objet|lots?|nature des prestations|criteres?\b[^:]{0,40}|date limite[^:]{0,40}) ?:"
)


def find_requirements(reading: Reading) -> tuple[RequirementItem, ...]:
    """Return the obligations in reading order, coded "R-001" and on."""
    found: list[RequirementItem] = []
    seen: set[str] = set()
    for block, start, end in _statements(reading):
        text = " ".join(block.text[start:end].split()).strip(" -•;")
        key = " ".join(words(text))
        quote = reading.quote(block, start, end)
        if quote and key not in seen and len(text) >= MIN_LENGTH and not NO_DUTY.search(fold(text)):
            seen.add(key)
            found.append(_to_item(len(found) + 1, block, text[:MAX_LENGTH], quote))
    return tuple(found)


def _to_item(position: int, block: Block, text: str, quote: str) -> RequirementItem:
    return RequirementItem(
        code=f"R-{position:03d}",
        text=text[:1].upper() + text[1:],
        category=_category(block, fold(text)),
        mandatory=not re.search(
            r"de preference|souhait|dans la mesure du possible|invites? a|le cas echeant|facultati|"
            r"conseill",
            fold(text),
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
    for block, part in find_parts(reading.blocks):
        if (
            block.kind == "heading"
            or part_named_alone(block)
            or (block.trail and SKIPPED_TITLES.search(block.trail[-1]))
        ):
            continue
        if block.kind == "row":
            yield from _in_row(block)
        elif block.kind == "bullet" and part and is_paper_list(block) and not CONSTRAINED.search(block.folded):
            continue
        elif block.kind == "bullet" and _is_obliged_list(block):
            yield block, 0, len(block.text)
        else:
            yield from _in_text(block)


def _in_row(block: Block) -> Iterator[tuple[Block, int, int]]:
    strong = CONSTRAINED.search(block.folded) or re.search(
        r"\bdoi(?:t|vent)\b|\bdevr(?:a|ont)\b|obligatoire|imperativ|exige|impose", block.folded
    )
    telling = [cell for cell in block.cells if len(cell) > 3 and not re.match(r"obligatoire|oui|exige", fold(cell))]
    if (
        strong
        and len(telling) > 1
        and len(block.text) > 40
        and len(block.cells) <= 4
        and not re.match(r"libelle|pieces?|documents?", block.folded)
    ):
        yield block, 0, len(block.text)


#: A paper in a list whose form is prescribed is an obligation of its own.
CONSTRAINED = re.compile(
    r"obligatoire|maximum|au plus|au moins|minimum|aucune |sans en|dument|traite|precisant|au format|"
    r"sous peine|doit|devra|imperativ|chacune? |signee?s? |limite|tableur|supprim|modifi|integralement|entierement"
)


def _is_obliged_list(block: Block) -> bool:
    lead = re.split(r"\.\s", block.lead)[-1]
    return bool(CONTENT_LEAD.search(lead)) and not (OTHER_LIST.search(lead) or BUYER_DUTY.search(lead))


def _in_text(block: Block) -> Iterator[tuple[Block, int, int]]:
    judging = bool(block.trail and JUDGING_TITLES.search(block.trail[-1]))
    for start, end in split_sentences(block.text):
        sentence = block.folded[start:end]
        if _is_duty(sentence) and not (judging and not BIDDER.search(sentence)):
            yield block, start, end


#: The number of a clause in front of its first sentence.
CLAUSE_NUMBER = re.compile(r"^\W*(?:art(?:icle|\.)? ?)?\d{1,2}(?:\.\d{1,2})+ ?[.:)-]* ?")
#: A bound that holds although the same sentence allows something.
BOUND = re.compile(
    r"ne (?:peut|peuvent|pourra|pourront|saurait|sauraient)\b[^.;]{0,80}(?:plus de|plus d'|exceder|depasser)"
)


def _is_duty(sentence: str) -> bool:
    sentence = CLAUSE_NUMBER.sub("", sentence)
    if NOISE.search(sentence) or len(sentence) < MIN_LENGTH:
        return False
    if WINNER_DUTY.search(sentence) or BOUND.search(sentence):
        return True
    if NO_DUTY.search(sentence):
        return False
    if LEAD_IN.search(sentence) and not re.search(r"\bdoi(?:t|vent)|obligat|imperat|devr", sentence):
        return False
    if BUYER_DUTY.search(sentence):
        return False
    if re.search(
        r"sous peine|a peine d|imperativ|obligatoire(?!s? ?:)(?! pour l'acheteur)", sentence
    ) and not re.search(r"n'est pas obligatoire|non obligatoire", sentence):
        return True
    if WAIVER.search(sentence):
        return False
    stated = re.sub(r"^[^:.;]{0,60} : ", "", sentence)
    return bool(DUTY.search(sentence)) or bool(
        SUBJECT.match(stated) and not PERMISSION.search(sentence) and not PROCEDURAL.search(sentence)
    )
