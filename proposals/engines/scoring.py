"""
How good an analysis is against a hand-made expected one: precision and recall per field.

An expected result is a JSON object shaped like an analysis in which facts may be bare values. A key that is
absent is not scored; `null` means that the document does not say it. Names are compared by their words, since
the same paper has many short names. `requirements` and `warnings` list what must be covered: only recall.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from proposals.engines.offline.folding import fold, squash, words

STOP_WORDS = frozenset(
    [
        "le",
        "la",
        "les",
        "l",
        "de",
        "du",
        "des",
        "d",
        "un",
        "une",
        "et",
        "ou",
        "a",
        "au",
        "aux",
        "en",
        "pour",
        "par",
        "sur",
        "dans",
        "avec",
        "son",
        "sa",
        "ses",
        "leur",
        "leurs",
        "ce",
        "cette",
        "qu",
        "que",
        "qui",
        "ne",
        "pas",
        "est",
        "sont",
    ]
)
#: Share of common words from which two names are the same thing.
SAME_NAME = 0.6
#: Share of the words of an expected phrase that one requirement must hold.
COVERED = 0.7
EXACT = frozenset({"reference", "platform_url"})
WORDED = frozenset({"object", "buyer", "duration", "answer_frame"})
LISTS = frozenset({"award_criteria", "required_documents", "lots", "cpv", "requirements", "warnings"})


@dataclass(frozen=True)
class Score:
    """Counts of one field: right, said but wrong, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Return right / said; 1 when nothing was said."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Return right / expected; 1 when nothing was expected."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


@dataclass(frozen=True)
class Mistake:
    """One thing that was wrong or missing, for the person who improves the rules."""

    field: str
    expected: Any
    found: Any


@dataclass(frozen=True)
class Scored:
    """The scores of one document by field, with the mistakes."""

    scores: dict[str, Score]
    mistakes: tuple[Mistake, ...]


def score(found: dict[str, Any], expected: dict[str, Any]) -> Scored:
    """
    Compare an analysis (as JSON data) with an expected one.

    Args:
        found: `RCAnalysisResult.model_dump(mode="json")`.
        expected: the content of an `*.expected.json`.
    """
    scores: dict[str, Score] = {}
    mistakes: list[Mistake] = []
    for field, wanted in expected.items():
        if field in LISTS:
            scored, wrong = _score_list(field, _bare(found[field]) or [], _bare(wanted) or [])
        elif field in found:
            scored, wrong = _score_scalar(field, _bare(found[field]), _bare(wanted))
        else:
            continue
        scores[field] = scored
        mistakes.extend(wrong)
    return Scored(scores, tuple(mistakes))


def add_up(scored: Iterable[Scored]) -> dict[str, Score]:
    """Return the scores of several documents together, by field."""
    total: dict[str, Score] = {}
    for one in scored:
        for field, counts in one.scores.items():
            total[field] = total.get(field, Score()) + counts
    return total


def _bare(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) and "status" in value else value


def _score_scalar(field: str, found: Any, wanted: Any) -> tuple[Score, list[Mistake]]:
    if found is None and wanted is None:
        return Score(), []
    if found is not None and wanted is not None and _same_value(field, found, wanted):
        return Score(right=1), []
    return Score(wrong=int(found is not None), missed=int(wanted is not None)), [Mistake(field, wanted, found)]


def _same_value(field: str, found: Any, wanted: Any) -> bool:
    if field in EXACT:
        return squash(fold(str(found))).strip("/") == squash(fold(str(wanted))).strip("/")
    if field in WORDED:
        return is_same_name(str(found), str(wanted))
    if field.endswith("_deadline"):
        return datetime.fromisoformat(found) == datetime.fromisoformat(wanted)
    return bool(found == wanted)


def _score_list(field: str, found: Sequence[Any], wanted: Sequence[Any]) -> tuple[Score, list[Mistake]]:
    if field == "warnings":
        codes = [item["code"] for item in found]
        return _score_recall(field, codes, wanted, lambda have, want: bool(have == want))
    if field == "requirements":
        texts = [set(_content(item["text"])) for item in found]
        return _score_recall(field, texts, wanted, _covers)
    if field == "award_criteria":
        found, wanted = list(_flatten(found)), list(_flatten(wanted))
    return _score_items(field, found, wanted, _SAME_ITEM[field])


def _score_recall(
    field: str, found: Sequence[Any], wanted: Sequence[Any], same: Callable[[Any, Any], bool]
) -> tuple[Score, list[Mistake]]:
    missing = [want for want in wanted if not any(same(have, want) for have in found)]
    return Score(right=len(wanted) - len(missing), missed=len(missing)), [
        Mistake(field, want, None) for want in missing
    ]


def _covers(have: set[str], phrase: str) -> bool:
    wanted = _content(phrase)
    return bool(wanted) and len([word for word in wanted if word in have]) >= COVERED * len(wanted)


def _score_items(
    field: str, found: Sequence[Any], wanted: Sequence[Any], same: Callable[[Any, Any], bool]
) -> tuple[Score, list[Mistake]]:
    left = list(found)
    missing = []
    for want in wanted:
        match = next((have for have in left if same(have, want)), None)
        if match is None:
            missing.append(Mistake(field, want, None))
        else:
            left.remove(match)
    right = len(wanted) - len(missing)
    extra = [Mistake(field, None, have) for have in left]
    return Score(right=right, wrong=len(left), missed=len(missing)), [*missing, *extra]


def _flatten(criteria: Iterable[dict[str, Any]], depth: int = 0) -> Iterator[dict[str, Any]]:
    for criterion in criteria:
        yield {"name": criterion["name"], "weight": criterion.get("weight"), "depth": depth}
        yield from _flatten(criterion.get("children") or (), depth + 1)


def _same_criterion(have: dict[str, Any], want: dict[str, Any]) -> bool:
    return (
        _same_weight(have["weight"], want["weight"])
        and have["depth"] == want["depth"]
        and is_same_name(have["name"], want["name"])
    )


def _same_weight(have: float | None, want: float | None) -> bool:
    if have is None or want is None:
        return have is want
    return math.isclose(have, want, abs_tol=0.01)


def _same_document(have: dict[str, Any], want: dict[str, Any]) -> bool:
    return bool(have["part"] == want["part"]) and is_same_name(have["name"], want["name"])


def _same_lot(have: dict[str, Any], want: dict[str, Any]) -> bool:
    numbers = str(have["number"]).lstrip("0").lower() == str(want["number"]).lstrip("0").lower()
    return numbers and is_same_name(have["title"], want["title"])


def _same_code(have: str, want: str) -> bool:
    return have == want


_SAME_ITEM: dict[str, Callable[[Any, Any], bool]] = {
    "award_criteria": _same_criterion,
    "required_documents": _same_document,
    "lots": _same_lot,
    "cpv": _same_code,
}


def is_same_name(have: str, want: str) -> bool:
    """Return whether two names share most of their words, or the shorter one stands whole in the longer."""
    mine, theirs = set(_content(have)), set(_content(want))
    if not mine or not theirs:
        return squash(fold(have)) == squash(fold(want))
    common = len(mine & theirs)
    dice = 2 * common / (len(mine) + len(theirs))
    return dice >= SAME_NAME or (common == min(len(mine), len(theirs)) and common >= 2)


def _content(text: str) -> list[str]:
    return [_stem(word) for word in words(text.replace(".", " ")) if word not in STOP_WORDS]


def _stem(word: str) -> str:
    """Return the word without its plural or gender ending; crude, but the same on both sides."""
    for ending in ("es", "s", "e", "x"):
        if len(word) > 4 and word.endswith(ending):
            return word[: -len(ending)]
    return word
