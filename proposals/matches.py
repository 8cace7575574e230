"""
The matches of a project as rows: read what matching works on, store what it finds, say how well requirements are
covered. Whoever shows or uses matches reads them here.

Source: docs/matching.md, "What people decide".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from proposals.matching import Passage, PassageMatch, RequirementMatch, RequirementQuery, Span
from proposals.models import ContentItem, ContentMatch, Operation, Project, Requirement, Strength
from proposals.retrieval.highlighting import Highlighter

Status = ContentMatch.Status

#: From the worst to the best.
STRENGTHS = (Strength.NONE, Strength.PARTIAL, Strength.STRONG)
#: Accepted matches first, rejected ones last.
REVIEW_ORDER = (Status.ACCEPTED, Status.PROPOSED, Status.REJECTED)


@dataclass(frozen=True, slots=True)
class CoveredRequirement:
    """
    One requirement and its evidence.

    Args:
        strength: as `judge` gives it; "none" is a gap.
        matches: accepted ones first, then proposed, then rejected; each with its `content_item` loaded, and with
            `highlights` that fit the passage as it is now.
    """

    requirement: Requirement
    strength: Strength
    matches: tuple[ContentMatch, ...]

    @property
    def evidence(self) -> tuple[ContentMatch, ...]:
        """Return the matches to write from: those accepted; as long as there are none, the strong and partial ones."""
        accepted = tuple(match for match in self.matches if match.status == Status.ACCEPTED)
        proposed = (match for match in self.matches if match.status == Status.PROPOSED)
        return accepted or tuple(match for match in proposed if match.strength != Strength.NONE)


def coverage(project: Project) -> list[CoveredRequirement]:
    """Return the requirements of a project that nobody rejected, in the order of their codes, with their evidence."""
    return coverage_of(requirements_to_match(project.id))


def coverage_of(requirements: Iterable[Requirement]) -> list[CoveredRequirement]:
    """Return these requirements with their evidence, in their order, by one further query."""
    rows = list(requirements)
    highlighter = Highlighter()
    by_id = {row.id: row for row in rows}
    matches: dict[UUID, list[ContentMatch]] = {row.id: [] for row in rows}
    found = ContentMatch.objects.filter(requirement__in=rows).select_related("content_item", "reviewed_by", "operation")
    for match in sorted(found, key=lambda match: (REVIEW_ORDER.index(Status(match.status)), match.rank, match.id)):
        match.requirement = by_id[match.requirement_id]
        if not _has_highlights(match):
            match.highlights = [
                list(span) for span in highlighter.find(to_query(match.requirement), match.content_item.body)
            ]
        matches[match.requirement_id].append(match)
    return [
        CoveredRequirement(
            row, judge((match.status, match.strength) for match in matches[row.id]), tuple(matches[row.id])
        )
        for row in rows
    ]


def gaps(project: Project) -> list[CoveredRequirement]:
    """Return the requirements without evidence, with the passages that came closest."""
    return coverage_of(requirements_without_evidence(project))


def requirements_without_evidence(project: Project) -> QuerySet[Requirement]:
    """Return the requirements that nobody rejected and nothing answers, in the order of their codes."""
    missing = [key for key, strength in strengths(project).items() if strength == Strength.NONE]
    return requirements_to_match(project.id).filter(id__in=missing)


def strengths(project: Project) -> dict[UUID, Strength]:
    """Return how well each requirement that nobody rejected is covered, in the order of their codes."""
    pairs: dict[UUID, list[tuple[str, str]]] = {
        key: [] for key in requirements_to_match(project.id).values_list("id", flat=True)
    }
    rows = ContentMatch.objects.filter(project=project, requirement__in=list(pairs))
    for key, status, strength in rows.values_list("requirement_id", "status", "strength"):
        pairs[key].append((status, strength))
    return {key: judge(found) for key, found in pairs.items()}


def judge(matches: Iterable[tuple[str, str]]) -> Strength:
    """
    Return how well a requirement is covered by its matches, given as (status, strength).

    What people accepted decides alone, and is worth "partial" at least; without it the best that is proposed;
    nothing left is a gap.
    """
    pairs = list(matches)
    accepted = [Strength(strength) for status, strength in pairs if status == Status.ACCEPTED]
    if accepted:
        return best([Strength.PARTIAL, *accepted])
    return best(Strength(strength) for status, strength in pairs if status == Status.PROPOSED)


def best(found: Iterable[Strength]) -> Strength:
    """Return the best of some strengths; none of nothing."""
    return max(found, key=STRENGTHS.index, default=Strength.NONE)


def summarise(project: Project, *, today: date) -> dict[str, int]:
    """
    Return how many requirements are covered how well, as the completion of a matching carries it.

    `expired_total` counts the out-of-date passages among those that were found or attached and not rejected.
    """
    counts = Counter(strengths(project).values())
    used = ContentMatch.objects.filter(project=project).exclude(status=Status.REJECTED)
    expired = used.filter(content_item__valid_until__lt=today, requirement__in=requirements_to_match(project.id))
    return {
        "requirements_total": counts.total(),
        "strong_total": counts[Strength.STRONG],
        "partial_total": counts[Strength.PARTIAL],
        "gaps_total": counts[Strength.NONE],
        "expired_total": expired.order_by().values("content_item").distinct().count(),
    }


def highlights_of(match: ContentMatch) -> list[Span]:
    """Return the words of the passage that matched, of a match that `coverage` gave."""
    return [(start, end) for start, end in match.highlights]


def requirements_to_match(project_id: UUID) -> QuerySet[Requirement]:
    """Return the requirements of a project that nobody rejected, in the order of their codes."""
    rows = Requirement.objects.filter(project_id=project_id).exclude(status=Requirement.Status.REJECTED)
    return rows.select_related("reviewed_by").order_by("code")


def to_query(requirement: Requirement) -> RequirementQuery:
    """Return a requirement as matching sees it."""
    return RequirementQuery(
        id=requirement.id,
        code=requirement.code,
        text=requirement.text,
        quote=requirement.quote,
        category=requirement.category,
    )


def read_passages(company_id: UUID, *, today: date) -> list[Passage]:
    """Return the whole library of a company, in the order of the ids."""
    rows = ContentItem.objects.filter(company_id=company_id).order_by("id")
    columns = rows.only("id", "title", "body", "kind", "tags", "valid_until")
    return [_to_passage(row, today=today) for row in columns.iterator(chunk_size=500)]


def store(operation: Operation, found: Sequence[RequirementMatch]) -> None:
    """
    Replace the matches of these requirements. What people accepted or rejected keeps its verdict, what they
    attached by hand is left alone; requirements and passages that were deleted meanwhile are left out.

    Call it in the run's transaction.
    """
    present = _still_there(found)
    requirement_ids = [match.requirement_id for match in present]
    ContentMatch.objects.filter(requirement__in=requirement_ids, status=Status.PROPOSED).delete()
    reviewed = {
        (row.requirement_id, row.content_item_id): row
        for row in ContentMatch.objects.filter(requirement__in=requirement_ids)
    }
    pairs = [(match.requirement_id, passage) for match in present for passage in match.passages]
    fresh = [
        _make_match(operation, key, passage) for key, passage in pairs if (key, passage.passage_id) not in reviewed
    ]
    known = [
        (reviewed[key, passage.passage_id], passage) for key, passage in pairs if (key, passage.passage_id) in reviewed
    ]
    renewed = [_renew(row, operation, passage) for row, passage in known if row.operation_id is not None]
    ContentMatch.objects.bulk_update(renewed, ["operation", "rank", "score", "strength", "highlights"])
    # Somebody may attach the same passage in this moment: theirs stands.
    ContentMatch.objects.bulk_create(fresh, ignore_conflicts=True)


def _has_highlights(match: ContentMatch) -> bool:
    """Whether what the run stored still fits; what people attached has none, and passages change."""
    run = match.operation
    return run is not None and run.started_at is not None and match.content_item.updated_at < run.started_at


def _still_there(found: Sequence[RequirementMatch]) -> list[RequirementMatch]:
    """Return what can be stored, and keep its rows from being deleted until the transaction ends."""
    wanted = {passage.passage_id for match in found for passage in match.passages}
    requirements = Requirement.objects.filter(id__in=[match.requirement_id for match in found])
    requirement_ids = set(_hold(requirements))
    item_ids = set(_hold(ContentItem.objects.filter(id__in=wanted)))
    return [
        RequirementMatch(
            requirement_id=match.requirement_id,
            strength=match.strength,
            passages=tuple(passage for passage in match.passages if passage.passage_id in item_ids),
        )
        for match in found
        if match.requirement_id in requirement_ids
    ]


def _hold(rows: QuerySet[Requirement] | QuerySet[ContentItem]) -> list[UUID]:
    return [row.id for row in rows.select_for_update(no_key=True).only("id").order_by("id")]


def _make_match(operation: Operation, requirement_id: UUID, passage: PassageMatch) -> ContentMatch:
    row = ContentMatch(
        project_id=operation.project_id, requirement_id=requirement_id, content_item_id=passage.passage_id
    )
    return _renew(row, operation, passage)


def _renew(row: ContentMatch, operation: Operation, passage: PassageMatch) -> ContentMatch:
    row.operation = operation
    row.rank, row.score, row.strength = passage.rank, passage.score, passage.strength
    row.highlights = [list(span) for span in passage.highlights]
    return row


def _to_passage(row: ContentItem, *, today: date) -> Passage:
    return Passage(
        id=row.id,
        title=row.title,
        body=row.body,
        kind=row.kind,
        tags=tuple(str(tag) for tag in row.tags),
        is_expired=row.is_expired(today=today),
    )
