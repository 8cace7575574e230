"""The part of a passage that a list shows, with the searched words marked where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from proposals.models.library import fold_for_search

#: Characters of a text that a list shows.
EXCERPT_LENGTH = 230
#: Of these, how many stand before the first word that was searched for.
LEAD_LENGTH = 70
ELLIPSIS = "…"
#: Signs that look odd before an ellipsis.
LOOSE_ENDS = " .,;:·"


@dataclass(frozen=True)
class Part:
    """A piece of a text; `is_hit` when it is one of the searched words."""

    text: str
    is_hit: bool


def mark(text: str, words: Sequence[str]) -> tuple[Part, ...]:
    """
    Return the text in pieces, the searched words apart.

    Args:
        text: as it is shown.
        words: folded by `fold_for_search`, as the search folds them.
    """
    if not words:
        return (Part(text, is_hit=False),) if text else ()
    folded, places = _fold_with_places(text)
    spans = _merge(sorted(span for word in words for span in _find(folded, word)))
    return tuple(_cut(text, [(places[start], places[end - 1] + 1) for start, end in spans]))


def make_excerpt(text: str, words: Sequence[str]) -> tuple[Part, ...]:
    """Return the beginning of a text, or its part around the first searched word."""
    start = _word_start(text, max(0, _find_first(text, words) - LEAD_LENGTH))
    end = _word_end(text, start + EXCERPT_LENGTH)
    shown = text[start:end].strip()
    if end < len(text):
        shown = shown.rstrip(LOOSE_ENDS) + ELLIPSIS
    return mark((ELLIPSIS if start else "") + shown, words)


def _find_first(text: str, words: Sequence[str]) -> int:
    """Return where the first of the words stands; 0 when there is none."""
    if not words:
        return 0
    folded, places = _fold_with_places(text)
    return min((places[found] for found in map(folded.find, words) if found >= 0), default=0)


def _fold_with_places(text: str) -> tuple[str, list[int]]:
    """Return the text as it is searched, and for each of its characters where it stands in the text."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        bare = fold_for_search(character) or " "
        folded.append(bare)
        places.extend([place] * len(bare))
    return "".join(folded), places


def _find(folded: str, word: str) -> Iterator[tuple[int, int]]:
    start = folded.find(word)
    while start >= 0:
        yield start, start + len(word)
        start = folded.find(word, start + len(word))


def _merge(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Part]:
    done = 0
    for start, end in spans:
        if start > done:
            yield Part(text[done:start], is_hit=False)
        yield Part(text[start:end], is_hit=True)
        done = end
    if done < len(text):
        yield Part(text[done:], is_hit=False)


def _word_start(text: str, place: int) -> int:
    """Return the start of the word after `place`, so that no word is cut."""
    return place if place == 0 else text.find(" ", place) + 1


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    return max(text.rfind(" ", 0, place), 0) or place
