"""
French text as words that can be compared: folded, stemmed, with their positions; words that say nothing left out.

Source: docs/matching.md, "Words".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import Stemmer

from proposals.retrieval.stop_words import STOP_WORDS

#: Combining accents and the soft hyphen stand inside a word; digits and letters are words apart ("4h", "ISO9001").
_LETTERS = r"(?:[^\W\d_][\u0300-\u036f\u00ad]*)+"
#: "99,8" is one number, and so is "1 200": groups of three digits behind a space of any width.
_NUMBER = r"\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
_WORD = re.compile(f"{_NUMBER}|{_LETTERS}")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
_NOT_IN_A_NUMBER = re.compile(r"[^\d.]")


@dataclass(frozen=True, slots=True)
class Word:
    """
    One word of a text.

    Args:
        start, end: where it stands, in code points, [start, end).
        raw: lower case without accents; a number with a point and without spaces.
        stem: what its forms have in common; the same as `raw` for a number.
    """

    start: int
    end: int
    raw: str
    stem: str


class Analyzer:
    """Splits texts into words. One for each thread: a stemmer is not shared between threads."""

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("french")
        self._forms: dict[str, tuple[str, str]] = {}

    def find_words(self, text: str) -> Iterator[Word]:
        """Yield the words of a text in order; neither stop words nor single letters, elided articles among them."""
        for found in _WORD.finditer(text):
            raw, stem = self._forms_of(found.group())
            if _says_something(raw):
                yield Word(found.start(), found.end(), raw, stem)

    def _forms_of(self, written: str) -> tuple[str, str]:
        known = self._forms.get(written)
        if known is None:
            known = self._forms[written] = self._fold(written)
        return known

    def _fold(self, written: str) -> tuple[str, str]:
        if written[0].isdigit():
            number = _NOT_IN_A_NUMBER.sub("", written.replace(",", "."))
            return number, number
        plain = unicodedata.normalize("NFC", written.replace("\u00ad", "")).lower()
        # The stemmer knows French by its accents: they go after it.
        return fold(plain), fold(self._stemmer.stemWord(plain))


def fold(text: str) -> str:
    """Return a text in lower case without accents and ligatures."""
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _says_something(raw: str) -> bool:
    return raw not in STOP_WORDS and (len(raw) > 1 or raw.isdigit())
