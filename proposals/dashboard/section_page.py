"""The page of one section: its text with what each statement rests on, its quality, its versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString
from pydantic import ValidationError

from proposals import selectors
from proposals.dashboard import queries, section_text, wording
from proposals.dashboard.outline import QUALITY_PARTS
from proposals.models import Project, Requirement, Section, SectionVersion, SourceDocument, User
from proposals.planning.budget import WORDS_PER_PAGE
from proposals.quality import count_words
from proposals.writing import Grounding, Quality, Source
from realtime.events import to_timestamp

SOURCE_KINDS = {"library": "Bibliothèque", "requirement": "Exigence", "rc": "Règlement"}


@dataclass(frozen=True)
class QualityPart:
    """One part of the quality. `grade` is "good", "fair" or "poor"."""

    label: str
    hint: str
    percent: int

    @property
    def grade(self) -> str:
        """Return the step that the bar's colour shows."""
        return "good" if self.percent >= 75 else "fair" if self.percent >= 40 else "poor"


@dataclass(frozen=True)
class SourceRow:
    """
    One source of the section.

    Args:
        url: where it can be read; empty when it is gone.
        statements_total: how many statements rest on it.
    """

    source: Source
    kind: str
    url: str
    statements_total: int


@dataclass(frozen=True)
class RequirementRow:
    """One requirement that the section must cover. `url` is its page in the RC; empty when unknown."""

    requirement: Requirement
    url: str
    is_covered: bool


@dataclass(frozen=True)
class Reading:
    """What the page shows of a section's text."""

    html: SafeString
    words: int
    length_percent: int
    pages: float
    quality: tuple[QualityPart, ...]
    sources: tuple[SourceRow, ...]
    requirements: tuple[RequirementRow, ...]
    grounding: Grounding
    statements_total: int
    proven_total: int


def get_section(*, user: User, project_id: UUID, section_id: UUID) -> Section:
    """
    Return a section of a project of the user's company.

    Raises:
        Http404: there is none, or it is another company's: the same answer.
    """
    visible = Section.objects.visible_to(user).select_related("project", "updated_by")
    section = visible.filter(project_id=project_id, id=section_id).first()
    if section is None:
        raise Http404
    return section


def section_page(section: Section, *, now: datetime) -> dict[str, Any]:
    """Return the context of the whole page."""
    return {**section_fragment(section), "config": script_config(section, now=now)}


def section_fragment(section: Section) -> dict[str, Any]:
    """Return the context of what changes when the section does."""
    ordered = list(Section.objects.filter(project_id=section.project_id).only("id", "order", "title", "project_id"))
    place = next(place for place, other in enumerate(ordered) if other.id == section.id)
    versions = list_versions(section)
    return {
        "project": section.project,
        "section": section,
        "engine": wording.say_engine(section.engine),
        "reading": read(section),
        "versions": versions,
        "current": next((version for version in versions if version.number == section.version), None),
        "position": place + 1,
        "sections_total": len(ordered),
        "previous": ordered[place - 1] if place else None,
        "next": ordered[place + 1] if place + 1 < len(ordered) else None,
    }


def script_config(section: Section, *, now: datetime) -> dict[str, Any]:
    """Return what the page's script cannot know."""
    page = reverse("section-page", args=[section.project_id, section.id])
    return {
        "project_id": str(section.project_id),
        "section_id": str(section.id),
        "title": section.title,
        "server_now": to_timestamp(now),
        "panel_url": reverse("section-panel", args=[section.project_id, section.id]),
        "login_url": f"{reverse('login')}?next={page}",
        "section": selectors.section_state(section),
    }


def read(section: Section) -> Reading:
    """Return a section's text ready to show."""
    grounding = _read_grounding(section)
    words = count_words(section.text)
    document = _find_document(section.project)
    return Reading(
        html=section_text.render(section.text, grounding),
        words=words,
        length_percent=round(100 * words / max(section.words_budget, 1)),
        pages=round(words / WORDS_PER_PAGE, 1),
        quality=_quality_parts(section),
        sources=tuple(_source_rows(section.project, grounding, document)),
        requirements=tuple(_requirement_rows(section, grounding, document)),
        grounding=grounding,
        statements_total=len(grounding.statements),
        proven_total=sum(bool(statement.sources) for statement in grounding.statements),
    )


def list_versions(section: Section) -> list[SectionVersion]:
    """Return the versions of a section, the newest first, without their texts."""
    return list(section.versions.select_related("author").defer("text", "grounding", "quality"))


def _read_grounding(section: Section) -> Grounding:
    try:
        return Grounding.model_validate(section.grounding)
    except ValidationError:  # of an older schema: the text is shown without sources
        return Grounding()


def _quality_parts(section: Section) -> tuple[QualityPart, ...]:
    try:
        quality = Quality.model_validate(section.quality)
    except ValidationError:  # none yet, or one of an older schema
        return ()
    return tuple(QualityPart(label, hint, round(100 * getattr(quality, key))) for key, label, hint in QUALITY_PARTS)


def _find_document(project: Project) -> SourceDocument | None:
    analysis = queries.find_analysis(project)
    return analysis.document if analysis else None


def _source_rows(project: Project, grounding: Grounding, document: SourceDocument | None) -> Sequence[SourceRow]:
    uses = Counter(key for statement in grounding.statements for key in statement.sources)
    return [
        SourceRow(source, SOURCE_KINDS[source.kind], _source_url(project, source, document), uses[source.key])
        for source in grounding.sources
    ]


def _source_url(project: Project, source: Source, document: SourceDocument | None) -> str:
    if source.kind == "library":
        return reverse("library-item", args=[source.id]) if source.id else ""
    return _page_url(project, source.page, document)


def _page_url(project: Project, page: int | None, document: SourceDocument | None) -> str:
    if document is None or page is None:
        return ""
    return f"{reverse('document-file', args=[project.id, document.id])}#page={page}"


def _requirement_rows(
    section: Section, grounding: Grounding, document: SourceDocument | None
) -> Sequence[RequirementRow]:
    covered = set(grounding.covered_requirement_ids)
    return [
        RequirementRow(requirement, _page_url(section.project, requirement.page, document), requirement.id in covered)
        for requirement in section.requirements.all()
    ]
