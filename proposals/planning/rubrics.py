"""
The rubrics of the standard plan: what a technical proposal may have to speak of, in the usual order.

Source: docs/generation.md, "The standard plan".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from proposals.engines.offline.folding import fold


@dataclass(frozen=True)
class Rubric:
    """
    One rubric.

    Args:
        key: its name in the closed list of keys.
        title, guidance: French, for the section.
        calls: what in a folded text of the buyer calls for it.
    """

    key: str
    title: str
    guidance: str
    calls: re.Pattern[str]


RUBRICS: tuple[Rubric, ...] = (
    Rubric(
        "understanding",
        "Compréhension du besoin et des enjeux",
        "Reformuler le besoin de l’acheteur, ses contraintes et ses enjeux ; nommer les risques et la réponse "
        "à chacun.",
        re.compile(r"comprehension|contexte|enjeux|\bbesoins?\b|analyse des risques|maitrise des risques|pertinence"),
    ),
    Rubric(
        "company",
        "Présentation de l’entreprise",
        "Présenter l’entreprise en quelques lignes : activité, taille, implantation, certifications utiles au marché.",
        re.compile(r"presentation (?:de l'entreprise|du candidat|de la societe|du groupement)|chiffre d'affaires"),
    ),
    Rubric(
        "team",
        "Moyens humains",
        "Nommer qui fait quoi : organigramme, qualifications, expérience, taux d’affectation, remplacement.",
        re.compile(
            r"equipes?\b(?! (?:de l'(?:agence|acheteur|administration)|du|de la (?:commune|ville|"
            r"collectivite)))|moyens humains|effectifs?\b|organigramme|\bcv\b|curriculum|intervenants?\b|"
            r"encadrement|competences?\b|"
            r"personnels?\b|qualifications?\b|(?:chef|directeur|responsable|conducteur) de (?:projet|chantier|travaux)|"
            r"taux d'affectation|experience"
        ),
    ),
    Rubric(
        "equipment",
        "Moyens matériels",
        "Décrire les matériels, locaux et outils affectés au marché, et leur disponibilité.",
        re.compile(
            r"moyens? (?:humains et )?materiels?|equipements?\b|engins?\b|outillage|vehicules?\b|locaux|"
            r"cuisine (?:centrale|de secours)|\bparc\b"
        ),
    ),
    Rubric(
        "methodology",
        "Méthodologie d’exécution",
        "Décrire, phase par phase, ce qui est fait, par qui, quand, avec quel livrable et quel contrôle.",
        re.compile(
            r"methodolog|methodes?\b|demarche|modes? operatoires?|\bconception|\bsolution\b|procedes?\b|mise en œuvre|"
            r"execution des (?:prestations|travaux)|agiles?\b|cycles? de developpement|production"
        ),
    ),
    Rubric(
        "organisation",
        "Organisation et pilotage",
        "Dire comment le marché est piloté : interlocuteurs, instances, comptes rendus, indicateurs suivis.",
        re.compile(
            r"organisation|pilotage|gouvernance|comites?\b|tableaux? de bord|reunions?\b|interlocuteur|"
            r"comptes? rendus?|"
            r"coordination"
        ),
    ),
    Rubric(
        "planning",
        "Planning et délais",
        "Donner le calendrier détaillé, les jalons, les marges et ce qui est fait en cas de retard.",
        re.compile(
            r"planning|calendrier|delais?\b|phasage|ordonnancement|livraisons?\b|livrer|duree d'execution|"
            r"echeancier|jalons?\b"
        ),
    ),
    Rubric(
        "quality",
        "Qualité et contrôles",
        "Décrire les contrôles, les tests, les critères d’acceptation et le traitement des écarts.",
        re.compile(
            r"qualites?\b|controles?\b|tests?\b(?! d'intrusion)|testee?s?|recette|integration continue|"
            r"dette technique|\bnormes?\b|accessibilite|"
            r"rgaa|tracabilite|fiches? techniques?|ergonomie|non-conformite|code source|standards? ouverts?"
        ),
    ),
    Rubric(
        "safety",
        "Sécurité, hygiène et santé",
        "Donner les risques de chaque tâche et les mesures de prévention, pour le personnel et pour les usagers.",
        re.compile(
            r"securite (?:des personnes|(?:du|de) chantier|et (?:d')?hygiene|et sante|alimentaire|en site)|"
            r"hygiene|\bsps\b|"
            r"ppsps|\bsante\b|prevention|amiante|acces des secours|site occupe|haccp|maitrise sanitaire|"
            r"temperature|procedure de rappel|travaux bruyants"
        ),
    ),
    Rubric(
        "environment",
        "Démarche environnementale",
        "Chiffrer ce qui est fait pour l’environnement dans ce marché : déchets, énergie, transports, mesure "
        "des effets.",
        re.compile(
            r"environnement|dechets?\b|carbone|eco-?conception|sobriete|energ|biosource|recycl|reemploi|rgesn|"
            r"soged|durables?\b|"
            r"biologique|emballages?\b|\beau\b|carburants?\b|durablement|consommation electrique|reparabilite|"
            r"reconditionn"
        ),
    ),
    Rubric(
        "social",
        "Engagements sociaux",
        "Chiffrer l’insertion et les engagements sociaux pris pour ce marché, et la façon d’en rendre compte.",
        re.compile(r"insertion|socia(?:l|le|les|ux)\b|handicap|\brse\b|egalite|eloignees? de l'emploi|apprenti"),
    ),
    Rubric(
        "data_security",
        "Sécurité des systèmes d’information et protection des données",
        "Décrire l’hébergement, les sauvegardes, la gestion des accès et des incidents, la conformité au RGPD.",
        re.compile(
            r"\bdonnees\b|rgpd|securite (?:des systemes|informatique|logicielle)|securite, |cybersecurite|hebergement|"
            r"sauvegardes?\b|intrusion|passi\b|registre des traitements|violation de donnees|"
            r"caractere personnel|secnumcloud|confidentialite|\bsecret\b|chiffree?s\b|reprise d'activite|"
            r"supervision|pci-dss|\barchitecture\b"
        ),
    ),
    Rubric(
        "service",
        "Support, maintenance et niveaux de service",
        "S’engager sur la disponibilité, les délais de prise en compte et de rétablissement, et dire comment "
        "ils sont mesurés.",
        re.compile(
            r"maintenance|\bsupport\b|\bsav\b|apres-vente|disponibilite|incidents?\b|niveaux? de service|"
            r"\bsla\b|astreinte|"
            r"garanties?\b|pieces detachees|assistance|\bgti\b|\bgtr\b"
        ),
    ),
    Rubric(
        "transition",
        "Transition et réversibilité",
        "Décrire la prise en charge, la reprise de l’existant et la restitution en fin de marché.",
        re.compile(r"transition|reversibilite|reprise (?:des|sans)|prise en charge|migration|restitu"),
    ),
    Rubric(
        "training",
        "Formation et transfert de compétences",
        "Dire qui est formé, à quoi, combien de temps, par qui, et comment les acquis sont vérifiés.",
        re.compile(r"formations?\b|\bformer\b|transfert de competences|prise en main"),
    ),
    Rubric(
        "subcontracting",
        "Sous-traitance et groupement",
        "Dire ce qui est confié à d’autres, à qui, et comment le titulaire en reste responsable.",
        re.compile(r"sous-traitan(?:ce|ts)|cotraitan"),
    ),
    Rubric(
        "references",
        "Références",
        "Citer des marchés comparables par leur objet, leur taille et leur durée, avec les résultats obtenus.",
        re.compile(r"references? (?:comparables?|similaires?|equivalentes?|de (?:prestations|travaux|services))"),
    ),
    Rubric(
        "commitments",
        "Engagements et indicateurs",
        "Récapituler les engagements : qui, quoi, quand, combien, et comment on le vérifie.",
        re.compile(r"engagements? (?:de|sur)|indicateurs?\b|penalites"),
    ),
)

BY_KEY = {rubric.key: rubric for rubric in RUBRICS}
ORDER = {rubric.key: number for number, rubric in enumerate(RUBRICS)}

#: Where a requirement goes when no section speaks of its own rubric.
RELATED: dict[str, tuple[str, ...]] = {
    "understanding": ("methodology",),
    "company": ("team", "references"),
    "team": ("organisation",),
    "equipment": ("methodology", "team"),
    "methodology": ("organisation", "quality"),
    "organisation": ("team", "methodology", "planning"),
    "planning": ("organisation", "methodology"),
    "quality": ("methodology",),
    "safety": ("methodology", "quality"),
    "environment": ("social", "quality"),
    "social": ("environment", "team"),
    "data_security": ("quality", "service"),
    "service": ("data_security", "organisation", "quality"),
    "transition": ("planning", "service"),
    "training": ("transition", "service", "organisation", "team"),
    "subcontracting": ("team", "organisation"),
    "references": ("company",),
    "commitments": ("service", "quality"),
}

#: What the kind of contract calls for, whatever the RC says.
BY_CONTRACT: dict[str, tuple[str, ...]] = {
    "works": ("understanding", "team", "equipment", "methodology", "planning", "quality", "safety", "environment"),
    "services": ("understanding", "team", "methodology", "organisation", "quality"),
    "supplies": ("understanding", "planning", "quality", "service"),
}


def count_calls(text: str) -> dict[str, int]:
    """Return how often a text calls for each rubric, for those that it does call for."""
    folded = fold(text)
    counts = {rubric.key: len(set(rubric.calls.findall(folded))) for rubric in RUBRICS}
    return {key: count for key, count in counts.items() if count}


def best_rubric(text: str) -> str | None:
    """Return the key of the rubric that a text calls for most; the first of the standard plan among equals."""
    counts = count_calls(text)
    return min(counts, key=lambda key: (-counts[key], ORDER[key]), default=None)
