"""A project whose RC is analysed and matched, its plan, and what its topic says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from proposals import operations, runner
from proposals.analysis import AwardCriterion, Fact
from proposals.models import ContentItem, Operation, Project, Requirement, Section
from realtime.models import Event
from tests.factories import (
    make_analysis,
    make_company,
    make_document,
    make_item,
    make_match,
    make_project,
    make_requirement,
    make_result,
    make_section,
)

Frame = dict[str, Any]
Events = Callable[..., list[Frame]]
Run = Callable[..., Operation]

PAGES = [
    "Agence nationale des mobilités. Consultation 2027-DSI-014 : hébergement et support du portail.",
    "Le titulaire doit prendre en compte les incidents bloquants en 30 minutes. "
    "Les sauvegardes doivent être quotidiennes et chiffrées. Les plis sont déposés avant le 17 mars 2027.",
]


@pytest.fixture(autouse=True)
def surroundings(settings: Settings, media_root: Path) -> None:
    """Every progress is said, and files go to a folder of their own."""
    settings.REALTIME_PROGRESS_MIN_INTERVAL_MS = 0


@pytest.fixture
def project(db: None) -> Project:
    """A project with an analysed RC: two technical criteria, a price, three requirements of which one is a paper."""
    project = make_project(make_company("Atelier Rivoli"), title="Portail")
    result = make_result(
        object=Fact[str](value="Hébergement et support du portail", status="found", page=1, quote="hébergement"),
        buyer=Fact[str](value="Agence nationale des mobilités", status="found", page=1, quote="Agence"),
        award_criteria=(
            AwardCriterion(
                name="Valeur technique",
                weight=60,
                unit="percent",
                children=(
                    AwardCriterion(name="Organisation du support", weight=40, unit="percent"),
                    AwardCriterion(name="Sécurité des données", weight=20, unit="percent"),
                ),
            ),
            AwardCriterion(name="Prix", weight=40, unit="percent"),
        ),
        requirements=(),
    )
    make_analysis(make_document(project), result=result.model_dump(mode="json"), page_texts=PAGES)
    return project


@pytest.fixture
def incidents(project: Project) -> Requirement:
    """A requirement that the library answers."""
    text = "Le titulaire doit prendre en compte les incidents bloquants en 30 minutes"
    return make_requirement(project, code="R-001", text=text, article="5.4", page=2)


@pytest.fixture
def backups(project: Project) -> Requirement:
    """A requirement that nothing answers."""
    text = "Les sauvegardes doivent être quotidiennes et chiffrées"
    return make_requirement(project, code="R-002", text=text, article="5.4", page=2)


@pytest.fixture
def astreinte(project: Project, incidents: Requirement) -> ContentItem:
    """A passage that matching found for the incidents."""
    item = make_item(
        project.company,
        title="Astreinte",
        body="Une astreinte prend en compte les incidents bloquants en 20 minutes. Elle est tenue par six ingénieurs.",
    )
    make_match(project, requirement=incidents, content_item=item)
    return item


@pytest.fixture
def three_sections(project: Project) -> list[Section]:
    """A plan that a person made."""
    return [make_section(project, order=number, title=f"Section {number}") for number in (1, 2, 3)]


@pytest.fixture
def generate(project: Project) -> Run:
    """Start a generation, run it to its end, return the row."""

    def run(**parameters: Any) -> Operation:
        operation, _ = operations.start(
            project=project, kind=Operation.Kind.GENERATION, by=None, parameters=parameters or None
        )
        runner.run(operation.id)
        operation.refresh_from_db()
        return operation

    return run


@pytest.fixture
def events(project: Project) -> Events:
    """Read what was said on the project's topic, of some types or of all."""

    def read(*types: str) -> list[Frame]:
        bodies = Event.objects.filter(topic_id=f"project.{project.id}").order_by("sequence")
        frames = [json.loads(body) for body in bodies.values_list("body", flat=True)]
        return [frame for frame in frames if not types or frame["type"] in types]

    return read
