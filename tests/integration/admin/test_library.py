"""Passages and imports in the admin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proposals.models import ContentItem, LibraryImport
from proposals.models.library import INTERRUPTED_AFTER
from tests.factories import Cast, make_import, make_item

pytestmark = pytest.mark.django_db


def change(client: Client, item: ContentItem, **fields: Any) -> Any:
    """Save the page of a passage as it was opened, with some fields changed."""
    shown = {"title": item.title, "body": item.body, "kind": item.kind, "tags": '["a"]', "language": "fr"}
    values = {**shown, "source": "", "version": item.version, "owner": "", "valid_until": "", **fields}
    return client.post(reverse("admin:proposals_contentitem_change", args=[item.pk]), values)


def test_a_change_goes_through_the_use_case(admin: Client, cast: Cast) -> None:
    item = make_item(cast.company_a, tags=["a"])

    response = change(admin, item, title="  Nouveau  titre ", owner=str(cast.bob.pk))

    assert response.status_code == 302
    stored = ContentItem.objects.get()
    assert (stored.title, stored.version, stored.owner, stored.updated_by) == ("Nouveau titre", 2, cast.bob, cast.admin)
    assert "nouveau titre" in stored.search_text


def test_a_change_to_what_somebody_else_has_changed_is_refused(admin: Client, cast: Cast) -> None:
    item = make_item(cast.company_a, version=4)

    response = change(admin, item, title="Trop tard", version=3)

    assert "a été modifié entre-temps" in response.content.decode()
    assert ContentItem.objects.get().title == item.title


def test_an_owner_of_another_company_is_refused(admin: Client, cast: Cast) -> None:
    item = make_item(cast.company_a)

    response = change(admin, item, owner=str(cast.charlie.pk))

    assert "n’est pas de votre entreprise" in response.content.decode()
    assert ContentItem.objects.get().owner is None


def test_nobody_adds_a_passage_in_the_admin(admin: Client) -> None:
    assert admin.get(reverse("admin:proposals_contentitem_add")).status_code == 403


def test_an_import_that_lost_its_process_is_shown_as_failed(admin: Client, cast: Cast) -> None:
    row = make_import(cast.company_a, status=LibraryImport.Status.RUNNING)
    LibraryImport.objects.update(updated_at=timezone.now() - INTERRUPTED_AFTER - timedelta(minutes=1))

    page = admin.get(reverse("admin:proposals_libraryimport_change", args=[row.pk])).content.decode()

    assert "En échec" in page
    assert "import_interrupted" in page
