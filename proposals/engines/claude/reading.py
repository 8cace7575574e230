"""
From what the model reports to an analysis: nothing is believed because the model says it.

Each value keeps the document's own words as its quote, found again on the page. What cannot be found is kept without
page and quote, with confidence 0, and a warning names it.

Source: docs/claude.md, "Analysis".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from proposals.analysis import AnalysisWarning, Fact, RCAnalysisResult
from proposals.documents.document import Document
from proposals.engines.claude.analysis_schema import ReportedAnalysis
from proposals.engines.claude.proving import Prover
from proposals.engines.claude.reading_facts import LABELS, FactsRead, read_facts
from proposals.engines.claude.reading_items import read_criteria, read_documents, read_lots, read_requirements
from proposals.engines.offline.warnings import find_warnings
from proposals.engines.suspicion import warn_of

#: Names in one warning; the pages mark the others as well.
MOST_NAMES = 12


def read_analysis(reported: ReportedAnalysis, document: Document, by_rules: RCAnalysisResult) -> RCAnalysisResult:
    """
    Return the analysis.

    Args:
        by_rules: the same document read by the offline engine, a second opinion on the deadline: the one fact that
            excludes an offer.
    """
    prover = Prover(document)
    read = read_facts(reported.facts, prover)
    deadline, other_deadlines = _agree_on_deadline(read, by_rules.submission_deadline, prover.unproven)
    facts = {**read.facts, "submission_deadline": deadline, "lots": read_lots(reported.lots, prover)}
    result = RCAnalysisResult(
        **_with_division(facts),
        award_criteria=read_criteria(reported.award_criteria, prover),
        required_documents=read_documents(reported.required_documents, prover),
        requirements=read_requirements(reported.requirements, prover),
    )
    warnings = (
        *find_warnings(result, other_deadlines),
        *_warn_of_conflicts(read),
        *_warn_of_unproven(prover.unproven),
        *warn_of(prover.suspicious),
    )
    return result.model_copy(update={"warnings": warnings})


def _agree_on_deadline(
    read: FactsRead, by_rules: Fact[datetime], unproven: list[str]
) -> tuple[Fact[datetime], tuple[datetime, ...]]:
    """Return the deadline and the others that the document gives: what is proven wins, two proven ones conflict."""
    named: Fact[datetime] = read.facts.get("submission_deadline", Fact[datetime]())
    others: tuple[datetime, ...] = read.others.get("submission_deadline", ())
    if by_rules.value is None:
        return named, others
    if named.quote is None:
        if named.value is not None:
            unproven.remove(LABELS["submission_deadline"])
        return by_rules, ()
    if by_rules.value in (named.value, *others):
        return named, others
    return named.model_copy(update={"status": "conflict"}), (*others, by_rules.value)


def _with_division(facts: dict[str, Fact[Any]]) -> dict[str, Fact[Any]]:
    """Lots that are listed divide a contract, whether or not a sentence says so."""
    lots = facts["lots"]
    if "divided_into_lots" not in facts and lots.value:
        facts["divided_into_lots"] = Fact[Any](**{**dict(lots), "value": True})
    divided = facts.get("divided_into_lots")
    if divided is not None and divided.value is False:
        facts["lots"] = Fact[Any]()
    return facts


def _warn_of_conflicts(read: FactsRead) -> Iterator[AnalysisWarning]:
    for field in read.others:
        if field != "submission_deadline":  # the offline engine's words for it are used
            message = f"Le document se contredit : {LABELS[field]}. Relisez les passages et interrogez l’acheteur."
            yield AnalysisWarning(code="fact_conflict", message=message)


def _warn_of_unproven(names: Sequence[str]) -> Iterator[AnalysisWarning]:
    if names:
        listed = ", ".join(names[:MOST_NAMES])
        more = f" et {len(names) - MOST_NAMES} autres" if len(names) > MOST_NAMES else ""
        message = f"Non retrouvé mot pour mot dans le document, à vérifier avant de s’y fier : {listed}{more}."
        yield AnalysisWarning(code="unverified_quote", message=message)
