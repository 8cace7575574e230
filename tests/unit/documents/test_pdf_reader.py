"""PDFs good and bad go through the real child process."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from proposals.documents.errors import (
    DamagedPdf,
    EmptyPdf,
    EncryptedPdf,
    ImageOnlyPdf,
    NotAPdf,
    PdfError,
    PdfTooCostly,
    PdfTooLarge,
    TooManyPages,
)
from proposals.documents.limits import MIB, Limits
from proposals.documents.pdf_reader import inspect_pdf, read_pdf
from tests import pdfs

Write = Callable[[bytes], Path]
SCAN = Path(__file__).parents[3] / "proposals" / "samples" / "rc" / "hopital-scan.pdf"


class Stopped(Exception):
    """What a cancelled run raises."""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_pdf(content: bytes) -> Path:
        path = tmp_path / "rc.pdf"
        path.write_bytes(content)
        return path

    return write_pdf


def count_children() -> int:
    own = str(os.getpid())
    count = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            count += (
                stat.read_text().rsplit(")", 1)[1].split()[1] == own
                and b"pdf_child" in (stat.parent / "cmdline").read_bytes()
            )
        except OSError:
            continue
    return count


def test_a_good_pdf_is_read_page_by_page(write: Write) -> None:
    seen: list[tuple[int, int]] = []

    document = read_pdf(write(pdfs.make_pdf(pages=3)), on_page=lambda done, total: seen.append((done, total)))

    assert [page.number for page in document.pages] == [1, 2, 3]
    assert pdfs.PARAGRAPH in document.page(2).text
    assert sorted(set(seen) - {(0, 3)}) == [(1, 3), (2, 3), (3, 3)]


def test_inspection_tells_pages_and_text(write: Write) -> None:
    info = inspect_pdf(write(pdfs.make_pdf(pages=2)))

    assert (info.pages, info.has_text) == (2, True)


@pytest.mark.parametrize("look", [inspect_pdf, read_pdf])
@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyPdf),
        (b"PK\x03\x04 a word document named .pdf", NotAPdf),
        (pdfs.make_pdf()[:-200], DamagedPdf),
        (pdfs.HEADER + b"nothing\n%%EOF\n", DamagedPdf),
        (pdfs.make_pdf_without_pages(), EmptyPdf),
        (pdfs.make_encrypted_pdf(), EncryptedPdf),
    ],
    ids=["empty", "renamed", "truncated", "garbage", "no pages", "encrypted"],
)
def test_a_bad_pdf_is_refused_by_its_own_error(
    write: Write, look: Callable[[Path], object], content: bytes, error: type[PdfError]
) -> None:
    with pytest.raises(error) as refused:
        look(write(content))

    assert refused.value.code == error.code
    assert refused.value.user_message.endswith(".")


def test_a_pdf_with_too_many_pages_is_refused_naming_the_limit(write: Write) -> None:
    with pytest.raises(TooManyPages, match="pdf_too_many_pages") as refused:
        inspect_pdf(write(pdfs.make_pdf(pages=4)), Limits(max_pages=3))

    assert "3 pages" in refused.value.user_message


def test_a_pdf_with_too_many_bytes_is_refused_before_it_is_opened(write: Write) -> None:
    with pytest.raises(PdfTooLarge):
        inspect_pdf(write(pdfs.make_pdf()), Limits(max_bytes=100))


@pytest.mark.parametrize("look", [inspect_pdf, read_pdf])
def test_a_decompression_bomb_is_refused_and_costs_the_parent_nothing(
    write: Write, look: Callable[[Path, Limits], object]
) -> None:
    bomb = write(pdfs.make_bomb_pdf(inflated_bytes=300_000_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(PdfTooCostly):
        look(bomb, Limits(memory_bytes=400 * MIB, cpu_seconds=10))

    assert bomb.stat().st_size < 2 * MIB
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024
    assert count_children() == 0


def test_a_reading_that_lasts_too_long_is_stopped(write: Write) -> None:
    with pytest.raises(PdfTooCostly):
        read_pdf(write(pdfs.make_pdf()), Limits(wall_seconds=0.0))

    assert count_children() == 0


def test_what_the_callback_raises_stops_the_child_at_once(write: Write) -> None:
    def stop(done: int, total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        read_pdf(write(pdfs.make_pdf(pages=200)), on_page=stop)

    assert count_children() == 0


def test_an_image_only_pdf_says_how_to_get_text_recognition(
    write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "defpath", str(tmp_path))

    with pytest.raises(ImageOnlyPdf) as refused:
        inspect_pdf(write(pdfs.make_image_only_pdf()))

    assert "tesseract-ocr-fra" in refused.value.user_message


def test_a_scanned_page_is_recognised() -> None:
    document = read_pdf(SCAN)

    assert all(page.ocr for page in document.pages)
    assert "150 jours" in document.page(1).text
