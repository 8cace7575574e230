"""A small proposal with everything that a document has to show, as values."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from proposals.analysis import RequiredDocument
from proposals.documents.content import Coverage, Evidence, ProposalContent, ProposalSection, RequirementLine
from proposals.documents.wording import PARIS
from proposals.writing import Criterion, Grounding, Source, Statement, Violation

PROJECT_ID = uuid.UUID("5b1f2c9e-7d41-4c0a-9a53-2f6c1e8b7d10")
PASSAGE_ID = uuid.UUID("0d9c6a52-3b7e-4f58-8c21-94a7e5d3f601")
TECHNICAL = Criterion(number="2", name="Valeur technique", weight=60, unit="percent")

METHOD = """## Organisation

Le **planning** est tenu à jour chaque semaine par 14 personnes [à compléter : nom du chef de projet].

- un chef de projet ;
- deux développeurs :
  1. un spécialiste de l’accessibilité ;
  2. un spécialiste des tests.

### Phases

Tableau : durée des phases

| Phase | Durée |
|:--|--:|
| Cadrage | 3 semaines |
| Réalisation | 4 mois |

> Le titulaire tient les délais.

Voir [notre site](https://exemple.fr/).
"""
WIDE = """Voici les charges.

| Profil | Janvier | Février | Mars | Avril | Mai | Juin | Total |
|--|--|--|--|--|--|--|--|
| Chef de projet | 5 | 5 | 5 | 5 | 5 | 5 | 30 |

Le texte reprend.
"""


def make_section(number: int, title: str, text: str, **fields: Any) -> ProposalSection:
    """Return one section."""
    return ProposalSection(id=uuid.uuid4(), number=str(number), title=title, text=text, **fields)


def make_line(code: str, coverage: Coverage, **fields: Any) -> RequirementLine:
    """Return one requirement."""
    values = {"text": f"Exigence {code}.", "category": "technical", "mandatory": True, "page": 4, **fields}
    return RequirementLine(code=code, coverage=coverage, **values)


def make_grounding() -> Grounding:
    """Return what `METHOD` rests on: one statement with two sources, one invented figure."""
    start, figure = METHOD.index("Le **planning"), METHOD.index("14")
    return Grounding(
        sources=(
            Source(key="L1", kind="library", id=PASSAGE_ID, title="Planning type"),
            Source(key="RC4", kind="rc", title="Règlement", page=4, quote="Un planning à jour chaque semaine"),
        ),
        statements=(Statement(start=start, end=METHOD.index("].") + 2, sources=("L1", "RC4")),),
        violations=(Violation(start=figure, end=figure + 2, text="14", kind="figure"),),
    )


def make_content(**fields: Any) -> ProposalContent:
    """Return a proposal of three sections, the last one unwritten, and four requirements."""
    evidence = Evidence("Planning type", "memoire-2025.docx, § 3.2", "strong", accepted=True)
    values: dict[str, Any] = {
        "project_id": PROJECT_ID,
        "title": "Portail",
        "company": "Atelier Rivoli",
        "produced_at": datetime(2026, 11, 22, 10, tzinfo=PARIS),
        "version": 3,
        "object": "Refonte du portail de la Région",
        "reference": "2026-DSI-042",
        "buyer": "Région Exemple",
        "deadline": datetime(2026, 12, 15, 12, tzinfo=PARIS),
        "question_deadline": datetime(2026, 12, 5, 17, 30, tzinfo=PARIS),
        "sections": (
            make_section(
                1, "Méthodologie", METHOD, version=2, engine="offline", grounding=make_grounding(), criterion=TECHNICAL
            ),
            make_section(2, "Moyens humains", WIDE, version=1, engine="offline", edited=True),
            make_section(3, "Références", ""),
        ),
        "requirements": (
            make_line("R-001", "covered", sections=("1",), criteria=(TECHNICAL,), evidence=(evidence,), article="5.2"),
            make_line("R-002", "partial", sections=("2",)),
            make_line("R-003", "missing", text="=HYPERLINK(A1)"),
            make_line("R-004", "dropped", text="Exigence écartée."),
        ),
        "required_documents": (
            RequiredDocument(name="DC1", part="application", page=5, quote="Lettre de candidature (DC1)"),
            RequiredDocument(name="Mémoire technique", part="offer", mandatory=False),
        ),
        "origins": {PASSAGE_ID: "memoire-2025.docx, § 3.2"},
        "analysis_engine": "offline",
    }
    return ProposalContent(**{**values, **fields})
