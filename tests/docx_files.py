"""DOCX files made by hand: good ones, and the bad ones that people and attackers upload."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
from docx.oxml.parser import parse_xml

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DOCUMENT = "word/document.xml"


def make_docx(fill: Callable[[Any], None]) -> bytes:
    """Return a document that `fill` has written into, on python-docx's template."""
    document = docx.Document()
    fill(document)
    return save(document)


def save(document: Any) -> bytes:
    """Return the bytes of a document."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def make_body(xml: str) -> bytes:
    """Return a document whose body is that XML."""

    def fill(document: Any) -> None:
        body = parse_xml(f"<w:body {W}>{xml}</w:body>")
        for element in reversed(list(body)):
            document.element.body.insert(0, element)

    return make_docx(fill)


def replace_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a document with one part changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            new.writestr(entry.filename, change(part) if entry.filename == name else part)
    return file.getvalue()


def add_part(content: bytes, name: str, part: bytes) -> bytes:
    """Return a document with one part more."""
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, part)
    return file.getvalue()


def make_entity_docx() -> bytes:
    """Return a document whose text would be a thousand million letters, were its entities resolved."""
    entities = '<!ENTITY a "lol">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )

    def declare(part: bytes) -> bytes:
        head, root = part.split(b"?>", 1)
        text = root.replace(b"Bonjour", b"&i;")
        return head + f"?><!DOCTYPE w:document [{entities}]>".encode() + text

    return replace_part(make_docx(lambda document: document.add_paragraph("Bonjour")), DOCUMENT, declare)


def make_encrypted_docx() -> bytes:
    """Return what Word makes of a document with a password: a compound file with that stream."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512


def make_old_word_file() -> bytes:
    """Return the beginning of a document of Word 97."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "WordDocument".encode("utf-16-le") + b"\0" * 512


def make_other_zip() -> bytes:
    """Return an archive that is no document."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("lisez-moi.txt", "Bonjour")
    return file.getvalue()
