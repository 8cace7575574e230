"""
Ordinary French words, folded: with a capital they begin a sentence, or stand in a title, and name nobody.

They count only where a word is in no source at all: neither the RC nor the library has it, in any case.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from proposals.grounding.terms import FRAME_WORDS, Terms

WORDS = Path(__file__).with_name("ordinary_words.txt")


@cache
def ordinary_stems() -> frozenset[str]:
    """Return the stems of ordinary words, and of the words of grammar."""
    terms = Terms()
    words = WORDS.read_text(encoding="utf-8").split()
    return frozenset(terms.stem(word) for word in (*words, *FRAME_WORDS))
