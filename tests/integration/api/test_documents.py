"""Uploads and downloads over REST: good files, bad files, and nothing left half-stored."""

from __future__ import annotations

import hashlib
import os
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from rest_framework.test import APIClient

from proposals.models import Project, SourceDocument
from tests.factories import Cast, make_document
from tests.integration.api.conftest import Login
from tests.pdfs import (
    make_bomb_pdf,
    make_encrypted_pdf,
    make_image_only_pdf,
    make_pdf,
    make_pdf_without_pages,
)

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)
BOMB = make_bomb_pdf(inflated_bytes=100_000_000)
HTML = b"<!doctype html><title>Reglement</title><p>Bonjour"


def make_zip() -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("rc.txt", "Bonjour")
    return content.getvalue()


def upload(client: APIClient, project: Project, content: bytes, *, name: str = "RC.pdf", kind: str = "rc") -> Any:
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(f"/api/projects/{project.id}/documents/", {"file": file, "kind": kind}, format="multipart")


def stored_files(files: Path) -> list[Path]:
    return [path for path in files.rglob("*") if path.is_file()]


def test_a_good_pdf_is_stored_and_described(alice: APIClient, project: Project, files: Path) -> None:
    content = make_pdf(pages=3)

    response = upload(alice, project, content, name="Règlement 2026.pdf")

    assert response.status_code == 201
    body = response.json()
    assert body.pop("uploaded_at").endswith("Z")
    assert body.pop("download_url").endswith(f"/api/documents/{body['id']}/download/")
    assert body == {
        "id": body["id"],
        "project_id": str(project.id),
        "kind": "rc",
        "filename": "Règlement 2026.pdf",
        "sha256": hashlib.sha256(content).hexdigest(),
        "size_bytes": len(content),
        "pages": 3,
        "uploaded_by": "alice",
    }
    assert [path.read_bytes() for path in stored_files(files)] == [content]


def test_the_name_given_by_a_user_never_reaches_the_disk(alice: APIClient, project: Project, files: Path) -> None:
    response = upload(alice, project, make_pdf(), name="../../étrange\n.exe")

    assert response.status_code == 201
    assert response.json()["filename"] == "étrange.exe.pdf"
    [path] = stored_files(files)
    assert path.parent == files / "projects" / str(project.id)
    assert path.name.startswith(response.json()["sha256"][:16])


def test_the_same_content_again_is_the_same_document(alice: APIClient, project: Project, files: Path) -> None:
    first = upload(alice, project, make_pdf())
    second = upload(alice, project, make_pdf(), name="copie.pdf")

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json()["id"] == first.json()["id"]
    assert len(stored_files(files)) == 1


def test_a_document_that_comes_again_becomes_the_newest(alice: APIClient, project: Project) -> None:
    old = upload(alice, project, make_pdf("Version une du reglement, avec assez de mots pour une page.")).json()
    upload(alice, project, make_pdf("Version deux du reglement, avec assez de mots pour une page."))

    upload(alice, project, make_pdf("Version une du reglement, avec assez de mots pour une page."))

    newest = alice.get(f"/api/projects/{project.id}/documents/").json()["results"][0]
    assert newest["id"] == old["id"]


def test_the_same_content_as_another_kind_is_another_document(alice: APIClient, project: Project) -> None:
    upload(alice, project, make_pdf(), kind="rc")

    assert upload(alice, project, make_pdf(), kind="cctp").status_code == 201


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "pdf_empty"),
        (PNG, "not_a_pdf"),
        (make_zip(), "not_a_pdf"),
        (HTML, "not_a_pdf"),
        (make_pdf()[:400], "pdf_damaged"),
        (b"%PDF-1.7\n" + os.urandom(2000) + b"\n%%EOF\n", "pdf_damaged"),
        (make_encrypted_pdf(), "pdf_encrypted"),
        (BOMB, "pdf_too_costly"),
    ],
    ids=["empty", "png", "zip", "html", "truncated", "noise", "encrypted", "bomb"],
)
def test_a_bad_file_is_refused_by_name_and_leaves_nothing(
    alice: APIClient, project: Project, files: Path, settings: Any, content: bytes, code: str
) -> None:
    settings.PROPOSALS_PDF_MEMORY_BYTES = 256 * 1024 * 1024

    response = upload(alice, project, content)

    assert response.status_code == 422
    error = response.json()["error"]
    assert error["code"] == code
    assert " " in error["message"]
    assert not SourceDocument.objects.exists()
    assert stored_files(files) == []


def test_a_pdf_without_pages_is_refused(alice: APIClient, project: Project) -> None:
    response = upload(alice, project, make_pdf_without_pages())

    assert response.status_code == 422
    assert response.json()["error"]["code"] in {"pdf_empty", "pdf_damaged"}


def test_too_many_pages_are_refused(alice: APIClient, project: Project, settings: Any) -> None:
    settings.PROPOSALS_MAX_PAGES = 2

    response = upload(alice, project, make_pdf(pages=3))

    assert (response.status_code, response.json()["error"]["code"]) == (422, "pdf_too_many_pages")
    assert "2 pages" in response.json()["error"]["message"]


@pytest.mark.parametrize("size", [6_000, 200_000], ids=["by the file", "by the announced length"])
def test_a_file_over_the_limit_is_413(alice: APIClient, project: Project, settings: Any, size: int) -> None:
    settings.PROPOSALS_MAX_UPLOAD_BYTES = 5_000

    response = upload(alice, project, make_pdf() + bytes(size))

    assert (response.status_code, response.json()["error"]["code"]) == (413, "pdf_too_large")


def test_a_file_may_be_larger_than_other_requests(alice: APIClient, project: Project, settings: Any) -> None:
    content = make_pdf() + b"%" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b"\n%%EOF\n"

    response = upload(alice, project, content)

    assert response.status_code == 201
    assert response.json()["size_bytes"] == len(content)


def test_an_image_only_pdf_is_accepted_where_text_recognition_is_installed(alice: APIClient, project: Project) -> None:
    assert upload(alice, project, make_image_only_pdf()).status_code == 201


def test_an_image_only_pdf_is_refused_with_the_cure_where_it_is_not(
    alice: APIClient, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "defpath", "/nowhere")  # the reader's process looks for tesseract there

    response = upload(alice, project, make_image_only_pdf())

    assert (response.status_code, response.json()["error"]["code"]) == (422, "pdf_image_only")
    assert "tesseract-ocr-fra" in response.json()["error"]["message"]


def test_a_form_without_file_or_kind_is_400(alice: APIClient, project: Project) -> None:
    response = alice.post(f"/api/projects/{project.id}/documents/", {"kind": "facture"}, format="multipart")

    assert response.status_code == 400
    assert set(response.json()["error"]["details"]) == {"file", "kind"}


def test_json_is_no_upload(alice: APIClient, project: Project) -> None:
    response = alice.post(f"/api/projects/{project.id}/documents/", {"file": "x", "kind": "rc"})

    assert (response.status_code, response.json()["error"]["code"]) == (415, "unsupported_media_type")


def test_the_file_is_deleted_when_the_row_fails(
    alice: APIClient, project: Project, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: SourceDocument, **_: Any) -> None:
        assert len(stored_files(files)) == 1
        raise OSError("disk full")

    monkeypatch.setattr(SourceDocument, "save", fail)

    response = upload(alice, project, make_pdf())

    assert response.status_code == 500
    assert stored_files(files) == []
    assert not SourceDocument.objects.exists()


class FailingStorage(FileSystemStorage):
    """Writes the file, and then fails as a full disk does."""

    def _save(self, name: str, content: Any) -> str:
        super()._save(name, content)  # type: ignore[misc]
        raise OSError("disk full")


def test_a_file_written_in_part_is_deleted(
    alice: APIClient, project: Project, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = SourceDocument._meta.get_field("file")
    monkeypatch.setattr(field, "storage", FailingStorage(location=files))

    response = upload(alice, project, make_pdf())

    assert response.status_code == 500
    assert stored_files(files) == []
    assert not SourceDocument.objects.exists()


def test_no_copy_stays_in_the_temporary_folder(
    alice: APIClient, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))

    upload(alice, project, make_pdf())
    upload(alice, project, PNG)

    assert list(scratch.iterdir()) == []


def test_documents_are_listed_newest_first_and_by_kind(alice: APIClient, project: Project) -> None:
    make_document(project, kind="rc", filename="rc.pdf")
    make_document(project, kind="cctp", filename="cctp.pdf")

    def names(query: str = "") -> list[str]:
        rows = alice.get(f"/api/projects/{project.id}/documents/{query}").json()["results"]
        return [row["filename"] for row in rows]

    assert names() == ["cctp.pdf", "rc.pdf"]
    assert names("?kind=rc") == ["rc.pdf"]


def download(client: APIClient, document: SourceDocument, **headers: str) -> HttpResponse:
    response: HttpResponse = client.get(f"/api/documents/{document.id}/download/", **headers)  # type: ignore[arg-type]
    return response


@pytest.mark.parametrize("accept", ["*/*", "application/pdf", "text/html,application/xhtml+xml"])
def test_a_download_is_an_attachment_that_no_browser_interprets(
    alice: APIClient, project: Project, accept: str
) -> None:
    content = make_pdf()
    document = make_document(project, content=content, filename='Règlement "final".pdf')

    response = download(alice, document, HTTP_ACCEPT=accept)

    assert response.status_code == 200
    assert response.content == content
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''R%C3%A8glement")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_file_that_has_gone_is_404(alice: APIClient, project: Project) -> None:
    document = make_document(project)
    Path(document.file.path).unlink()

    response = alice.get(f"/api/documents/{document.id}/download/", HTTP_ACCEPT="application/pdf")

    assert (response.status_code, response.json()["error"]["code"]) == (404, "file_missing")


def test_files_have_no_address_of_their_own(cast: Cast, login: Login, project: Project) -> None:
    document = make_document(project)

    for prefix in ("/", "/media/", "/files/", "/static/"):
        assert login(cast.alice).get(f"{prefix}{document.file.name}").status_code == 404
