"""Which section covers a requirement best: by the words they share, the rarer the better, and by their rubrics."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from proposals.grounding.terms import Terms
from proposals.planning.rubrics import RELATED, count_calls

#: What a rubric counts beside shared words: the section's own, one that its criterion names, one that its other words
#: name, and one related to its own.
OWN_RUBRIC = 4.0
CRITERION_RUBRIC = 1.5
NAMED_RUBRIC = 1.2
RELATED_RUBRIC = (1.0, 0.8, 0.6, 0.4)
#: How much more a word of the title counts than one of the other words.
IN_TITLE = 1.5
#: Most calls for one rubric that count.
MOST_CALLS = 2


@dataclass(frozen=True)
class Subject:
    """
    What a section is about.

    Args:
        key: its rubric.
        title: its words weigh more.
        about: the buyer's words for it.
        criterion: the name of its award criterion.
    """

    key: str
    title: str
    about: str = ""
    criterion: str = ""

    @property
    def text(self) -> str:
        """Return all that is said about it."""
        return f"{self.title}. {self.about}. {self.criterion}"


class Assignment:
    """Finds sections for texts. Belongs to one thread."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._subjects = subjects
        self._terms = Terms()
        self._titles = [frozenset(self._terms.of(subject.title)) for subject in subjects]
        self._stems = [frozenset(self._terms.of(subject.text)) for subject in subjects]
        self._calls = [count_calls(f"{subject.title}. {subject.about}") for subject in subjects]
        self._judged = [count_calls(subject.criterion) for subject in subjects]
        self._frequency = Counter(stem for stems in self._stems for stem in stems)

    def scores(self, text: str) -> list[float]:
        """Return how well each section fits a text; 0 where they have nothing in common."""
        stems = frozenset(self._terms.of(text))
        calls = count_calls(text)
        return [self._shared(stems, number) + self._same_rubric(calls, number) for number in range(len(self._subjects))]

    def best(self, text: str) -> int | None:
        """Return the number of the section that fits best, the first among equals; None when none fits."""
        scores = self.scores(text)
        top = max(scores, default=0.0)
        return scores.index(top) if top > 0 else None

    def _shared(self, stems: frozenset[str], number: int) -> float:
        common = stems & self._stems[number]
        return sum(self._weight(stem) * (IN_TITLE if stem in self._titles[number] else 1) for stem in common)

    def _weight(self, stem: str) -> float:
        return math.log(1 + len(self._subjects) / self._frequency[stem])

    def _same_rubric(self, calls: dict[str, int], number: int) -> float:
        return sum(min(count, MOST_CALLS) * self._closeness(key, number) for key, count in calls.items())

    def _closeness(self, rubric: str, number: int) -> float:
        if rubric == self._subjects[number].key:
            return OWN_RUBRIC
        if rubric in self._judged[number]:
            return CRITERION_RUBRIC
        if rubric in self._calls[number]:
            return NAMED_RUBRIC
        related = dict(zip(RELATED[rubric], RELATED_RUBRIC, strict=False))
        return related.get(self._subjects[number].key, 0.0)
