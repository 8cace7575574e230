"""What language models cost the caller's company, over REST."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from proposals.models import Operation, Project
from proposals.usage import month_of
from tests.factories import Cast, make_operation, make_project, make_usage
from tests.integration.api.conftest import Login


def spend(project: Project, cost: str, *, kind: str = Operation.Kind.GENERATION, days_ago: int = 0) -> None:
    """Store a call of an operation of the project."""
    operation = make_operation(project, kind=kind, status=Operation.Status.SUCCEEDED)
    make_usage(operation, cost_usd=cost, created_at=timezone.now() - timedelta(days=days_ago))


def test_the_month_is_summed_up_by_kind_of_operation(cast: Cast, login: Login, project: Project) -> None:
    spend(project, "0.20")
    spend(project, "0.30")
    spend(project, "1.25", kind=Operation.Kind.RC_ANALYSIS)

    shown = login(cast.alice).get("/api/usage/").json()

    assert shown["spent_usd"] == "1.750000"
    assert shown["month"] == f"{month_of(timezone.now()):%Y-%m-%d}"
    assert [(row["kind"], row["calls_total"], row["cost_usd"]) for row in shown["kinds"]] == [
        ("rc_analysis", 1, "1.250000"),
        ("generation", 2, "0.500000"),
    ]
    assert [row["input_tokens"] for row in shown["kinds"]] == [1_000, 2_000]


def test_what_was_spent_before_the_month_does_not_count(cast: Cast, login: Login, project: Project) -> None:
    spend(project, "9", days_ago=32)

    assert login(cast.alice).get("/api/usage/").json()["spent_usd"] == "0.000000"


def test_another_company_s_spending_is_not_seen(cast: Cast, login: Login, project: Project) -> None:
    spend(project, "1")
    spend(make_project(cast.company_b), "7")

    assert login(cast.alice).get("/api/usage/").json()["spent_usd"] == "1.000000"
    assert login(cast.charlie).get("/api/usage/").json()["spent_usd"] == "7.000000"


@pytest.mark.parametrize(("budget", "shown"), [(5.0, "3.500000"), (1.0, "0.000000"), (0.0, None)])
def test_what_is_left_of_the_budget_is_said(
    cast: Cast, login: Login, project: Project, settings: Settings, budget: float, shown: str | None
) -> None:
    settings.PROPOSALS_COMPANY_BUDGET_USD = budget
    spend(project, "1.5")

    assert login(cast.alice).get("/api/usage/").json()["remaining_usd"] == shown


def test_calls_of_operations_that_are_gone_still_count(cast: Cast, login: Login, project: Project) -> None:
    spend(project, "1")
    Operation.objects.all().delete()

    shown = login(cast.alice).get("/api/usage/").json()

    assert [(row["kind"], row["cost_usd"]) for row in shown["kinds"]] == [(None, "1.000000")]


@pytest.mark.parametrize(
    ("key", "engine", "offline"), [("", "auto", True), ("sk-x", "auto", False), ("sk-x", "offline", True)]
)
def test_it_says_whether_the_offline_engine_works(
    cast: Cast, login: Login, settings: Settings, key: str, engine: str, offline: bool
) -> None:
    settings.ANTHROPIC_API_KEY, settings.PROPOSALS_ENGINE = key, engine

    assert login(cast.alice).get("/api/usage/").json()["offline"] is offline
