"""From reported lists to those of an analysis: lots, criteria, papers, requirements."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from proposals.analysis import AwardCriterion, Fact, Lot, RequiredDocument, RequirementItem
from proposals.engines.claude.analysis_schema import (
    ReportedCriterion,
    ReportedDocument,
    ReportedLot,
    ReportedPart,
    ReportedRequirement,
)
from proposals.engines.claude.proving import Prover
from proposals.engines.claude.quotes import Evidence
from proposals.engines.claude.reading_facts import EXACT, UNPROVEN
from proposals.engines.claude.support import says_number, says_text

#: Longest text of a requirement, as the offline engine has it.
LONGEST_TEXT = 700


def read_lots(reported: Sequence[ReportedLot], prover: Prover) -> Fact[tuple[Lot, ...]]:
    """Return the lots as one fact, quoted from the first that is proven."""
    entries = [entry for entry in reported if entry.title.strip()]
    if not entries:
        return Fact[tuple[Lot, ...]]()
    lots = [Lot(number=entry.number.strip(), title=entry.title.strip()) for entry in entries]
    proofs = [prover.find_named(entry, entry.title) for entry in entries]
    prover.unproven += [f"lot {lot.number}" for lot, proof in zip(lots, proofs, strict=True) if proof is None]
    first = next((proof for proof in proofs if proof is not None), None)
    return Fact[tuple[Lot, ...]](
        value=tuple(lots),
        status="found",
        page=first.page if first else None,
        quote=first.quote if first else None,
        confidence=EXACT if first else UNPROVEN,
    )


def read_criteria(reported: Sequence[ReportedCriterion], prover: Prover) -> tuple[AwardCriterion, ...]:
    """Return the tree of award criteria."""
    return tuple(_read_criterion(entry, prover) for entry in reported if entry.name.strip())


def _read_criterion(entry: ReportedCriterion, prover: Prover) -> AwardCriterion:
    """A criterion may weigh what its parts weigh together, without the document writing the sum."""
    fields = [_read_part(part, prover) for part in entry.parts if part.name.strip()]
    sum_of_parts = sum(part["weight"] or 0.0 for part in fields)
    children = tuple(AwardCriterion(**part) for part in fields)
    return AwardCriterion(**_read_part(entry, prover, sum_of_parts=sum_of_parts), children=children)


def _read_part(entry: ReportedPart, prover: Prover, *, sum_of_parts: float = 0.0) -> dict[str, Any]:
    weight = _to_weight(entry.weight)
    evidence = prover.find_named(entry, entry.name)
    if evidence is not None and weight not in (None, sum_of_parts) and not says_number(weight or 0.0, evidence.quote):
        evidence = None
    if evidence is None:
        prover.unproven.append(f"critère « {entry.name.strip()} »")
    return {
        "number": entry.number.strip() or None,
        "name": entry.name.strip(),
        "weight": weight,
        "unit": None if weight is None or entry.unit == "none" else entry.unit,
        **_proof(evidence),
    }


def _to_weight(text: str) -> float | None:
    try:
        weight = float(text.strip().rstrip("%").replace(",", "."))
    except ValueError:
        return None
    return weight if math.isfinite(weight) and weight >= 0 else None


def read_documents(reported: Sequence[ReportedDocument], prover: Prover) -> tuple[RequiredDocument, ...]:
    """Return the papers to hand in."""
    return tuple(_read_document(entry, prover) for entry in reported if entry.name.strip())


def _read_document(entry: ReportedDocument, prover: Prover) -> RequiredDocument:
    evidence = prover.find_named(entry, entry.name)
    if evidence is None:
        prover.unproven.append(f"pièce « {entry.name.strip()} »")
    return RequiredDocument(name=entry.name.strip(), part=entry.part, mandatory=entry.mandatory, **_proof(evidence))


def read_requirements(reported: Sequence[ReportedRequirement], prover: Prover) -> tuple[RequirementItem, ...]:
    """
    Return the obligations in reading order, coded "R-001" and on; those that nothing proves come last.

    The same words are one obligation, whatever number of times they were reported.
    """
    proven: dict[tuple[int, int], tuple[ReportedRequirement, Evidence]] = {}
    unproven: dict[str, ReportedRequirement] = {}
    for entry in reported:
        evidence = prover.find(entry)
        if evidence is not None:
            proven.setdefault((evidence.page, evidence.start), (entry, evidence))
        elif entry.text.strip():
            unproven.setdefault(entry.text.strip(), entry)
    in_order = [proven[place] for place in sorted(proven)]
    entries = [*in_order, *((entry, None) for entry in unproven.values())]
    items = tuple(_to_item(number, entry, evidence) for number, (entry, evidence) in enumerate(entries, start=1))
    prover.unproven += [f"exigence {item.code}" for item in items if item.quote is None]
    return items


def _to_item(number: int, entry: ReportedRequirement, evidence: Evidence | None) -> RequirementItem:
    return RequirementItem(
        code=f"R-{number:03d}",
        text=_text_of(entry, evidence)[:LONGEST_TEXT],
        category=entry.category,
        mandatory=entry.mandatory,
        article=entry.article.strip()[:50] or None,
        **_proof(evidence),
    )


def _text_of(entry: ReportedRequirement, evidence: Evidence | None) -> str:
    """Return the model's wording where the quote bears it out, else the quote itself."""
    text = " ".join(entry.text.split())
    if evidence is None or (text and says_text(text, evidence.quote)):
        return text
    return evidence.quote


def _proof(evidence: Evidence | None) -> dict[str, Any]:
    return {"page": evidence.page if evidence else None, "quote": evidence.quote if evidence else None}
