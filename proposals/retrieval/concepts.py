"""
Words of tenders that say the same: a requirement and a passage that share a concept match without sharing a word.

Source: docs/matching.md, "Concepts".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from proposals.retrieval.tokens import Analyzer, Word

CONCEPTS = Path(__file__).with_name("concepts.txt")


class Mention(NamedTuple):
    """A word or phrase that stands for a concept: the words from `start` to before `end`."""

    concept: str
    start: int
    end: int


class ConceptFinder:
    """Finds the concepts that words stand for, whatever form the words have."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._by_first_stem: dict[str, list[tuple[list[str], str]]] = {}
        for name, phrase in read_concepts():
            first, *rest = [word.stem for word in analyzer.find_words(phrase)]
            self._by_first_stem.setdefault(first, []).append((rest, name))

    def find(self, words: Sequence[Word]) -> Iterator[Mention]:
        """Yield what stands for a concept, from left to right; a phrase hides the shorter ones inside it."""
        stems = [word.stem for word in words]
        hidden_until = 0
        for start, stem in enumerate(stems):
            lengths = [
                (1 + len(rest), name)
                for rest, name in self._by_first_stem.get(stem, ())
                if stems[start + 1 : start + 1 + len(rest)] == rest
            ]
            longest = max((length for length, _ in lengths), default=0)
            if start + longest > hidden_until:
                yield from (Mention(name, start, start + length) for length, name in lengths if length == longest)
                hidden_until = start + longest


def read_concepts() -> Iterator[tuple[str, str]]:
    """Yield the concepts of the list: the name, and a word or phrase that stands for it."""
    for line in CONCEPTS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, phrases = line.split(": ", 1)
            yield from ((name, phrase) for phrase in phrases.split(", "))
