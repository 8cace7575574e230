"""The row of operations on the project page: states, what is lacking, what follows, which engine works."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from proposals import jobs
from proposals.dashboard import pipeline
from proposals.exceptions import AnalysisMissing
from proposals.jobs import Job
from proposals.models import Operation, Project
from tests.factories import make_analysis, make_document, make_operation
from tests.fakes import ScriptedJob

Kind, Status = Operation.Kind, Operation.Status


@pytest.fixture(autouse=True)
def scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Matching lacks an analysis; generation and documents need nothing."""

    def refuse(_: Project) -> None:
        raise AnalysisMissing

    monkeypatch.setitem(jobs.JOBS, Kind.MATCHING, Job(check=refuse, run=ScriptedJob().run))
    for kind in (Kind.GENERATION, Kind.DOCUMENT_GENERATION):
        monkeypatch.setitem(jobs.JOBS, kind, ScriptedJob().job)


def show(client: Client, project: Project, page: str = "project-page") -> str:
    return unescape(client.get(reverse(page, args=[project.id])).content.decode())


def part(html: str, fragment: str) -> str:
    found = re.search(rf'data-fragment="{fragment}"[^>]*>([^<]*)<', html)
    assert found is not None
    return found[1]


def test_the_four_operations_stand_in_their_order(alice: Client, project: Project) -> None:
    html = show(alice, project)

    assert re.findall(r'data-operation="(\w+)"', html) == [str(kind) for kind in Kind]


def test_each_operation_shows_its_own_state(alice: Client, project: Project) -> None:
    make_operation(project, kind=Kind.RC_ANALYSIS, status=Status.SUCCEEDED, progress=100)
    make_operation(project, kind=Kind.MATCHING, status=Status.RUNNING, progress=37)

    html = show(alice, project)

    assert 'data-operation="rc_analysis" data-status="succeeded"' in html
    assert 'data-operation="matching" data-status="running"' in html
    assert 'data-operation="generation" data-status="none"' in html
    assert 'aria-valuenow="37"' in html


def test_each_operation_leads_to_what_it_leaves(alice: Client, project: Project) -> None:
    html = show(alice, project)

    panels = re.findall(r'<h3[^>]*><a href="#([\w-]+)">', html)
    assert len(panels) == len(Kind)
    assert all(f'id="{panel}"' in html for panel in panels)


@pytest.mark.parametrize("page", ["project-page", "pipeline-panel"])
def test_what_an_operation_lacks_is_said_by_its_job(page: str, alice: Client, project: Project) -> None:
    html = show(alice, project, page)

    assert part(html, "need-rc_analysis").startswith("Ce projet n'a pas encore de règlement")
    assert part(html, "need-matching") == AnalysisMissing.user_message
    assert part(html, "need-generation") == ""


def test_an_operation_that_this_installation_does_not_run_says_so(
    alice: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(jobs.JOBS, Kind.GENERATION)

    assert "pas disponible" in part(show(alice, project), "need-generation")


def test_everything_waits_for_an_rc(alice: Client, project: Project) -> None:
    before = part(show(alice, project), "run")
    make_document(project)

    assert "règlement" in before
    assert part(show(alice, project), "run") == ""


def test_everything_starts_with_what_the_newest_rc_still_needs(alice: Client, project: Project) -> None:
    make_analysis(make_document(project))

    # The analysis is there, so matching comes first: what it lacks is what everything lacks.
    assert part(show(alice, project), "run") == AnalysisMissing.user_message


def test_what_follows_by_itself_is_said_until_it_has_started(project: Project) -> None:
    earlier = timezone.now() - timedelta(minutes=1)
    analysis = make_operation(project, parameters={"then": ["matching", "generation"]}, created_at=earlier)
    running = pipeline.build(project, [analysis])
    analysis.status = Status.SUCCEEDED
    matching = make_operation(project, kind=Kind.MATCHING, parameters={"then": ["generation"]})

    assert running.then == ("matching", "generation")
    assert pipeline.build(project, [analysis, matching]).then == ("generation",)


def test_nothing_follows_what_was_started_alone_or_has_succeeded(project: Project) -> None:
    alone = make_operation(project)
    done = make_operation(project, kind=Kind.MATCHING, status=Status.SUCCEEDED, parameters={"then": ["generation"]})

    assert pipeline.build(project, [alone]).then == ()
    assert pipeline.build(project, [done]).then == ()
    assert pipeline.build(project, []).then == ()


@pytest.mark.parametrize(
    ("key", "engine", "sentence"),
    [
        ("", "auto", "Moteur hors ligne :</strong> aucune clé Claude n’est configurée"),
        ("sk-test", "offline", "Moteur hors ligne :</strong> les réglages de ce serveur l’imposent"),
        ("sk-test", "auto", "Moteur Claude</strong> (claude-test)"),
    ],
)
def test_the_page_says_which_engine_works_and_why(
    key: str, engine: str, sentence: str, alice: Client, project: Project, settings: Settings
) -> None:
    settings.ANTHROPIC_API_KEY, settings.PROPOSALS_ENGINE = key, engine
    settings.PROPOSALS_CLAUDE_WRITING_MODEL = "claude-test"

    assert sentence in show(alice, project)
