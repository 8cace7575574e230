"""Passages are found, added, edited and deleted by the people of their company."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from proposals import library
from proposals.models import ContentItem, ContentMatch, User
from tests.factories import Cast, make_item, make_match, make_project

Kind = ContentItem.Kind


def titles(user: User, **query: str) -> list[str]:
    return [item.title for item in library.search(user=user, **query)]


def test_a_search_needs_every_word_and_looks_past_case_accents_and_apostrophes(cast: Cast) -> None:
    make_item(cast.company_a, title="Équipe dédiée", body="L’encadrement du chantier.", tags=["Œuvres d’art"])
    make_item(cast.company_a, title="Équipement", body="Une pelle.")

    assert titles(cast.alice, text="equipe CHANTIER") == ["Équipe dédiée"]
    assert titles(cast.alice, text="l'encadrement") == ["Équipe dédiée"]
    assert titles(cast.alice, text="oeuvres") == ["Équipe dédiée"]
    assert titles(cast.alice, text="équip") == ["Équipe dédiée", "Équipement"]
    assert titles(cast.alice, text="equipe pelle chantier") == []
    assert titles(cast.alice, text="100%_") == []


def test_a_tag_is_found_whole_only(cast: Cast) -> None:
    make_item(cast.company_a, title="Un", tags=["Voirie", "Béton armé"])
    make_item(cast.company_a, title="Deux", tags=["voirie urbaine"], body="| voirie | béton armé |")

    assert titles(cast.alice, tag="voirie") == ["Un"]
    assert titles(cast.alice, tag="beton arme") == ["Un"]


def test_filters_are_kind_and_state_and_orders_title_and_change(cast: Cast) -> None:
    today = timezone.localdate()
    make_item(cast.company_a, title="B", kind=Kind.TEAM, valid_until=today)
    make_item(cast.company_a, title="A", kind=Kind.TEAM, valid_until=today - timedelta(days=1))
    make_item(cast.company_a, title="C", kind=Kind.METHOD)

    assert titles(cast.alice, kind="team") == ["A", "B"]
    assert titles(cast.alice, status="current") == ["B", "C"]
    assert titles(cast.alice, status="expired") == ["A"]
    assert titles(cast.alice, order="updated") == ["C", "A", "B"]


def test_nobody_finds_what_belongs_to_another_company(cast: Cast) -> None:
    make_item(cast.company_a, title="À A", tags=["a"])

    assert titles(cast.charlie) == titles(cast.admin) == []
    assert library.tags(cast.charlie) == []


def test_tags_are_counted_in_alphabetical_order(cast: Cast) -> None:
    make_item(cast.company_a, tags=["voirie", "électricité"])
    make_item(cast.company_a, tags=["voirie"])

    assert library.tags(cast.alice) == [("électricité", 1), ("voirie", 2)]


def test_a_new_passage_is_tidied_and_found(cast: Cast) -> None:
    fields = {
        "title": "  Équipe\n dédiée ",
        "body": "\r\nUn\r\n\x00Deux\t \n",
        "tags": ["voirie, béton", "Voirie", " "],
        "owner": cast.bob,
    }

    item = library.create(company=cast.company_a, by=cast.alice, fields=fields)

    assert (item.title, item.body, item.tags) == ("Équipe dédiée", "Un\nDeux", ["voirie", "béton"])
    assert (item.version, item.created_by, item.owner, item.kind) == (1, cast.alice, cast.bob, Kind.OTHER)
    assert titles(cast.bob, text="equipe deux beton") == ["Équipe dédiée"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"body": "\n"}, "body"),
        ({"body": "x" * 50_001}, "body"),
        ({"source": "x" * 301}, "source"),
        ({"tags": ["x" * 41]}, "tags"),
        ({"tags": [str(number) for number in range(21)]}, "tags"),
        ({"kind": "poem"}, "kind"),
        ({"language": "klingon"}, "language"),
    ],
)
def test_what_no_passage_may_hold_is_refused_naming_the_field(cast: Cast, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(library.InvalidItem) as refused:
        library.create(company=cast.company_a, by=cast.alice, fields={"title": "T", "body": "B", **fields})

    assert list(refused.value.details or {}) == [field]
    assert not ContentItem.objects.exists()


def test_the_owner_works_for_the_company(cast: Cast) -> None:
    with pytest.raises(library.InvalidItem, match="incorrectes"):
        library.create(company=cast.company_a, by=cast.alice, fields={"title": "T", "body": "B", "owner": cast.charlie})


def test_an_edit_raises_the_version_and_what_a_search_finds(cast: Cast) -> None:
    item = make_item(cast.company_a, title="Ancien", tags=["voirie"])
    earlier = item.updated_at

    changed = library.edit(item, fields={"title": "Nouveau"}, version=1, by=cast.bob)

    assert (changed.version, changed.updated_by, changed.title) == (2, cast.bob, "Nouveau")
    assert changed.updated_at > earlier
    assert titles(cast.alice, text="nouveau", tag="voirie") == ["Nouveau"]
    assert titles(cast.alice, text="ancien") == []


def test_saving_what_is_there_already_changes_nothing(cast: Cast) -> None:
    item = make_item(cast.company_a, title="Titre")

    assert library.edit(item, fields={"title": "Titre"}, version=1, by=cast.bob).version == 1


def test_an_edit_of_another_version_is_refused_with_the_present_values(cast: Cast) -> None:
    item = make_item(cast.company_a, title="Titre", tags=["a"])
    stale = ContentItem.objects.get(id=item.id)
    library.edit(item, fields={"body": "De bob."}, version=1, by=cast.bob)

    for read, version in ((stale, 1), (ContentItem.objects.get(id=item.id), 1)):
        with pytest.raises(library.ItemChanged) as refused:
            library.edit(read, fields={"body": "D’alice."}, version=version, by=cast.alice)

    item.refresh_from_db()
    assert (item.body, item.version) == ("De bob.", 2)
    assert refused.value.item == item
    assert refused.value.details == {
        "version": ["2"],
        "title": ["Titre"],
        "body": ["De bob."],
        "kind": ["planning"],
        "tags": ["a"],
        "language": ["fr"],
        "valid_until": [],
        "owner": [],
        "source": [""],
    }


def test_an_edit_of_a_deleted_passage_says_so(cast: Cast) -> None:
    item = make_item(cast.company_a)
    ContentItem.objects.all().delete()

    with pytest.raises(library.ItemGone):
        library.edit(item, fields={"title": "Trop tard"}, version=1, by=cast.alice)


def test_a_deleted_passage_takes_its_matches_along(cast: Cast) -> None:
    match = make_match(make_project(cast.company_a))

    library.delete(match.content_item)

    assert not ContentItem.objects.exists()
    assert not ContentMatch.objects.exists()


def test_saving_some_fields_of_a_row_keeps_it_findable(cast: Cast) -> None:
    item = make_item(cast.company_a, title="Ancien")
    item.title = "Nouveau"
    item.save(update_fields=["title"])

    assert titles(cast.alice, text="nouveau") == ["Nouveau"]
