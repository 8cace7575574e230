"""The plan, the sections and their versions over REST."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from proposals import sections
from proposals.models import Operation, Project, Section
from proposals.writing import Gap, Grounding, Quality, Statement, Violation
from tests.factories import Cast, make_analysis, make_document, make_operation, make_requirement, make_section
from tests.integration.api.conftest import Login

TEXT = "Nous sommes 12 chez Dupont. [à compléter : effectif]"
GROUNDING = Grounding(
    statements=(Statement(start=0, end=27),),
    violations=(
        Violation(start=20, end=26, text="Dupont", kind="name"),
        Violation(start=12, end=14, text="12", kind="figure"),
    ),
    gaps=(Gap(start=28, end=52, text="effectif"),),
)
QUALITY = Quality(score=0.5, coverage=1, evidence=0.2, specificity=0.3, length=0.4)


@pytest.fixture
def section(project: Project) -> Section:
    """A section that a run has written."""
    run = make_operation(project, kind=Operation.Kind.GENERATION, status=Operation.Status.RUNNING, attempt=1)
    section = make_section(project, order=1, title="Moyens")
    sections.begin(section.id, operation=run)
    sections.finish(
        section.id,
        operation=run,
        started_version=0,
        text=TEXT,
        grounding=GROUNDING,
        quality=QUALITY,
        engine="offline",
    )
    run.delete()
    section.refresh_from_db()
    return section


def refusal(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def patch(client: APIClient, section: Section, text: str, version: int) -> Any:
    return client.patch(f"/api/sections/{section.id}/", {"text": text, "version": version}, format="json")


def test_the_plan_lists_sections_without_their_texts(alice: APIClient, project: Project, section: Section) -> None:
    analysis = make_analysis(make_document(project))
    analysis.result["page_limit"]["value"] = 30
    analysis.save()
    requirement = make_requirement(project)
    make_section(project, order=2, title="Méthode", words_budget=600).requirements.add(requirement)

    plan = alice.get(f"/api/projects/{project.id}/sections/").json()

    assert (plan["page_limit"], plan["words_budget_total"], plan["words_total"]) == (30, 1000, 5)
    first, second = plan["sections"]
    assert (first["title"], first["status"], first["version"], first["quality"]["evidence"]) == (
        "Moyens",
        "written",
        1,
        0.2,
    )
    assert (second["requirement_ids"], second["quality"], second["words_total"]) == ([str(requirement.id)], None, 0)
    assert not {"text", "draft", "grounding"} & set(first)


def test_a_section_has_its_text_with_what_it_rests_on(alice: APIClient, section: Section) -> None:
    body = alice.get(f"/api/sections/{section.id}/").json()

    assert (body["text"], body["draft"], body["engine"]) == (TEXT, "", "offline")
    assert [violation["text"] for violation in body["grounding"]["violations"]] == ["Dupont", "12"]


def test_the_plan_is_saved_whole_and_answered_as_it_is_now(
    alice: APIClient, project: Project, section: Section
) -> None:
    address = f"/api/projects/{project.id}/sections/"
    seen = alice.get(address).json()["plan_version"]
    rows = [{"title": "Avant", "words_budget": 100}, {"id": str(section.id), "title": "Moyens", "words_budget": 500}]

    saved = alice.put(
        f"/api/projects/{project.id}/plan/", {"plan_version": seen, "sections": rows}, format="json"
    ).json()

    assert [(row["order"], row["title"], row["words_budget"]) for row in saved["sections"]] == [
        (1, "Avant", 100),
        (2, "Moyens", 500),
    ]
    assert saved["plan_version"] != seen
    assert saved == alice.get(address).json()


def test_a_written_section_that_a_plan_leaves_out_is_named(
    alice: APIClient, project: Project, section: Section
) -> None:
    seen = alice.get(f"/api/projects/{project.id}/sections/").json()["plan_version"]
    plan = {"plan_version": seen, "sections": []}

    refused = alice.put(f"/api/projects/{project.id}/plan/", plan, format="json")
    removed = alice.put(f"/api/projects/{project.id}/plan/", {**plan, "removed": [str(section.id)]}, format="json")

    assert refusal(refused) == (409, "written_section_missing")
    assert refused.json()["error"]["details"] == {"removed": [str(section.id)]}
    assert removed.json()["sections"] == []


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"title": "", "words_budget": 100}, "sections.0.title"),
        ({"title": "x" * 301, "words_budget": 100}, "sections.0.title"),
        ({"title": "Court", "words_budget": 49}, "sections.0.words_budget"),
        ({"title": "Long", "words_budget": 20_001}, "sections.0.words_budget"),
        ({"title": "Vu", "words_budget": 100, "requirement_ids": ["x"]}, "sections.0.requirement_ids.0"),
    ],
)
def test_a_row_that_no_plan_may_have_is_named(
    alice: APIClient, project: Project, row: dict[str, Any], field: str
) -> None:
    response = alice.put(f"/api/projects/{project.id}/plan/", {"plan_version": "x", "sections": [row]}, format="json")

    assert refusal(response) == (400, "invalid")
    assert field in response.json()["error"]["details"]


def test_a_plan_is_not_saved_over_one_that_was_not_seen(alice: APIClient, project: Project, section: Section) -> None:
    body = {"plan_version": "another", "sections": []}

    assert refusal(alice.put(f"/api/projects/{project.id}/plan/", body, format="json")) == (409, "plan_changed")


def test_a_plan_is_proposed_from_the_analysis(alice: APIClient, project: Project) -> None:
    address = f"/api/projects/{project.id}/plan/propose/"

    assert refusal(alice.post(address)) == (409, "analysis_missing")
    make_analysis(make_document(project))
    assert alice.post(address).json()["sections"]


def test_two_people_do_not_overwrite_each_other(cast: Cast, login: Login, section: Section) -> None:
    patch(login(cast.bob), section, "De Bob.", 1)

    refused = patch(login(cast.alice), section, "D'Alice.", 1)

    assert refusal(refused) == (409, "section_changed")
    assert refused.json()["error"]["details"] == {"version": ["2"], "text": ["De Bob."], "author": ["bob"]}
    assert patch(login(cast.alice), section, "Ensemble.", 2).json()["version"] == 3


@pytest.mark.parametrize("body", [{}, {"text": "Sans version."}, {"version": 1}, {"text": "x\0y", "version": 1}])
def test_an_edit_says_what_and_of_which_version(alice: APIClient, section: Section, body: dict[str, Any]) -> None:
    assert refusal(alice.patch(f"/api/sections/{section.id}/", body, format="json")) == (400, "invalid")


def test_the_white_space_of_a_text_is_kept(alice: APIClient, section: Section) -> None:
    assert patch(alice, section, "  code\n\n", 1).json()["text"] == "  code\n\n"


def test_a_locked_section_refuses_edits_until_it_is_unlocked(alice: APIClient, section: Section) -> None:
    assert alice.post(f"/api/sections/{section.id}/lock/").json()["locked"] is True
    assert refusal(patch(alice, section, "Autre.", 1)) == (409, "section_locked")
    assert alice.post(f"/api/sections/{section.id}/unlock/").json()["locked"] is False
    assert patch(alice, section, "Autre.", 1).status_code == 200


def test_versions_are_listed_read_compared_and_restored(alice: APIClient, section: Section) -> None:
    patch(alice, section, "Nous sommes 15 chez Dupont.", 1)
    address = f"/api/sections/{section.id}/versions/"

    listed = alice.get(address).json()
    first = alice.get(f"{address}1/").json()
    pieces = alice.get(f"/api/sections/{section.id}/diff/?from=1&to=2").json()["pieces"]
    restored = alice.post(f"{address}1/restore/", {"version": 2}, format="json").json()

    assert (listed["current"], [(row["number"], row["origin"], row["author"]) for row in listed["versions"]]) == (
        2,
        [(2, "edited", "alice"), (1, "generated", None)],
    )
    assert (first["text"], first["quality"]["score"]) == (TEXT, 0.5)
    assert {"change": "delete", "text": "12"} in pieces
    assert {"change": "insert", "text": "15"} in pieces
    assert (restored["version"], restored["text"]) == (3, TEXT)


def test_an_unsaved_text_is_compared_with_the_saved_one_and_not_stored(alice: APIClient, section: Section) -> None:
    response = alice.post(f"/api/sections/{section.id}/diff/", {"text": f"Bref, {TEXT}"}, format="json")

    assert response.json()["pieces"][0] == {"change": "insert", "text": "Bref, "}
    section.refresh_from_db()
    assert (section.text, section.version) == (TEXT, 1)


@pytest.mark.parametrize("query", ["", "?from=1", "?from=0&to=1", "?from=un&to=1"])
def test_a_comparison_needs_two_numbers(alice: APIClient, section: Section, query: str) -> None:
    assert refusal(alice.get(f"/api/sections/{section.id}/diff/{query}")) == (400, "invalid")


def test_a_version_that_never_was_is_not_found(alice: APIClient, section: Section) -> None:
    assert refusal(alice.get(f"/api/sections/{section.id}/versions/9/")) == (404, "version_missing")
    assert refusal(alice.get(f"/api/sections/{section.id}/diff/?from=1&to=9")) == (404, "version_missing")


def test_what_is_left_to_settle_is_listed_in_the_order_of_the_proposal(
    alice: APIClient, project: Project, section: Section
) -> None:
    early = Grounding(gaps=(Gap(start=0, end=20, text="CA 2025"),)).model_dump(mode="json")
    make_section(project, order=0, title="Présentation", grounding=early)

    to_do = alice.get(f"/api/projects/{project.id}/todo/").json()

    assert (to_do["gaps_total"], to_do["violations_total"]) == (2, 2)
    assert [(item["section_title"], item["kind"], item["text"]) for item in to_do["items"]] == [
        ("Présentation", "gap", "CA 2025"),
        ("Moyens", "figure", "12"),
        ("Moyens", "name", "Dupont"),
        ("Moyens", "gap", "effectif"),
    ]
