"""A project to run operations on, jobs that follow a script, and what the project's topic says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from proposals import jobs, runner
from proposals.models import Company, Operation, Project, User
from realtime.models import Event
from tests.fakes import ScriptedJob


@pytest.fixture(autouse=True)
def quick_leases(settings: Settings) -> None:
    """Progress is not throttled and renewals come often."""
    settings.REALTIME_PROGRESS_MIN_INTERVAL_MS = 0
    settings.PROPOSALS_LEASE_SECONDS = 30.0


@pytest.fixture
def alice(project: Project) -> User:
    return User.objects.create_user("alice", password="x", company=project.company)


@pytest.fixture
def project() -> Project:
    return Project.objects.create(company=Company.objects.create(name="A"), title="Un marché")


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ScriptedJob]:
    """Let RC analyses follow a script."""

    def follow(*steps: Callable[..., object], **options: Any) -> ScriptedJob:
        job = ScriptedJob(*steps, **options)
        monkeypatch.setitem(jobs.JOBS, Operation.Kind.RC_ANALYSIS, job.job)
        return job

    return follow


@pytest.fixture
def in_thread() -> Callable[[Operation], threading.Thread]:
    """Run an operation in a thread of its own."""

    def begin(operation: Operation) -> threading.Thread:
        def work() -> None:
            try:
                runner.run(operation.id)
            finally:
                connection.close()

        thread = threading.Thread(target=work)
        thread.start()
        return thread

    return begin


@pytest.fixture
def events(project: Project) -> Callable[[], list[dict[str, Any]]]:
    """Read what was said on the project's topic."""

    def read() -> list[dict[str, Any]]:
        bodies = Event.objects.filter(topic_id=f"project.{project.id}").order_by("sequence")
        return [json.loads(body) for body in bodies.values_list("body", flat=True)]

    return read
