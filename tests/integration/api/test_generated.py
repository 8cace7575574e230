"""Produced documents over REST: the list by version, and the files."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from proposals.models import GeneratedDocument, Operation, Project
from tests.factories import Cast, make_generated, make_section
from tests.integration.api.conftest import Login

pytestmark = pytest.mark.django_db

Format = GeneratedDocument.Format


def list_productions(client: APIClient, project: Project, query: str = "") -> dict[str, Any]:
    response = client.get(f"/api/projects/{project.id}/generated/{query}")
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    return body


def test_productions_are_listed_by_version_the_newest_first(alice: APIClient, project: Project) -> None:
    for version, kind in [(1, Format.DOCX), (2, Format.PDF), (2, Format.DOCX)]:
        make_generated(project, version=version, format=kind)

    results = list_productions(alice, project)["results"]

    assert [(entry["version"], [file["format"] for file in entry["documents"]]) for entry in results] == [
        (2, ["docx", "pdf"]),
        (1, ["docx"]),
    ]


def test_an_entry_says_what_a_file_is_and_where(alice: APIClient, project: Project) -> None:
    document = make_generated(project, version=3, format=Format.PDF, filename="memoire-v3.pdf", pages=12)

    results = list_productions(alice, project)["results"]

    [entry] = results[0]["documents"]
    assert entry["filename"] == "memoire-v3.pdf"
    assert (entry["pages"], entry["size_bytes"], entry["sha256"]) == (12, 2, document.sha256)
    assert entry["download_url"] == f"/api/generated/{document.id}/download/"


def test_a_page_never_cuts_a_production_in_two(alice: APIClient, project: Project) -> None:
    for version in (1, 2, 3):
        for kind in Format:
            make_generated(project, version=version, format=kind)

    first = list_productions(alice, project, "?page_size=2")
    second = alice.get(first["next"]).json()

    assert [(entry["version"], len(entry["documents"])) for entry in first["results"]] == [(3, 4), (2, 4)]
    assert [(entry["version"], len(entry["documents"])) for entry in second["results"]] == [(1, 4)]


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        (Format.DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (Format.PDF, "application/pdf"),
        (Format.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Format.ICS, "text/calendar; charset=utf-8"),
    ],
)
def test_a_file_is_a_download_that_no_browser_shows_or_keeps(
    alice: APIClient, project: Project, kind: str, content_type: str
) -> None:
    document = make_generated(project, content=b"content", format=kind, filename=f"mémoire.{kind}")

    response = alice.get(f"/api/generated/{document.id}/download/")

    assert (response.status_code, response.content) == (200, b"content")
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''m%C3%A9moire")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_a_lost_file_is_told_apart_from_a_missing_row(alice: APIClient, project: Project) -> None:
    document = make_generated(project)
    document.file.delete(save=False)

    response = alice.get(f"/api/generated/{document.id}/download/")

    assert (response.status_code, response.json()["error"]["code"]) == (404, "file_missing")
    assert "Produisez" in response.json()["error"]["message"]


def test_another_company_reaches_neither_list_nor_file(cast: Cast, login: Login, project: Project) -> None:
    document = make_generated(project)
    charlie = login(cast.charlie)

    assert charlie.get(f"/api/projects/{project.id}/generated/").status_code == 404
    assert charlie.get(f"/api/generated/{document.id}/download/").status_code == 404
    assert list_productions(login(cast.bob), project)["results"]


def test_the_order_of_a_production_may_leave_out_the_internal_annexes(alice: APIClient, project: Project) -> None:
    make_section(project, text="Notre équipe.")
    order = {"kind": "document_generation", "internal_annexes": False}

    response = alice.post(f"/api/projects/{project.id}/operations/", order)

    assert response.status_code == 202
    assert Operation.objects.get(id=response.json()["id"]).parameters == {"internal_annexes": False}


def test_internal_annexes_are_no_matter_of_another_operation(alice: APIClient, project: Project) -> None:
    order = {"kind": "generation", "internal_annexes": True}

    response = alice.post(f"/api/projects/{project.id}/operations/", order)

    assert (response.status_code, list(response.json()["error"]["details"])) == (400, ["internal_annexes"])


def test_a_production_without_a_written_section_is_refused(alice: APIClient, project: Project) -> None:
    response = alice.post(f"/api/projects/{project.id}/operations/", {"kind": "document_generation"})

    assert (response.status_code, response.json()["error"]["code"]) == (409, "sections_missing")
