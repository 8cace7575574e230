"""
Looks at a DOCX as what it is, a ZIP archive, before anything opens it as a document. Runs in the child process.

OOXML has no use for document type declarations, so a part with one is an attack (entities that blow up, outside files).
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from proposals.documents.passages.errors import DamagedDocx, FileTooCostly, NotADocx

MAX_ENTRIES = 5_000
#: All parts together, unpacked. Photos make documents big; text never does.
MAX_TOTAL_BYTES = 300 * 1024 * 1024
MAX_XML_BYTES = 60 * 1024 * 1024
#: Text that repeats itself packs 100 times smaller; bombs pack 1000 times smaller.
MAX_RATIO = 200
#: Parts smaller than this may repeat themselves as they like.
RATIO_FREE_BYTES = 1024 * 1024
CONTENT_TYPES = "[Content_Types].xml"
XML_ENDINGS = (".xml", ".rels")
DECLARATION = b"<!DOCTYPE"


def check_archive(path: Path) -> None:
    """
    Refuse what is no sound DOCX, or would cost too much to unpack.

    Raises:
        NotADocx: an archive of something else.
        DamagedDocx: cut short, broken, or with a part that no word processor writes.
        FileTooCostly: too many parts, too much in them.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive.infolist())
            if CONTENT_TYPES not in archive.namelist():
                raise NotADocx
            _refuse_declarations(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise DamagedDocx from error


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    """Trust the sizes that the archive declares: nothing is unpacked beyond them."""
    bombs = (
        entry.file_size > RATIO_FREE_BYTES and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    total = sum(entry.file_size for entry in entries)
    long_xml = any(_is_xml(entry) and entry.file_size > MAX_XML_BYTES for entry in entries)
    if len(entries) > MAX_ENTRIES or total > MAX_TOTAL_BYTES or long_xml or any(bombs):
        raise FileTooCostly


def _refuse_declarations(archive: zipfile.ZipFile) -> None:
    for entry in archive.infolist():
        # Without zeros, so that UTF-16 hides nothing.
        if _is_xml(entry) and DECLARATION in archive.read(entry).replace(b"\0", b""):
            raise DamagedDocx


def _is_xml(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().endswith(XML_ENDINGS)
