"""
How many words each section gets: by its weight, within the page limit.

Source: docs/generation.md, "Words".
"""

from __future__ import annotations

from collections.abc import Sequence

#: Words on a full page of a technical proposal.
WORDS_PER_PAGE = 500
#: Cover and table of contents.
PAGES_BEFORE_THE_TEXT = 2
#: What a section gets on average: without a page limit, and at most when the limit leaves room for more.
DEFAULT_WORDS = 500
ROOMY_WORDS = 900
#: No section gets less or more.
LEAST_WORDS = 150
MOST_WORDS = 2_500
#: Budgets are whole tens: nobody counts single words.
STEP = 10


def allot_words(weights: Sequence[float | None], *, page_limit: int | None) -> list[int]:
    """
    Return the words of each section.

    Args:
        weights: of the sections, in any one unit; one without a weight gets half of the mean.
        page_limit: of the whole proposal.
    """
    known = [weight for weight in weights if weight]
    mean = sum(known) / len(known) if known else 1.0
    shares = [weight or mean / 2 for weight in weights]
    total = _words_in_all(len(weights), page_limit)
    least = min(LEAST_WORDS, total // max(len(weights), 1))
    spread = total - least * len(weights)
    words = [least + spread * share / sum(shares) for share in shares]
    return [max(50, min(MOST_WORDS, int(count)) // STEP * STEP) for count in words]


def _words_in_all(sections: int, page_limit: int | None) -> int:
    if page_limit is None:
        return sections * DEFAULT_WORDS
    pages = max(page_limit - PAGES_BEFORE_THE_TEXT, 1)
    return min(pages * WORDS_PER_PAGE, sections * ROOMY_WORDS)
