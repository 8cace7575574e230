"""
Ordinary French words, folded: with a capital they begin a sentence, or stand in a title, and name nobody.

They count only where a word is in no source at all: neither the RC nor the library has it, in any case.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from proposals.grounding.terms import FRAME_WORDS

WORDS = Path(__file__).with_name("ordinary_words.txt")

#: Endings that French words take, and the ends of the forms that the list has.
_ENDING = re.compile(
    r"(?:s|x|e|es|ee|ees|a|ai|ait|aient|ant|ants|ante|antes|ent|ez|ons|era|eront|erons|erait|it|is|issent|issant|issons|"
    r"ira|iront|t|ts|te|tes|ement|ements|ment|eur|eurs|euse|ux|le|les|ne|nes)$"
)
_ENDS_OF_FORMS = ("", "e", "er", "ir", "re", "r", "el", "en", "if", "eux", "al")


def is_ordinary(word: str) -> bool:
    """Whether a folded word is an ordinary one, in any form."""
    known = _read_words()
    if word in known:
        return True
    bases = {word[: found.start()] for found in _endings_of(word)}
    return any(base + end in known for base in bases if len(base) > 2 for end in _ENDS_OF_FORMS)


def _endings_of(word: str) -> list[re.Match[str]]:
    return [found for start in range(2, len(word)) if (found := _ENDING.match(word, start))]


@cache
def _read_words() -> frozenset[str]:
    return FRAME_WORDS | frozenset(WORDS.read_text(encoding="utf-8").split())
