"""
Which sources say a statement. A source says it when it has most of its words, by weight, or nearly its very wording,
and every figure, date and reference in it. Word order and negation are not understood.

Source: docs/generation.md, "Grounding".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from proposals.engines.offline.folding import words
from proposals.grounding.claims import Claim, Key, read_claims
from proposals.grounding.corpus import Corpus, SourceText
from proposals.grounding.names import LINKS

#: Share of the weight of a statement's words that a source, or several together, must have.
ENOUGH = 0.75
#: Likeness (0–100) with some part of a source from which a statement is nearly its wording.
VERBATIM = 92
#: Below this share of the words, likeness is not looked at; no statement is nearly the wording of such a source.
WORTH_COMPARING = 0.5
#: What a further source must add to the share, for a statement that no single source says.
WORTH_ADDING = 0.1
#: Most sources that one statement is put together from, and most that are named for it.
TOGETHER = 3


class Said(NamedTuple):
    """What a statement says, ready to be compared."""

    flat: str
    stems: frozenset[str]
    claims: tuple[Claim, ...]
    weight: float


class Known(NamedTuple):
    """
    What needs no source in any statement of a section.

    Args:
        stems: of the names of bidder and buyer, as whom a text may speak of "we" and "you".
        keys: figures, dates and references of the section's criterion.
    """

    stems: frozenset[str]
    keys: frozenset[Key]


NOTHING_KNOWN = Known(frozenset(), frozenset())


class _Part(NamedTuple):
    text: SourceText
    share: float


def read_statement(text: str, corpus: Corpus, *, known: Known = NOTHING_KNOWN) -> Said:
    """
    Return what a statement says.

    Args:
        known: what it may say without a source.
    """
    stems = frozenset(corpus.terms(text)) - known.stems
    flat = " ".join(word for word in words(text) if word not in LINKS)
    claims = tuple(claim for claim in read_claims(text) if not known.keys.intersection(claim.keys))
    return Said(flat, stems, claims, sum(map(corpus.weight, stems)))


def find_support(said: Said, sources: Sequence[SourceText], corpus: Corpus) -> list[SourceText]:
    """Return the sources that say a statement, the best first: each alone, or else several together; none else."""
    parts = sorted((_Part(source, _share(said, source, corpus)) for source in sources), key=lambda part: -part.share)
    alone = [part.text for part in parts if _says(said, part)]
    return alone[:TOGETHER] or _together(said, parts, corpus)


def find_elsewhere(said: Said, corpus: Corpus) -> list[SourceText]:
    """Return the one source of the whole corpus that says a statement; none else."""
    parts = [_Part(source, _share(said, source, corpus)) for source in corpus.find(said.stems)]
    return [part.text for part in sorted(parts, key=lambda part: -part.share) if _says(said, part)][:1]


def _says(said: Said, part: _Part) -> bool:
    if not _has_claims(said, [part.text]):
        return False
    if part.share >= ENOUGH:
        return True
    return part.share >= WORTH_COMPARING and fuzz.partial_ratio(said.flat, part.text.flat) >= VERBATIM


def _together(said: Said, parts: Sequence[_Part], corpus: Corpus) -> list[SourceText]:
    chosen: list[SourceText] = []
    covered: frozenset[str] = frozenset()
    for part in parts:
        more = covered | (said.stems & part.text.stems)
        if len(chosen) < TOGETHER and _weight(more - covered, corpus) >= WORTH_ADDING * said.weight:
            chosen.append(part.text)
            covered = more
    enough = _weight(covered, corpus) >= ENOUGH * said.weight
    return chosen if said.stems and enough and _has_claims(said, chosen) else []


def _share(said: Said, source: SourceText, corpus: Corpus) -> float:
    if not said.weight:
        return float(bool(said.claims))
    return _weight(said.stems & source.stems, corpus) / said.weight


def _weight(stems: Iterable[str], corpus: Corpus) -> float:
    return sum(corpus.weight(stem) for stem in stems)


def _has_claims(said: Said, sources: Sequence[SourceText]) -> bool:
    return all(any(key in source.keys for source in sources for key in claim.keys) for claim in said.claims)
