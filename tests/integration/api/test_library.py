"""The content library over REST."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from proposals.models import ContentItem, LibraryImport
from proposals.models.library import INTERRUPTED_AFTER
from tests.factories import Cast, make_import, make_item
from tests.integration.api.conftest import Login

ITEMS, IMPORTS = "/api/library/items/", "/api/library/imports/"
TEXT = b"# Moyens humains\n\nDouze personnes.\n"


def upload(client: APIClient, content: bytes = TEXT, name: str = "memoire.md", **fields: Any) -> Any:
    return client.post(IMPORTS, {"file": SimpleUploadedFile(name, content), **fields}, format="multipart")


def titles(client: APIClient, query: str = "") -> list[str]:
    return [item["title"] for item in client.get(f"{ITEMS}?{query}").json()["results"]]


def test_a_passage_is_added_read_and_found(alice: APIClient, cast: Cast) -> None:
    fields = {"title": "Équipe dédiée", "body": "Texte\n\n- un", "kind": "team", "tags": ["voirie"], "owner": "bob"}

    created = alice.post(ITEMS, {**fields, "valid_until": "2020-01-01"})

    assert created.status_code == 201
    item = created.json()
    assert {name: item[name] for name in fields} == fields
    assert (item["version"], item["is_expired"], item["language"]) == (1, True, "fr")
    assert (item["created_by"], item["updated_by"], item["import_id"]) == ("alice", "alice", None)
    assert alice.get(f"{ITEMS}{item['id']}/").json() == item
    assert titles(alice, "search=equipe&tag=VOIRIE&kind=team&status=expired&owner=bob&language=fr") == ["Équipe dédiée"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"body": "\n "}, "body"),
        ({"kind": "poem"}, "kind"),
        ({"tags": ["x" * 41]}, "tags.0"),
        ({"tags": "voirie"}, "tags"),
        ({"owner": "charlie"}, "owner"),
        ({"valid_until": "demain"}, "valid_until"),
        ({"language": "klingon"}, "language"),
        ({"language": "K"}, "language"),
    ],
)
def test_wrong_values_are_refused_naming_the_field(alice: APIClient, fields: dict[str, Any], field: str) -> None:
    response = alice.post(ITEMS, {"title": "T", "body": "B", **fields})

    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid")
    assert list(response.json()["error"]["details"]) == [field]
    assert not ContentItem.objects.exists()


def test_a_user_of_another_company_cannot_be_told_from_nobody(alice: APIClient) -> None:
    foreign, nobody = (
        alice.post(ITEMS, {"title": "T", "body": "B", "owner": name}).json() for name in ("charlie", "nobody")
    )

    assert json.dumps(foreign).replace("charlie", "nobody") == json.dumps(nobody)


def test_an_edit_changes_what_it_names(alice: APIClient, cast: Cast) -> None:
    item = make_item(cast.company_a, title="Ancien", body="Texte.", owner=cast.bob)

    changed = alice.patch(f"{ITEMS}{item.id}/", {"version": 1, "title": "Nouveau", "owner": None})

    assert changed.status_code == 200
    assert {name: changed.json()[name] for name in ("title", "body", "owner", "version", "updated_by")} == {
        "title": "Nouveau",
        "body": "Texte.",
        "owner": None,
        "version": 2,
        "updated_by": "alice",
    }


def test_an_edit_without_the_version_that_was_read_is_refused(alice: APIClient, cast: Cast) -> None:
    item = make_item(cast.company_a)

    response = alice.patch(f"{ITEMS}{item.id}/", {"title": "Nouveau"})

    assert response.status_code == 400
    assert "version" in response.json()["error"]["details"]


def test_an_edit_of_another_version_gets_the_present_values_and_changes_nothing(
    alice: APIClient, cast: Cast, login: Login
) -> None:
    item = make_item(cast.company_a, title="Titre")
    address = f"{ITEMS}{item.id}/"
    login(cast.bob).patch(address, {"version": 1, "body": "De bob."})

    response = alice.patch(address, {"version": 1, "body": "D’alice."})

    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (409, "item_changed")
    assert (error["details"]["version"], error["details"]["body"]) == (["2"], ["De bob."])
    item.refresh_from_db()
    assert item.body == "De bob."


def test_a_deleted_passage_is_gone(alice: APIClient, cast: Cast) -> None:
    address = f"{ITEMS}{make_item(cast.company_a).id}/"

    assert alice.delete(address).status_code == 204
    assert alice.get(address).status_code == 404


@pytest.mark.parametrize("order", ["title", "updated"])
def test_a_list_is_read_page_by_page_in_its_order(alice: APIClient, cast: Cast, order: str) -> None:
    for title in ("B", "A", "A", "C"):
        make_item(cast.company_a, title=title)

    seen = []
    address: str | None = f"{ITEMS}?page_size=1&order={order}"
    while address:
        page = alice.get(address).json()
        seen += [item["title"] for item in page["results"]]
        address = page["next"]

    assert seen == {"title": ["A", "A", "B", "C"], "updated": ["C", "A", "A", "B"]}[order]


def test_a_list_costs_the_same_for_few_passages_and_many(
    alice: APIClient, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        make_item(cast.company_a, owner=cast.bob, created_by=cast.alice, updated_by=cast.bob)

    with django_assert_max_num_queries(3):
        assert len(titles(alice)) == 20


def test_an_unknown_filter_value_is_refused(alice: APIClient) -> None:
    for query in ("status=late", "order=size", "kind=poem"):
        assert alice.get(f"{ITEMS}?{query}").status_code == 400


def test_lists_exports_and_tags_hold_those_of_the_company_alone(cast: Cast, login: Login) -> None:
    make_item(cast.company_a, title="À A", tags=["a"])
    make_import(cast.company_a)
    charlie = login(cast.charlie)

    assert titles(charlie) == charlie.get(IMPORTS).json()["results"] == charlie.get("/api/library/tags/").json() == []
    assert charlie.get("/api/library/export/").content == b""
    assert login(cast.bob).get("/api/library/tags/").json() == [{"tag": "a", "items_total": 1}]


def test_a_file_is_imported_and_its_import_can_be_read(alice: APIClient, cast: Cast) -> None:
    chosen = str(uuid.uuid4())

    response = upload(alice, id=chosen, kind="method", tags=["a", "b,c"], valid_until="2030-01-31")

    row = response.json()
    assert (response.status_code, row["id"], row["status"], row["progress"]) == (201, chosen, "succeeded", 100)
    assert (row["items_total"], row["created_total"], row["duplicates_total"], row["error"]) == (1, 1, 0, None)
    assert alice.get(f"{IMPORTS}{chosen}/").json() == row
    assert [seen["id"] for seen in alice.get(IMPORTS).json()["results"]] == [chosen]
    [item] = alice.get(ITEMS).json()["results"]
    assert (item["kind"], item["tags"], item["valid_until"]) == ("method", ["a", "b", "c"], "2030-01-31")
    assert (item["import_id"], item["created_by"]) == (chosen, "alice")


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [(b"", "m.md", "file_empty"), (b"x", "m.exe", "format_unknown"), (b"x", "m.pdf", "not_a_pdf")],
)
def test_a_bad_file_is_refused_with_its_code_and_its_import_stays(
    alice: APIClient, content: bytes, name: str, code: str
) -> None:
    response = upload(alice, content, name)

    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (422, code)
    row = alice.get(f"{IMPORTS}{error['details']['import_id'][0]}/").json()
    assert (row["status"], row["error"]) == ("failed", {"code": code, "error": error["message"]})


def test_a_file_over_the_limit_is_refused_before_it_is_read(alice: APIClient, settings: Any) -> None:
    settings.PROPOSALS_MAX_UPLOAD_BYTES = -64 * 1024

    response = upload(alice)

    assert (response.status_code, response.json()["error"]["code"]) == (413, "file_too_large")
    assert not LibraryImport.objects.exists()


def test_an_id_that_is_taken_is_refused_whoever_took_it(alice: APIClient, cast: Cast, login: Login) -> None:
    taken = make_import(cast.company_a).id

    for client in (alice, login(cast.charlie)):
        response = upload(client, id=str(taken))
        assert (response.status_code, response.json()["error"]["code"]) == (409, "import_exists")

    assert not ContentItem.objects.exists()


def test_an_import_that_lost_its_process_reads_as_failed(alice: APIClient, cast: Cast) -> None:
    row = make_import(cast.company_a, status=LibraryImport.Status.RUNNING, progress=40)
    LibraryImport.objects.update(updated_at=timezone.now() - INTERRUPTED_AFTER - timedelta(minutes=1))

    shown = alice.get(f"{IMPORTS}{row.id}/").json()

    assert (shown["status"], shown["error"]["code"]) == ("failed", "import_interrupted")


@pytest.mark.parametrize(
    ("chosen", "content_type", "filename"),
    [
        ("", "text/markdown; charset=utf-8", "bibliotheque.md"),
        ("as=json", "application/json", "bibliotheque.json"),
        ("as=csv", "text/csv; charset=utf-8", "bibliotheque.csv"),
    ],
)
def test_the_library_is_exported_as_a_file_that_no_browser_shows(
    alice: APIClient, cast: Cast, chosen: str, content_type: str, filename: str
) -> None:
    make_item(cast.company_a, title="Un", kind="team")
    make_item(cast.company_a, title="Deux", kind="method")

    response = alice.get(f"/api/library/export/?kind=team&{chosen}", HTTP_ACCEPT="text/markdown")

    assert response.headers["Content-Type"] == content_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="{filename}"'
    assert "Un" in response.content.decode()
    assert "Deux" not in response.content.decode()


def test_the_markdown_export_can_be_imported_again(alice: APIClient, cast: Cast, login: Login) -> None:
    make_item(cast.company_a, title="Un", tags=["a"])
    exported = alice.get("/api/library/export/").content

    row = upload(login(cast.charlie), exported, "export.md").json()

    assert row["created_total"] == 1
    assert upload(alice, exported, "export.md").json()["duplicates_total"] == 1


def test_an_unknown_export_is_refused_as_json(alice: APIClient) -> None:
    response = alice.get("/api/library/export/?as=docx", HTTP_ACCEPT="text/markdown")

    assert response.status_code == 400
    assert "as" in json.loads(response.content)["error"]["details"]
