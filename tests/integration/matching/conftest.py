"""A project with an analysis, a small library, and operations of matching that run in the test's own thread."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from proposals import operations, runner
from proposals.models import ContentItem, Operation, Project, Requirement
from realtime.models import Event
from tests.factories import make_analysis, make_company, make_document, make_item, make_project, make_requirement


@pytest.fixture(autouse=True)
def quick(settings: Settings, media_root: object) -> None:
    """Progress is not throttled, files have a folder of their own."""
    settings.REALTIME_PROGRESS_MIN_INTERVAL_MS = 0


@pytest.fixture
def project(db: None) -> Project:
    """A project whose RC has been analysed."""
    project = make_project(make_company("A"))
    make_analysis(make_document(project))
    return project


@pytest.fixture
def library(project: Project) -> dict[str, ContentItem]:
    """Three passages, each about one thing."""
    texts = {
        "backup": ("Sauvegardes", "Les sauvegardes sont quotidiennes et chiffrées ; la restauration est testée."),
        "training": ("Formation", "Nous formons les équipes de l’acheteur, six journées par an."),
        "waste": ("Déchets", "Le tri des déchets de chantier se fait en sept flux."),
    }
    return {
        name: make_item(project.company, title=title, body=body, kind="other") for name, (title, body) in texts.items()
    }


@pytest.fixture
def ask(project: Project) -> Callable[..., Requirement]:
    """Add a requirement to the project."""

    def add(text: str, **fields: Any) -> Requirement:
        return make_requirement(project, text=text, **fields)

    return add


@pytest.fixture
def match(project: Project) -> Callable[[], Operation]:
    """Start a new matching and run it; return it as it ended."""

    def run() -> Operation:
        operation, _ = operations.start(project=project, kind=Operation.Kind.MATCHING, by=None)
        runner.run(operation.id)
        operation.refresh_from_db()
        return operation

    return run


@pytest.fixture
def events(project: Project) -> Callable[[str], list[dict[str, Any]]]:
    """Read what was said of one type on the project's topic."""

    def read(event_type: str) -> list[dict[str, Any]]:
        rows = Event.objects.filter(topic_id=f"project.{project.id}", type=event_type).order_by("sequence")
        return [json.loads(body) for body in rows.values_list("body", flat=True)]

    return read
