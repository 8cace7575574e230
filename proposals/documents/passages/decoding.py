"""Bytes of a text file that somebody's editor wrote, as text."""

from __future__ import annotations

import codecs
import unicodedata

from proposals.documents.passages.errors import EmptyFile, UndecodableText

#: What a file begins with says how it is written; the longer marks first.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Tried in this order on a file without a mark: what is not UTF-8 comes from an old Windows editor.
ENCODINGS = ("utf-8", "cp1252")
#: Control characters that texts hold.
LAYOUT = set("\t\n\r\f\x1a\x85")


def decode_text(data: bytes) -> str:
    """
    Return the text of a file, with plain line ends.

    Raises:
        EmptyFile: there is nothing in it.
        UndecodableText: it is no text in UTF-8, UTF-16 with a mark or Windows-1252.
    """
    if not data.strip():
        raise EmptyFile
    marked = next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)
    for encoding in (marked,) if marked else ENCODINGS:
        text = _try(data, encoding)
        if text is not None:
            return _clean(text)
    raise UndecodableText


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _clean(text: str) -> str:
    if any(unicodedata.category(character) == "Cc" for character in set(text) - LAYOUT):
        raise UndecodableText
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\x1a", "")
    if not plain.strip():
        raise EmptyFile
    return plain
