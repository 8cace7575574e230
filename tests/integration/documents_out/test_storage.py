"""Files and their rows: together or not at all, one version an operation, no orphans."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import transaction

from proposals import productions
from proposals.documents.production import ProducedFile
from proposals.exceptions import LeaseLost
from proposals.models import GeneratedDocument, Operation, Project
from tests.factories import make_company, make_generated, make_operation, make_project

pytestmark = pytest.mark.django_db

PDF, DOCX = ProducedFile("pdf", "a-v1.pdf", b"%PDF", pages=3), ProducedFile("docx", "a-v1.docx", b"PK")


@pytest.fixture
def project() -> Project:
    return make_project(make_company())


@pytest.fixture
def operation(project: Project) -> Operation:
    return make_operation(project, kind=Operation.Kind.DOCUMENT_GENERATION)


def store(operation: Operation, *files: ProducedFile) -> None:
    version = productions.next_version(operation)
    productions.store(operation=operation, version=version, files=files, transaction=transaction.atomic)


@contextmanager
def losing_the_lease() -> Iterator[None]:
    """A run's transaction that another attempt has taken over before the commit."""
    with transaction.atomic():
        yield
        raise LeaseLost


def stored_files(files: Path) -> set[Path]:
    return {path for path in files.rglob("*") if path.is_file()}


def rows_files() -> set[Path]:
    return {Path(row.file.path) for row in GeneratedDocument.objects.all()}


def finish(operation: Operation) -> None:
    Operation.objects.filter(id=operation.id).update(status=Operation.Status.SUCCEEDED)


def test_each_operation_gets_the_next_version(project: Project, operation: Operation) -> None:
    make_generated(project, version=7)
    make_generated(make_project(project.company), version=99)

    store(operation, PDF)

    assert GeneratedDocument.objects.get(operation=operation).version == 8


def test_a_further_attempt_replaces_rows_and_files_under_the_same_version(operation: Operation, files: Path) -> None:
    store(operation, PDF, DOCX)
    before = stored_files(files)

    store(operation, PDF)

    [row] = GeneratedDocument.objects.all()
    assert (row.version, row.pages) == (1, 3)
    assert stored_files(files) == rows_files()
    assert not stored_files(files) & before


def test_a_lost_lease_leaves_neither_rows_nor_files(operation: Operation, files: Path) -> None:
    with pytest.raises(LeaseLost):
        productions.store(operation=operation, version=1, files=[PDF, DOCX], transaction=losing_the_lease)

    assert not GeneratedDocument.objects.exists()
    assert stored_files(files) == set()


def test_a_lost_lease_leaves_what_an_earlier_attempt_stored(operation: Operation, files: Path) -> None:
    store(operation, PDF, DOCX)

    with pytest.raises(LeaseLost):
        productions.store(operation=operation, version=1, files=[PDF], transaction=losing_the_lease)

    assert GeneratedDocument.objects.count() == 2
    assert stored_files(files) == rows_files()


def test_a_file_that_was_written_in_part_is_removed(
    operation: Operation, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_the_disk(storage: FileSystemStorage, name: str, content: object) -> str:
        path = Path(storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", fill_the_disk)

    with pytest.raises(OSError, match="No space"):
        store(operation, PDF)

    assert stored_files(files) == set()


def test_what_a_killed_attempt_left_without_a_row_goes_with_the_next_production(
    project: Project, operation: Operation, files: Path
) -> None:
    store(operation, PDF)
    finish(operation)
    orphan = files / f"projects/{project.id}/generated/0000-dead.pdf"
    orphan.write_bytes(b"half a fi")
    other = make_generated(make_project(project.company))

    store(make_operation(project, kind=Operation.Kind.DOCUMENT_GENERATION), DOCX)

    assert not orphan.exists()
    assert stored_files(files) == rows_files()
    assert Path(other.file.path).exists()


def test_no_name_of_a_user_reaches_the_disk(operation: Operation, files: Path) -> None:
    store(operation, ProducedFile("pdf", "../../secret.pdf", b"%PDF"))

    [path] = stored_files(files)
    assert path.parent == files / f"projects/{operation.project_id}/generated"
    assert "secret" not in path.name
