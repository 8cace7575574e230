"""
Collect what the documents of a project say: its sections, requirements with their evidence, papers and dates.

Source: docs/documents.md, "What goes in".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, cast
from uuid import UUID

from django.utils import timezone

from proposals import matches, planning, productions
from proposals.analysis import RCAnalysisResult, RequiredDocument
from proposals.documents.content import (
    Coverage,
    Evidence,
    PageLimit,
    ProposalContent,
    ProposalSection,
    RequirementLine,
)
from proposals.documents.rc_quotes import quote_pages
from proposals.engines.offline.dates import find_instants
from proposals.engines.offline.folding import fold
from proposals.matches import CoveredRequirement
from proposals.matching import StrengthName
from proposals.models import ContentItem, ContentMatch, Operation, Project, RCAnalysis, Requirement, Section, Strength
from proposals.writing import Criterion, Grounding

#: Most passages named as evidence of one requirement.
MAX_EVIDENCE = 3
#: Letters around the page limit's number that may say what does not count.
LIMIT_CONTEXT = 220


class _Analysed(NamedTuple):
    """The newest analysis of a project, empty when there is none."""

    result: RCAnalysisResult
    engine: str
    page_texts: list[str]


def collect(operation: Operation) -> ProposalContent:
    """Return the content of the documents that an operation produces."""
    project = Project.objects.select_related("company").get(id=operation.project_id)
    analysed = _read_analysis(project)
    facts = analysed.result
    rows = list(Section.objects.filter(project=project).prefetch_related("requirements"))
    sections = tuple(_to_section(row, number, analysed.page_texts) for number, row in enumerate(rows, start=1))
    return ProposalContent(
        project_id=project.id,
        title=project.title,
        company=project.company.name,
        produced_at=timezone.localtime(),
        version=productions.next_version(operation),
        object=facts.object.proven or "",
        reference=project.reference or facts.reference.proven or "",
        buyer=project.buyer or facts.buyer.proven or "",
        deadline=project.deadline or facts.submission_deadline.proven,
        question_deadline=facts.question_deadline.proven,
        site_visit_at=_find_visit(facts),
        platform_url=facts.platform_url.proven or "",
        sections=sections,
        requirements=tuple(_read_requirements(project, rows, sections, facts.required_documents)),
        required_documents=facts.required_documents,
        page_limit=_read_limit(analysed),
        origins=_read_origins(project, sections),
        analysis_engine=analysed.engine,
        internal_annexes=bool(operation.parameters.get("internal_annexes", True)),
    )


def _read_analysis(project: Project) -> _Analysed:
    row = RCAnalysis.objects.filter(project=project).first()
    if row is None:
        return _Analysed(RCAnalysisResult(), "", [])
    return _Analysed(RCAnalysisResult.model_validate(row.result), row.engine, row.page_texts)


def _to_section(row: Section, number: int, page_texts: Sequence[str]) -> ProposalSection:
    return ProposalSection(
        id=row.id,
        number=str(number),
        title=row.title,
        text=row.text,
        version=row.version,
        edited=row.edited,
        engine=row.engine,
        criterion=Criterion.model_validate(row.criterion) if row.criterion else None,
        grounding=quote_pages(Grounding.model_validate(row.grounding), row.text, page_texts),
    )


# Requirements


def _read_requirements(
    project: Project,
    rows: Sequence[Section],
    sections: Sequence[ProposalSection],
    papers: Sequence[RequiredDocument],
) -> Iterable[RequirementLine]:
    planned = _planned_sections(rows, sections)
    covering = _covering_sections(sections)
    requirements = Requirement.objects.filter(project=project).order_by("code")
    outside = {row.id for row in planning.divide(list(requirements), papers).outside}
    for covered in matches.coverage_of(requirements):
        key = covered.requirement.id
        line = _to_line(covered, covering.get(key, ()), planned.get(key, ()))
        yield replace(line, coverage="outside") if key in outside and _is_left_out(line) else line


def _planned_sections(
    rows: Sequence[Section], sections: Sequence[ProposalSection]
) -> Mapping[UUID, list[ProposalSection]]:
    planned: dict[UUID, list[ProposalSection]] = {}
    for row, section in zip(rows, sections, strict=True):
        for requirement in row.requirements.all():
            planned.setdefault(requirement.id, []).append(section)
    return planned


def _covering_sections(sections: Sequence[ProposalSection]) -> Mapping[UUID, list[ProposalSection]]:
    covering: dict[UUID, list[ProposalSection]] = {}
    for section in sections:
        for key in section.grounding.covered_requirement_ids if section.text.strip() else ():
            covering.setdefault(key, []).append(section)
    return covering


def _is_left_out(line: RequirementLine) -> bool:
    return not line.sections and line.coverage != "dropped"


def _to_line(
    covered: CoveredRequirement, covering: Sequence[ProposalSection], planned: Sequence[ProposalSection]
) -> RequirementLine:
    row = covered.requirement
    sections = covering or planned
    return RequirementLine(
        code=row.code,
        text=row.text,
        category=row.category,
        mandatory=row.mandatory,
        coverage=_judge(covered, is_said=bool(covering)),
        page=row.page,
        article=row.article,
        quote=row.quote,
        criteria=tuple(dict.fromkeys(section.criterion for section in sections if section.criterion)),
        sections=tuple(section.number for section in sections),
        evidence=tuple(map(_to_evidence, covered.evidence[:MAX_EVIDENCE])),
    )


def _judge(covered: CoveredRequirement, *, is_said: bool) -> Coverage:
    """Covered: a section says it and a strong or accepted passage proves it. Partial: only one of both."""
    if covered.requirement.status == Requirement.Status.REJECTED:
        return "dropped"
    accepted = any(match.status == ContentMatch.Status.ACCEPTED for match in covered.matches)
    if is_said and (accepted or covered.strength == Strength.STRONG):
        return "covered"
    return "partial" if is_said or covered.strength != Strength.NONE else "missing"


def _to_evidence(match: ContentMatch) -> Evidence:
    return Evidence(
        title=match.content_item.title,
        origin=match.content_item.source,
        strength=cast(StrengthName, match.strength),
        accepted=match.status == ContentMatch.Status.ACCEPTED,
    )


def _read_origins(project: Project, sections: Iterable[ProposalSection]) -> dict[UUID, str]:
    sources = (source for section in sections for source in section.grounding.sources)
    ids = {source.id for source in sources if source.kind == "library" and source.id}
    items = ContentItem.objects.filter(company_id=project.company_id, id__in=ids)
    return dict(items.values_list("id", "source"))


# What the RC says


def _find_visit(facts: RCAnalysisResult) -> datetime | None:
    """Return when the site is visited, if the RC names exactly one day with its hour."""
    quotes = [facts.site_visit.quote or ""]
    quotes += [item.quote or "" for item in facts.requirements if item.category == "site_visit"]
    found = {instant.at() for quote in quotes for instant in find_instants(fold(quote)) if instant.hour is not None}
    return found.pop() if len(found) == 1 else None


def _read_limit(analysed: _Analysed) -> PageLimit | None:
    """Return the page limit with the words around it, which say whether annexes count."""
    limit = analysed.result.page_limit
    if not limit.proven:
        return None
    quote = limit.quote or ""
    text = analysed.page_texts[limit.page - 1] if limit.page and limit.page <= len(analysed.page_texts) else ""
    return PageLimit(pages=limit.proven, sentence=_around(quote, text) or quote, page=limit.page)


def _around(quote: str, text: str) -> str:
    """Return the quote with what stands around it on its page; white space may differ."""
    words = r"\s+".join(map(re.escape, quote.split()))
    found = re.search(words, text) if words else None
    return text[max(0, found.start() - LIMIT_CONTEXT) : found.end() + LIMIT_CONTEXT] if found else ""
