"""Matches over REST: what was found, what people decide, what is missing."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from proposals.models import ContentMatch, Project, Requirement
from tests.factories import Cast, make_item, make_match, make_operation, make_project, make_requirement

BODY = "Notre chef de projet établit un planning détaillé et le met à jour chaque semaine."


def read(client: APIClient, project: Project, what: str = "matches") -> list[dict[str, Any]]:
    response = client.get(f"/api/projects/{project.id}/{what}/")
    assert response.status_code == 200, response.content
    rows: list[dict[str, Any]] = response.json()["results"]
    return rows


def decide(client: APIClient, match: ContentMatch, action: str) -> dict[str, Any]:
    response = client.post(f"/api/matches/{match.id}/{action}/")
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def attach(client: APIClient, requirement: Requirement, body: dict[str, Any]) -> Any:
    return client.post(f"/api/requirements/{requirement.id}/matches/", body)


def statuses(coverage: dict[str, Any]) -> list[str]:
    return [match["status"] for match in coverage["matches"]]


def test_each_requirement_comes_with_its_passages(alice: APIClient, project: Project) -> None:
    requirement = make_requirement(project, code="R-001", text="Fournir un planning détaillé.")
    item = make_item(project.company, title="Planning", body=BODY, valid_until=timezone.localdate())
    match = make_match(project, requirement=requirement, content_item=item, score=0.8123)

    (row,) = read(alice, project)

    assert (row["requirement"]["code"], row["strength"]) == ("R-001", "strong")
    (found,) = row["matches"]
    assert (found["id"], found["rank"], found["score"], found["status"]) == (str(match.id), 1, 0.8123, "proposed")
    assert (found["item"]["id"], found["item"]["title"], found["item"]["is_expired"]) == (
        str(item.id),
        "Planning",
        False,
    )


def test_the_highlights_are_words_of_the_excerpt_that_the_requirement_has(alice: APIClient, project: Project) -> None:
    requirement = make_requirement(project, text="Fournir des plannings détaillés, mis à jour.")
    item = make_item(project.company, body=f"{'Sans rapport aucun avec rien. ' * 40}\n\n{BODY}")
    make_match(project, requirement=requirement, content_item=item, highlights=[[0, 4]])

    (row,) = read(alice, project)

    excerpt, spans = row["matches"][0]["excerpt"], row["matches"][0]["highlights"]
    assert len(excerpt) < 400
    assert [excerpt[start:end] for start, end in spans] == ["planning détaillé", "jour"]


def test_stored_highlights_serve_until_the_passage_changes(alice: APIClient, project: Project) -> None:
    requirement = make_requirement(project, text="Fournir un planning.")
    item = make_item(project.company, body=BODY)
    run = make_operation(project, kind="matching", started_at=timezone.now() + timedelta(seconds=5))
    match = make_match(project, requirement=requirement, content_item=item, operation=run, highlights=[[0, 5]])

    (stored,) = read(alice, project)
    run.started_at = timezone.now() - timedelta(days=1)
    run.save()
    (changed,) = read(alice, project)

    assert match.highlights == [[0, 5]]
    assert stored["matches"][0]["highlights"] == [[0, 5]]
    assert changed["matches"][0]["highlights"] == [[32, 40]]


def test_an_out_of_date_passage_is_marked(alice: APIClient, project: Project) -> None:
    item = make_item(project.company, valid_until=timezone.localdate() - timedelta(days=1))
    make_match(project, content_item=item)

    (row,) = read(alice, project)

    assert row["matches"][0]["item"]["is_expired"] is True


def test_rejected_requirements_are_left_out(alice: APIClient, project: Project) -> None:
    make_requirement(project, code="R-001", status=Requirement.Status.REJECTED)
    make_requirement(project, code="R-002")

    assert [row["requirement"]["code"] for row in read(alice, project)] == ["R-002"]


def test_the_list_costs_the_same_for_few_and_many(
    alice: APIClient, project: Project, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        make_match(project, reviewed_by=cast.bob)

    with django_assert_max_num_queries(4):  # the user, the project, the page, its matches
        assert len(read(alice, project)) == 20


def test_gaps_are_the_requirements_that_nothing_answers(alice: APIClient, project: Project) -> None:
    weak = make_match(project, requirement=make_requirement(project, code="R-001"), strength="none", score=0.1)
    make_match(project, requirement=make_requirement(project, code="R-002"), strength="partial")
    make_requirement(project, code="R-003")
    make_match(project, requirement=make_requirement(project, code="R-004"), status="rejected")
    make_requirement(project, code="R-005", status=Requirement.Status.REJECTED)

    rows = read(alice, project, "gaps")

    assert [row["requirement"]["code"] for row in rows] == ["R-001", "R-003", "R-004"]
    assert {row["strength"] for row in rows} == {"none"}
    assert rows[0]["matches"][0]["id"] == str(weak.id)


def test_accepting_a_passage_makes_its_strength_the_requirement_s(alice: APIClient, project: Project) -> None:
    requirement = make_requirement(project)
    make_match(project, requirement=requirement, strength="strong", rank=1)
    second = make_match(project, requirement=requirement, strength="partial", rank=2)

    answer = decide(alice, second, "accept")

    assert answer["strength"] == "partial"
    assert statuses(answer) == ["accepted", "proposed"]
    accepted = answer["matches"][0]
    assert (accepted["id"], accepted["reviewed_by"]) == (str(second.id), "alice")
    assert accepted["reviewed_at"].endswith("Z")


def test_an_accepted_passage_counts_as_partial_at_least(alice: APIClient, project: Project) -> None:
    match = make_match(project, strength="none", score=0.1)

    assert decide(alice, match, "accept")["strength"] == "partial"


def test_rejecting_the_last_passage_leaves_a_gap(alice: APIClient, project: Project) -> None:
    requirement = make_requirement(project)
    first, second = (make_match(project, requirement=requirement, rank=rank) for rank in (1, 2))

    one_left = decide(alice, first, "reject")
    none_left = decide(alice, second, "reject")

    assert (one_left["strength"], statuses(one_left)) == ("strong", ["proposed", "rejected"])
    assert none_left["strength"] == "none"


def test_a_decision_can_be_taken_back(alice: APIClient, project: Project) -> None:
    match = make_match(project, operation=make_operation(project, kind="matching"))
    decide(alice, match, "reject")

    answer = decide(alice, match, "reset")

    assert answer["strength"] == "strong"
    assert [(row["status"], row["reviewed_by"], row["reviewed_at"]) for row in answer["matches"]] == [
        ("proposed", None, None)
    ]


def test_any_passage_of_the_library_can_be_attached(alice: APIClient, project: Project) -> None:
    requirement, item = make_requirement(project), make_item(project.company)

    response = attach(alice, requirement, {"item_id": str(item.id)})

    assert response.status_code == 201
    answer = response.json()
    assert answer["strength"] == "strong"
    assert [(row["item"]["id"], row["status"], row["score"]) for row in answer["matches"]] == [
        (str(item.id), "accepted", 1.0)
    ]


def test_attaching_a_passage_that_was_found_accepts_it(alice: APIClient, project: Project) -> None:
    match = make_match(project, score=0.3, strength="partial", status="rejected")

    answer = attach(alice, match.requirement, {"item_id": str(match.content_item_id)}).json()

    assert [(row["id"], row["status"], row["score"]) for row in answer["matches"]] == [(str(match.id), "accepted", 0.3)]


def test_taking_back_an_attached_passage_removes_it(alice: APIClient, project: Project) -> None:
    requirement, item = make_requirement(project), make_item(project.company)
    attached = attach(alice, requirement, {"item_id": str(item.id)}).json()["matches"][0]

    response = alice.post(f"/api/matches/{attached['id']}/reset/")

    assert (response.json()["matches"], response.json()["strength"]) == ([], "none")


def test_another_company_s_passage_cannot_be_attached(alice: APIClient, project: Project, cast: Cast) -> None:
    requirement, foreign = make_requirement(project), make_item(cast.company_b)

    answers = [attach(alice, requirement, {"item_id": str(key)}) for key in (foreign.id, uuid.uuid4())]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    assert not ContentMatch.objects.exists()


@pytest.mark.parametrize("body", [{}, {"item_id": "pas-un-identifiant"}, {"item_id": None}])
def test_attaching_needs_the_id_of_a_passage(alice: APIClient, project: Project, body: dict[str, Any]) -> None:
    response = attach(alice, make_requirement(project), body)

    assert response.status_code == 400
    assert list(response.json()["error"]["details"]) == ["item_id"]


def test_matches_of_another_project_are_not_listed(alice: APIClient, project: Project, cast: Cast) -> None:
    make_match(make_project(cast.company_a))

    assert read(alice, project) == []
