"""Text made comparable: every character folded to exactly one, so that positions stay those of the original."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "´": "'",
    "–": "-",
    "—": "-",
    "‑": "-",
    "‐": "-",
    "−": "-",
    "“": '"',
    "”": '"',
}
_WORD = re.compile(r"[a-z0-9]+|œ")


def fold(text: str) -> str:
    """Return the text in lower case without accents, typographic signs made plain; the length is kept."""
    return text.translate(_FOLDED)


class _Folding(dict[int, str]):
    """What each code point becomes, worked out when it is first met: `str.translate` asks nobody again."""

    def __missing__(self, code_point: int) -> str:
        self[code_point] = _fold_character(chr(code_point))
        return self[code_point]


_FOLDED = _Folding()


def _fold_character(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character.isspace():
        return " "
    return unicodedata.normalize("NFKD", character)[0].lower()[0]


def squash(text: str) -> str:
    """Return the text without any white space, for comparing quotes."""
    return "".join(text.split())


def words(text: str) -> list[str]:
    """Return the folded words of a text."""
    return _WORD.findall(fold(text))


def tidy(text: str) -> str:
    """Return the text with single spaces and without dangling punctuation at its ends."""
    return " ".join(text.split()).strip(" \t\n:;,.-–—•/|")
