"""Create, edit and archive projects."""

from __future__ import annotations

from datetime import UTC, datetime

from django.test import Client
from django.urls import reverse

from proposals.models import Project
from tests.factories import Cast


def test_a_new_project_belongs_to_the_company_of_its_author(alice: Client, cast: Cast) -> None:
    response = alice.post(
        reverse("project-create"), {"title": "Piscine", "buyer": "Lyon", "deadline": "2027-03-17T12:00"}
    )

    project = Project.objects.get(title="Piscine")
    assert response.headers["Location"] == reverse("project-page", args=[project.id])
    assert project.company == cast.company_a
    assert project.created_by == cast.alice
    assert project.deadline == datetime(2027, 3, 17, 11, 0, tzinfo=UTC)


def test_a_project_needs_a_title(alice: Client, cast: Cast) -> None:
    response = alice.post(reverse("project-create"), {"title": " "})

    assert response.status_code == 200
    assert "Ce champ est obligatoire." in response.content.decode()
    assert not Project.objects.exists()


def test_the_form_of_a_project_shows_what_is_stored(alice: Client, project: Project) -> None:
    project.deadline = datetime(2027, 3, 17, 11, 0, tzinfo=UTC)
    project.save()

    text = alice.get(reverse("project-edit", args=[project.id])).content.decode()

    assert "Services numériques" in text
    assert "2027-03-17T12:00" in text


def test_a_project_is_archived_by_its_form(alice: Client, project: Project) -> None:
    alice.post(reverse("project-edit", args=[project.id]), {"title": "Services numériques", "status": "archived"})

    project.refresh_from_db()
    assert project.status == Project.Status.ARCHIVED


def test_a_form_cannot_move_a_project_to_another_company(alice: Client, cast: Cast, project: Project) -> None:
    fields = {"title": "Nouveau titre", "status": "active", "company": str(cast.company_b.id)}

    alice.post(reverse("project-edit", args=[project.id]), fields)

    project.refresh_from_db()
    assert project.title == "Nouveau titre"
    assert project.company == cast.company_a
