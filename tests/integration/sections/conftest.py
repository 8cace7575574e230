"""A project of company A with people, a run that writes, and what the project's topic says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proposals.models import Operation, Project
from proposals.writing import Grounding, Quality
from realtime.models import Event
from tests.factories import Cast, make_cast, make_operation, make_project

Frame = dict[str, Any]
Events = Callable[..., list[Frame]]

QUALITY = Quality(score=0.8, coverage=1.0, evidence=0.75, specificity=0.5, length=1.0)
WRITTEN: dict[str, Any] = {
    "text": "Notre équipe 🙂 est là.",
    "grounding": Grounding(),
    "quality": QUALITY,
    "engine": "offline",
}


@pytest.fixture(autouse=True)
def files(media_root: Path) -> Path:
    """A folder of its own for uploads."""
    return media_root


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice and bob of company A, charlie of company B."""
    return make_cast()


@pytest.fixture
def project(cast: Cast) -> Project:
    """A project of company A."""
    return make_project(cast.company_a, title="Services numériques")


@pytest.fixture
def generation(project: Project) -> Operation:
    """A generation that runs, on its first attempt."""
    return make_operation(project, kind=Operation.Kind.GENERATION, status=Operation.Status.RUNNING, attempt=1)


@pytest.fixture
def events(project: Project) -> Events:
    """Read what was said on the project's topic, of some types or of all."""

    def read(*types: str) -> list[Frame]:
        bodies = Event.objects.filter(topic_id=f"project.{project.id}").order_by("sequence")
        frames = [json.loads(body) for body in bodies.values_list("body", flat=True)]
        return [frame for frame in frames if not types or frame["type"] in types]

    return read
