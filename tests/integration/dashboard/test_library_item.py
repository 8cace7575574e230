"""Read, write, change and delete one passage."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from proposals.models import ContentItem
from tests.factories import Cast, make_item, make_match, make_project

#: What the form of a passage sends.
FIELDS = {
    "title": "Astreinte",
    "body": "Deux ingénieurs.",
    "kind": "service",
    "tags": "nuit, 24/7",
    "valid_until": "2027-06-30",
    "owner": "",
    "source": "memoire.docx",
    "language": "fr",
}


@pytest.fixture
def item(cast: Cast) -> ContentItem:
    """A passage of company A, at its first version."""
    return make_item(cast.company_a, title="Astreinte", body="Un ingénieur.", kind="service")


def url(item: ContentItem, page: str = "") -> str:
    return f"/library/{item.id}/{page}"


def test_a_passage_is_shown_as_it_will_read(alice: Client, cast: Cast) -> None:
    item = make_item(cast.company_a, body="- **Gras** <b>\n\n| A |\n|---|\n| 1 |", tags=["sla"], owner=cast.bob)

    text = alice.get(url(item)).content.decode()

    assert "<strong>Gras</strong> &lt;b&gt;" in text
    assert "<td>1</td>" in text
    assert "bob" in text


def test_an_out_of_date_passage_says_so(alice: Client, cast: Cast) -> None:
    item = make_item(cast.company_a, valid_until=timezone.localdate() - timedelta(days=1))

    assert "Ce passage n’est plus à jour" in alice.get(url(item)).content.decode()


def test_a_new_passage_belongs_to_the_company_of_its_author(alice: Client, cast: Cast) -> None:
    response = alice.post("/library/new/", {**FIELDS, "owner": str(cast.bob.id)})

    item = ContentItem.objects.get()
    assert response.headers["Location"] == url(item)
    assert (item.company, item.created_by, item.owner) == (cast.company_a, cast.alice, cast.bob)
    assert (item.title, item.body, item.kind, item.source) == (
        "Astreinte",
        "Deux ingénieurs.",
        "service",
        FIELDS["source"],
    )
    assert (item.tags, item.valid_until) == (["nuit", "24/7"], date(2027, 6, 30))


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(alice: Client, cast: Cast) -> None:
    wrong = {**FIELDS, "title": " ", "tags": "x" * 41, "valid_until": "2027-02-30"}

    text = alice.post("/library/new/", wrong).content.decode()

    assert "Rien n’a été enregistré" in text
    assert "Ce champ est obligatoire." in text
    assert "Cette date n’existe pas." in text
    assert "Deux ingénieurs." in text
    assert not ContentItem.objects.exists()


def test_what_the_library_refuses_is_said_beside_its_field(alice: Client, cast: Cast) -> None:
    text = alice.post("/library/new/", {**FIELDS, "tags": "x" * 41, "language": "xx9"}).content.decode()

    assert "Au plus 20 étiquettes de 40 caractères." in text
    assert "Code de langue attendu" in text
    assert not ContentItem.objects.exists()


def test_a_colleague_of_another_company_cannot_be_the_owner(alice: Client, cast: Cast) -> None:
    response = alice.post("/library/new/", {**FIELDS, "owner": str(cast.charlie.id)})

    assert response.status_code == 200
    assert not ContentItem.objects.exists()


def test_a_passage_is_changed_by_its_form(alice: Client, cast: Cast, item: ContentItem) -> None:
    response = alice.post(url(item, "edit/"), {**FIELDS, "version": "1"})

    item.refresh_from_db()
    assert response.headers["Location"] == url(item)
    assert (item.body, item.version, item.updated_by) == ("Deux ingénieurs.", 2, cast.alice)
    assert "Passage enregistré." in alice.get(url(item)).content.decode()


def test_the_form_keeps_an_owner_who_has_left(alice: Client, cast: Cast, item: ContentItem) -> None:
    cast.bob.is_active = False
    cast.bob.save()
    ContentItem.objects.filter(id=item.id).update(owner=cast.bob)

    text = alice.get(url(item, "edit/")).content.decode()

    assert f'<option value="{cast.bob.id}" selected>' in text


def test_who_saves_second_sees_both_texts_and_loses_nothing(alice: Client, cast: Cast, item: ContentItem) -> None:
    ContentItem.objects.filter(id=item.id).update(body="Trois ingénieurs.", version=2, updated_by=cast.bob)

    response = alice.post(url(item, "edit/"), {**FIELDS, "version": "1"})

    text = response.content.decode()
    item.refresh_from_db()
    assert response.status_code == 409
    assert item.body == "Trois ingénieurs."
    assert "<del>Trois</del> ingénieurs." in text
    assert "<ins>Deux</ins> ingénieurs." in text
    assert ">\nDeux ingénieurs.</textarea>" in text
    assert 'name="version" value="2"' in text


def test_saving_again_after_a_conflict_replaces_knowingly(alice: Client, item: ContentItem) -> None:
    ContentItem.objects.filter(id=item.id).update(body="Trois ingénieurs.", version=2)
    alice.post(url(item, "edit/"), {**FIELDS, "version": "1"})

    alice.post(url(item, "edit/"), {**FIELDS, "version": "2"})

    item.refresh_from_db()
    assert (item.body, item.version) == ("Deux ingénieurs.", 3)


@pytest.mark.parametrize("version", ["", "x"])
def test_a_form_without_its_version_overwrites_nothing(alice: Client, item: ContentItem, version: str) -> None:
    alice.post(url(item, "edit/"), {**FIELDS, "version": version})

    item.refresh_from_db()
    assert item.body == "Un ingénieur."


def test_a_text_whose_passage_was_deleted_can_be_kept_as_a_new_one(alice: Client, item: ContentItem) -> None:
    address = url(item, "edit/")
    item.delete()

    response = alice.post(address, {**FIELDS, "version": "1"})

    text = response.content.decode()
    assert response.status_code == 404
    assert "supprimé entre-temps" in text
    assert ">\nDeux ingénieurs.</textarea>" in text
    assert 'action="/library/new/"' in text


def test_a_passage_is_deleted_only_after_a_question(alice: Client, cast: Cast, item: ContentItem) -> None:
    make_match(make_project(cast.company_a), content_item=item)

    question = alice.get(url(item, "delete/")).content.decode()
    assert ContentItem.objects.filter(id=item.id).exists()
    response = alice.post(url(item, "delete/"), follow=True)

    assert "proposé pour 1 exigence" in question
    assert not ContentItem.objects.filter(id=item.id).exists()
    assert "« Astreinte » a été supprimé." in response.content.decode()


def test_a_preview_renders_what_is_being_written(alice: Client, cast: Cast) -> None:
    text = alice.post("/library/preview/", {"body": "**Gras** <script>"}).content.decode()

    assert text.strip() == "<div data-preview-body><p><strong>Gras</strong> &lt;script&gt;</p>\n</div>"
