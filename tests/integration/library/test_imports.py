"""A file comes into the library whole or not at all, and says how far it is."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from proposals import imports, library
from proposals.models import ContentItem, LibraryImport
from proposals.models.library import INTERRUPTED_AFTER
from tests.docx_files import make_docx
from tests.factories import Cast, make_import, make_item
from tests.integration.library.conftest import Receive
from tests.pdfs import make_pdf

Status = LibraryImport.Status
TEXT = "# Moyens humains\n\nDouze personnes.\n\n# Qualité\n\nNos contrôles.\n"


def failure(row: LibraryImport) -> tuple[str, str]:
    """Return code and sentence of an import that failed, as they are stored."""
    row.refresh_from_db()
    assert row.status == Status.FAILED
    assert row.error is not None
    return row.error["code"], row.error["error"]


def test_the_passages_of_a_file_are_stored_with_where_they_come_from(cast: Cast, receive: Receive) -> None:
    row = receive(TEXT)

    team, quality = ContentItem.objects.order_by("title")
    assert (row.status, row.progress, row.message) == (Status.SUCCEEDED, 100, "2 passages enregistrés")
    assert (row.items_total, row.created_total, row.duplicates_total) == (2, 2, 0)
    assert (team.title, team.kind, team.source) == ("Moyens humains", "team", "memoire.md, § Moyens humains")
    assert (team.imported_by, team.created_by, team.company) == (row, cast.alice, cast.company_a)
    assert quality.kind == "quality"
    assert row == LibraryImport.objects.get()
    assert len(row.sha256) == 64
    assert [item.title for item in library.search(user=cast.alice, text="controles")] == ["Qualité"]


@pytest.mark.parametrize("name", ["m.docx", "m.pdf", "m.MD", "m.markdown", "m.txt"])
def test_every_format_is_told_by_the_name(receive: Receive, name: str) -> None:
    contents = {
        "m.docx": make_docx(lambda document: document.add_paragraph("Bonjour à tous.")),
        "m.pdf": make_pdf(),
    }

    row = receive(contents.get(name, b"Bonjour."), name=name)

    assert (row.status, row.created_total) == (Status.SUCCEEDED, 1)


def test_progress_is_written_before_it_is_told_and_never_goes_back(receive: Receive) -> None:
    seen: list[tuple[int, str]] = []

    def look(percent: int, message: str) -> None:
        row = LibraryImport.objects.get()
        assert (row.progress, row.message) == (percent, message)
        seen.append((percent, message))

    receive(make_pdf(pages=3), name="m.pdf", on_progress=look)

    percents = [percent for percent, _ in seen]
    assert percents == sorted(percents)
    assert (30, "Lecture : page 1 sur 3") in seen
    assert seen[-1] == (100, "1 passage enregistré")


def test_a_passage_that_the_library_has_is_counted_not_stored(cast: Cast, receive: Receive) -> None:
    make_item(cast.company_a, title="Qualité", body="Nos contrôles.")
    make_item(cast.company_b, title="Moyens humains", body="Douze personnes.")

    first = receive(TEXT + "\n# Moyens humains\n\nDouze personnes.\n")
    second = receive(TEXT)

    assert (first.created_total, first.duplicates_total) == (1, 2)
    assert first.message == "1 passage enregistré, 2 déjà présents"
    assert (second.created_total, second.duplicates_total) == (0, 2)
    assert ContentItem.objects.filter(company=cast.company_a).count() == 2


def test_defaults_stand_where_the_file_says_nothing_and_tags_add_up(cast: Cast, receive: Receive) -> None:
    values = "kind: team; tags: voirie; valid_until: 2027-01-01; owner: bob; language: en"
    text = f"# Un\n<!-- {values} -->\nA.\n\n# Deux\n\nB.\n"
    defaults = imports.Defaults(kind="method", tags=("2026, Voirie",), owner=cast.alice, valid_until=date(2028, 1, 1))

    receive(text, defaults=defaults)

    two, one = ContentItem.objects.order_by("title")
    assert (one.kind, one.tags, one.owner, one.language) == ("team", ["voirie", "2026"], cast.bob, "en")
    assert one.valid_until == date(2027, 1, 1)
    assert (two.kind, two.tags, two.owner, two.language) == ("method", ["2026", "Voirie"], cast.alice, "fr")
    assert two.valid_until == date(2028, 1, 1)


def test_an_owner_who_is_not_of_the_company_is_left_out(receive: Receive) -> None:
    receive("# Un\n<!-- kind: team; owner: charlie -->\nA.\n")

    assert ContentItem.objects.get().owner is None


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "m.md", "file_empty"),
        (b"PK\x03\x04", "m.pdf", "not_a_pdf"),
        (b"%PDF-1.7", "m.docx", "not_a_docx"),
        (b"Bonjour", "m.odt", "format_unknown"),
        (b"Bonjour", "", "format_unknown"),
        (b"\0\1", "m.txt", "text_undecodable"),
        (b"# Titre seul\n", "m.md", "no_passages"),
        (b"# Un\n<!-- kind: poem -->\nA.\n# Deux\nB.", "m.md", "library_file_invalid"),
    ],
)
def test_a_bad_file_leaves_a_failed_import_and_no_passage(
    receive: Receive, content: bytes, name: str, code: str
) -> None:
    row = receive(content, name=name)

    found, sentence = failure(row)
    assert found == code
    assert sentence.endswith(".")
    assert row.finished_at is not None
    assert not ContentItem.objects.exists()


def test_a_wrong_kind_names_its_line(receive: Receive) -> None:
    row = receive("\n\n# Un\n<!-- kind: poem -->\nA.")

    assert failure(row)[1] == "Ligne 3 : kind : Nature inconnue : poem."


def test_a_file_over_the_limit_is_refused(receive: Receive, settings: Any) -> None:
    settings.PROPOSALS_MAX_UPLOAD_BYTES = 5

    assert failure(receive(TEXT))[0] == "file_too_large"


def test_wrong_defaults_are_refused_before_there_is_an_import(cast: Cast, receive: Receive) -> None:
    for defaults in (imports.Defaults(kind="poem"), imports.Defaults(owner=cast.charlie)):
        with pytest.raises(library.InvalidItem):
            receive(TEXT, defaults=defaults)

    assert not LibraryImport.objects.exists()


def test_an_import_has_the_id_that_its_caller_chose_once(cast: Cast, receive: Receive) -> None:
    chosen = uuid.uuid4()

    assert receive(TEXT, import_id=chosen).id == chosen
    for company in (cast.company_a, cast.company_b):
        with pytest.raises(imports.ImportExists):
            receive(TEXT, import_id=chosen, company=company)


def test_what_nobody_foresaw_fails_the_import_stores_nothing_and_goes_on_up(receive: Receive) -> None:
    def stop(percent: int, message: str) -> None:
        if percent == imports.READING_PERCENT:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        receive(TEXT, on_progress=stop)

    assert failure(LibraryImport.objects.get())[0] == "import_interrupted"
    assert not ContentItem.objects.exists()


def test_an_import_that_lost_its_process_is_shown_as_failed(cast: Cast) -> None:
    now = timezone.now()
    row = make_import(cast.company_a, status=Status.RUNNING)
    LibraryImport.objects.update(updated_at=now - INTERRUPTED_AFTER - timedelta(seconds=1))
    fresh = make_import(cast.company_a, status=Status.RUNNING)
    row.refresh_from_db()

    error = row.shown_error(now=now)

    assert (row.shown_status(now=now), row.status) == (Status.FAILED, Status.RUNNING)
    assert error is not None
    assert error["code"] == "import_interrupted"
    assert (fresh.shown_status(now=now), fresh.shown_error(now=now)) == (Status.RUNNING, None)


def test_the_name_shown_has_no_folder_and_nothing_unprintable(receive: Receive) -> None:
    row = receive(TEXT, name="é\x1b[31m" + "x" * 300 + ".md")

    assert len(row.filename) == 255
    assert row.filename.endswith("xx.md")
    assert row.filename.isprintable()


def test_no_copy_of_the_file_is_left_behind(receive: Receive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    receive(TEXT)
    receive(b"\0", name="m.txt")

    assert list(tmp_path.iterdir()) == []


def in_a_thread(ask: Callable[[], Any]) -> Any:
    """Return what `ask` gives on a connection of its own, as another process would see it."""

    def ask_and_close() -> Any:
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(ask_and_close).result()


@pytest.mark.django_db(transaction=True)
def test_others_see_each_step_while_the_file_is_read(receive: Receive) -> None:
    seen: list[tuple[str, str, int]] = []

    def look(percent: int, message: str) -> None:
        row = in_a_thread(LibraryImport.objects.get)
        seen.append((row.status, row.message, in_a_thread(ContentItem.objects.count)))

    receive(TEXT, on_progress=look)

    assert seen == [
        ("running", "Lecture du fichier", 0),
        ("running", "Enregistrement de 2 passages", 0),
        ("succeeded", "2 passages enregistrés", 2),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_at_once_store_its_passages_once(receive: Receive) -> None:
    def receive_and_close(_: int) -> int:
        try:
            return receive(TEXT).created_total
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        created = list(threads.map(receive_and_close, range(2)))

    assert sorted(created) == [0, 2]
    assert ContentItem.objects.count() == 2
