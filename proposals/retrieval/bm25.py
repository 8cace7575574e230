"""
BM25 over words, their stems and the concepts they stand for: the search that always works.

Source: docs/matching.md, "How passages are found".
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from bm25s import BM25
from numpy.typing import NDArray

from proposals.matching import Passage, RequirementQuery
from proposals.retrieval.concepts import ConceptFinder
from proposals.retrieval.retriever import Hit, keep_going
from proposals.retrieval.stop_words import WEAK_WORDS
from proposals.retrieval.strength import Thresholds
from proposals.retrieval.tokens import Analyzer, Word
from proposals.retrieval.wording import find_wordings

Scores = NDArray[np.float64]

#: BM25: how soon a repeated word stops counting, and how much a long passage is held against it.
K1 = 1.2
B = 0.6
#: How often the words of a title and of tags count beside those of the body.
TITLE_TIMES = 3
TAGS_TIMES = 2

#: The share of a word's weight that only the same form earns; the rest is for any form with its stem.
RAW_SHARE = 0.35
#: What a word that every tender is full of counts beside others.
WEAK_WEIGHT = 0.5
#: What a passage earns of a word's weight by other words for the same concept.
CONCEPT_SHARE = 0.6

#: The part of a word's weight that counts as fully found: once in the title, or twice in the body of usual length.
FULLY_FOUND = 0.6
#: So many decimals are the same everywhere, and equal scores are then really equal.
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Sought:
    """One word of a requirement, how much it counts there, and the concepts that it stands for."""

    word: Word
    weight: float
    concepts: set[str] = field(default_factory=set)


class Bm25Retriever:
    """Finds passages by the words and concepts that they share with a requirement."""

    name = "bm25"
    thresholds = Thresholds(strong=0.55, partial=0.33)

    def __init__(self, passages: Sequence[Passage], *, check: Callable[[], None] = keep_going) -> None:
        """Index the passages, once for all requirements. What `check` raises ends it."""
        self._analyzer = Analyzer()
        self._concepts = ConceptFinder(self._analyzer)
        self._weak = {word.stem for word in self._analyzer.find_words(" ".join(sorted(WEAK_WORDS)))}
        ordered = sorted(passages, key=lambda passage: passage.id)
        self._ids = [passage.id for passage in ordered]
        self._vocabulary: dict[str, int] = {}
        self._frequencies: Counter[int] = Counter()
        self._index = BM25(k1=K1, b=B)
        tokens = [self._index_tokens(passage, check) for passage in ordered]
        if self._vocabulary:
            self._index.index((tokens, self._vocabulary), show_progress=False)

    def search(self, query: RequirementQuery, *, limit: int) -> Sequence[Hit]:
        """Return the passages with the largest share of the requirement's weight, the best first."""
        sought = self._read(query)
        attainable = FULLY_FOUND * sum(word.weight * self._rarity(word.word) for word in sought)
        if not self._vocabulary or not attainable:
            return []
        found = np.sum([word.weight * self._find(word) for word in sought], axis=0)
        shares = np.round(found / attainable, DECIMALS)
        # Passages are in the order of their ids, and the sort is stable: equal ones stay in it.
        best = np.argsort(-shares, kind="stable")[:limit]
        return [Hit(self._ids[at], min(1.0, float(shares[at]))) for at in best if shares[at] > 0]

    def _read(self, query: RequirementQuery) -> list[Sought]:
        """Return the different words of a requirement."""
        sought: dict[str, Sought] = {}
        for text, weight in find_wordings(query):
            words = list(self._analyzer.find_words(text))
            for word in words:
                factor = WEAK_WEIGHT if word.stem in self._weak else 1.0
                sought.setdefault(word.stem, Sought(word, weight * factor))
            for mention in self._concepts.find(words):
                for word in words[mention.start : mention.end]:
                    sought[word.stem].concepts.add(mention.concept)
        return list(sought.values())

    def _find(self, sought: Sought) -> Scores:
        """Return what each passage earns by having a word, or else something that stands for the same."""
        word = sought.word
        found = RAW_SHARE * self._column(f"={word.raw}") + (1 - RAW_SHARE) * self._column(f"~{word.stem}")
        for concept in sorted(sought.concepts):
            token = f"#{concept}"
            # As if the word itself stood there: its own rarity counts, not the concept's.
            instead = CONCEPT_SHARE * self._rarity(word) * self._column(token) / self._idf(token)
            found = np.maximum(found, instead)
        return found

    def _column(self, token: str) -> Scores:
        """Return what a token is worth in each passage."""
        number = self._vocabulary.get(token)
        if number is None:
            return np.zeros(len(self._ids))
        scores: Scores = self._index.get_scores_from_ids([number]).astype(np.float64)
        return scores

    def _rarity(self, word: Word) -> float:
        """Return the inverse document frequency of a word; one that no passage has counts as if one had it."""
        return RAW_SHARE * self._idf(f"={word.raw}") + (1 - RAW_SHARE) * self._idf(f"~{word.stem}")

    def _idf(self, token: str) -> float:
        frequency = max(1, self._frequencies[self._vocabulary.get(token, -1)])
        return math.log(1 + (len(self._ids) - frequency + 0.5) / (frequency + 0.5))

    def _index_tokens(self, passage: Passage, check: Callable[[], None]) -> list[int]:
        check()
        numbers = [self._vocabulary.setdefault(token, len(self._vocabulary)) for token in self._tokens_of(passage)]
        self._frequencies.update(set(numbers))
        return numbers

    def _tokens_of(self, passage: Passage) -> Iterator[str]:
        weighted = [(passage.title, TITLE_TIMES), (passage.body, 1), *((tag, TAGS_TIMES) for tag in passage.tags)]
        for text, times in weighted:
            words = list(self._analyzer.find_words(text))
            tokens = chain(
                (f"={word.raw}" for word in words),
                (f"~{word.stem}" for word in words),
                (f"#{mention.concept}" for mention in self._concepts.find(words)),
            )
            yield from (token for token in tokens for _ in range(times))
