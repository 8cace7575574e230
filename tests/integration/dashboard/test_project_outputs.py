"""The produced documents on the project page."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from proposals.dashboard import outputs
from proposals.models import GeneratedDocument, Project
from tests.factories import Cast, make_generated, make_operation, make_section

Format = GeneratedDocument.Format


def show(client: Client, project: Project) -> str:
    return unescape(client.get(reverse("outputs-panel", args=[project.id])).content.decode())


def produce(project: Project, version: int, *formats: Format, **fields: Any) -> None:
    for format_ in formats:
        make_generated(project, version=version, format=format_, filename=f"memoire-v{version}.{format_}", **fields)


def test_the_newest_version_comes_first_with_its_files_in_order(project: Project) -> None:
    produce(project, 1, Format.DOCX)
    produce(project, 2, Format.XLSX, Format.PDF, Format.DOCX)

    newest, oldest = outputs.list_productions(project, page_limit=None)

    assert (newest.version, oldest.version) == (2, 1)
    assert [file.document.format for file in newest.files] == ["docx", "pdf", "xlsx"]


def test_the_version_to_hand_in_can_be_asked_for_once_there_is_one(alice: Client, project: Project) -> None:
    before = show(alice, project)
    produce(project, 1, Format.PDF)

    assert "data-hand-in" not in before
    assert "Produire la version à remettre" in show(alice, project)


@pytest.mark.parametrize(("pages", "limit", "is_over"), [(41, 40, True), (40, 40, False), (41, None, False)])
def test_pages_are_compared_with_the_limit(pages: int, limit: int | None, is_over: bool, project: Project) -> None:
    produce(project, 1, Format.PDF, pages=pages)

    production = outputs.list_productions(project, page_limit=limit)[0]

    assert production.pages == pages
    assert production.is_over_limit is is_over


def test_pages_that_do_not_count_and_files_that_are_missing_are_said(alice: Client, project: Project) -> None:
    missing = {"format": "ics", "code": "no_date_known", "message": "Aucune date n’est connue."}
    result = {
        "pages_counted": 38,
        "pages_excluded": ["cover", "annexes"],
        "page_limit": 37,
        "not_produced": [missing],
    }
    run = make_operation(project, kind="document_generation", result=result)
    produce(project, 1, Format.PDF, pages=41, operation=run)

    html = show(alice, project)

    assert "38 pages (hors page de garde et annexes) : le règlement en permet 37" in html
    assert "Aucune date n’est connue." in html


def test_a_file_shows_what_it_takes_to_trust_and_fetch_it(alice: Client, project: Project, cast: Cast) -> None:
    run = make_operation(project, kind="document_generation", requested_by=cast.bob, result={"gaps_total": 3})
    document = make_generated(project, version=1, content=b"x" * 2048, operation=run)

    html = show(alice, project)

    assert f"/api/generated/{document.id}/download/" in html
    assert document.sha256[:12] in html
    assert "2,0\u00a0Kio" in html
    assert "demandée par bob" in html
    assert "3 points encore à compléter" in html


def test_a_project_without_documents_says_what_to_do_next(alice: Client, project: Project) -> None:
    before = show(alice, project)
    make_section(project, text="Un texte")

    assert "Rédigez d’abord le mémoire" in before
    assert "Lancez la production" in show(alice, project)
