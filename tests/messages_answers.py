"""
What a model that does as it is told would answer, made from the request alone: analyses by the offline rules from the
pages sent, sections from the sources given, scores by common words.
"""

from __future__ import annotations

import json
import re
from typing import Any, cast

from proposals.analysis import AwardCriterion, Fact, RCAnalysisResult
from proposals.engines.claude.analysis_schema import (
    FieldName,
    ReportedAnalysis,
    ReportedCriterion,
    ReportedDocument,
    ReportedFact,
    ReportedLot,
    ReportedPart,
    ReportedRequirement,
)
from proposals.engines.claude.reading_facts import LABELS
from tests.messages_server import Request, Stage, structured, text
from tests.unit.engines.documents import analyse, make_document

_PAGE = re.compile(r'<page number="\d+" mark="(\w+)">\n(.*?)\n</page mark="\1">', re.DOTALL)
_WORD = re.compile(r"\w{4,}")


def answer(stage: Stage) -> None:
    """Play the answer to whatever is asked."""
    form = stage.request.body.get("output_config", {}).get("format")
    if form is None:
        text(*_write(stage.request))(stage)
    elif "facts" in form["schema"]["properties"]:
        structured(_analyse(stage.request))(stage)
    else:
        structured(_rank(stage.request))(stage)


def pages_of(request: Request) -> list[str]:
    """Return the pages of the RC as they were sent."""
    return [found[2] for found in _PAGE.finditer(request.document("Règlement de la consultation"))]


def report(result: RCAnalysisResult) -> dict[str, Any]:
    """Return an analysis in the form in which the model reports it."""
    return ReportedAnalysis(
        facts=tuple(entry for field in LABELS for entry in _report_fact(field, getattr(result, field))),
        lots=tuple(
            ReportedLot(page=result.lots.page or 1, quote=lot.title, number=lot.number, title=lot.title)
            for lot in result.lots.value or ()
        ),
        award_criteria=tuple(_report_criterion(criterion) for criterion in result.award_criteria),
        required_documents=tuple(
            ReportedDocument(
                page=paper.page or 1,
                quote=paper.quote or "",
                name=paper.name,
                part=paper.part,
                mandatory=paper.mandatory,
            )
            for paper in result.required_documents
        ),
        requirements=tuple(
            ReportedRequirement(
                page=item.page or 1,
                quote=item.quote or "",
                text=item.text,
                category=item.category,
                mandatory=item.mandatory,
                article=item.article or "",
            )
            for item in result.requirements
        ),
    ).model_dump(mode="json")


def _report_fact(field: str, fact: Fact[Any]) -> list[ReportedFact]:
    if fact.value is None:
        return []
    said = [(code, code) for code in fact.value] if field == "cpv" else [(_say(field, fact.value), fact.quote or "")]
    name, page = cast("FieldName", field), fact.page or 1
    return [ReportedFact(field=name, value=value, page=page, quote=quote) for value, quote in said]


def _say(field: str, value: Any) -> str:
    if field in ("submission_deadline", "question_deadline"):
        return f"{value:%Y-%m-%dT%H:%M}"
    if field == "offer_validity":
        return f"{value.amount} {value.unit}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _report_criterion(criterion: AwardCriterion) -> ReportedCriterion:
    parts = tuple(ReportedPart(**_describe(child)) for child in criterion.children)
    return ReportedCriterion(**_describe(criterion), parts=parts)


def _describe(criterion: AwardCriterion) -> dict[str, Any]:
    return {
        "number": criterion.number or "",
        "name": criterion.name,
        "weight": "" if criterion.weight is None else f"{criterion.weight:g}",
        "unit": criterion.unit or "none",
        "page": criterion.page or 1,
        "quote": criterion.quote or "",
    }


def _analyse(request: Request) -> dict[str, Any]:
    return report(analyse(make_document(*pages_of(request))))


def _write(request: Request) -> list[str]:
    """Write what the sources say for each requirement, in pieces of a few words."""
    asked = json.loads(request.document("section"))
    sources = {source["key"]: source for source in asked["sources"]}
    paragraphs = []
    for requirement in asked["requirements"]:
        known = [sources[key]["text"] for key in requirement["sources"] if key in sources]
        paragraphs.append(known[0] if known else f"[à compléter : {requirement['text'][:80]}]")
    whole = "\n\n".join(paragraphs) or "[à compléter : contenu de la section]"
    return re.findall(r"\S+\s*|\s+", whole)


def _rank(request: Request) -> dict[str, Any]:
    wanted = set(_WORD.findall(json.loads(request.document("requirement"))["text"].lower()))
    scores = [
        {"key": passage["key"], "score": round(len(wanted & _words(passage)) / max(len(wanted), 1), 2)}
        for passage in json.loads(request.document("passages"))
    ]
    return {"passages": sorted(scores, key=lambda scored: -scored["score"])}


def _words(passage: dict[str, Any]) -> set[str]:
    return set(_WORD.findall(f"{passage['title']} {passage['text']}".lower()))
