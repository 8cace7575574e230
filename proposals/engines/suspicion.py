"""
Passages of a document that speak to a program instead of a bidder.

A sign of an attempt to steer whoever reads the document by machine. Nothing is refused because of it: what rests on
such a passage is not believed, and people are told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from proposals.analysis import AnalysisWarning
from proposals.documents.document import Document, Line, PageText
from proposals.engines.offline.folding import fold

#: Characters after a sign that are not believed either: orders come in several sentences.
REACH = 400

_SIGNS = re.compile(
    r"(?:ignore[zr]?|oublie[zr]?|neglige[zr]?|disregard|forget|override)\b.{0,40}\b"
    r"(?:instructions?|consignes?|directives?|regles|rules|prompts?)\b"
    r"|\b(?:system|systeme) prompt|\b(?:prompt|invite|message|consigne)s? (?:du )?system[e]?\b"
    r"|\b(?:tu es|vous etes|you are) (?:desormais |maintenant |now )?(?:une? |an? )?"
    r"(?:ia|intelligence artificielle|assistant|agent conversationnel|modele de langage|chatbot|ai|language model)\b"
    r"|\b(?:assistant|modele|ia|ai|llm|gpt|claude)s? ?(?:,|:) ?"
    r"(?:ecris|ecrivez|reponds|repondez|ignore|indique|write|answer|say)"
    r"|\b(?:revele[zr]?|affiche[zr]?|communique[zr]?|donne[zr]?|reveal|print|show|send)\b.{0,30}"
    r"\b(?:cles? (?:d')?api|api keys?|mots? de passe systeme|tes (?:instructions|consignes)|vos instructions|"
    r"your (?:instructions|prompt))\b"
    r"|</?(?:system|instructions?|assistant|human|user)>"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a page's text that is not believed, as [start, end): from the line of the sign on."""

    page: int
    start: int
    end: int


def find_suspicious(document: Document) -> tuple[Passage, ...]:
    """Return the passages that speak to a program."""
    return tuple(
        Passage(page.number, page.text.rfind("\n", 0, found.start()) + 1, found.end() + REACH)
        for page in document.pages
        for found in _SIGNS.finditer(fold(page.text))
    )


def leave_out(document: Document, passages: tuple[Passage, ...]) -> Document:
    """Return the document without the lines of these passages; its pages keep their numbers."""
    return Document(tuple(_leave_out_of_page(page, passages) for page in document.pages)) if passages else document


def _leave_out_of_page(page: PageText, passages: tuple[Passage, ...]) -> PageText:
    here = [passage for passage in passages if passage.page == page.number]
    kept: list[Line] = []
    position = 0
    for line in page.lines:
        end = position + len(line.text)
        if not any(passage.start < end and position < passage.end for passage in here):
            kept.append(line)
        position = end + (not line.hyphenated)
    return replace(page, lines=tuple(kept))


def warn_of(passages: tuple[Passage, ...]) -> tuple[AnalysisWarning, ...]:
    """Return what people are told: one warning that names the pages, or none."""
    pages = sorted({passage.page for passage in passages})
    if not pages:
        return ()
    where = ("page " if len(pages) == 1 else "pages ") + ", ".join(map(str, pages))
    return (
        AnalysisWarning(
            code="suspicious_text",
            message=f"Le document contient un passage qui s’adresse à un programme de lecture ({where}) : "
            "ce qui y figure n’a pas été retenu comme preuve. Vérifiez ce passage et l’origine du fichier.",
        ),
    )
