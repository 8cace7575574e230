"""
Which names, figures, dates and references of a text are found in no source: neither in the RC nor in the library.

Source: docs/generation.md, "What counts as invented".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from proposals.grounding.claims import read_claims
from proposals.grounding.corpus import Corpus
from proposals.grounding.names import Name, find_names
from proposals.grounding.ordinary import ordinary_stems
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
    ordinary = ordinary_stems()
    for name in find_names(text):
        plain = _without_ordinary(name, corpora[0], ordinary)
        if not any(_is_known(words, corpora) for words in (name.words, plain)):
            yield name


def _without_ordinary(name: Name, corpus: Corpus, ordinary: frozenset[str]) -> tuple[str, ...]:
    """The words of a name without the ordinary ones around it ("Directeur", "Notre"); an acronym has none."""
    words = list(name.words)
    if name.acronym and len(words) == 1:
        return name.words
    while words and corpus.stem(words[0]) in ordinary:
        words.pop(0)
    while words and corpus.stem(words[-1]) in ordinary:
        words.pop()
    return tuple(words)


def _is_known(words: Sequence[str], corpora: Sequence[Corpus]) -> bool:
    return not words or any(corpus.has_run(words) for corpus in corpora)
