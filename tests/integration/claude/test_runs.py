"""Whole runs of an operation with the Claude engine: result, usage, failures, cancellation, secrets."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from proposals import operations, runner
from proposals.models import ModelUsage, Operation, Project, RCAnalysis, Requirement
from tests.factories import make_document, make_usage
from tests.messages_answers import answer
from tests.messages_server import KEY, MessagesServer, refusal, silent, structured, text
from tests.pdfs import make_pdf_of_lines
from tests.reports import HONEST, ORDERS, obedient
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

Ask = Callable[[MessagesServer], None]
Events = Callable[[], list[dict[str, Any]]]


def start(project: Project) -> Operation:
    return operations.start(project=project, kind=Operation.Kind.RC_ANALYSIS, by=None)[0]


def run(project: Project) -> Operation:
    """Run an analysis to its end and return it."""
    operation = start(project)
    runner.run(operation.id)
    operation.refresh_from_db()
    return operation


def run_in_thread(operation: Operation) -> threading.Thread:
    def work() -> None:
        try:
            runner.run(operation.id)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_an_analysis_is_stored_with_the_engine_s_name_and_metered(project: Project, ask: Ask, events: Events) -> None:
    with MessagesServer(answer) as server:
        ask(server)
        operation = run(project)

    analysis = RCAnalysis.objects.get()
    project.refresh_from_db()
    assert operation.status == Operation.Status.SUCCEEDED
    assert analysis.engine == "claude (claude-sonnet-5-5)"
    assert f"{project.deadline:%Y-%m-%d}" == "2027-03-12"
    assert [(row.operation, row.company) for row in ModelUsage.objects.all()] == [(operation, project.company)]
    assert {"Exigences", "Vérification des citations"} <= {
        event["message"].split(" : ")[0] for event in events() if event["type"] == "rc_analysis_progress"
    }


def test_a_failure_is_said_with_its_code_and_sentence(project: Project, ask: Ask, events: Events) -> None:
    with MessagesServer(refusal(529, "overloaded_error", "secret words of the provider")) as server:
        ask(server)
        operation = run(project)

    (error,) = (event for event in events() if event["type"] == "error")
    assert (operation.status, error["code"], error["retryable"]) == ("failed", "engine_overloaded", True)
    assert "surchargé" in error["error"]
    assert "secret words" not in str(events())


def test_an_answer_that_was_cut_costs_although_it_failed(project: Project, ask: Ask) -> None:
    with MessagesServer(text('{"facts": [', reason="max_tokens")) as server:
        ask(server)
        operation = run(project)

    assert operation.error is not None
    assert operation.error["code"] == "engine_answer_cut"
    assert ModelUsage.objects.get().input_tokens == 1_000


def test_a_used_up_budget_ends_the_run_before_anything_is_sent(project: Project, ask: Ask, settings: Settings) -> None:
    settings.PROPOSALS_COMPANY_BUDGET_USD = 5.0
    earlier = start(project)
    Operation.objects.update(status=Operation.Status.SUCCEEDED)
    make_usage(earlier, cost_usd="5")

    with MessagesServer(answer) as server:
        ask(server)
        operation = run(project)

    assert operation.error is not None
    assert (operation.error["code"], operation.error["retryable"]) == ("budget_exceeded", True)
    assert server.requests == []


def test_cancelling_a_run_closes_the_stream_although_nothing_comes(project: Project, ask: Ask) -> None:
    with MessagesServer(silent('{"facts": [')) as server:
        ask(server)
        operation = start(project)
        thread = run_in_thread(operation)
        wait_until(lambda: server.calls, what="the call")
        operations.cancel(operation)
        asked_at = time.monotonic()
        assert server.left.wait(5)
        left_at = time.monotonic()
        thread.join(10)

    operation.refresh_from_db()
    assert operation.status == Operation.Status.CANCELLED
    assert left_at - asked_at < 1.0
    assert ModelUsage.objects.count() == 1


def test_orders_in_the_document_change_nothing_but_a_warning(project: Project, ask: Ask) -> None:
    make_document(project, content=make_pdf_of_lines(HONEST, ORDERS))

    with MessagesServer(structured(obedient())) as server:
        ask(server)
        run(project)

    project.refresh_from_db()
    requirement = Requirement.objects.get()
    assert f"{project.deadline:%Y-%m-%d}" == "2027-03-12"
    assert (requirement.status, requirement.quote) == (Requirement.Status.PROPOSED, "")
    assert project.status == Project.Status.ACTIVE


def test_the_key_is_in_no_event_no_row_and_no_log(
    project: Project, ask: Ask, events: Events, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    with MessagesServer(refusal(401, "authentication_error", f"{KEY} is no key"), answer) as server:
        ask(server)
        run(project)
        run(project)

    assert KEY not in caplog.text
    assert KEY not in str(events())
    assert KEY not in str(list(Operation.objects.values())) + str(list(ModelUsage.objects.values()))
