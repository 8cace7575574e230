"""The list of projects: what it says of each, what it finds, how it asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from proposals.dashboard.listing import PAGE_SIZE
from proposals.models import Operation, Project
from tests.factories import Cast, make_document, make_operation, make_project

#: Session, user, company, number of rows, rows.
QUERIES_OF_THE_LIST = 5


def text_of(client: Client, **query: str) -> str:
    return client.get("/", query).content.decode()


def test_an_empty_list_invites_to_create_a_project(alice: Client) -> None:
    assert "Aucun projet ici pour l’instant" in text_of(alice)


def test_a_search_without_hits_says_so(alice: Client, project: Project) -> None:
    assert "Aucun projet ne correspond" in text_of(alice, q="introuvable")


@pytest.mark.parametrize("words", ["piscine", "PISCINE Lyon", "2027-004", "lyon"])
def test_a_search_looks_into_title_buyer_and_reference(words: str, alice: Client, cast: Cast) -> None:
    make_project(cast.company_a, title="Piscine municipale", buyer="Ville de Lyon", reference="2027-004")
    make_project(cast.company_a, title="Autre chose")

    text = text_of(alice, q=words)

    assert "Piscine municipale" in text
    assert "Autre chose" not in text


def test_archived_projects_are_shown_on_demand(alice: Client, cast: Cast) -> None:
    make_project(cast.company_a, title="Vieux marché", status=Project.Status.ARCHIVED)

    assert "Vieux marché" not in text_of(alice)
    assert "Vieux marché" in text_of(alice, status="archived")
    assert "Vieux marché" in text_of(alice, status="all")


def test_an_unknown_state_counts_as_the_default(alice: Client, project: Project) -> None:
    assert "Services numériques" in text_of(alice, status="n'importe quoi")


def test_the_nearest_deadline_comes_first_and_none_last(alice: Client, cast: Cast) -> None:
    now = timezone.now()
    make_project(cast.company_a, title="Sans date")
    make_project(cast.company_a, title="Dans un mois", deadline=now + timedelta(days=30))
    make_project(cast.company_a, title="Demain", deadline=now + timedelta(days=1))

    text = text_of(alice)

    assert text.index("Demain") < text.index("Dans un mois") < text.index("Sans date")


@pytest.mark.parametrize(
    ("left", "badge"),
    [
        (timedelta(days=-1), "badge--past"),
        (timedelta(days=1), "badge--urgent"),
        (timedelta(days=8), "badge--soon"),
        (timedelta(days=60), "badge--calm"),
    ],
)
def test_a_badge_says_how_near_the_deadline_is(left: timedelta, badge: str, alice: Client, cast: Cast) -> None:
    make_project(cast.company_a, deadline=timezone.now() + left)

    assert badge in text_of(alice)


@pytest.mark.parametrize(("status", "label"), Operation.Status.choices)
def test_the_state_of_the_newest_analysis_is_shown(status: str, label: str, alice: Client, project: Project) -> None:
    make_operation(project, status=Operation.Status.FAILED, created_at=timezone.now() - timedelta(hours=1))
    make_operation(project, status=status, progress=42)

    text = text_of(alice)

    assert f"status--{status}" in text
    assert str(label) in text


def test_a_hostile_title_is_shown_as_text(alice: Client, cast: Cast) -> None:
    make_project(cast.company_a, title="<script>alert(1)</script>", buyer='"><img src=x onerror=alert(1)>')

    text = text_of(alice, q='"><script>')

    assert "<script>alert" not in text_of(alice)
    assert "<img src=x" not in text_of(alice)
    assert '"><script>' not in text


def test_a_long_list_has_pages(alice: Client, cast: Cast) -> None:
    for _ in range(PAGE_SIZE + 1):
        make_project(cast.company_a)

    assert "Page 1 sur 2" in text_of(alice)
    assert "Page 2 sur 2" in text_of(alice, page="2")
    assert "Page 2 sur 2" in text_of(alice, page="999")


def test_more_projects_cost_no_more_queries(
    alice: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(8):
        project = make_project(cast.company_a)
        make_document(project)
        make_operation(project)

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        alice.get("/")
