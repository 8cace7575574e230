"""
The sections of a proposal, as a run plans and writes them. Each change of a row is announced on the project's topic
in the same transaction, so a snapshot and the events after it always add up to the rows.

A run calls these functions inside `Run.transaction()`, which holds other attempts off. Rows are locked before
anything is published: publishing locks the topic, and whoever holds the topic must not wait for a row.

Source: PROTOCOL.md, "State and fold"; docs/sections.md, "Order of locks".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from proposals import selectors
from proposals.exceptions import ProposalsError
from proposals.models import Operation, Project, Requirement, Section, SectionVersion, User
from proposals.writing import Grounding, PlannedSection, Quality
from realtime import conf, events
from realtime.progress import publish_to_project

Status = Section.Status
Origin = SectionVersion.Origin

#: Bytes of a code point in JSON at worst (a control character), and of what stands around the text of an event.
CODE_POINT_BYTES = 6
ENVELOPE_BYTES = 2048


#: Most sections of a proposal: a snapshot of the project lists them all.
MAX_SECTIONS = 100


class PlanTooLong(ProposalsError):
    """More sections than a proposal may have."""

    code = "plan_too_long"
    user_message = f"Un plan a au plus {MAX_SECTIONS} sections."


class SectionGone(ProposalsError):
    """The section was taken out of the plan meanwhile."""

    code = "section_gone"
    user_message = "Cette section a été retirée du plan. Rechargez la page."


@transaction.atomic
def store_plan(
    project: Project, planned: Sequence[PlannedSection], *, by: User | None, operation: Operation | None = None
) -> list[Section]:
    """
    Make a plan the project's own; return all its sections in order.

    Sections that were never written and are not locked make way for the plan. Others stay: one that the plan has as
    well, by its key or title, takes its place there and the requirements planned for it; the rest stay at the end.

    Args:
        planned: in order; requirements of other projects are ignored.
        operation: the run that planned, None for a person.

    Raises:
        PlanTooLong: more than MAX_SECTIONS with those that stay.
    """
    existing = hold_all(project)
    kept = _kept(existing)
    check_length(len(planned) + len(kept))
    left = [section for section in existing if section not in kept]
    Section.objects.filter(id__in=[section.id for section in left]).delete()
    ordered: list[Section] = []
    for plan in planned:
        twin = _find_twin(plan, kept)
        if twin is not None:
            kept.remove(twin)
        ordered.append(_assign(twin or _create(project, plan, by), project, plan.requirement_ids))
    changed = renumber([*ordered, *kept])
    announce_removed(left, operation=operation)
    fresh = {section.id for section in ordered} - {section.id for section in existing}
    announce([section for section in changed if section.id not in fresh], operation=operation)
    announce([section for section in ordered if section.id in fresh], operation=operation)
    return [*ordered, *kept]


def begin(section_id: UUID, *, operation: Operation) -> Section:
    """
    Show a section as being written, with an empty draft; its text stays until the new one is finished.

    Raises:
        SectionGone: it is not in the plan any more.
    """
    section = hold(section_id)
    was_writing = section.status == Status.WRITING
    section.status, section.draft = Status.WRITING, ""
    section.save(update_fields=["status", "draft", "updated_at"])
    if was_writing:  # by an attempt that was lost: what it wrote is dropped
        _announce_text(section, operation=operation, position=0, text="")
    announce([section], operation=operation)
    return section


def append(section_id: UUID, *, operation: Operation, position: int, text: str) -> None:
    """
    Let the draft of a section grow; what stood after `position` is cut off.

    Args:
        position: offset of `text` in the draft, in code points.

    Raises:
        SectionGone: it is not in the plan any more.
        ValueError: nobody is writing it, or the draft does not reach to the position.
    """
    section = hold(section_id)
    if section.status != Status.WRITING or position > len(section.draft):
        raise ValueError("Only a section that is being written grows, and without holes.")
    section.draft = section.draft[:position] + text
    section.save(update_fields=["draft", "updated_at"])
    longest = max_piece()
    for start in range(0, max(1, len(text)), longest):
        piece = text[start : start + longest]
        _announce_text(section, operation=operation, position=position + start, text=piece)


def max_piece() -> int:
    """Return the most code points of one `section_text` event, whatever they are."""
    return int(conf.get("MAX_EVENT_BYTES") - ENVELOPE_BYTES) // CODE_POINT_BYTES


def finish(  # noqa: PLR0913 - all of them are needed at once: they are one transaction
    section_id: UUID,
    *,
    operation: Operation,
    started_version: int,
    text: str,
    grounding: Grounding,
    quality: Quality,
    engine: str,
) -> bool:
    """
    Store what a run has written, as the section's text and as a version.

    Args:
        started_version: the section's version when the run began to write it.

    Returns:
        False when a person changed or locked the section meanwhile, or took it out of the plan: its text stays, and
        what was written is kept among its versions only.
    """
    section = Section.objects.select_for_update().filter(id=section_id).first()
    if section is None:
        return False
    version = add_version(
        section,
        origin=Origin.GENERATED,
        text=text,
        grounding=grounding.model_dump(mode="json"),
        quality=quality.model_dump(mode="json"),
        engine=engine,
        operation=operation,
    )
    if section.version != started_version or section.locked:
        _close(section, operation=operation)
        return False
    adopt(section, version, edited=False, by=None)
    _announce_done(section, operation=operation)
    announce([section], operation=operation)
    return True


def abandon(section_id: UUID, *, operation: Operation) -> None:
    """Give up a section that is being written: the draft goes, its text stays."""
    section = Section.objects.select_for_update().filter(id=section_id, status=Status.WRITING).first()
    if section is not None:
        _close(section, operation=operation)


def abandon_all(operation: Operation) -> None:
    """Give up whatever a run that has ended left unfinished: only one generation of a project runs at a time."""
    writing = Section.objects.select_for_update().filter(project_id=operation.project_id, status=Status.WRITING)
    for section in list(writing.order_by("id")):
        _close(section, operation=operation)


def check_length(count: int) -> None:
    """
    Check how many sections a plan has.

    Raises:
        PlanTooLong: more than MAX_SECTIONS.
    """
    if count > MAX_SECTIONS:
        raise PlanTooLong


def hold(section_id: UUID) -> Section:
    """
    Return a section, held until the transaction ends.

    Raises:
        SectionGone: it is not in the plan any more.
    """
    section = Section.objects.select_for_update().filter(id=section_id).first()
    if section is None:
        raise SectionGone
    return section


def hold_all(project: Project) -> list[Section]:
    """Return the sections of a project in their order; they and the plan are held until the transaction ends."""
    # The project's row stands for the plan: the rows of a plan that does not exist yet cannot be locked.
    Project.objects.select_for_update(no_key=True).get(id=project.id)
    held = Section.objects.select_for_update().filter(project=project).order_by("id")
    return sorted(held, key=lambda section: (section.order, section.id))


def add_version(section: Section, *, origin: str, text: str, **about: Any) -> SectionVersion:
    """
    Keep a text among the versions of a section, under the next number.

    Args:
        about: other fields of the version: `grounding`, `quality`, `engine`, `operation`, `author`.
    """
    newest = section.versions.values_list("number", flat=True).first() or 0
    number = max(newest, section.version) + 1
    return section.versions.create(number=number, origin=origin, text=text, created_at=timezone.now(), **about)


def adopt(section: Section, version: SectionVersion, *, edited: bool, by: User | None) -> None:
    """Make a version the text of its section."""
    section.text, section.version, section.edited = version.text, version.number, edited
    section.grounding, section.quality, section.engine = version.grounding, version.quality, version.engine
    section.quality_score = version.quality["score"] if version.quality else None
    section.status, section.draft = Status.WRITTEN, ""
    section.updated_by = by
    section.save()


def renumber(sections: Sequence[Section]) -> list[Section]:
    """Number sections from 1 in the order given; return those whose number has changed."""
    moved = []
    for order, section in enumerate(sections, start=1):
        if section.order != order:
            section.order = order
            moved.append(section)
    Section.objects.bulk_update(moved, ["order"])
    return moved


def announce(sections: Iterable[Section], *, operation: Operation | None = None) -> None:
    """Say what sections are now; `operation` is the run that changed them, None for a person."""
    for section in sections:
        publish_to_project(events.SectionChanged(**_envelope(section, operation), **selectors.section_fields(section)))


def announce_removed(sections: Iterable[Section], *, operation: Operation | None = None) -> None:
    """Say that sections are no longer part of the proposal."""
    for section in sections:
        fields = {**selectors.section_fields(section), "status": "removed"}
        publish_to_project(events.SectionChanged(**_envelope(section, operation), **fields))


def _kept(sections: Sequence[Section]) -> list[Section]:
    """The sections that a new plan does not replace: somebody wrote, or somebody locked."""
    versions = SectionVersion.objects.filter(section__in=sections).values_list("section_id", flat=True)
    written = set(versions.distinct().order_by())
    return [
        section
        for section in sections
        if section.id in written or section.text or section.locked or section.status == Status.WRITING
    ]


def _find_twin(plan: PlannedSection, sections: Sequence[Section]) -> Section | None:
    """Return the section that stands for what the plan means: the same title, or the same subject."""
    title = plan.title.casefold()
    same_title = next((section for section in sections if section.title.casefold() == title), None)
    if same_title is not None or plan.key == PlannedSection.model_fields["key"].default:
        return same_title
    return next((section for section in sections if section.key == plan.key), None)


def _create(project: Project, plan: PlannedSection, by: User | None) -> Section:
    return Section.objects.create(
        project=project,
        order=0,
        key=plan.key,
        title=plan.title,
        guidance=plan.guidance,
        criterion=plan.criterion.model_dump(mode="json") if plan.criterion else None,
        words_budget=plan.words_budget,
        updated_by=by,
    )


def _assign(section: Section, project: Project, requirement_ids: Iterable[UUID]) -> Section:
    section.requirements.add(*Requirement.objects.filter(project=project, id__in=list(requirement_ids)))
    return section


def _close(section: Section, *, operation: Operation) -> None:
    section.status = Status.WRITTEN if section.version else Status.PLANNED
    section.draft = ""
    section.save(update_fields=["status", "draft", "updated_at"])
    announce([section], operation=operation)


def _announce_text(section: Section, *, operation: Operation, position: int, text: str) -> None:
    envelope = _envelope(section, operation)
    publish_to_project(events.SectionText(**envelope, section_id=section.id, position=position, text=text))


def _announce_done(section: Section, *, operation: Operation) -> None:
    publish_to_project(
        events.SectionDone(
            **_envelope(section, operation),
            section_id=section.id,
            length=len(section.text),
            sha256=hashlib.sha256(section.text.encode()).hexdigest(),
            quality_score=section.quality_score,
        )
    )


def _envelope(section: Section, operation: Operation | None) -> dict[str, Any]:
    run = {"operation_id": operation.id, "attempt": operation.attempt} if operation else {}
    return {"project_id": section.project_id, **run}
