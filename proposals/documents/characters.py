"""Characters that documents may hold: XML knows no others, and a file with one of them does not open."""

from __future__ import annotations

import re

#: Everything outside XML 1.0's `Char`, and the marks that this package puts into texts itself.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue005-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Return a text without what no document can hold: control characters, lone surrogates, our own marks."""
    return FORBIDDEN.sub("", text)


def one_line(text: str) -> str:
    """Return a text on one line, every run of white space as one space."""
    return " ".join(printable(text).split())
