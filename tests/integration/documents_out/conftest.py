"""A project whose proposal is written, with evidence, gaps and an invented figure; and its production."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from proposals import runner
from proposals.analysis import Fact, RequiredDocument
from proposals.models import GeneratedDocument, Operation, Project, Requirement, Section, Strength
from proposals.writing import Gap, Grounding, Source, Statement, Violation
from tests.factories import (
    make_analysis,
    make_company,
    make_document,
    make_item,
    make_match,
    make_operation,
    make_project,
    make_requirement,
    make_result,
    make_section,
)

TEXT = """Notre équipe compte 14 développeurs.

## Organisation

Le planning est tenu à jour chaque semaine [à compléter : nom du chef de projet].

| Phase | Durée |
|---|---|
| Cadrage | 3 semaines |
"""
SENTENCE = "Le planning est tenu à jour chaque semaine"
DEADLINE = datetime(2026, 12, 15, 11, tzinfo=UTC)


@dataclass(frozen=True)
class Written:
    """The rows of a written proposal."""

    project: Project
    covered: Requirement
    missing: Requirement
    dropped: Requirement
    section: Section
    unwritten: Section


@pytest.fixture(autouse=True)
def files(media_root: Path) -> Path:
    """A folder of its own for files."""
    return media_root


@pytest.fixture
def written() -> Written:
    """The proposal."""
    project = make_project(
        make_company("Atelier Rivoli"), title="Portail", reference="2026-DSI-042", buyer="Région", deadline=DEADLINE
    )
    make_analysis(make_document(project), **_analysis())
    covered = make_requirement(project, code="R-001", text="Tenir un planning à jour.", quote="Un planning à jour")
    missing = make_requirement(project, code="R-002", text="Nommer un correspondant RGPD.")
    dropped = make_requirement(project, code="R-003", text="Sans objet.", status=Requirement.Status.REJECTED)
    item = make_item(project.company, title="Planning type", source="memoire-2025.docx, § 3.2")
    make_match(project, requirement=covered, content_item=item, strength=Strength.STRONG)
    section = make_section(
        project,
        order=1,
        title="Méthodologie",
        text=TEXT,
        version=2,
        engine="offline",
        criterion={"number": "2", "name": "Valeur technique", "weight": 60.0, "unit": "percent"},
        grounding=_ground(covered, item).model_dump(mode="json"),
    )
    section.requirements.add(covered)
    unwritten = make_section(project, order=2, title="Références")
    unwritten.requirements.add(missing)
    return Written(project, covered, missing, dropped, section, unwritten)


@pytest.fixture
def produce(written: Written) -> Callable[..., Operation]:
    """Produce the documents in a run; return the finished operation."""

    def run(**parameters: Any) -> Operation:
        kind = Operation.Kind.DOCUMENT_GENERATION
        operation = make_operation(written.project, kind=kind, parameters=parameters)
        runner.run(operation.id)
        operation.refresh_from_db()
        return operation

    return run


def read(operation: Operation, kind: str) -> bytes:
    """Return the content of a produced file."""
    document = GeneratedDocument.objects.get(operation=operation, format=kind)
    with document.file.open("rb") as file:
        content: bytes = file.read()
    return content


def _analysis() -> dict[str, Any]:
    quote = "limité à 20 pages"
    result = make_result(
        object=Fact[str](value="Refonte du portail", status="found", page=1, quote="Refonte du portail"),
        page_limit=Fact[int](value=20, status="found", page=2, quote=quote),
        question_deadline=Fact[datetime](value=datetime(2026, 12, 5, 11, tzinfo=UTC), status="found"),
        required_documents=(RequiredDocument(name="DC1", part="application", page=3, quote="DC1"),),
    )
    pages = ["Objet : Refonte du portail.", "Le mémoire est limité à 20\npages, hors annexes et page de garde."]
    return {"result": result.model_dump(mode="json"), "page_texts": pages}


def _ground(covered: Requirement, item: Any) -> Grounding:
    start, figure, gap = TEXT.index(SENTENCE), TEXT.index("14"), TEXT.index("[à")
    return Grounding(
        sources=(
            Source(key="L1", kind="library", id=item.id, title=item.title),
            Source(key="RC2", kind="rc", title="Règlement", page=2, quote="Un planning à jour"),
        ),
        statements=(
            Statement(start=0, end=TEXT.index("\n"), sources=()),
            Statement(start=start, end=TEXT.index("]") + 1, sources=("L1", "RC2")),
        ),
        violations=(Violation(start=figure, end=figure + 2, text="14", kind="figure"),),
        gaps=(Gap(start=gap, end=TEXT.index("]") + 1, text="nom du chef de projet"),),
        covered_requirement_ids=(covered.id,),
    )
