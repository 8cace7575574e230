"""Who sees which page: the same cast for every address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from proposals.models import Project
from tests.factories import Cast, make_analysis, make_document
from tests.integration.dashboard.conftest import Browse

PANELS = ["analysis-panel", "documents-panel", "pipeline-panel", "matrix-panel", "outline-panel", "outputs-panel"]
PAGES = ["project-page", "project-edit", *PANELS, "document-file"]

Address = Callable[[str], str]


@pytest.fixture
def address(project: Project) -> Address:
    """Return the address of each page of a project with an analysed document."""
    document = make_document(project)
    make_analysis(document)

    def of(name: str) -> str:
        return reverse(name, args=[project.id, document.id] if name == "document-file" else [project.id])

    return of


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("person", ["alice", "bob"])
def test_people_of_the_company_see_every_page(
    name: str, person: str, address: Address, cast: Cast, browse: Browse
) -> None:
    response = browse(getattr(cast, person)).get(address(name))

    assert response.status_code == 200


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("person", ["charlie", "admin"])
def test_everybody_else_gets_404_on_every_page(
    name: str, person: str, address: Address, cast: Cast, browse: Browse
) -> None:
    response = browse(getattr(cast, person)).get(address(name))

    assert response.status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_an_anonymous_visitor_is_sent_to_the_login_page(name: str, address: Address, browse: Browse) -> None:
    response = browse(None).get(address(name))

    assert response.status_code == 302
    assert response.headers["Location"] == f"{reverse('login')}?next={address(name)}"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_closes_once_the_person_moves_to_another_company(
    name: str, address: Address, cast: Cast, browse: Browse
) -> None:
    bob = browse(cast.bob)
    cast.bob.company = cast.company_b
    cast.bob.save()

    response = bob.get(address(name))

    assert response.status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_a_deactivated_person_is_signed_out(name: str, address: Address, cast: Cast, browse: Browse) -> None:
    bob = browse(cast.bob)
    cast.bob.is_active = False
    cast.bob.save()

    response = bob.get(address(name))

    assert response.status_code == 302


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_never_kept_by_a_cache(name: str, address: Address, cast: Cast, browse: Browse) -> None:
    response = browse(cast.alice).get(address(name))

    assert "no-store" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]


def test_a_document_is_found_under_its_own_project_only(
    address: Address, cast: Cast, browse: Browse, project: Project
) -> None:
    other = Project.objects.create(company=cast.company_a, title="Un autre")

    response = browse(cast.alice).get(address("document-file").replace(str(project.id), str(other.id)))

    assert response.status_code == 404


def test_the_list_shows_the_projects_of_the_company_only(address: Address, cast: Cast, browse: Browse) -> None:
    seen = {name: browse(getattr(cast, name)).get("/").content.decode() for name in ("alice", "bob", "charlie")}

    assert "Services numériques" in seen["alice"]
    assert "Services numériques" in seen["bob"]
    assert "Services numériques" not in seen["charlie"]


def test_a_search_finds_nothing_of_another_company(address: Address, cast: Cast, browse: Browse) -> None:
    response = browse(cast.charlie).get("/", {"q": "Services", "status": "all"})

    assert "Services numériques" not in response.content.decode()


def test_a_superuser_without_company_is_shown_the_way_to_the_administration(cast: Cast, browse: Browse) -> None:
    response = browse(cast.admin).get("/")

    assert response.status_code == 200
    assert reverse("admin:index") in response.content.decode()
    assert "Nouveau projet" not in response.content.decode()


def test_a_person_without_company_cannot_create_a_project(cast: Cast, browse: Browse) -> None:
    response = browse(cast.admin).post(reverse("project-create"), {"title": "Sans entreprise"})

    assert response.status_code == 200
    assert not Project.objects.filter(title="Sans entreprise").exists()


def test_another_company_cannot_edit_a_project(cast: Cast, browse: Browse, project: Project) -> None:
    response = browse(cast.charlie).post(reverse("project-edit", args=[project.id]), {"title": "Volé"})

    project.refresh_from_db()
    assert response.status_code == 404
    assert project.title == "Services numériques"
