"""The offline engine: rules for the language of French RCs, deterministic, without network or key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from proposals.analysis import Fact, RCAnalysisResult
from proposals.documents.document import Document
from proposals.engines.offline.answer_format import find_answer_frame, find_page_limit
from proposals.engines.offline.buyer_profile import find_platform_url
from proposals.engines.offline.conditions import (
    find_electronic_signature,
    find_negotiation,
    find_site_visit,
    find_variants,
)
from proposals.engines.offline.criteria import find_award_criteria
from proposals.engines.offline.deadlines import (
    find_offer_validity,
    find_question_deadline,
    find_submission_deadline,
)
from proposals.engines.offline.evidence import Reading
from proposals.engines.offline.identity import find_buyer, find_object, find_reference
from proposals.engines.offline.lots import find_cpv, find_division, find_lots
from proposals.engines.offline.procedure import find_contract_type, find_duration, find_procedure
from proposals.engines.offline.required_documents import find_required_documents
from proposals.engines.offline.requirements import find_requirements
from proposals.engines.offline.warnings import find_warnings
from proposals.engines.protocol import OnStep
from proposals.engines.suspicion import find_suspicious, leave_out, warn_of

Fields = dict[str, Any]


class OfflineEngine:
    """Reads an RC by rules alone. The same document always gives the same result."""

    name = "offline"

    def analyse(self, document: Document, *, on_step: OnStep) -> RCAnalysisResult:
        """Return everything the rules find, telling `on_step` after each family of facts."""
        suspicious = find_suspicious(document)
        reading = Reading(leave_out(document, suspicious))
        fields: Fields = {}
        for index, (label, family) in enumerate(FAMILIES, start=1):
            fields |= family(reading, fields)
            on_step(label, _count_found(fields), index / len(FAMILIES))
        others = fields.pop("_other_deadlines")
        result = RCAnalysisResult(**fields)
        return result.model_copy(update={"warnings": (*find_warnings(result, others), *warn_of(suspicious))})


def _count_found(fields: Fields) -> int:
    return sum(
        value.status != "not_found" if isinstance(value, Fact) else len(value)
        for name, value in fields.items()
        if not name.startswith("_")
    )


def _read_identity(reading: Reading, _: Fields) -> Fields:
    return {
        "reference": find_reference(reading),
        "object": find_object(reading),
        "buyer": find_buyer(reading),
        "platform_url": find_platform_url(reading),
    }


def _read_dates(reading: Reading, _: Fields) -> Fields:
    deadline, others = find_submission_deadline(reading)
    return {
        "submission_deadline": deadline,
        "_other_deadlines": others,
        "question_deadline": find_question_deadline(reading, deadline.value),
        "offer_validity": find_offer_validity(reading),
    }


def _read_procedure(reading: Reading, known: Fields) -> Fields:
    return {
        "procedure": find_procedure(reading),
        "contract_type": find_contract_type(reading, known["object"]),
        "duration": find_duration(reading),
    }


def _read_lots(reading: Reading, _: Fields) -> Fields:
    lots = find_lots(reading)
    division = find_division(reading, lots)
    return {
        "lots": lots if division.value is not False else type(lots)(),
        "divided_into_lots": division,
        "cpv": find_cpv(reading),
    }


def _read_conditions(reading: Reading, known: Fields) -> Fields:
    return {
        "variants": find_variants(reading),
        "site_visit": find_site_visit(reading),
        "negotiation": find_negotiation(reading, known["procedure"]),
        "electronic_signature": find_electronic_signature(reading),
        "answer_frame": find_answer_frame(reading),
        "page_limit": find_page_limit(reading),
    }


def _read_criteria(reading: Reading, _: Fields) -> Fields:
    return {"award_criteria": find_award_criteria(reading)}


def _read_documents(reading: Reading, _: Fields) -> Fields:
    return {"required_documents": find_required_documents(reading)}


def _read_requirements(reading: Reading, _: Fields) -> Fields:
    return {"requirements": find_requirements(reading)}


Family = Callable[[Reading, Fields], Fields]

FAMILIES: tuple[tuple[str, Family], ...] = (
    ("Identité de la consultation", _read_identity),
    ("Dates et délais", _read_dates),
    ("Procédure", _read_procedure),
    ("Lots et nomenclature", _read_lots),
    ("Règles de la consultation", _read_conditions),
    ("Critères d’attribution", _read_criteria),
    ("Pièces à remettre", _read_documents),
    ("Exigences", _read_requirements),
)


def all_quotes(result: RCAnalysisResult) -> Iterator[tuple[str, int | None, str | None]]:
    """Yield (field, page, quote) of everything an analysis says it found."""
    for name in RCAnalysisResult.model_fields:
        value = getattr(result, name)
        if isinstance(value, Fact):
            if value.status != "not_found":
                yield name, value.page, value.quote
        elif name != "warnings":
            yield from _item_quotes(name, value)


def _item_quotes(name: str, items: Any) -> Iterator[tuple[str, int | None, str | None]]:
    for item in items:
        yield name, item.page, item.quote
        yield from _item_quotes(name, getattr(item, "children", ()))
