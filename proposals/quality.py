"""
How good a section's text is, in published parts: never one opaque number.

Source: docs/generation.md, "Quality score".
"""

from __future__ import annotations

import re

from proposals.engines.offline.folding import fold
from proposals.grounding.claims import read_claims
from proposals.grounding.gaps import blank_gaps
from proposals.grounding.names import find_names
from proposals.grounding.terms import Terms
from proposals.writing import Grounding, Quality, SectionBrief, Statement

#: What each part counts in the score; together 1.
WEIGHTS = {"coverage": 0.4, "evidence": 0.3, "specificity": 0.2, "length": 0.1}
DECIMALS = 3

#: What an optional requirement counts beside a mandatory one.
OPTIONAL = 0.5

#: What a statement counts for specificity: about this tender, about something definite, a phrase that fits any tender.
ABOUT_THIS_TENDER = 1.0
DEFINITE = 0.5
STOCK_PHRASE = -0.5
#: Words of the tender that make a statement one about it.
TENDER_WORDS = 2
#: Mean from which a text is as specific as can be asked: not every sentence has to name the tender.
SPECIFIC_ENOUGH = 0.6

#: Share of the budget from which on a text is long enough, up to which it is not too long, and at which it is worth 0.
LONG_ENOUGH = 0.8
NOT_TOO_LONG = 1.1
FAR_TOO_LONG = 1.6

#: Phrases that say nothing about anybody.
_STOCK = re.compile(
    r"leaders? (?:du|sur|de|incontest)|savoir-faire (?:reconnu|unique|eprouve)|a votre ecoute|a l'ecoute d|"
    r"dans les meilleurs delais|meilleur rapport|haute qualite|qualite irreprochable|clef? en mains?|sur mesure|"
    r"equipe (?:dynamique|passionnee|a taille humaine|experimentee et)|forte? de (?:son|notre|nos|ses) experience|"
    r"satisfaction (?:client|totale)|repondre a (?:tous )?vos besoins|toutes? vos attentes|solutions? innovantes?|"
    r"nous (?:mettons|mettrons) tout en œuvre|partenaire (?:de confiance|privilegie)|partenaire ideal|"
    r"reactivite et (?:professionnalisme|disponibilite)|depuis de nombreuses annees|notre priorite|excellence"
)
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")


def measure(text: str, brief: SectionBrief, grounding: Grounding) -> Quality:
    """Return the parts of a text's quality and their weighted mean."""
    parts = {
        "coverage": _coverage(brief, grounding),
        "evidence": _evidence(grounding),
        "specificity": _specificity(text, brief, grounding),
        "length": _length(text, brief),
    }
    score = sum(WEIGHTS[name] * part for name, part in parts.items())
    return Quality(score=round(score, DECIMALS), **{name: round(part, DECIMALS) for name, part in parts.items()})


def count_words(text: str) -> int:
    """Return the words of a Markdown text; its gaps count none."""
    return len(_WORD.findall(blank_gaps(text)))


def _own_statements(grounding: Grounding) -> list[Statement]:
    """What the text states of the bidder: not what it only repeats from the RC."""
    library = {source.key for source in grounding.sources if source.kind == "library"}
    return [item for item in grounding.statements if not item.sources or library.intersection(item.sources)]


def _coverage(brief: SectionBrief, grounding: Grounding) -> float:
    weights = {item.source.id: 1.0 if item.mandatory else OPTIONAL for item in brief.requirements}
    if not weights:
        return float(any(item.sources for item in _own_statements(grounding)))
    return sum(weights[key] for key in grounding.covered_requirement_ids if key in weights) / sum(weights.values())


def _evidence(grounding: Grounding) -> float:
    own = _own_statements(grounding)
    proven = [item for item in own if item.sources and not _has_violation(item, grounding)]
    return len(proven) / len(own) if own else 0.0


def _has_violation(statement: Statement, grounding: Grounding) -> bool:
    return any(statement.start <= found.start < statement.end for found in grounding.violations)


def _specificity(text: str, brief: SectionBrief, grounding: Grounding) -> float:
    own = _own_statements(grounding)
    if not own:
        return 0.0
    terms = Terms()
    tender = frozenset(terms.of(_said_of_the_tender(brief)))
    points = [_points(text[item.start : item.end], tender, terms) for item in own]
    return min(1.0, max(0.0, sum(points) / len(points) / SPECIFIC_ENOUGH))


def _points(statement: str, tender: frozenset[str], terms: Terms) -> float:
    if _STOCK.search(fold(statement)):
        return STOCK_PHRASE
    if len(tender.intersection(terms.of(statement))) >= TENDER_WORDS:
        return ABOUT_THIS_TENDER
    definite = read_claims(statement) or any(not name.begins for name in find_names(statement))
    return DEFINITE if definite else 0.0


def _said_of_the_tender(brief: SectionBrief) -> str:
    tender = brief.tender
    parts = [tender.object, tender.buyer, *tender.lots, brief.criterion.name if brief.criterion else ""]
    return " ".join([*parts, *(item.source.text for item in brief.requirements)])


def _length(text: str, brief: SectionBrief) -> float:
    ratio = count_words(text) / brief.words_budget
    if ratio < LONG_ENOUGH:
        return ratio / LONG_ENOUGH
    return min(1.0, max(0.0, (FAR_TOO_LONG - ratio) / (FAR_TOO_LONG - NOT_TOO_LONG)))
