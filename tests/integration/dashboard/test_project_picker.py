"""Passages to choose from for a requirement that somebody answers by hand."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from proposals.dashboard import picker
from proposals.models import ContentMatch, Project, Requirement
from tests.factories import Cast, make_item, make_match, make_requirement
from tests.integration.dashboard.conftest import Browse


@pytest.fixture
def requirement(project: Project) -> Requirement:
    """A requirement of the project."""
    return make_requirement(project)


def show(client: Client, requirement: Requirement, query: str = "") -> str:
    address = reverse("passage-picker", args=[requirement.project_id, requirement.id])
    response = client.get(address, {"q": query})
    assert response.status_code == 200
    return response.content.decode()


def test_the_library_is_searched_by_words(alice: Client, project: Project, requirement: Requirement) -> None:
    wanted = make_item(project.company, title="Réversibilité", body="Le code source est rendu.")
    make_item(project.company, title="Hébergement", body="Deux centres de données.")

    html = show(alice, requirement, "REVERSIBILITE code")

    assert html.count("data-picker-choose=") == 1
    assert f'data-picker-choose="{wanted.id}"' in html
    assert "<mark>Réversibilité</mark>" in html


def test_passages_that_were_accepted_already_are_left_out(
    alice: Client, project: Project, requirement: Requirement
) -> None:
    make_match(project, requirement=requirement, status=ContentMatch.Status.ACCEPTED)
    proposed = make_match(project, requirement=requirement).content_item

    html = show(alice, requirement)

    assert html.count("data-picker-choose=") == 1
    assert f'data-picker-choose="{proposed.id}"' in html


def test_a_long_list_is_cut_and_says_so(alice: Client, project: Project, requirement: Requirement) -> None:
    for _ in range(picker.OFFERED + 1):
        make_item(project.company)

    html = show(alice, requirement)

    assert html.count("data-picker-choose=") == picker.OFFERED
    assert "précisez la recherche" in html


def test_a_search_without_success_leads_to_a_new_passage(alice: Client, requirement: Requirement) -> None:
    assert reverse("library-item-create") in show(alice, requirement, "introuvable")


def test_nothing_of_another_company_is_offered_or_shown(
    alice: Client, browse: Browse, cast: Cast, project: Project, requirement: Requirement
) -> None:
    make_item(cast.company_b, title="Secret")

    assert "Secret" not in show(alice, requirement)
    for person in (cast.charlie, cast.admin):
        address = reverse("passage-picker", args=[project.id, uuid4()])
        assert browse(person).get(address).status_code == 404
