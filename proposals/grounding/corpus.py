"""
Everything that a text may rest on: the pages of the RC and the passages of the company's library. Built once, asked
for every sentence of a proposal.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from proposals.engines.offline.folding import words
from proposals.grounding.claims import Key, read_source_keys
from proposals.grounding.names import LINKS
from proposals.grounding.terms import Terms, is_term
from proposals.writing import Source

#: Sources looked at for a statement that the section's own sources do not say.
CANDIDATES = 5
#: Terms by which they are found: the rarest of the statement.
SEARCHED_TERMS = 8


@dataclass(frozen=True)
class SourceText:
    """One source with what comparing needs, worked out when it is needed."""

    source: Source
    read: Terms

    @property
    def text(self) -> str:
        """Return all that the source says."""
        return f"{self.source.title}\n{self.source.text}\n{self.source.quote}"

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return its folded words in order, without those that only link the parts of a name."""
        return tuple(word for word in words(self.text) if word not in LINKS)

    @cached_property
    def flat(self) -> str:
        """Return its words between single blanks, to find runs of words in it."""
        return f" {' '.join(self.words)} "

    @cached_property
    def stems(self) -> frozenset[str]:
        """Return the stems of its terms."""
        return frozenset(self.read.stem(word) for word in self.words if is_term(word))

    @cached_property
    def keys(self) -> frozenset[Key]:
        """Return the figures, dates and references it says."""
        return frozenset(read_source_keys(self.text))


class Corpus:
    """
    The words, figures, dates and references of all sources. Belongs to one thread.

    Args:
        sources: the pages of the RC (kind "rc") and every passage of the library (kind "library").
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        self._terms = Terms()
        self.texts: Sequence[SourceText] = [SourceText(source, self._terms) for source in sources]
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        self._frequency: Counter[str] = Counter()
        for number, text in enumerate(self.texts):
            for word in set(text.words):
                self._by_word[word].append(number)
            self._frequency.update(text.stems)

    @cached_property
    def keys(self) -> frozenset[Key]:
        """Return every figure, date and reference that any source says."""
        return frozenset().union(*(text.keys for text in self.texts))

    def read(self, source: Source) -> SourceText:
        """Return a source ready to be compared."""
        return SourceText(source, self._terms)

    def terms(self, text: str) -> list[str]:
        """Return the stems of a text's content words, in order."""
        return self._terms.of(text)

    def stem(self, word: str) -> str:
        """Return the stem of a folded word."""
        return self._terms.stem(word)

    def weight(self, stem: str) -> float:
        """Return how much a term tells: the rarer in the sources, the more; most when no source has it."""
        return math.log(1 + (len(self.texts) + 1) / (self._frequency[stem] + 0.5))

    def has_word(self, word: str) -> bool:
        """Whether any source has a folded word."""
        return word in self._by_word

    def has_run(self, run: Sequence[str]) -> bool:
        """Whether some source has these folded words one after the other, as `names.key_words` gives them."""
        holders = [self._by_word.get(word) for word in run]
        if not all(holders):
            return False
        wanted = f" {' '.join(run)} "
        common = set.intersection(*(set(numbers) for numbers in holders if numbers))
        return any(wanted in self.texts[number].flat for number in common)

    def find(self, stems: Iterable[str]) -> list[SourceText]:
        """Return the sources that have most of the rarest of these terms, the best first."""
        rarest = sorted(set(stems), key=lambda stem: (-self.weight(stem), stem))[:SEARCHED_TERMS]
        found: Counter[int] = Counter()
        for stem in rarest:
            for number in self._by_stem.get(stem, ()):
                found[number] += round(1000 * self.weight(stem))
        best = sorted(found, key=lambda number: (-found[number], number))
        return [self.texts[number] for number in best[:CANDIDATES]]

    @cached_property
    def _by_stem(self) -> dict[str, list[int]]:
        by_stem: defaultdict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(self.texts):
            for stem in text.stems:
                by_stem[stem].append(number)
        return by_stem
