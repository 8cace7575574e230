"""The import page: what it takes, and what it says of earlier imports."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from proposals import imports
from proposals.models import LibraryImport
from proposals.models.library import INTERRUPTED_AFTER
from tests.factories import Cast, make_import, make_item
from tests.integration.dashboard.conftest import Browse


def text_of(client: Client) -> str:
    return client.get("/library/import/").content.decode()


def test_the_page_offers_the_formats_and_the_limit_that_the_import_has(
    alice: Client, cast: Cast, settings: Any
) -> None:
    settings.PROPOSALS_MAX_UPLOAD_BYTES = 7 * 1024 * 1024

    text = text_of(alice)

    assert f'accept="{",".join(imports.SUFFIXES)}"' in text
    assert "7 Mo au plus" in text
    assert f'data-max-bytes="{7 * 1024 * 1024}"' in text


@pytest.mark.parametrize(
    ("created", "read", "words"),
    [
        (23, 25, "23 passages ajoutés, 2 déjà présents"),
        (1, 2, "1 passage ajouté, 1 déjà présent"),
        (0, 3, "Rien à ajouter, 3 déjà présents"),
        (4, 4, "4 passages ajoutés"),
    ],
)
def test_a_past_import_says_what_it_brought(alice: Client, cast: Cast, created: int, read: int, words: str) -> None:
    make_import(cast.company_a, items_total=read, created_total=created, created_by=cast.bob)

    text = text_of(alice)

    assert f"{words}</span>" in text
    assert "memoire.docx" in text
    assert "bob" in text


def test_a_failed_import_says_why(alice: Client, cast: Cast) -> None:
    error = {"code": "docx_damaged", "error": "Ce document Word est endommagé."}
    make_import(cast.company_a, status=LibraryImport.Status.FAILED, error=error)

    text = text_of(alice)

    assert "En échec" in text
    assert "Ce document Word est endommagé." in text


def test_an_import_whose_process_is_gone_is_shown_as_failed(alice: Client, cast: Cast) -> None:
    row = make_import(cast.company_a, status=LibraryImport.Status.RUNNING)
    long_ago = timezone.now() - INTERRUPTED_AFTER - timedelta(seconds=1)
    LibraryImport.objects.filter(id=row.id).update(updated_at=long_ago)

    text = text_of(alice)

    assert "En échec" in text
    assert "s’est interrompu" in text


def test_the_passages_of_an_import_can_be_listed(alice: Client, cast: Cast) -> None:
    row = make_import(cast.company_a, filename="offre.docx")
    make_item(cast.company_a, title="Importé", imported_by=row)
    make_item(cast.company_a, title="Écrit à la main")

    link = f"/library/?import_id={row.id}"
    text = alice.get(link).content.decode()

    assert link in text_of(alice)
    assert "Importé</a>" in text
    assert "Écrit à la main" not in text
    assert "1 passage sur 2, importé de offre.docx" in text


def test_an_import_whose_passages_are_all_gone_has_no_link(alice: Client, cast: Cast) -> None:
    row = make_import(cast.company_a)

    assert f"import_id={row.id}" not in text_of(alice)


def test_imports_of_another_company_are_not_shown(cast: Cast, browse: Browse) -> None:
    row = make_import(cast.company_a, filename="secret.docx")
    make_item(cast.company_a, title="Secret", imported_by=row)
    charlie = browse(cast.charlie)

    assert "secret.docx" not in text_of(charlie)
    text = charlie.get("/library/", {"import_id": str(row.id)}).content.decode()
    assert "secret.docx" not in text
    assert "Secret" not in text
