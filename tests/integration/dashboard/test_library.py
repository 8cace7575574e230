"""The list of passages: what it says of each, what it finds, in which order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from proposals.dashboard.library_listing import PAGE_SIZE
from tests.factories import Cast, make_item

#: Session, user, company, number of rows, rows, totals, tags.
QUERIES_OF_THE_LIST = 7


def text_of(client: Client, **query: str) -> str:
    return client.get("/library/", query).content.decode()


def titles(text: str, *titles: str) -> list[str]:
    """Return those of the titles that the page shows, in its order."""
    found = {title: text.find(f"{title}</a>") for title in titles}
    return sorted((title for title in titles if found[title] >= 0), key=found.__getitem__)


def test_an_empty_library_says_what_it_is_for(alice: Client) -> None:
    text = text_of(alice)

    assert "Votre bibliothèque est vide" in text
    assert "Ajouter un passage" in text


def test_a_passage_shows_its_kind_owner_source_tags_and_beginning(alice: Client, cast: Cast) -> None:
    make_item(
        cast.company_a,
        title="Astreinte",
        body="**Deux** ingénieurs.",
        kind="service",
        owner=cast.bob,
        source="memoire.docx, § 3",
        tags=["nuit et jour"],
    )

    text = text_of(alice)

    for shown in ("Astreinte", "Deux ingénieurs.", "Support, maintenance et SLA", "bob", "memoire.docx, § 3"):
        assert shown in text
    assert 'href="/library/?tag=nuit%20et%20jour"' in text


def test_a_search_marks_the_words_it_found(alice: Client, cast: Cast) -> None:
    make_item(cast.company_a, title="Réversibilité", body="Restitution des données.")
    make_item(cast.company_a, title="Formation", body="Six journées.")

    text = text_of(alice, q="reversibilite DONNEES")

    assert "<mark>Réversibilité</mark>" in text
    assert "<mark>données</mark>" in text
    assert "1 passage sur 2" in text
    assert "Formation" not in text


def test_a_search_without_hits_says_so(alice: Client, cast: Cast) -> None:
    make_item(cast.company_a)

    assert "Aucun passage ne correspond" in text_of(alice, q="introuvable")


def test_filters_narrow_by_kind_and_tag(alice: Client, cast: Cast) -> None:
    make_item(cast.company_a, title="Un", kind="team", tags=["voirie"])
    make_item(cast.company_a, title="Deux", kind="team")
    make_item(cast.company_a, title="Trois", kind="method", tags=["voirie"])

    assert titles(text_of(alice, kind="team"), "Un", "Deux", "Trois") == ["Deux", "Un"]
    assert titles(text_of(alice, tag="voirie"), "Un", "Deux", "Trois") == ["Trois", "Un"]
    assert titles(text_of(alice, kind="team", tag="voirie"), "Un", "Deux", "Trois") == ["Un"]


def test_passages_are_marked_and_filtered_by_how_long_they_are_true(alice: Client, cast: Cast) -> None:
    today = timezone.localdate()
    make_item(cast.company_a, title="Vieux", valid_until=today - timedelta(days=1))
    make_item(cast.company_a, title="Bientôt", valid_until=today + timedelta(days=30))
    make_item(cast.company_a, title="Frais", valid_until=today + timedelta(days=31))
    make_item(cast.company_a, title="Toujours")
    everything = ("Vieux", "Bientôt", "Frais", "Toujours")

    assert "Périmé depuis le" in text_of(alice)
    assert "1 périmé</a>" in text_of(alice)
    assert titles(text_of(alice, status="expired"), *everything) == ["Vieux"]
    assert titles(text_of(alice, status="soon"), *everything) == ["Bientôt"]
    assert titles(text_of(alice, status="current"), *everything) == ["Bientôt", "Frais", "Toujours"]


def test_the_list_can_be_sorted(alice: Client, cast: Cast) -> None:
    today = timezone.localdate()
    make_item(cast.company_a, title="Premier", valid_until=today + timedelta(days=90))
    make_item(cast.company_a, title="Autre")
    make_item(cast.company_a, title="Milieu", valid_until=today + timedelta(days=60))
    everything = ("Premier", "Autre", "Milieu")

    assert titles(text_of(alice), *everything) == ["Autre", "Milieu", "Premier"]
    assert titles(text_of(alice, order="updated"), *everything) == ["Milieu", "Autre", "Premier"]
    assert titles(text_of(alice, order="valid_until"), *everything) == ["Milieu", "Premier", "Autre"]


@pytest.mark.parametrize("name", ["kind", "status", "order", "page", "tag", "import_id"])
def test_nonsense_in_the_address_is_no_error(alice: Client, cast: Cast, name: str) -> None:
    make_item(cast.company_a)

    assert alice.get("/library/", {name: "n'importe quoi"}).status_code == 200


def test_a_long_list_has_pages_that_keep_the_search(alice: Client, cast: Cast) -> None:
    for number in range(PAGE_SIZE + 1):
        make_item(cast.company_a, title=f"Équipe {number:02}")

    text = text_of(alice, q="equipe")

    assert "Page 1 sur 2" in text
    assert "?q=equipe&amp;page=2" in text


def test_the_list_asks_the_same_number_of_queries_for_one_passage_and_for_many(
    alice: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        make_item(cast.company_a, owner=cast.bob)

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        text_of(alice)
