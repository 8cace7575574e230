"""DOCX and text files good and bad go through the real child process."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proposals.documents.errors import DocumentError
from proposals.documents.limits import MIB, Limits
from proposals.documents.passages import docx_archive
from proposals.documents.passages.errors import (
    DamagedDocx,
    EmptyFile,
    EncryptedDocx,
    FileTooCostly,
    FileTooLarge,
    LibraryFileInvalid,
    NotADocx,
    OldWordFile,
    UndecodableText,
)
from proposals.documents.passages.reader import split_docx, split_markdown_file
from tests.docx_files import (
    DOCUMENT,
    add_part,
    make_docx,
    make_encrypted_docx,
    make_entity_docx,
    make_old_word_file,
    make_other_zip,
    replace_part,
)

Write = Callable[[bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(content: bytes) -> Path:
        path = tmp_path / "memoire.docx"
        path.write_bytes(content)
        return path

    return write_file


def fill(document: Any) -> None:
    document.add_heading("Qualité", 1)
    document.add_paragraph("Notre démarche.")


GOOD = make_docx(fill)


def test_a_good_docx_comes_out_of_the_child_with_the_name_of_the_upload(write: Write) -> None:
    counts: list[int] = []

    [passage] = split_docx(write(GOOD), name="mémoire 2025.docx", on_passage=counts.append)

    assert (passage.title, passage.body) == ("Qualité", "Notre démarche.")
    assert passage.source == "mémoire 2025.docx, § Qualité"
    assert counts[-1] == 1


def test_a_text_file_keeps_its_values_through_the_child(write: Write) -> None:
    text = "# Un\n\n<!-- kind: team; tags: a, b; valid_until: 2027-06-30; owner: alice -->\n\nÉquipe.\n"

    [passage] = split_markdown_file(write(text.encode("cp1252")))

    assert (passage.body, passage.meta.tags, passage.meta.owner, passage.line) == ("Équipe.", ("a", "b"), "alice", 1)
    assert str(passage.meta.valid_until) == "2027-06-30"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyFile),
        (b"%PDF-1.7 a PDF named .docx", NotADocx),
        (make_other_zip(), NotADocx),
        (make_encrypted_docx(), EncryptedDocx),
        (make_old_word_file(), OldWordFile),
        (GOOD[:-100], DamagedDocx),
        (replace_part(GOOD, DOCUMENT, lambda part: part[:-20]), DamagedDocx),
        (replace_part(GOOD, DOCUMENT, lambda part: b""), DamagedDocx),
        (replace_part(GOOD, "[Content_Types].xml", lambda part: part.replace(b"wordprocessingml", b"x")), NotADocx),
        (make_entity_docx(), DamagedDocx),
    ],
    ids=["empty", "PDF", "ZIP", "password", "Word 97", "cut", "broken XML", "empty XML", "other type", "entities"],
)
def test_a_bad_docx_is_refused_by_its_own_error(write: Write, content: bytes, error: type[DocumentError]) -> None:
    with pytest.raises(error) as refused:
        split_docx(write(content))

    assert refused.value.user_message.endswith(".")


def test_entities_in_utf_16_are_found_too(write: Write) -> None:
    part = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16")

    with pytest.raises(DamagedDocx):
        split_docx(write(add_part(GOOD, "word/extra.xml", part)))


def test_a_decompression_bomb_is_refused_and_costs_the_parent_nothing(write: Write) -> None:
    bomb = write(add_part(GOOD, "word/media/bomb.bin", b"\0" * (docx_archive.MAX_RATIO * 100_000)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(FileTooCostly):
        split_docx(bomb)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024


def test_an_archive_of_too_many_parts_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "memoire.docx"
    path.write_bytes(GOOD)
    monkeypatch.setattr(docx_archive, "MAX_ENTRIES", 3)

    with pytest.raises(FileTooCostly):
        docx_archive.check_archive(path)


def test_a_file_over_the_limit_is_refused_before_it_is_opened(write: Write) -> None:
    with pytest.raises(FileTooLarge, match="file_too_large"):
        split_docx(write(GOOD), Limits(max_bytes=100))


def test_a_reading_that_lasts_too_long_is_stopped(write: Write) -> None:
    with pytest.raises(FileTooCostly):
        split_markdown_file(write(b"# Un"), Limits(wall_seconds=0.0))


def test_a_reading_that_takes_too_much_memory_is_stopped(write: Write) -> None:
    with pytest.raises(FileTooCostly):
        split_markdown_file(write(b"mot\n\n" * 2_000_000), Limits(memory_bytes=150 * MIB))


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"\0\1\2 binary", UndecodableText), (b"# Un\n<!-- kind: a; x: b -->\nTexte.", LibraryFileInvalid)],
)
def test_a_bad_text_file_is_refused_by_its_own_error(write: Write, content: bytes, error: type[DocumentError]) -> None:
    with pytest.raises(error):
        split_markdown_file(write(content))


def test_the_sentence_of_a_refusal_survives_the_child(write: Write) -> None:
    with pytest.raises(LibraryFileInvalid) as refused:
        split_markdown_file(write(b"# Un\n<!-- kind: a; x: b -->\nTexte."))

    assert refused.value.user_message.startswith("Ligne 2 : « x »")
