"""PDFs go through the real child process: what comes out, and what ends it."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest

from proposals.documents.composition import compose
from proposals.documents.writers.errors import PdfWriterMissing, PdfWriterTooCostly, WriterError
from proposals.documents.writers.html_writer import write_html
from proposals.documents.writers.limits import MIB, WriterLimits
from proposals.documents.writers.pdf_writer import WrittenPdf, write_pdf
from tests.unit.writers.content import make_content, make_section

Replace = Callable[[str], None]
ROOT = Path(__file__).parents[3]


class Stopped(Exception):
    """What a cancelled run raises."""


@pytest.fixture(scope="module")
def seen() -> list[int]:
    """The pages that the layout told, in order."""
    return []


@pytest.fixture(scope="module")
def written(seen: list[int]) -> WrittenPdf:
    return write_pdf(write_html(compose(make_content())), on_page=seen.append)


@pytest.fixture
def pages(written: WrittenPdf) -> Iterator[list[str]]:
    document = pypdfium2.PdfDocument(written.content)
    yield [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()


@pytest.fixture
def replace_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Replace:
    """Let the child find another layout library: a Python in front of the real one, with a folder of its own."""

    def replace(source: str) -> None:
        (tmp_path / "weasyprint").mkdir()
        (tmp_path / "weasyprint" / "__init__.py").write_text(source)
        (tmp_path / "weasyprint" / "urls.py").write_text("class URLFetcher: pass\n")
        python = tmp_path / "python"
        python.write_text(f'#!/bin/sh\nPYTHONPATH="{tmp_path}" exec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(python))

    return replace


def count_children() -> int:
    """Return how many layout processes of this one are running."""
    own = str(os.getpid()).encode()
    return sum(
        b"pdf_writer_child" in read(path.parent / "cmdline") and read(path).rsplit(b")", 1)[1].split()[1] == own
        for path in Path("/proc").glob("[0-9]*/stat")
    )


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b") - -"


def outline(content: bytes) -> list[tuple[int, str, int]]:
    """Return level, title and page of each bookmark."""
    document = pypdfium2.PdfDocument(content)
    found = [(item.level, item.get_title(), item.get_dest().get_index() + 1) for item in document.get_toc()]
    document.close()
    return found


def test_the_text_of_all_parts_is_there(written: WrittenPdf, pages: list[str]) -> None:
    assert written.pages == len(pages)
    assert "Mémoire technique" in pages[0]
    assert "Atelier Rivoli" in pages[0]
    assert pages[1].startswith("Sommaire 1 Méthodologie")
    assert any("[à compléter : nom du chef de projet]" in page.replace("\ufffe", "") for page in pages)


def test_every_page_but_the_cover_has_its_number_and_the_reference(written: WrittenPdf, pages: list[str]) -> None:
    assert "Page 1 sur" not in pages[0]
    for number, page in enumerate(pages[1:], start=2):
        assert page.endswith(f"2026-DSI-042 Atelier Rivoli Page {number} sur {written.pages}")


def test_bookmarks_lead_to_the_headings(written: WrittenPdf) -> None:
    found = outline(written.content)

    assert [(level, title) for level, title, _ in found][:4] == [
        (0, "1 Méthodologie"),
        (1, "1.1 Organisation"),
        (2, "1.1.1 Phases"),
        (0, "2 Moyens humains"),
    ]
    assert {title: page for _, title, page in found}["1 Méthodologie"] == written.anchors["section_1"]


def test_a_part_of_several_pages_begins_on_its_first(written: WrittenPdf) -> None:
    assert written.anchors["corps"] == written.anchors["section_1"]
    assert written.anchors["section_3"] > written.anchors["corps"]


def test_the_table_of_contents_shows_the_true_pages(written: WrittenPdf, pages: list[str]) -> None:
    [shown] = re.findall(r"Annexe C – Traçabilité[ .]+(\d+)", pages[1])

    assert int(shown) == written.anchors["annexe_C"]


def test_the_file_is_tagged_titled_and_says_that_it_is_pdf_ua(written: WrittenPdf) -> None:
    document = pypdfium2.PdfDocument(written.content)

    assert document.is_tagged()
    assert document.get_metadata_value("Title") == "Mémoire technique – Refonte du portail de la Région"
    assert document.get_metadata_value("Author") == "Atelier Rivoli"
    assert b'pdfuaid:part="1"' in unpack(written.content)
    assert b"/Lang (fr-FR)" in unpack(written.content)
    document.close()


def unpack(content: bytes) -> bytes:
    """Return a PDF with its compressed streams unpacked."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, flags=re.DOTALL)
    unpacked = [content]
    for stream in streams:
        with contextlib.suppress(zlib.error):
            unpacked.append(zlib.decompress(stream))
    return b"\n".join(unpacked)


def test_wide_tables_are_on_landscape_pages_and_the_text_goes_on_in_portrait(written: WrittenPdf) -> None:
    document = pypdfium2.PdfDocument(written.content)
    sizes = [page.get_size() for page in document]
    after = next(
        number for number, page in enumerate(document) if "Le texte reprend" in page.get_textpage().get_text_range()
    )

    is_wide = [width > height for width, height in sizes]
    assert is_wide[written.anchors["annexe_A"] - 1]
    assert is_wide[after - 1]
    assert not is_wide[after]
    document.close()


def test_the_layout_tells_the_pages_as_they_come(written: WrittenPdf, seen: list[int]) -> None:
    assert [page for page in seen if page][:3] == [1, 2, 3]
    assert max(seen) == written.pages


def test_nothing_is_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("body::after { content: 'lu' }")
    link = f'<link rel="stylesheet" href="{secret.as_uri()}">'
    html = f'<html lang="fr"><head><title>t</title>{link}</head><body>corps</body></html>'

    document = pypdfium2.PdfDocument(write_pdf(html).content)

    assert document[0].get_textpage().get_text_range().strip() == "corps"
    document.close()


def test_hostile_text_is_shown_as_text() -> None:
    text = "</style><script>x</script><img src=file:///etc/passwd> \x00 &amp; \ue000"
    content = make_content(sections=(make_section(1, text, text),), requirements=(), company=text, reference=text)

    document = pypdfium2.PdfDocument(write_pdf(write_html(compose(content))).content)

    assert "<img src=file:///etc/passwd>" in document[2].get_textpage().get_text_range()
    document.close()


def test_what_the_callback_raises_ends_the_child_at_once() -> None:
    def stop(page: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        write_pdf(write_html(compose(make_content())), on_page=stop)

    assert count_children() == 0


def test_a_layout_that_takes_too_long_is_stopped(replace_library: Replace) -> None:
    replace_library("import time\ntime.sleep(60)\n")

    with pytest.raises(PdfWriterTooCostly):
        write_pdf("<p>x", WriterLimits(wall_seconds=0.3))

    assert count_children() == 0


def test_a_layout_that_takes_too_much_memory_is_stopped(replace_library: Replace) -> None:
    replace_library("def HTML(**options):\n    return bytearray(1 << 30)\n")

    with pytest.raises(PdfWriterTooCostly):
        write_pdf("<p>x", WriterLimits(memory_bytes=300 * MIB))


def test_without_the_system_libraries_the_error_says_what_to_install(replace_library: Replace) -> None:
    replace_library("print('explains itself')\nraise OSError('libpango')\n")

    with pytest.raises(PdfWriterMissing) as missing:
        write_pdf("<p>x")

    assert missing.value.code == "pdf_writer_missing"
    assert "libpango-1.0-0" in missing.value.user_message


def test_a_fault_of_the_layout_goes_to_the_log_and_not_to_the_user(
    replace_library: Replace, caplog: pytest.LogCaptureFixture
) -> None:
    replace_library("def HTML(**options):\n    raise KeyError('le texte confidentiel')\n")

    with pytest.raises(WriterError) as failed:
        write_pdf("<p>x")

    assert failed.value.code == "pdf_writer_failed"
    assert "KeyError" in caplog.text
    assert "confidentiel" not in failed.value.user_message


def test_who_writes_the_html_and_starts_the_child_never_loads_the_layout_library() -> None:
    names = "composition, writers.html_writer, writers.pdf_writer, writers.docx_writer, writers.xlsx_writer"
    modules = ", ".join(f"proposals.documents.{name}" for name in names.split(", "))
    program = f"import sys, {modules}; print('weasyprint' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
