"""Every page of the admin opens, in French, at the same price for few rows and many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin as django_admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proposals import sections
from proposals.models import (
    ContentMatch,
    GeneratedDocument,
    LibraryImport,
    ModelUsage,
    Operation,
    Project,
    RCAnalysis,
    Requirement,
    Section,
    SourceDocument,
)
from realtime import notifications, preferences
from realtime.models import Event, Notification, NotificationPreference, Topic
from realtime.notifications import Message
from realtime.progress import ProgressUpdater
from realtime.tokens import issue_ticket
from tests.factories import (
    Cast,
    make_analysis,
    make_company,
    make_document,
    make_generated,
    make_import,
    make_item,
    make_match,
    make_operation,
    make_project,
    make_requirement,
    make_section,
    make_usage,
    make_user,
)

OURS = {"proposals", "realtime"}
#: Queries of one page: session, user, rows, counts, the filters' choices and the dates' bounds.
MOST_QUERIES = 12
#: What runs write.
READ_ONLY = [
    SourceDocument,
    Operation,
    RCAnalysis,
    ContentMatch,
    Section,
    GeneratedDocument,
    LibraryImport,
    ModelUsage,
    Topic,
    Event,
    Notification,
    NotificationPreference,
]


def make_rows(number: int) -> None:
    """Make that many rows of every kind, each in a company of its own."""
    for _ in range(number):
        company = make_company()
        user = make_user(company=company)
        project = make_project(company, created_by=user)
        document = make_document(project, uploaded_by=user)
        operation = make_operation(
            project, requested_by=user, status="failed", error={"code": "worker_lost", "error": "…", "retryable": True}
        )
        analysis = make_analysis(document, operation=operation)
        requirement = make_requirement(project, analysis=analysis, reviewed_by=user)
        make_match(project, requirement=requirement, operation=operation, reviewed_by=user)
        make_generated(project, operation=operation)
        section = make_section(project, text="Un texte.", version=1, updated_by=user, quality={"score": 0.5})
        sections.add_version(section, origin="edited", text="Un texte.", author=user)
        make_usage(operation, cost_usd="0.25")
        make_item(company, owner=user, imported_by=make_import(company, created_by=user), tags=["voirie"])
        notifications.notify([user.pk], Message("error", "Échec", "Relancez."), now=timezone.now())
        preferences.change(user.pk, {"completion": {"enabled": False}})
        ProgressUpdater().send_rc_analysis_progress(project.id, "analyzing", 40, "Lecture")


def models_of_ours() -> list[Any]:
    return [model for model in django_admin.site._registry if model._meta.app_label in OURS]


def address_of(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def describe(model: Any) -> str:
    return str(model._meta.model_name)


def test_the_admin_holds_these_tables_and_no_secrets() -> None:
    names = {model._meta.model_name for model in django_admin.site._registry}

    assert {describe(model) for model in models_of_ours()} == {
        "company",
        "user",
        "project",
        "sourcedocument",
        "operation",
        "rcanalysis",
        "requirement",
        "section",
        "generateddocument",
        "contentitem",
        "contentmatch",
        "libraryimport",
        "modelusage",
        "topic",
        "event",
        "notification",
        "notificationpreference",
    }
    assert not names & {"ticket", "outstandingtoken", "blacklistedtoken"}


@pytest.mark.parametrize("model", models_of_ours(), ids=describe)
def test_a_list_costs_the_same_for_few_rows_and_many(
    admin: Client, model: Any, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    make_rows(3)
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        assert admin.get(address_of(model, "changelist")).status_code == 200

    make_rows(27)
    with django_assert_max_num_queries(len(few.captured_queries)):
        page = admin.get(address_of(model, "changelist"))

    assert len(page.context["cl"].result_list) >= 30


@pytest.mark.parametrize("model", models_of_ours(), ids=describe)
def test_a_search_and_the_page_of_a_row_open(admin: Client, model: Any) -> None:
    make_rows(1)
    row = model.objects.first()

    found = admin.get(address_of(model, "changelist"), {"q": "a"})
    page = admin.get(address_of(model, "change", row.pk))

    assert (found.status_code, page.status_code) == (200, 200)


@pytest.mark.parametrize("model", READ_ONLY, ids=describe)
def test_what_runs_write_is_read_only(admin: Client, model: Any) -> None:
    make_rows(1)
    row = model.objects.first()

    page = admin.get(address_of(model, "change", row.pk)).content

    assert b'name="_save"' not in page
    assert admin.get(address_of(model, "add")).status_code == 403
    assert admin.post(address_of(model, "change", row.pk), {}).status_code == 403
    assert admin.post(address_of(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", models_of_ours(), ids=describe)
def test_a_member_of_a_company_does_not_enter(cast: Cast, model: Any) -> None:
    client = Client()
    client.force_login(cast.alice)

    response = client.get(address_of(model, "changelist"))

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")


def test_a_user_is_deleted_with_what_belongs_to_the_user(admin: Client, cast: Cast) -> None:
    notifications.notify([cast.bob.pk], Message("error", "Échec", "Relancez."), now=timezone.now())
    preferences.change(cast.bob.pk, {"error": {"email": False}})

    answer = admin.post(reverse("admin:proposals_user_delete", args=[cast.bob.pk]), {"post": "yes"})

    assert answer.status_code == 302
    assert not Notification.objects.exists()
    assert not NotificationPreference.objects.exists()


def test_the_front_page_is_in_french(admin: Client) -> None:
    page = admin.get("/admin/").content.decode()

    assert "Tenderwire — administration" in page
    for words in ("Entreprises", "Projets", "Opérations", "Analyses de RC", "Événements"):
        assert words in page


@pytest.mark.parametrize(
    ("model", "words"),
    [(Project, "pont"), (Requirement, "planning"), (Operation, "pont")],
    ids=["project", "requirement", "operation"],
)
def test_a_search_finds_by_words(admin: Client, cast: Cast, model: Any, words: str) -> None:
    bridge, school = make_project(cast.company_a, title="Pont neuf"), make_project(cast.company_b, title="École")
    for project, text in ((bridge, "Fournir un planning."), (school, "Autre chose.")):
        make_operation(project)
        make_requirement(project, text=text)

    [found] = admin.get(address_of(model, "changelist"), {"q": words}).context["cl"].result_list

    assert getattr(found, "project", found) == bridge


def test_no_page_shows_a_ticket(admin: Client, cast: Cast) -> None:
    ticket = issue_ticket(user=cast.alice, session_expires_at=cast.alice.date_joined)

    assert ticket not in admin.get(address_of(Topic, "changelist")).content.decode()
    assert admin.get("/admin/realtime/ticket/").status_code == 404
