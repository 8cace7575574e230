"""
What people do with the plan of a proposal: add, remove, reorder and describe its sections.

The plan is saved whole, by somebody who has seen it whole: `plan_version` names what they saw.

Source: docs/sections.md, "The plan of a project".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import prefetch_related_objects

from proposals import plans, sections
from proposals.exceptions import ProposalsError
from proposals.models import Operation, Project, Requirement, Section, User
from proposals.section_editing import SectionLocked


class PlanChanged(ProposalsError):
    """Somebody else saved the plan after it was read."""

    code = "plan_changed"
    user_message = "Le plan a changé entre-temps. Rechargez-le avant d’enregistrer le vôtre."


class GenerationUnfinished(ProposalsError):
    """Sections are being written, or will be in a moment."""

    code = "generation_unfinished"
    user_message = "La rédaction est en cours : le plan ne peut pas changer. Attendez la fin, ou annulez-la."


class WrittenSectionMissing(ProposalsError):
    """A plan leaves out a section that has been written, without saying that it shall go."""

    code = "written_section_missing"
    user_message = "Le plan laisse de côté une section déjà rédigée. Confirmez sa suppression : son texte sera perdu."

    def __init__(self, missing: Iterable[Section]) -> None:
        super().__init__()
        self.details = {"removed": [str(section.id) for section in missing]}


class UnknownRequirement(ProposalsError):
    """A plan gives a section a requirement that the project does not have."""

    code = "requirement_gone"
    user_message = "Une nouvelle analyse a remplacé des exigences. Rechargez le plan."


@dataclass(frozen=True)
class PlanRow:
    """
    One section of a plan as a person leaves it.

    Args:
        id: of the section; None for a new one.
        words_budget: the length it should get, in words.
        guidance: what the buyer wants to read there; None leaves it as it is.
        requirement_ids: what it must cover; None leaves that as it is.
    """

    id: UUID | None
    title: str
    words_budget: int
    guidance: str | None = None
    requirement_ids: tuple[UUID, ...] | None = None


def plan_version(planned: Sequence[Section]) -> str:
    """Name what a plan says: titles, order, lengths, guidance and requirements, but no texts."""
    prefetch_related_objects(planned, "requirements")
    rows = [
        [
            str(section.id),
            section.order,
            section.title,
            section.words_budget,
            section.guidance,
            sorted(str(requirement.id) for requirement in section.requirements.all()),
        ]
        for section in planned
    ]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


@transaction.atomic
def edit_plan(
    project: Project, rows: Sequence[PlanRow], *, version: str, by: User, removed: Iterable[UUID] = ()
) -> list[Section]:
    """
    Make the plan what a person wants, in the order given, and return its sections.

    A section that is not among the rows goes, with every text it ever had. One that was written goes only when it
    is in `removed`.

    Args:
        version: the `plan_version` that the person saw.
        removed: ids of written sections that shall go.

    Raises:
        GenerationUnfinished: sections are being written.
        PlanChanged: the plan is another one by now.
        WrittenSectionMissing: a written section is neither among the rows nor in `removed`.
        SectionLocked: a section that shall go is locked.
        UnknownRequirement: the project has no such requirement.
        PlanTooLong: more sections than a proposal may have.
    """
    held = sections.hold_all(project)
    refuse_while_generating(project)
    _check_seen(held, rows, version)
    sections.check_length(len(rows))
    going = _find_going(held, rows, removed=set(removed))
    requirements = _find_requirements(project, [row.requirement_ids for row in rows])
    Section.objects.filter(id__in=[section.id for section in going]).delete()
    by_id = {section.id: section for section in held}
    ordered = [by_id[row.id] if row.id else Section(project=project, order=0) for row in rows]
    changed = [
        section
        for section, row in zip(ordered, rows, strict=True)
        if _describe(section, row, by=by) | _assign(section, row, requirements)
    ]
    changed += [section for section in sections.renumber(ordered) if section not in changed]
    sections.announce_removed(going)
    sections.announce(sorted(changed, key=lambda section: section.order))
    return ordered


def propose_plan(project: Project, *, by: User) -> list[Section]:
    """
    Give a project the plan that its RC calls for, and return its sections; what was written or locked stays.

    Raises:
        AnalysisMissing: the RC has not been analysed yet.
        GenerationUnfinished: sections are being written.
        PlanTooLong: with what stays it has more sections than a proposal may have.
    """
    planned = plans.propose(project)
    with transaction.atomic():
        sections.hold_all(project)
        refuse_while_generating(project)
        return sections.store_plan(project, planned, by=by)


def refuse_while_generating(project: Project) -> None:
    """
    Let nobody change the plan under a run.

    Raises:
        GenerationUnfinished: a generation of the project waits or runs.
    """
    if Operation.objects.filter(project=project, kind=Operation.Kind.GENERATION).unfinished().exists():
        raise GenerationUnfinished


def _check_seen(held: Sequence[Section], rows: Sequence[PlanRow], version: str) -> None:
    known = {section.id for section in held}
    named = [row.id for row in rows if row.id]
    if plan_version(held) != version or len(set(named)) < len(named) or not known.issuperset(named):
        raise PlanChanged


def _find_going(held: Sequence[Section], rows: Sequence[PlanRow], *, removed: set[UUID]) -> list[Section]:
    staying = {row.id for row in rows}
    going = [section for section in held if section.id not in staying]
    if any(section.locked for section in going):
        raise SectionLocked
    missing = [section for section in going if section.version and section.id not in removed]
    if missing:
        raise WrittenSectionMissing(missing)
    return going


def _find_requirements(project: Project, asked: Iterable[Iterable[UUID] | None]) -> dict[UUID, Requirement]:
    wanted = {requirement_id for ids in asked for requirement_id in ids or ()}
    found = Requirement.objects.filter(project=project).in_bulk(list(wanted))
    if len(found) < len(wanted):
        raise UnknownRequirement
    return found


def _describe(section: Section, row: PlanRow, *, by: User) -> bool:
    """Write what a row says into its section; return whether that changed anything."""
    is_new = section._state.adding
    before = (section.title, section.words_budget, section.guidance)
    wanted = (row.title, row.words_budget, section.guidance if row.guidance is None else row.guidance)
    if not is_new and before == wanted:
        return False
    section.title, section.words_budget, section.guidance = wanted
    section.updated_by = by
    section.save()
    return True


def _assign(section: Section, row: PlanRow, requirements: Mapping[UUID, Requirement]) -> bool:
    """Give a section the requirements of its row; return whether that changed anything."""
    if row.requirement_ids is None:
        return False
    wanted = {requirements[requirement_id] for requirement_id in row.requirement_ids}
    if set(section.requirements.all()) == wanted:
        return False
    section.requirements.set(wanted)
    return True
