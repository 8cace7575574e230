"""Projects over REST."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from rest_framework.test import APIClient

from proposals.models import Project
from tests.factories import Cast, make_project


def titles(client: APIClient, query: str = "") -> list[str]:
    response = client.get(f"/api/projects/{query}")
    assert response.status_code == 200
    return [row["title"] for row in response.json()["results"]]


def test_a_project_belongs_to_the_company_of_its_author(alice: APIClient, cast: Cast) -> None:
    response = alice.post(
        "/api/projects/",
        {
            "title": "Voirie",
            "buyer": "Ville",
            "deadline": "2026-03-01T12:00:00+01:00",
            "company": str(cast.company_b.id),
        },
    )

    assert response.status_code == 201
    project = Project.objects.get(id=response.json()["id"])
    assert project.company == cast.company_a
    assert project.created_by == cast.alice
    assert response.json()["created_by"] == "alice"
    assert response.json()["created_at"].endswith("Z")


def test_a_patch_changes_what_it_names_and_nothing_else(alice: APIClient, project: Project, cast: Cast) -> None:
    response = alice.patch(
        f"/api/projects/{project.id}/", {"buyer": "Région", "status": "archived", "company": str(cast.company_b.id)}
    )

    project.refresh_from_db()
    assert response.status_code == 200
    assert (project.buyer, project.title) == ("Région", "Services numériques")
    assert (project.status, project.company) == (Project.Status.ACTIVE, cast.company_a)


def test_a_project_is_archived_and_brought_back(alice: APIClient, project: Project) -> None:
    assert alice.post(f"/api/projects/{project.id}/archive/").json()["status"] == "archived"
    assert titles(alice, "?status=active") == []
    assert titles(alice, "?status=archived") == ["Services numériques"]

    assert alice.post(f"/api/projects/{project.id}/unarchive/").json()["status"] == "active"
    assert titles(alice, "?status=active") == ["Services numériques"]


@pytest.mark.parametrize(
    ("search", "expected"),
    [("pont", ["Pont neuf"]), ("NEUF lille", ["Pont neuf"]), ("2026-07", ["Pont neuf"]), ("neuf paris", []), ("%", [])],
)
def test_every_word_of_a_search_stands_somewhere(
    alice: APIClient, cast: Cast, search: str, expected: list[str]
) -> None:
    make_project(cast.company_a, title="Pont neuf", buyer="Ville de Lille", reference="2026-07")
    make_project(cast.company_a, title="École", buyer="Ville de Paris")

    assert titles(alice, f"?search={search.replace(' ', '+').replace('%', '%25')}") == expected


def test_an_unknown_status_is_refused(alice: APIClient) -> None:
    response = alice.get("/api/projects/?status=perdu")

    assert response.status_code == 400
    assert set(response.json()["error"]["details"]) == {"status"}


def test_pages_follow_each_other_while_projects_arrive(alice: APIClient, cast: Cast) -> None:
    for number in range(5):
        make_project(cast.company_a, title=f"Projet {number}")

    page = alice.get("/api/projects/?page_size=2").json()
    seen = [row["title"] for row in page["results"]]
    make_project(cast.company_a, title="Arrivé entre-temps")
    while page["next"]:
        address = urlsplit(page["next"])
        page = alice.get(f"{address.path}?{address.query}").json()
        seen += [row["title"] for row in page["results"]]

    assert seen == [f"Projet {number}" for number in (4, 3, 2, 1, 0)]


def test_a_page_holds_at_most_two_hundred(alice: APIClient, cast: Cast) -> None:
    Project.objects.bulk_create(Project(company=cast.company_a, title=str(n)) for n in range(201))

    assert len(titles(alice, "?page_size=1000")) == 200
    assert len(titles(alice)) == 50


def test_a_list_costs_the_same_for_few_and_many(
    alice: APIClient, cast: Cast, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        make_project(cast.company_a, title=str(number), created_by=cast.bob)

    with django_assert_max_num_queries(2):  # type: ignore[operator]  # the user, the page
        assert len(titles(alice)) == 30
