"""The French that the offline writer adds: what a section answers, what the buyer asks, where else it is answered."""

from __future__ import annotations

import re
from collections.abc import Sequence

from proposals.engines.offline.folding import fold, squash
from proposals.grounding.gaps import make_gap
from proposals.grounding.names import LINKS
from proposals.writing import Criterion, RequirementToCover, SectionBrief

#: No line is broken here.
NBSP = "\u00a0"

#: At the head of a quotation nobody knows whom these stand for.
_PRONOUN = re.compile(r"^(?:Ils?|Elles?|Celui-ci|Celle-ci|Ceux-ci|Celles-ci) ")
#: Quotation marks inside quotation marks.
_INNER_QUOTES = str.maketrans("«»", "“”")

#: Kinds of buyers by the first word of their name, with their article.
_ARTICLES = {
    "la": "agence association caisse chambre collectivite commune communaute direction ecole eurometropole "
    "fondation mairie "
    "metropole mission prefecture regie region societe universite ville",
    "le": "centre centre-hospitalier college conseil conservatoire departement gouvernement groupement institut lycee "
    "ministere musee parc pole port rectorat secretariat service syndicat territoire",
}
_ARTICLE_OF = {word: article for article, names in _ARTICLES.items() for word in names.split()}
_VOWEL = re.compile(r"[aeiouyœ]")
#: "Centre hospitalier", "Chambre régionale": the adjective belongs to the short name.
_ADJECTIVE = re.compile(r"(?:hospitalier|universitaire|regional|departemental|municipal|national|general|mixte)e?\b")


def open_section(brief: SectionBrief, asked: RequirementToCover | None) -> str:
    """
    Return the first paragraph: which criterion of which consultation the section answers.

    Args:
        asked: the requirement that the section as a whole answers, if there is one.
    """
    sentences = [f"{_subject_of(brief)}{_consultation_of(brief)}."]
    if asked is not None:
        sentences.append(f"{name_buyer(brief, capital=True)} y demande{NBSP}: {_said(asked, brief)}{place_of(asked)}.")
    return " ".join(sentences)


def announce(requirements: Sequence[RequirementToCover], brief: SectionBrief) -> str:
    """Return what the buyer asks, in the RC's words where they stand there, as one paragraph or a list."""
    buyer = name_buyer(brief, capital=True)
    if len(requirements) == 1:
        only = requirements[0]
        return f"**{buyer} demande**{place_of(only)}{NBSP}: {_said(only, brief)}."
    lines = [f"- {_said(item, brief)}{place_of(item)}" for item in requirements]
    return f"**{buyer} demande**{NBSP}:\n\n" + f"{NBSP};\n".join(lines) + "."


def refer(titles: Sequence[str]) -> str:
    """Return the sentence that says in which other sections something is answered."""
    named = [f"section «{NBSP}{title}{NBSP}»" for title in titles]
    return f"Ce point est traité dans la {' et dans la '.join(named)}."


def report_gap(requirement: RequirementToCover) -> str:
    """Return the marker of a requirement that no passage answers."""
    return make_gap(f"{_inside_a_sentence(requirement.source.text)}{place_of(requirement)}")


def report_partial(requirement: RequirementToCover, title: str) -> str:
    """Return the marker of a requirement that a passage answers in part at most."""
    asked = f"{_inside_a_sentence(requirement.source.text)}{place_of(requirement)}"
    return make_gap(f"vérifier que le passage «{NBSP}{title}{NBSP}» répond à la demande{NBSP}: {asked}")


def report_empty(brief: SectionBrief) -> str:
    """Return the marker of a section for which nothing was found and nothing in particular is asked."""
    if brief.criterion is None:
        return make_gap(_inside_a_sentence(brief.title))
    criterion = f"répondre au {_name_criterion(brief.criterion).rstrip(',')}"
    names_it = fold(brief.title) == fold(brief.criterion.name)
    return make_gap(criterion if names_it else f"{_inside_a_sentence(brief.title)}, pour {criterion}")


def report_expired(title: str) -> str:
    """Return the marker of a passage whose last day has passed."""
    return make_gap(
        f"vérifier et actualiser ce qui suit{NBSP}: la validité du passage «{NBSP}{title}{NBSP}» est dépassée"
    )


def name_buyer(brief: SectionBrief, *, capital: bool = False) -> str:
    """Return the buyer in short, with its article: "l’Agence", "la Commune"; "l’acheteur" when its kind is unknown."""
    name = brief.tender.buyer
    kind = _kind_of(name)
    short = f"{kind[0]}{kind[1]}" if kind else "l’acheteur"
    return short[:1].upper() + short[1:] if capital else short


def place_of(requirement: RequirementToCover) -> str:
    """Return where the RC says it: " (RC, art. 5.4, p. 9)"."""
    if requirement.source.page is None:
        return ""
    article = f"art.{NBSP}{requirement.article}, " if requirement.article else ""
    return f" (RC, {article}p.{NBSP}{requirement.source.page})"


def _subject_of(brief: SectionBrief) -> str:
    if brief.criterion is None:
        return f"La section «{NBSP}{brief.title}{NBSP}» fait partie de la réponse à la consultation"
    return f"Cette section répond au {_name_criterion(brief.criterion)} de la consultation"


def _name_criterion(criterion: Criterion) -> str:
    kind = "sous-critère" if "." in (criterion.number or "") else "critère"
    number = f" {criterion.number}" if criterion.number else ""
    return f"{kind}{number} «{NBSP}{criterion.name}{NBSP}»{_weight_of(criterion)}"


def _weight_of(criterion: Criterion) -> str:
    if criterion.weight is None:
        return ""
    number = f"{criterion.weight:g}".replace(".", ",")
    if criterion.unit == "points":
        return f", noté sur {number} point{'s' if criterion.weight >= 2 else ''},"
    return f", pondéré à {number}{NBSP}%,"


def _consultation_of(brief: SectionBrief) -> str:
    """The consultation, in full in the first section only: a reader of the proposal has it in mind after that."""
    tender = brief.tender
    name = f" {tender.reference}".rstrip()
    if brief.outline[:1] != (brief.title,):
        return name
    buyer = f" lancée par {_full_buyer(tender.buyer)}" if tender.buyer else ""
    return f"{name}{buyer}" + (f"{NBSP}: «{NBSP}{tender.object}{NBSP}»" if tender.object else "")


def _full_buyer(name: str) -> str:
    kind = _kind_of(name)
    if kind is None:
        return _without_shouting(name)
    article, _ = kind
    return f"{article}{_without_shouting(name)}"


def _without_shouting(name: str) -> str:
    """A name in capitals as it is written in a sentence: "VILLE DE CASTELMURE" is the "Ville de Castelmure"."""
    if not name.isupper():
        return name
    return " ".join(word.lower() if word.lower() in LINKS else word.capitalize() for word in name.split())


def _kind_of(name: str) -> tuple[str, str] | None:
    """Return the article of a buyer, with its blank, and its kind ("Centre hospitalier")."""
    parts = re.sub(r"^(?:L['’]|La |Le )", "", name).split()
    article = _ARTICLE_OF.get(fold(parts[0])) if parts else None
    if article is None:
        return None
    kind = parts[0].capitalize() if parts[0].isupper() else parts[0]
    if len(parts) > 1 and _ADJECTIVE.match(fold(parts[1])) and fold(parts[0]) != "agence":
        kind = f"{kind} {parts[1]}"
    return ("l’" if _VOWEL.match(fold(kind)) else f"{article} "), kind


def _said(requirement: RequirementToCover, brief: SectionBrief) -> str:
    """What a requirement says: between quotation marks when the RC says it in these words."""
    text = _inside_a_sentence(requirement.source.text).translate(_INNER_QUOTES)
    flat = squash(requirement.source.text).lower().rstrip(".;")
    is_verbatim = any(flat in squash(page).lower() for page in brief.rc_pages)
    return f"«{NBSP}{text}{NBSP}»" if is_verbatim else text


def _inside_a_sentence(text: str) -> str:
    plain = _PRONOUN.sub("(…) ", " ".join(text.split()).rstrip(" .;:"))
    lowered = plain[:1].lower() + plain[1:]
    begins_plainly = plain[1:2].islower() or plain[1:2] in "’' "
    return lowered if begins_plainly else plain
