"""The award criteria that the technical proposal is judged by: the leaves of the buyer's tree, prices left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from proposals.analysis import AwardCriterion, RCAnalysisResult
from proposals.engines.offline.folding import fold
from proposals.writing import Criterion

_PRICE = re.compile(
    r"\bprix\b|tarif|\bmontants?\b|\bcouts?\b|\bdqe\b|\bdpgf\b|\bbpu\b|\bremises?\b|"
    r"(?:valeur|offre|performance|proposition) (?:economique|financiere)"
)
#: "C1. ", "2) ": the buyer's number at the head of a name.
_NUMBER = re.compile(r"^(?P<number>[A-Z]?\d+(?:\.\d+)*)\s?[.):–-]\s+(?P<name>.+)$", re.DOTALL)
#: "(cadre de mémoire technique)", ", appréciée au vu de …": what is judged, not the criterion.
_EVIDENCE = re.compile(r"\s*\([^)]*\)\s*$|,? (?:appréciée?s?|jugée?s?|évaluée?s?) .*$|,? au vu d.*$", re.DOTALL)
#: Names that stand for the whole technical offer.
_WHOLE_OFFER = re.compile(r"(?:valeur|qualite|offre|note|pertinence) (?:technique|methodologique)s?|memoire technique")


@dataclass(frozen=True)
class Leaf:
    """
    One technical criterion or sub-criterion without parts.

    Args:
        share: its weight among all criteria, in the unit of the whole; None where the RC gives no weights.
        is_part: it is a sub-criterion.
    """

    criterion: Criterion
    share: float | None
    is_part: bool

    @property
    def names_the_whole_offer(self) -> bool:
        """Whether its name says nothing but "technical quality"."""
        return bool(_WHOLE_OFFER.match(fold(self.criterion.name)))


def technical_leaves(result: RCAnalysisResult) -> list[Leaf]:
    """Return the technical criteria in the buyer's order; one that several lots repeat comes once."""
    leaves: dict[str, Leaf] = {}
    for leaf in _walk(result.award_criteria):
        leaves.setdefault(fold(leaf.criterion.name), leaf)
    return list(leaves.values())


def _walk(criteria: Iterable[AwardCriterion]) -> Iterator[Leaf]:
    for criterion in criteria:
        if _PRICE.search(fold(criterion.name)):
            continue
        parts = [part for part in criterion.children if not _PRICE.search(fold(part.name))]
        if not parts:
            yield Leaf(to_criterion(criterion), criterion.weight, is_part=False)
        for part in parts:
            yield Leaf(to_criterion(part), _share_of(part, criterion), is_part=True)


def _share_of(part: AwardCriterion, parent: AwardCriterion) -> float | None:
    """The weight of a part in the terms of the whole: parts that add up to 100 are shares of their criterion."""
    total = sum(child.weight or 0 for child in parent.children)
    if part.weight is None or parent.weight is None or not total:
        return part.weight
    return part.weight * parent.weight / total


def to_criterion(criterion: AwardCriterion) -> Criterion:
    """Return a criterion as sections carry it, its number apart from its name."""
    found = _NUMBER.match(criterion.name)
    number = criterion.number or (found["number"] if found else None)
    name = _EVIDENCE.sub("", found["name"] if found else criterion.name).strip()
    return Criterion(number=number, name=name or criterion.name, weight=criterion.weight, unit=criterion.unit)
