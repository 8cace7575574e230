"""Analysis and requirements over REST."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from proposals.analysis import RCAnalysisResult
from proposals.models import Project, Requirement
from tests.factories import Cast, make_analysis, make_document, make_project, make_requirement, make_result


def test_without_analysis_it_is_404_with_a_code(alice: APIClient, project: Project) -> None:
    response = alice.get(f"/api/projects/{project.id}/analysis/")

    assert (response.status_code, response.json()["error"]["code"]) == (404, "analysis_missing")


def test_the_newest_analysis_is_given_as_it_was_stored(alice: APIClient, project: Project) -> None:
    document = make_document(project)
    make_analysis(document, created_at=timezone.now() - timedelta(days=1))
    analysis = make_analysis(document)

    body = alice.get(f"/api/projects/{project.id}/analysis/").json()

    assert set(body) == {"id", "document_id", "engine", "created_at", "result"}
    assert (body["id"], body["document_id"]) == (str(analysis.id), str(document.id))
    assert RCAnalysisResult.model_validate_json(json.dumps(body["result"])) == make_result()


def codes(client: APIClient, project: Project, query: str = "") -> list[str]:
    response = client.get(f"/api/projects/{project.id}/requirements/{query}")
    assert response.status_code == 200
    return [row["code"] for row in response.json()["results"]]


def test_requirements_come_in_the_order_of_their_codes_and_filtered(alice: APIClient, project: Project) -> None:
    make_requirement(project, code="R-002", text="Fournir un planning détaillé", category="planning")
    make_requirement(project, code="R-001", text="Visiter le site", category="visite", mandatory=False)
    make_requirement(project, code="R-003", category="planning", status=Requirement.Status.APPROVED)

    assert codes(alice, project) == ["R-001", "R-002", "R-003"]
    assert codes(alice, project, "?category=planning") == ["R-002", "R-003"]
    assert codes(alice, project, "?mandatory=false") == ["R-001"]
    assert codes(alice, project, "?status=approved") == ["R-003"]
    assert codes(alice, project, "?search=planning+détaillé") == ["R-002"]


def test_pages_of_requirements_follow_the_codes(alice: APIClient, project: Project) -> None:
    for number in range(1, 6):
        make_requirement(project, code=f"R-{number:03}")

    page = alice.get(f"/api/projects/{project.id}/requirements/?page_size=3").json()
    rest = alice.get(page["next"]).json()

    assert [row["code"] for row in page["results"] + rest["results"]] == [f"R-{n:03}" for n in range(1, 6)]


def test_a_correction_is_marked_and_evidence_is_not_editable(alice: APIClient, project: Project) -> None:
    requirement = make_requirement(project, code="R-001", quote="citation", page=4)

    response = alice.patch(
        f"/api/requirements/{requirement.id}/",
        {"text": "Fournir un planning mensuel.", "mandatory": False, "quote": "faux", "page": 9, "status": "approved"},
    )

    assert response.status_code == 200
    body = response.json()
    assert (body["text"], body["mandatory"], body["edited"]) == ("Fournir un planning mensuel.", False, True)
    assert (body["quote"], body["page"], body["status"]) == ("citation", 4, "proposed")


def test_a_correction_that_changes_nothing_marks_nothing(alice: APIClient, project: Project) -> None:
    requirement = make_requirement(project, text="Tel quel.")

    assert alice.patch(f"/api/requirements/{requirement.id}/", {"text": "Tel quel."}).json()["edited"] is False


def test_an_empty_text_is_refused(alice: APIClient, project: Project) -> None:
    requirement = make_requirement(project)

    assert alice.patch(f"/api/requirements/{requirement.id}/", {"text": " "}).status_code == 400


@pytest.mark.parametrize(("action", "status"), [("approve", "approved"), ("reject", "rejected")])
def test_a_decision_carries_its_author(alice: APIClient, project: Project, action: str, status: str) -> None:
    requirement = make_requirement(project)

    body = alice.post(f"/api/requirements/{requirement.id}/{action}/").json()

    assert (body["status"], body["reviewed_by"]) == (status, "alice")
    assert body["reviewed_at"].endswith("Z")


def approve(client: APIClient, project: Project, body: dict[str, Any]) -> Any:
    return client.post(f"/api/projects/{project.id}/requirements/approve/", body)


def test_several_are_approved_together(alice: APIClient, project: Project) -> None:
    chosen = [make_requirement(project), make_requirement(project)]
    other = make_requirement(project)

    response = approve(alice, project, {"requirement_ids": [str(row.id) for row in chosen]})

    assert response.json() == {"approved_total": 2}
    other.refresh_from_db()
    assert other.status == Requirement.Status.PROPOSED


def test_without_a_list_all_that_wait_are_approved(alice: APIClient, project: Project) -> None:
    make_requirement(project)
    rejected = make_requirement(project, status=Requirement.Status.REJECTED)

    assert approve(alice, project, {}).json() == {"approved_total": 1}
    rejected.refresh_from_db()
    assert rejected.status == Requirement.Status.REJECTED


def test_one_foreign_id_approves_nothing(alice: APIClient, project: Project, cast: Cast) -> None:
    own, foreign = make_requirement(project), make_requirement(make_project(cast.company_b))

    answers = [
        approve(alice, project, {"requirement_ids": [str(own.id), str(other)]}) for other in (foreign.id, uuid.uuid4())
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    assert not Requirement.objects.filter(status=Requirement.Status.APPROVED).exists()


def test_a_list_costs_the_same_for_few_and_many(
    alice: APIClient, project: Project, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        make_requirement(project, reviewed_by=cast.bob)

    with django_assert_max_num_queries(3):  # the user, the project, the page
        assert len(codes(alice, project)) == 30
