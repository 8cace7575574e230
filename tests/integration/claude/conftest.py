"""A project with an RC, an installation that asks a local server, and what the project's topic says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from proposals.models import Project
from realtime.models import Event
from tests.factories import make_company, make_document, make_project
from tests.messages_server import KEY, MessagesServer
from tests.pdfs import make_pdf_of_lines
from tests.reports import HONEST


@pytest.fixture(autouse=True)
def files(media_root: Path) -> Path:
    """A folder of its own for uploads."""
    return media_root


@pytest.fixture
def project(db: None) -> Project:
    """A project with an RC of one page."""
    project = make_project(make_company())
    make_document(project, content=make_pdf_of_lines(HONEST))
    return project


@pytest.fixture
def ask(settings: Settings) -> Callable[[MessagesServer], None]:
    """Let the installation ask this server, without retries; progress is not throttled."""
    settings.REALTIME_PROGRESS_MIN_INTERVAL_MS = 0

    def point(server: MessagesServer) -> None:
        settings.ANTHROPIC_API_KEY = KEY
        settings.ANTHROPIC_BASE_URL = server.url
        settings.PROPOSALS_CLAUDE_MAX_RETRIES = 0

    return point


@pytest.fixture
def events(project: Project) -> Callable[[], list[dict[str, Any]]]:
    """Read what was said on the project's topic."""

    def read() -> list[dict[str, Any]]:
        bodies = Event.objects.filter(topic_id=f"project.{project.id}").order_by("sequence")
        return [json.loads(body) for body in bodies.values_list("body", flat=True)]

    return read
