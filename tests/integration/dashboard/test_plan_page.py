"""The page of a proposal's plan."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from proposals import plan_editing, selectors
from proposals.models import Project, Requirement
from tests.factories import Cast, make_analysis, make_document, make_requirement, make_section
from tests.integration.dashboard.conftest import Browse


def address_of(project: Project) -> str:
    return reverse("plan-page", args=[project.id])


def test_the_plan_is_shown_with_what_its_script_begins_with(alice: Client, project: Project) -> None:
    analysis = make_analysis(make_document(project))
    analysis.result["page_limit"]["value"] = 12
    analysis.save()
    requirement = make_requirement(project, code="R-001")
    rejected = make_requirement(project, status=Requirement.Status.REJECTED)
    section = make_section(project, order=1, title="Méthode & planning", words_budget=650)
    section.requirements.add(requirement)

    response = alice.get(address_of(project))

    config = response.context["config"]
    [row] = config["sections"]
    assert "Méthode &amp; planning" in response.content.decode()
    assert (row["title"], row["words_budget"], row["requirement_ids"]) == (
        "Méthode & planning",
        650,
        [str(requirement.id)],
    )
    assert (config["page_limit"], config["words_per_page"]) == (12, 500)
    assert str(rejected.id) not in {entry["id"] for entry in config["requirements"]}
    assert config["plan_version"] == plan_editing.plan_version(selectors.plan(project.id))


def test_what_is_met_by_papers_belongs_to_no_section(alice: Client, project: Project) -> None:
    make_analysis(make_document(project))
    paper = make_requirement(project, text="Remettre le formulaire DC1 daté et signé.", category="candidature")
    method = make_requirement(project, text="Décrire la méthodologie dans le mémoire technique.", category="method")

    config = alice.get(address_of(project)).context["config"]

    outside = {entry["id"]: entry["is_outside"] for entry in config["requirements"]}
    assert outside == {str(paper.id): True, str(method.id): False}


def test_without_an_analysis_no_plan_can_be_proposed(alice: Client, project: Project) -> None:
    make_requirement(project)

    page = alice.get(address_of(project)).content.decode()

    assert "data-propose disabled" in page
    assert "Le règlement n’est pas encore analysé" in page


@pytest.mark.parametrize("person", ["charlie", "admin"])
def test_everybody_else_gets_404(cast: Cast, browse: Browse, project: Project, person: str) -> None:
    assert browse(getattr(cast, person)).get(address_of(project)).status_code == 404


def test_a_stranger_is_sent_to_the_login_page(browse: Browse, project: Project) -> None:
    response = browse(None).get(address_of(project))

    assert response.headers["Location"] == f"{reverse('login')}?next={address_of(project)}"
