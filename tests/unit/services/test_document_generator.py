"""The service: its steps, its files, and that neither a cancel nor a PDF that fails costs more than it must."""

from __future__ import annotations

import io
import uuid
from collections.abc import Awaitable, Generator, Sequence
from typing import Any, cast
from uuid import UUID

import docx
import pytest

from proposals.documents.content import PageLimit, ProposalContent
from proposals.documents.production import NotProduced, ProducedFile, Production, StoredFile
from proposals.documents.writers.limits import WriterLimits
from proposals.services.document_generator import DocumentGenerator
from realtime.progress import Progress
from tests.unit.writers.content import make_content

PROJECT_ID = uuid.UUID("5b1f2c9e-7d41-4c0a-9a53-2f6c1e8b7d10")
#: A PDF cannot be laid out in no time at all: the fastest way to a production without one.
NO_TIME = WriterLimits(wall_seconds=0.0)


class Cancelled(Exception):
    """What the progress of a cancelled run raises."""


class Nothing(Awaitable[None]):
    """An answer that is ready."""

    def __await__(self) -> Generator[None, None, None]:
        yield from ()


class RecordingProgress:
    """Keeps what it is told; raises when the given status comes."""

    def __init__(self, cancel_at: str = "") -> None:
        self.told: list[tuple[str, int, str]] = []
        self._cancel_at = cancel_at

    def send_document_generation_progress(
        self, project_id: UUID, status: str, progress: int, message: str
    ) -> Awaitable[None]:
        self.told.append((status, progress, message))
        if status == self._cancel_at:
            raise Cancelled
        return Nothing()


class Shelf:
    """Keeps what it is given to store."""

    def __init__(self) -> None:
        self.version = 0
        self.files: dict[str, ProducedFile] = {}

    def store(self, version: int, files: Sequence[ProducedFile]) -> list[StoredFile]:
        self.version = version
        self.files = {file.format: file for file in files}
        return [StoredFile(uuid.uuid4(), file.format, file.filename, len(file.content), file.pages) for file in files]


def generate(
    shelf: Shelf, progress: RecordingProgress, *, limits: WriterLimits | None = None, **fields: Any
) -> Production:
    def collect(project_id: UUID) -> ProposalContent:
        return make_content(project_id=project_id, **fields)

    generator = DocumentGenerator(collect, shelf.store, cast(Progress, progress), limits)
    return generator.generate_document(PROJECT_ID)


def test_a_production_goes_through_its_steps_and_makes_four_files() -> None:
    shelf, progress = Shelf(), RecordingProgress()

    production = generate(shelf, progress, page_limit=PageLimit(3, "3 pages, hors annexes"))

    assert list(dict.fromkeys(status for status, _, _ in progress.told)) == [
        "collecting",
        "composing",
        "rendering_pdf",
        "writing_docx",
        "writing_matrix",
        "writing_calendar",
        "storing",
        "completed",
    ]
    assert progress.told[-1][1] == 100
    assert any("page 2" in message for status, _, message in progress.told if status == "rendering_pdf")
    assert {kind: file.filename for kind, file in shelf.files.items()} == {
        "pdf": "memoire-technique-2026-dsi-042-v3.pdf",
        "docx": "memoire-technique-2026-dsi-042-v3.docx",
        "xlsx": "matrice-conformite-2026-dsi-042-v3.xlsx",
        "ics": "dates-consultation-2026-dsi-042-v3.ics",
    }
    assert shelf.version == production.version == 3
    assert (production.gaps_total, production.engine, production.not_produced) == (2, "offline", ())
    assert production.pages is not None
    assert production.pages.limit == 3
    assert production.pages.over_limit
    assert production.pages.excluded == ("annexes", "internal_annexes")
    assert progress.told[-1][2].endswith("pour 3 autorisées (hors annexes et annexes internes)")
    assert shows_pages(shelf.files["docx"].content)


def shows_pages(content: bytes) -> bool:
    """Return whether the first line of the table of contents ends in a page number."""
    body = docx.Document(io.BytesIO(content)).element.body
    line = next(body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}hyperlink"))
    return "".join(node.text or "" for node in line.iter("{*}t"))[-1].isdigit()


def test_progress_never_goes_back() -> None:
    progress = RecordingProgress()

    generate(Shelf(), progress, limits=NO_TIME)

    percents = [percent for _, percent, _ in progress.told]
    assert percents == sorted(percents)


def test_a_pdf_that_fails_is_named_and_the_other_files_are_there() -> None:
    shelf = Shelf()

    production = generate(shelf, RecordingProgress(), limits=NO_TIME)

    assert set(shelf.files) == {"docx", "xlsx", "ics"}
    [missing] = production.not_produced
    assert (missing.format, missing.code) == ("pdf", "pdf_writer_too_costly")
    assert production.pages is None
    assert not shows_pages(shelf.files["docx"].content)


def test_a_tender_without_dates_has_no_calendar_and_says_so() -> None:
    shelf = Shelf()

    production = generate(shelf, RecordingProgress(), limits=NO_TIME, deadline=None, question_deadline=None)

    assert set(shelf.files) == {"docx", "xlsx"}
    assert production.not_produced[-1] == NotProduced(
        "ics", "no_date_known", "Aucune date n’est connue : il n’y a pas de calendrier."
    )


@pytest.mark.parametrize(
    "status",
    ["collecting", "composing", "rendering_pdf", "writing_docx", "writing_matrix", "writing_calendar", "storing"],
)
def test_a_cancel_at_any_step_stores_nothing(status: str) -> None:
    shelf = Shelf()

    with pytest.raises(Cancelled):
        generate(shelf, RecordingProgress(cancel_at=status), limits=NO_TIME)

    assert shelf.files == {}


@pytest.mark.parametrize(
    ("reference", "title", "name"),
    [
        ("2026/DSI n° 42", "", "memoire-technique-2026-dsi-n-42-v3.docx"),
        ("", "Réfection de l’école", "memoire-technique-refection-de-l-ecole-v3.docx"),
        ("../../etc/passwd", "", "memoire-technique-etc-passwd-v3.docx"),
        ("", "日本", "memoire-technique-v3.docx"),
        ("x" * 300, "", f"memoire-technique-{'x' * 60}-v3.docx"),
    ],
)
def test_file_names_are_plain(reference: str, title: str, name: str) -> None:
    shelf = Shelf()

    generate(shelf, RecordingProgress(), limits=NO_TIME, reference=reference, title=title)

    assert shelf.files["docx"].filename == name
