"""PDF files made by hand: small good ones, and the bad ones that people and attackers upload."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

PARAGRAPH = "Le present reglement de la consultation fixe les conditions de remise des offres."

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def make_pdf(text: str = PARAGRAPH, *, pages: int = 1) -> bytes:
    """Return a valid PDF whose pages carry the text; white space and ASCII letters only."""
    return _make_document([_text_stream(text) for _ in range(pages)])


def make_pdf_of_lines(*pages: Sequence[str]) -> bytes:
    """Return a valid PDF with these lines on its pages, one under the other; ASCII only, parentheses excepted."""
    return _make_document(
        [(b"\n".join(_line_stream(line, row) for row, line in enumerate(page)), b"") for page in pages]
    )


def make_pdf_without_pages() -> bytes:
    """Return a PDF that opens and has no page."""
    return _make_document([])


def make_encrypted_pdf() -> bytes:
    """Return a PDF that opens with a password only: the empty one does not match its entries O and U."""
    entry = b"<</Filter/Standard/V 1/R 2/Length 40/P -4/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>"
    return _make_document([_text_stream(PARAGRAPH)], trailer=b"/ID[<00><00>]/Encrypt " + entry)


def make_bomb_pdf(*, inflated_bytes: int) -> bytes:
    """Return a small PDF whose page inflates to many bytes of text."""
    piece = b"BT /F1 9 Tf 9 9 Td (" + b"a" * 1000 + b") Tj ET\n"
    deflate = zlib.compressobj(9)
    stream = b"".join(deflate.compress(piece * 1000) for _ in range(inflated_bytes // (len(piece) * 1000)))
    return _make_document([(stream + deflate.flush(), b"/Filter/FlateDecode")])


def make_image_only_pdf() -> bytes:
    """Return a PDF whose page shows an image and no text."""
    image = (zlib.compress(b"\x80" * 100 * 100), b"/Filter/FlateDecode")
    return _make_document([(b"q 500 0 0 700 40 40 cm /Im1 Do Q", b"")], image=image)


def _text_stream(text: str) -> tuple[bytes, bytes]:
    return b"BT /F1 11 Tf 50 780 Td (" + text.encode("ascii") + b") Tj ET", b""


def _line_stream(text: str, row: int) -> bytes:
    return b"BT /F1 10 Tf 50 %d Td (" % (790 - 24 * row) + text.encode("ascii") + b") Tj ET"


def _make_document(
    contents: list[tuple[bytes, bytes]], *, image: tuple[bytes, bytes] | None = None, trailer: bytes = b""
) -> bytes:
    first_page = 4
    kids = b" ".join(b"%d 0 R" % (first_page + 2 * index) for index in range(len(contents)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % len(contents),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    image_number = first_page + 2 * len(contents)
    for index, (stream, entries) in enumerate(contents):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>/XObject<</Im1 %d 0 R>>>>>>" % (first_page + 2 * index + 1, image_number)
        )
        objects.append(_stream_object(stream, entries))
    if image:
        entries = b"/Type/XObject/Subtype/Image/Width 100/Height 100/ColorSpace/DeviceGray/BitsPerComponent 8"
        objects.append(_stream_object(image[0], entries + image[1]))
    return _write(objects, trailer)


def _stream_object(stream: bytes, entries: bytes) -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(stream), entries, stream)


def _write(objects: list[bytes], trailer: bytes) -> bytes:
    body, offsets = HEADER, []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    end = b"xref\n0 %d\n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
    return body + end % (size, table, size, trailer, len(body))
