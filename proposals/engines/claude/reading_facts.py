"""From reported facts to facts: values read, quotes proven, contradictions kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from proposals.analysis import Fact, RCAnalysisResult
from proposals.engines.claude.analysis_schema import ReportedFact
from proposals.engines.claude.proving import Prover
from proposals.engines.claude.quotes import Evidence
from proposals.engines.claude.support import is_said, says_days_before
from proposals.engines.claude.values import read_value

#: How far a fact is to be trusted: copied exactly, copied with slips, not proven.
EXACT, ALIKE, UNPROVEN = 0.95, 0.8, 0.0

#: How people call a field.
LABELS: dict[str, str] = {
    "reference": "référence",
    "object": "objet",
    "buyer": "acheteur",
    "procedure": "procédure",
    "contract_type": "type de marché",
    "submission_deadline": "date limite de remise",
    "question_deadline": "date limite des questions",
    "offer_validity": "durée de validité des offres",
    "divided_into_lots": "allotissement",
    "cpv": "codes CPV",
    "duration": "durée",
    "variants": "variantes",
    "site_visit": "visite du site",
    "negotiation": "négociation",
    "platform_url": "plateforme de dépôt",
    "electronic_signature": "signature électronique",
    "answer_frame": "cadre de réponse",
    "page_limit": "limite de pages",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value of a field; `evidence` is None when nothing proves it."""

    value: Any
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class FactsRead:
    """
    The facts by field, and what the document says differently.

    Args:
        others: proven values of a field beside the one that was kept.
    """

    facts: dict[str, Fact[Any]]
    others: dict[str, tuple[Any, ...]]


def read_facts(reported: Sequence[ReportedFact], prover: Prover) -> FactsRead:
    """Return what was reported, each field once; a field that no value can be read for is not found."""
    facts: dict[str, Fact[Any]] = {}
    others: dict[str, tuple[Any, ...]] = {}
    for field, label in LABELS.items():
        deadline = facts["submission_deadline"].value if "submission_deadline" in facts else None
        entries = [entry for entry in reported if entry.field == field]
        candidates = [found for entry in entries if (found := _read(entry, prover, deadline)) is not None]
        if field == "cpv":
            candidates = _merge_codes(candidates)
        if candidates:
            facts[field], others[field] = _choose(candidates)
            if facts[field].quote is None:
                prover.unproven.append(label)
    return FactsRead(facts, {field: values for field, values in others.items() if values})


def _read(entry: ReportedFact, prover: Prover, deadline: datetime | None) -> Candidate | None:
    """Return the value of an entry, with its proof if there is one; None when it is no value of its field."""
    try:
        reported = {"value": read_value(entry.field, entry.value), "status": "found"}
        value = getattr(RCAnalysisResult.model_validate({entry.field: reported}), entry.field).value
    except ValueError:  # also of the schema: ValidationError is one
        return None
    evidence = prover.find(entry)
    if evidence is not None and not _is_supported(entry.field, value, evidence.quote, deadline):
        evidence = None
    return Candidate(value, evidence) if value not in ("", ()) else None


def _is_supported(field: str, value: Any, quote: str, deadline: datetime | None) -> bool:
    if is_said(field, value, quote):
        return True
    return field == "question_deadline" and says_days_before(value, quote, deadline)


def _merge_codes(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return all proven codes as one value; without a proven one, all that were reported."""
    proven = [candidate for candidate in candidates if candidate.evidence is not None] or list(candidates)
    if not proven:
        return []
    codes = dict.fromkeys(code for candidate in proven for code in candidate.value)
    return [Candidate(tuple(codes), proven[0].evidence)]


def _choose(candidates: Sequence[Candidate]) -> tuple[Fact[Any], tuple[Any, ...]]:
    """Return the best fact, and the other values that are proven too."""
    proven = [candidate for candidate in candidates if candidate.evidence is not None]
    best = (proven or list(candidates))[0]
    others = _distinct(candidate.value for candidate in proven[1:] if candidate.value != best.value)
    return _to_fact(best, conflict=bool(others)), others


def _distinct(values: Iterable[Any]) -> tuple[Any, ...]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return tuple(found)


def _to_fact(candidate: Candidate, *, conflict: bool) -> Fact[Any]:
    evidence = candidate.evidence
    if evidence is None:
        return Fact[Any](value=candidate.value, status="found", confidence=UNPROVEN)
    return Fact[Any](
        value=candidate.value,
        status="conflict" if conflict else "found",
        page=evidence.page,
        quote=evidence.quote,
        confidence=EXACT if evidence.exact else ALIKE,
    )
