"""Briefs and sources for tests of writing: a tender about a help desk, and what a company says about itself."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from proposals.grounding import Corpus
from proposals.writing import Criterion, RequirementToCover, SectionBrief, Source, TenderFacts

RC_PAGES = (
    "Règlement de la consultation n° 2027-DSI-014. L’Agence nationale des mobilités durables lance un appel d’offres "
    "pour l’hébergement et le support de son portail. Date limite : 17 mars 2027 à 12h00.",
    "Article 5.4. Le titulaire doit prendre en compte les incidents bloquants en 30 minutes. La disponibilité "
    "mensuelle du portail doit atteindre 99,8 %. Le directeur de projet doit justifier de huit ans d’expérience.",
    "1.2 – Organisation et qualité du support 15 %. Les articles R. 2152-1 et L. 2124-2 s’appliquent.",
)
SUPPORT = (
    "Support et astreinte",
    "Une astreinte prend en compte les incidents bloquants en 20 minutes, 24 heures sur 24. "
    "Nadia Ferreira dirige les six ingénieurs d’astreinte depuis 2019. "
    "Le service est certifié ISO/IEC 27001:2022.",
)
AVAILABILITY = (
    "Engagement de disponibilité",
    "La disponibilité mensuelle du portail est de 99,9 %, mesurée par un tiers. "
    "Une pénalité de 1 500 € est appliquée par dixième de point manquant.",
)
INCIDENTS = "Le titulaire doit prendre en compte les incidents bloquants en 30 minutes"
PORTAL = "La disponibilité mensuelle du portail doit atteindre 99,8 %"


def make_passage(key: str, content: tuple[str, str] = SUPPORT, **fields: Any) -> Source:
    """Return a passage of the library."""
    title, text = content
    return Source(key=key, kind="library", id=uuid.uuid4(), title=title, text=text, **fields)


def make_requirement(text: str = INCIDENTS, *passages: str, page: int | None = 2, **fields: Any) -> RequirementToCover:
    """Return a requirement, with the keys of the passages that answer it."""
    source = Source(key="E1", kind="requirement", id=uuid.uuid4(), title="R-001", text=text, page=page, quote=text)
    return RequirementToCover(source=source, passages=passages, **{"article": "5.4", **fields})


def make_brief(
    passages: Sequence[Source] = (), requirements: Sequence[RequirementToCover] = (), **fields: Any
) -> SectionBrief:
    """Return the brief of a section about the organisation of the support."""
    values = {
        "section_id": uuid.uuid4(),
        "key": "service",
        "title": "Organisation du support",
        "criterion": Criterion(number="1.2", name="Organisation et qualité du support", weight=15, unit="percent"),
        "words_budget": 400,
        "tender": TenderFacts(
            object="Hébergement et support du portail",
            buyer="Agence nationale des mobilités durables",
            reference="2027-DSI-014",
            company="Atelier Rivoli",
        ),
        "outline": ("Compréhension du besoin", "Organisation du support", "Références"),
        "rc_pages": RC_PAGES,
        **fields,
    }
    return SectionBrief(passages=tuple(passages), requirements=tuple(requirements), **values)


def make_corpus(*passages: Source) -> Corpus:
    """Return the RC and some passages."""
    pages = [
        Source(key="", kind="rc", title=f"RC, p. {number}", text=text, page=number)
        for number, text in enumerate(RC_PAGES, start=1)
    ]
    return Corpus([*pages, *passages])
