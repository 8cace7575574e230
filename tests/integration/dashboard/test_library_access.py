"""Who sees which page of the library: the same cast for every address."""

from __future__ import annotations

import pytest
from django.urls import reverse

from proposals.models import ContentItem
from tests.factories import Cast, make_item
from tests.integration.dashboard.conftest import Browse

PAGES = ["library-item", "library-item-edit", "library-item-delete"]
#: Pages without a passage in their address.
OWN_PAGES = ["library", "library-item-create", "library-import"]


@pytest.fixture
def item(cast: Cast) -> ContentItem:
    """A passage of company A."""
    return make_item(cast.company_a, title="Secret de fabrication")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("person", ["alice", "bob"])
def test_people_of_the_company_see_every_page(
    name: str, person: str, item: ContentItem, cast: Cast, browse: Browse
) -> None:
    assert browse(getattr(cast, person)).get(reverse(name, args=[item.id])).status_code == 200


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("person", ["charlie", "admin"])
def test_everybody_else_gets_404_on_every_page(
    name: str, person: str, item: ContentItem, cast: Cast, browse: Browse
) -> None:
    assert browse(getattr(cast, person)).get(reverse(name, args=[item.id])).status_code == 404


@pytest.mark.parametrize("name", ["library-item-edit", "library-item-delete"])
def test_another_company_changes_nothing(name: str, item: ContentItem, cast: Cast, browse: Browse) -> None:
    fields = {"title": "Volé", "body": "Volé", "kind": "other", "language": "fr", "version": "1"}

    response = browse(cast.charlie).post(reverse(name, args=[item.id]), fields)

    item.refresh_from_db()
    assert response.status_code == 404
    assert item.title == "Secret de fabrication"
    assert "Secret de fabrication" not in response.content.decode()


@pytest.mark.parametrize("name", [*PAGES, *OWN_PAGES])
def test_an_anonymous_visitor_is_sent_to_the_login_page(name: str, item: ContentItem, browse: Browse) -> None:
    address = reverse(name, args=[item.id] if name in PAGES else [])

    response = browse(None).get(address)

    assert response.status_code == 302
    assert response.headers["Location"] == f"{reverse('login')}?next={address}"


@pytest.mark.parametrize("query", [{}, {"q": "secret"}, {"tag": "secret"}])
def test_the_list_shows_passages_of_the_company_only(
    query: dict[str, str], item: ContentItem, cast: Cast, browse: Browse
) -> None:
    ContentItem.objects.filter(id=item.id).update(tags=["secret"])

    text = browse(cast.charlie).get(reverse("library"), query).content.decode()

    assert "Secret" not in text
    assert "secret</option>" not in text


def test_the_list_of_owners_names_colleagues_only(cast: Cast, browse: Browse) -> None:
    text = browse(cast.alice).get(reverse("library-item-create")).content.decode()

    assert ">bob</option>" in text
    assert "charlie" not in text


@pytest.mark.parametrize("name", OWN_PAGES)
def test_a_superuser_without_company_is_shown_the_way_to_the_administration(
    name: str, cast: Cast, browse: Browse
) -> None:
    assert reverse("admin:index") in browse(cast.admin).get(reverse(name)).content.decode()


def test_a_person_without_company_cannot_add_a_passage(cast: Cast, browse: Browse) -> None:
    fields = {"title": "Sans entreprise", "body": "x", "kind": "other", "language": "fr"}

    browse(cast.admin).post(reverse("library-item-create"), fields)

    assert not ContentItem.objects.exists()


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_never_kept_by_a_cache_and_run_nothing_inline(
    name: str, item: ContentItem, cast: Cast, browse: Browse
) -> None:
    response = browse(cast.alice).get(reverse(name, args=[item.id]))

    assert "no-store" in response.headers["Cache-Control"]
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
