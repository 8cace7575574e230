"""
From a score to a strength, by thresholds that are published.

Source: docs/matching.md, "Score and strength".
"""

from __future__ import annotations

from dataclasses import dataclass

from proposals.matching import StrengthName

#: What the score of an out-of-date passage is multiplied by.
EXPIRED_FACTOR = 0.7


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which score (0–1) on a passage is a strong, or a partial answer."""

    strong: float
    partial: float

    def judge(self, score: float) -> StrengthName:
        """Return the strength of a score."""
        if score >= self.strong:
            return "strong"
        return "partial" if score >= self.partial else "none"


#: Of the scores that a ranking engine gives: "answers it", "answers part of it".
ENGINE_THRESHOLDS = Thresholds(strong=0.7, partial=0.4)
