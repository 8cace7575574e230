"""
Which names, figures, dates and references of a text are found in no source: neither in the RC nor in the library.

Source: docs/generation.md, "What counts as invented".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from proposals.grounding.claims import read_claims
from proposals.grounding.corpus import Corpus
from proposals.grounding.names import Name, find_names
from proposals.grounding.ordinary import is_ordinary
from proposals.writing import Violation


def find_violations(text: str, corpora: Sequence[Corpus]) -> tuple[Violation, ...]:
    """
    Return what no source has, in order.

    Args:
        text: Markdown; what claims nothing (gaps, references to the RC) is blanked out.
        corpora: where to look, in each of them.
    """
    claimed = [False] * len(text)
    violations: list[Violation] = []
    for claim in read_claims(text):
        claimed[claim.start : claim.end] = [True] * (claim.end - claim.start)
        if not any(key in corpus.keys for corpus in corpora for key in claim.keys):
            violations.append(
                Violation(start=claim.start, end=claim.end, text=text[claim.start : claim.end], kind=claim.kind)
            )
    for name in _unknown_names(text, corpora):
        if not any(claimed[name.start : name.end]):
            violations.append(Violation(start=name.start, end=name.end, text=text[name.start : name.end], kind="name"))
    return tuple(sorted(violations, key=lambda violation: violation.start))


def _unknown_names(text: str, corpora: Sequence[Corpus]) -> Iterator[Name]:
    for name in find_names(text):
        if not any(_is_known(words, corpora) for words in (name.words, _without_ordinary(name))):
            yield name


def _without_ordinary(name: Name) -> tuple[str, ...]:
    """The words of a name without the ordinary ones around it ("Directeur", "Notre"); an acronym has none."""
    words = list(name.words)
    if name.acronym:
        return name.words
    while words and is_ordinary(words[0]):
        words.pop(0)
    while words and is_ordinary(words[-1]):
        words.pop()
    return tuple(words)


def _is_known(words: Sequence[str], corpora: Sequence[Corpus]) -> bool:
    return not words or any(corpus.has_run(words) for corpus in corpora)
