"""What a passage is about, guessed from its title by a small table of French words."""

from __future__ import annotations

import re

from proposals.documents.passages.outline import TITLE_JOINT

#: Beginnings of words without accents, and the kind that they announce; the first line that fits decides.
KIND_WORDS = (
    ("team", "moyens humains|organigramme|cv"),
    ("equipment", "moyens materiels|moyens techniques"),
    ("reference", "reference|realisation|(?:chantier|prestation|marche)s? (?:similaire|comparable)"),
    (
        "data_security",
        "rgpd|donnees|cyber|sauvegarde|confidentialite|"
        "securite (?:informatique|logicielle|des si|du si|des systemes|du systeme)",
    ),
    ("environment", "environnement|developpement durable|carbone|dechet|ecolog|biodiversite|sogedd?|nuisance"),
    ("social", "rse|social|insertion|egalite|handicap|parite|inclusion"),
    ("safety", "securite|sante|sps|ppsps|prevention|risque"),
    ("service", "maintenance|support|sla|sav|apres-vente|garantie|astreinte|assistance|reversibilite|depannage"),
    ("quality", "qualite|controle|autocontrole|iso|certification|indicateur"),
    ("planning", "planning|calendrier|delai|phasage|organisation|ordonnancement|pilotage"),
    ("equipment", "materiel|engin|vehicule|outillage|equipement|parc|locaux"),
    ("team", "equipe|effectif|encadrement|interlocuteur|intervenant|personnel|competence|qualification|chef de projet"),
    ("method", "method|mode operatoire|demarche|approche|execution|deroulement|processus|procedure"),
    ("presentation", "presentation|entreprise|societe|historique|qui sommes|groupe"),
)
PATTERNS = tuple((kind, re.compile(rf"\b(?:{words})")) for kind, words in KIND_WORDS)
UNKNOWN = "other"


def guess_kind(folded_title: str) -> str:
    """
    Return the kind of a passage; "other" when its title says nothing.

    Args:
        folded_title: in small letters without accents. Its last heading decides before those above.
    """
    for part in reversed(folded_title.split(TITLE_JOINT)):
        for kind, pattern in PATTERNS:
            if pattern.search(part):
                return kind
    return UNKNOWN
