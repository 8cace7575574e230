"""Who is told what when an operation ends: once for each end, with the state and the event, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import JsonValue

from proposals import jobs, lifecycle, notifying, operations, reaper, runner
from proposals.engines.claude.failures import FAILURES
from proposals.exceptions import LeaseLost, OperationFailed
from proposals.jobs import Run
from proposals.models import Operation, Project, User
from realtime import notifications, topics
from realtime.models import Event, Notification
from tests.factories import make_company, make_document, make_user
from tests.fakes import ScriptedJob

pytestmark = pytest.mark.django_db(transaction=True)

Kind = Operation.Kind
ANALYSIS: dict[str, JsonValue] = {
    "submission_deadline": "2026-04-03T12:00:00+02:00",
    "requirements_total": 46,
    "warnings_total": 0,
}


@pytest.fixture
def bob(project: Project, alice: User) -> User:
    return make_user("bob", company=project.company)


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> dict[str, ScriptedJob]:
    """A job that does nothing for each kind."""
    made = {str(kind): ScriptedJob() for kind in Kind}
    for kind, script in made.items():
        monkeypatch.setitem(jobs.JOBS, kind, script.job)
    return made


def run(project: Project, kind: str = Kind.RC_ANALYSIS) -> Operation:
    operation, _ = operations.start(project=project, kind=kind, by=None)
    runner.run(operation.id)
    operation.refresh_from_db()
    return operation


def run_all(project: Project) -> None:
    first, _ = operations.start_all(project=project, by=None)
    waiting = [first.id]
    while waiting:
        runner.run(waiting.pop(), enqueue=waiting.append)


def refuse(code: str, sentence: str = "Non.") -> Callable[[Run], None]:
    def step(_: Run) -> None:
        raise OperationFailed(code=code, user_message=sentence, retryable=True)

    return step


def told(user: User) -> list[tuple[str, str, str]]:
    rows = Notification.objects.filter(user=user).order_by("sequence")
    return [(row.kind, row.title, row.text) for row in rows]


def test_the_active_people_of_the_company_are_told_of_a_success(
    project: Project, alice: User, bob: User, script: Callable[..., ScriptedJob]
) -> None:
    gone = make_user(company=project.company, is_active=False)
    stranger = make_user("charlie", company=make_company())
    script(result=ANALYSIS)

    operation = run(project)

    expected = (
        "completion",
        "Analyse du RC terminée",
        "« Un marché » : 46 exigences relevées ; remise des plis le 3 avril 2026 à 12:00.",
    )
    assert told(alice) == told(bob) == [expected]
    assert told(gone) == told(stranger) == []
    row = Notification.objects.get(user=alice)
    assert (row.project_id, row.operation_id, row.url) == (
        project.id,
        operation.id,
        f"/projects/{project.id}/#analyse",
    )


def test_state_event_and_notification_commit_together(
    project: Project, alice: User, script: Callable[..., ScriptedJob], monkeypatch: pytest.MonkeyPatch
) -> None:
    script(result=ANALYSIS)
    seen: list[str] = []
    notify = notifications.notify

    def look(*args: Any, **options: Any) -> int:
        seen.append(Operation.objects.get().status)
        count = notify(*args, **options)
        raise RuntimeError(f"{count} were told")

    monkeypatch.setattr(notifications, "notify", look)
    operation = run(project)

    # Inside the transaction of the end; what fails there costs the notification, with its event, and nothing else.
    assert seen == ["succeeded"]
    assert operation.status == "succeeded"
    assert not Notification.objects.exists()
    assert not Event.objects.filter(topic_id=topics.for_user(alice.pk)).exists()
    assert Event.objects.filter(topic_id=topics.for_project(project.id), type="completion").count() == 1


@pytest.mark.parametrize(
    ("kind", "result", "shown"),
    [
        (
            Kind.RC_ANALYSIS,
            {"submission_deadline": None, "warnings_total": 2},
            ("analyse", "la date limite de remise n’est pas établie ; 2 points d’attention dans le règlement."),
        ),
        (
            Kind.MATCHING,
            {"gaps_total": 1, "expired_total": 2},
            ("correspondances", "1 exigence sans passage ; 2 passages périmés."),
        ),
        (
            Kind.GENERATION,
            {"gaps_total": 7, "violations_total": 1},
            ("memoire", "7 points à compléter dans le mémoire ; 1 affirmation sans source."),
        ),
        (
            Kind.DOCUMENT_GENERATION,
            {
                "gaps_total": 0,
                "over_limit": True,
                "pages_counted": 42,
                "page_limit": 40,
                "not_produced": [
                    {"format": "pdf", "code": "pdf_writer_missing", "message": "…"},
                    {"format": "ics", "code": "no_date_known", "message": "…"},
                ],
            },
            ("documents-produits", "42 pages pour 40 admises ; fichier non produit : PDF."),
        ),
    ],
)
def test_what_needs_a_person_is_told_as_such(
    project: Project,
    alice: User,
    scripts: dict[str, ScriptedJob],
    kind: Kind,
    result: dict[str, JsonValue],
    shown: tuple[str, str],
) -> None:
    panel, text = shown
    scripts[kind].result = result

    run(project, kind)

    assert told(alice) == [("attention", f"{kind.label} terminée : à vérifier", f"« Un marché » : {text}")]
    assert Notification.objects.get().url == f"/projects/{project.id}/#{panel}"


@pytest.mark.parametrize("kind", list(Kind))
def test_what_needs_nobody_is_a_completion(
    project: Project, alice: User, scripts: dict[str, ScriptedJob], kind: Kind
) -> None:
    run(project, kind)

    assert [kind for kind, _, _ in told(alice)] == ["completion"]


@pytest.mark.parametrize("code", sorted({*FAILURES, *notifying.NEED_SOMEBODY, "internal_error", "worker_lost"}))
def test_a_failure_is_told_with_its_sentence(
    project: Project, alice: User, script: Callable[..., ScriptedJob], code: str
) -> None:
    script(refuse(code, "Ce PDF est protégé."))

    run(project)

    expected = (
        ("attention", "Analyse du RC arrêtée : intervention nécessaire")
        if code in notifying.NEED_SOMEBODY
        else ("error", "Analyse du RC : échec")
    )
    assert told(alice) == [(*expected, "« Un marché » : Ce PDF est protégé.")]
    assert Notification.objects.get().url == f"/projects/{project.id}/#operation-rc_analysis"


def test_a_cancellation_is_told_to_nobody(project: Project, alice: User, script: Callable[..., ScriptedJob]) -> None:
    def cancel(run: Run) -> None:
        operations.cancel(Operation.objects.get(id=run.operation.id))
        run.check()
        lifecycle.look(operation_id=run.operation.id, attempt=run.operation.attempt)

    script(cancel)
    run(project)
    waiting, _ = operations.start(project=project, kind=Kind.RC_ANALYSIS, by=alice)
    operations.cancel(waiting)

    assert {row.status for row in Operation.objects.all()} == {"cancelled"}
    assert told(alice) == []


def test_run_everything_is_told_once_at_its_end_with_all_that_is_left_to_do(
    project: Project, alice: User, scripts: dict[str, ScriptedJob], media_root: Any
) -> None:
    make_document(project)
    scripts[Kind.RC_ANALYSIS].result = {"warnings_total": 1}
    scripts[Kind.MATCHING].result = {"gaps_total": 3}
    scripts[Kind.GENERATION].result = {"gaps_total": 9}
    scripts[Kind.DOCUMENT_GENERATION].result = {"gaps_total": 8}

    run_all(project)

    assert told(alice) == [
        (
            "attention",
            "Production des documents terminée : à vérifier",
            "« Un marché » : 1 point d’attention dans le règlement ; 3 exigences sans passage ; "
            "8 points à compléter dans le mémoire.",
        )
    ]
    assert Notification.objects.get().url == f"/projects/{project.id}/#analyse"


def test_run_everything_that_fails_is_told_once(
    project: Project, alice: User, scripts: dict[str, ScriptedJob], media_root: Any
) -> None:
    make_document(project)
    scripts[Kind.MATCHING].steps = (refuse("internal_error"),)

    run_all(project)

    assert [(kind, title) for kind, title, _ in told(alice)] == [("error", "Recherche de contenus : échec")]


def test_each_ended_attempt_is_told_once_whatever_a_lost_worker_does(
    project: Project, alice: User, script: Callable[..., ScriptedJob]
) -> None:
    now = lifecycle.current_time()
    script(result=ANALYSIS)
    operation, _ = operations.start(project=project, kind=Kind.RC_ANALYSIS, by=None)
    lost = lifecycle.claim(operation.id, now=now)
    assert lost is not None
    reaper.reap(now=now + timedelta(seconds=31))
    assert told(alice) == []  # queued again: not an end

    runner.run(operation.id)
    ended = lifecycle.succeed(operation_id=operation.id, attempt=lost.attempt, result=ANALYSIS, now=now)
    failed = lifecycle.fail(
        operation_id=operation.id, attempt=2, error=lifecycle.make_error("x", "Non.", retryable=True), now=now
    )
    with pytest.raises(LeaseLost):
        lifecycle.renew(operation_id=operation.id, attempt=lost.attempt, now=now)

    assert (ended.done, failed) == (False, False)
    assert [kind for kind, _, _ in told(alice)] == ["completion"]


def test_a_worker_that_is_lost_too_often_is_an_error_and_a_retry_is_told_again(
    project: Project, alice: User, script: Callable[..., ScriptedJob]
) -> None:
    now = lifecycle.current_time()
    script(result=ANALYSIS)
    operation, _ = operations.start(project=project, kind=Kind.RC_ANALYSIS, by=None)
    for turn in range(3):
        lifecycle.claim(operation.id, now=now + timedelta(seconds=40 * turn))
        reaper.reap(now=now + timedelta(seconds=40 * turn + 31))
    reaper.reap(now=now + timedelta(seconds=500))
    assert [kind for kind, _, _ in told(alice)] == ["error"]

    runner.run(operations.retry(Operation.objects.get()).id)

    assert [kind for kind, _, _ in told(alice)] == ["error", "completion"]


def test_who_moves_to_another_company_leaves_its_news_behind(
    project: Project, alice: User, bob: User, script: Callable[..., ScriptedJob]
) -> None:
    script(result=ANALYSIS)
    run(project)
    alice.first_name = "Alice"
    alice.save()
    assert len(told(alice)) == 1

    alice.company = make_company()
    alice.save()

    assert told(alice) == []
    assert not Event.objects.filter(topic_id=topics.for_user(alice.pk)).exists()
    assert len(told(bob)) == 1
