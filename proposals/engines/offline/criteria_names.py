"""The name and the weight of one criterion, cut out of the words around them."""

from __future__ import annotations

import re
from typing import NamedTuple

from proposals.analysis import WeightUnit
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.folding import fold, tidy

_NUMBER = r"(?P<{0}>\d{{1,3}}(?:[.,]\d{{1,2}})?)"
WEIGHT = re.compile(
    rf"(?:{_NUMBER.format('percent')}\s?(?:%|pour ?cent|p\. ?100)|"
    rf"{_NUMBER.format('points')}\s?(?:points?\b|pts?\b|/ ?100\b)|"
    rf"(?:sur|/)\s?{_NUMBER.format('out_of')}(?:\s?(?:points?|pts?)\b)?(?!\s?[/%\d])(?! ?(?:ans?|mois|"
    rf"jours?|annees?|semaines?|sites?|lots?|pages?)\b)|(?:coefficient|coef\.?|ponderation|"
    rf"poids)\s*(?:de |d[eu] |:|=)?\s*{_NUMBER.format('factor')}(?![\d%]))"
)
LABEL = re.compile(
    r"^[\W]*(?:le |la |les |l'|un |une )?(?:(?P<order>premier|deuxieme|second|troisieme|quatrieme|"
    r"cinquieme) )?(?:(?P<sub>sous[- ]?criteres?)|(?P<word>criteres?|elements?))\b\s*"
    r"(?:(?:d[eu] |de la )?(?:jugement|notation|choix|"
    r"attribution) )?(?:n ?°\s*)?(?P<number>[\da-z](?:[.\-]\d{1,2}|"
    r"[.\-]?[a-z]\b)?\b(?! [a-z]{2,} ))?\s*[:.)\-]?\s*"
)
NUMBERED = re.compile(
    r"^\W*(?P<number>\d{1,2}(?:[.\-]\d{1,2}){0,2}|[a-z]|\d{1,2}[a-z]|"
    r"\d{1,2}\.[a-z])\s?(?:[.)°:/\-]{1,3}\s*|\s+(?=\S))(?=[^\d\s%/])"
)
ARTICLE = re.compile(
    r"^(?:\W*(?:et |puis |enfin,? |ainsi que |pour |d'une part,? |d'autre part,? |sur |dont |soit |"
    r"a savoir |du |de la |de l'|des ))*\W*(?:le |la |les |l')?(?:criteres? (?=(?:du |de la |de l'|de |"
    r"des |prix|valeur|technique|delai|environ|social)))?(?:du |de la |de l'|des )?"
)
NAME_CUT = re.compile(
    r"\s*(?:[:;(]\s*$|,? ?(?:jugee?s?|appreciee?s?|evaluee?s?|notee?s?|ponderee?s?|analysee?s?|"
    r"calculee?s?|affectee?s? (?:d'|de )|comptant|compte(?:ra)? (?:pour|a)|represente|intervient|"
    r"decomposee?|a hauteur|qui (?:compte|sera|represente)|est (?:note|pondere|apprecie|juge)\w*|"
    r"sera (?:note|pondere|apprecie|juge)\w*)\b.*$|"
    r"(?:,| pour| a hauteur de) [a-z -]{2,30} (?:pour ?cent|points)\b.*$|(?:,| -|;)? ?(?:au regard|"
    r"au vu|sur la base|en fonction|a partir|d'apres|a l'aide|compte tenu|selon les|sur le fondement|"
    r"resultant)\b.*$|\s(?:compte pour(?: les)?|pour les|pour|sur|a|avec un|coefficient|ponderation|"
    r"poids|\[|\()\s*:?\s*$|[.…_]{3,}.*$|$)"
)
NOT_A_NAME = re.compile(
    r"^(?:note|la note|formule|total|n\b|offre|soit|moins|plus|montant|tva|taux (?:de (?:la )?tva|de penalite|"
    r"d'avance)|avance|penalite|"
    r"retenue|remise|reponse|critere|sous-critere|ponderation|il|elle|ils|ce|cette|chaque|si|lorsque|"
    r"pour|sur|de|a|en|dont|au|aux|par|100|tres (?:bien|satisfaisant|bon)|satisfaisant|bien|moyen|"
    r"insuffisant|passable|excellent|absence|non |nul|bon|faible|mauvais|correct|conforme|l'offre|"
    r"les offres|le candidat|le nombre|superieur|inferieur|ecart)(?![a-z])"
)
SCALE_NAME = re.compile(
    r"satisfaisant|insuffisant|excellent|absence de|non renseigne|tres bien|moyen\b|incomplet|"
    r"hors sujet|mini|note (?:du|de|obtenue|attribuee|maximale)|\bp ?=|=|\bx ?\(|formule|barème"
)
MAX_NAME = 170


LOT = re.compile(r"\blots?\b\s*(?:n ?°\s*)?(\d{1,2}(?:(?:,| et|-| a) ?\d{1,2})*|[a-z]\b)")


class Named(NamedTuple):
    """A name (empty where there is none), its number, and its depth where a label such as "sous-critère" tells it."""

    name: str
    number: str | None
    depth: int | None


def clean_name(raw: str) -> Named:
    """Return the name of a criterion without number, label, article and what follows it."""
    raw = " ".join(raw.split())
    number, depth = None, None
    label = LABEL.match(fold(raw))
    if label and label.end():
        depth = 1 if label["sub"] else 0 if label["word"] == "critere" and label["number"] else None
        number = label["number"]
        raw = raw[label.end() :]
    else:
        found = NUMBERED.match(fold(raw))
        if found:
            number, raw = found["number"], raw[found.end() :]
    article = ARTICLE.match(fold(raw))
    raw = raw[article.end() :] if article else raw
    cut = NAME_CUT.search(fold(raw), 2)
    name = tidy(raw[: cut.start()] if cut else raw).strip('«»"[ ')
    if name.count("(") > name.count(")"):
        name = tidy(name[: name.rindex("(")]) if name.rindex("(") > 2 else name
    quoted = re.match(r"^« ?([^»]+?) ?»?$", name)
    name = quoted[1] if quoted else name.replace("« ", "« ")
    bad = (
        len(name) < 3
        or len(name) > MAX_NAME
        or not re.search(r"[a-zà-ÿ]{3}", name, re.I)
        or NOT_A_NAME.match(fold(name))
    )
    number = number.replace("-", ".") if number else None
    return Named("" if bad else name[:1].upper() + name[1:], number, depth)


def read_weight(found: re.Match[str]) -> tuple[float, WeightUnit]:
    """Return the value and the unit of a match of WEIGHT; a coefficient counts as points."""
    text = found["percent"] or found["points"] or found["out_of"] or found["factor"]
    return float(text.replace(",", ".")), "percent" if found["percent"] else "points"


def depth_of(number: str | None) -> int:
    """Return how many parts a number has; 0 for none."""
    return len(re.split(r"[.\-]", number)) if number else 0


def lot_of(folded: str) -> str:
    """Return the number of the lot that a text names, or an empty string."""
    found = LOT.search(folded)
    return found[1] if found else ""


def lot_around(block: Block) -> str:
    """Return the lot that the nearest heading or the lead names, for lists of criteria lot by lot."""
    return lot_of(block.lead) or next((lot for title in reversed(block.trail) if (lot := lot_of(title))), "")
