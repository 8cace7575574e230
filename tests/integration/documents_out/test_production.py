"""A production in a run: what is stored and what the operation's result says."""

from __future__ import annotations

import hashlib
import io
import json
import threading
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from django.db import connection
from openpyxl import load_workbook
from pytest_django import Settings

from proposals import operations, runner
from proposals.exceptions import SectionsMissing
from proposals.models import GeneratedDocument, Operation
from realtime.models import Event
from tests.factories import make_company, make_operation, make_project, make_section
from tests.integration.documents_out.conftest import Written, read
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

Produce = Callable[..., Operation]


def test_a_production_stores_what_its_result_says(written: Written, produce: Produce) -> None:
    operation = produce()

    result = operation.result or {}
    rows = list(GeneratedDocument.objects.filter(project=written.project))
    assert operation.status == Operation.Status.SUCCEEDED, operation.error
    assert {row.format for row in rows} == {"docx", "pdf", "xlsx", "ics"}
    assert {(entry["id"], entry["filename"], entry["size_bytes"], entry["pages"]) for entry in result["documents"]} == {
        (str(row.id), row.filename, row.size_bytes, row.pages) for row in rows
    }
    for row in rows:
        content = read(operation, row.format)
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (row.sha256, row.size_bytes)
    assert (result["version"], result["gaps_total"], result["engine"]) == (1, 2, "offline")
    assert (result["pages"], result["pages_counted"], result["page_limit"], result["over_limit"]) == (6, 2, 20, False)
    assert result["pages_excluded"] == ["cover", "annexes", "internal_annexes"]
    assert result["not_produced"] == []
    told = [json.loads(event.body) for event in Event.objects.filter(type="document_generation_progress")]
    assert (told[-1]["status"], told[-1]["progress"]) == ("completed", 100)
    states = load_workbook(io.BytesIO(read(operation, "xlsx")))["Matrice de conformité"]["L"]
    assert [cell.value for cell in states] == ["Statut", "Couverte", "À compléter", "Écartée"]


def test_a_second_production_for_handing_in_is_a_version_without_internal_annexes(
    written: Written, produce: Produce, settings: Settings
) -> None:
    settings.PROPOSALS_PDF_WRITER_WALL_SECONDS = 0  # no PDF: this is about versions

    produce()
    operation = produce(internal_annexes=False)

    versions = GeneratedDocument.objects.filter(project=written.project).values_list("version", flat=True)
    assert sorted(versions) == [1] * 3 + [2] * 3
    assert [entry["code"] for entry in (operation.result or {})["not_produced"]] == ["pdf_writer_too_costly"]
    headings = [paragraph.text for paragraph in docx.Document(io.BytesIO(read(operation, "docx"))).paragraphs]
    assert "Matrice de conformité" in headings
    assert "Traçabilité" not in headings


def test_a_cancel_during_the_layout_ends_it_and_stores_nothing(written: Written, files: Path) -> None:
    operation = make_operation(written.project, kind=Operation.Kind.DOCUMENT_GENERATION)
    thread = threading.Thread(target=run_in_thread, args=[operation])
    thread.start()
    wait_until(lambda: Operation.objects.filter(id=operation.id, step__status="rendering_pdf").exists(), seconds=30)

    operations.cancel(operation)
    thread.join(30)

    operation.refresh_from_db()
    assert operation.status == Operation.Status.CANCELLED
    assert not GeneratedDocument.objects.exists()
    assert not (files / f"projects/{written.project.id}/generated").exists()


def run_in_thread(operation: Operation) -> None:
    try:
        runner.run(operation.id)
    finally:
        connection.close()


@pytest.mark.parametrize("text", [None, ""])
def test_a_project_without_a_written_section_cannot_be_produced(text: str | None) -> None:
    project = make_project(make_company())
    if text is not None:
        make_section(project, text=text)

    with pytest.raises(SectionsMissing):
        operations.start(project=project, kind=Operation.Kind.DOCUMENT_GENERATION, by=None)
