"""The matrix of requirements and passages as the project page shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from proposals import matches
from proposals.dashboard import passage_excerpt, wording
from proposals.dashboard.library_excerpt import Part
from proposals.dashboard.library_validity import Validity, describe_validity
from proposals.matches import CoveredRequirement
from proposals.models import ContentItem, ContentMatch, Operation, Project, Requirement, Strength


@dataclass(frozen=True)
class Grade:
    """How well something is covered, in a word and an icon: never by colour alone."""

    strength: str
    label: str
    icon: str


GRADES: dict[str, Grade] = {
    Strength.STRONG: Grade("strong", "Couverte", "full"),
    Strength.PARTIAL: Grade("partial", "Partielle", "half"),
    Strength.NONE: Grade("none", "Manque", "hole"),
}
#: How well one passage answers.
FITS: dict[str, str] = {Strength.STRONG: "Forte", Strength.PARTIAL: "Partielle", Strength.NONE: "Faible"}
#: What a requirement is called when there are several, in the summary.
PLURALS = {Strength.STRONG: "couvertes", Strength.PARTIAL: "partielles", Strength.NONE: "manques"}
SINGULARS = {Strength.STRONG: "couverte", Strength.PARTIAL: "partielle", Strength.NONE: "manque"}


@dataclass(frozen=True)
class ProposedPassage:
    """
    One passage proposed for a requirement.

    Args:
        fit: how well it answers, in words; "" for one attached by hand.
        percent: its score.
    """

    match: ContentMatch
    grade: Grade
    fit: str
    excerpt: tuple[Part, ...]
    percent: int
    validity: Validity


@dataclass(frozen=True)
class MatrixRow:
    """
    One requirement with its passages: those that count in sight, the others folded.

    Args:
        others: the folded passages; none in the whole matrix, which would be too long a page: see `build_row`.
    """

    requirement: Requirement
    category_label: str
    grade: Grade
    first: tuple[ProposedPassage, ...]
    others: tuple[ProposedPassage, ...]
    others_total: int


@dataclass(frozen=True)
class Share:
    """One part of the summary: how many requirements, and as start and width of a bar in per cent."""

    grade: Grade
    total: int
    label: str
    start: float
    width: float


@dataclass(frozen=True)
class Summary:
    """How well the requirements are covered in all."""

    shares: tuple[Share, ...]
    total: int
    gaps: tuple[Requirement, ...]


@dataclass(frozen=True)
class Matrix:
    """
    The whole matrix.

    Args:
        is_ready: whether a matching has left something to show.
        categories: what the filter offers, as (value, label).
        engine: of the newest matching that has succeeded, in words; "" when there is none.
    """

    rows: tuple[MatrixRow, ...]
    summary: Summary
    categories: tuple[tuple[str, str], ...]
    is_ready: bool
    has_library: bool
    engine: str


def build_matrix(project: Project, *, newest: Operation | None, today: date) -> Matrix:
    """
    Return the matrix of a project.

    Args:
        newest: the newest matching.
    """
    covered = matches.coverage(project)
    rows = tuple(_row(line, today=today, with_others=False) for line in covered)
    has_succeeded = newest is not None and newest.status == Operation.Status.SUCCEEDED
    return Matrix(
        rows=rows,
        summary=summarise(covered),
        categories=_categories(rows),
        is_ready=bool(rows) and (has_succeeded or any(line.matches for line in covered)),
        has_library=ContentItem.objects.filter(company_id=project.company_id).exists(),
        engine=_say_engine(newest) if newest and has_succeeded else "",
    )


def build_row(project: Project, requirement_id: UUID, *, today: date) -> tuple[MatrixRow | None, Summary]:
    """Return one row with all its passages, None when the requirement is not there, and the summary."""
    covered = matches.coverage(project)
    line = next((line for line in covered if line.requirement.id == requirement_id), None)
    return (_row(line, today=today, with_others=True) if line else None), summarise(covered)


def summarise(covered: Sequence[CoveredRequirement]) -> Summary:
    """Return how many requirements are covered, partly covered, and not at all."""
    counts = Counter(line.strength for line in covered)
    shares, start = [], 0.0
    for strength, grade in GRADES.items():
        total = counts[Strength(strength)]
        width = 100 * total / max(len(covered), 1)
        label = SINGULARS[Strength(strength)] if total == 1 else PLURALS[Strength(strength)]
        shares.append(Share(grade, total, label, round(start, 2), round(width, 2)))
        start += width
    gaps = tuple(line.requirement for line in covered if line.strength == Strength.NONE)
    return Summary(shares=tuple(shares), total=len(covered), gaps=gaps)


def _say_engine(operation: Operation) -> str:
    return wording.say_engine(str((operation.result or {}).get("engine", "")))


def _row(line: CoveredRequirement, *, today: date, with_others: bool) -> MatrixRow:
    seen = _count_in_sight(line)
    others = line.matches[seen:]
    return MatrixRow(
        requirement=line.requirement,
        category_label=wording.say_category(line.requirement.category),
        grade=GRADES[line.strength],
        first=tuple(_passage(match, today=today) for match in line.matches[:seen]),
        others=tuple(_passage(match, today=today) for match in others) if with_others else (),
        others_total=len(others),
    )


def _count_in_sight(line: CoveredRequirement) -> int:
    """Return how many passages are in sight: all that somebody chose, else the best; none of them for a gap."""
    chosen = sum(match.status == ContentMatch.Status.ACCEPTED for match in line.matches)
    return chosen or int(line.strength != Strength.NONE)


def _passage(match: ContentMatch, *, today: date) -> ProposedPassage:
    return ProposedPassage(
        match=match,
        grade=GRADES[match.strength],
        fit=FITS[match.strength] if match.operation_id else "",
        excerpt=passage_excerpt.divide(match.content_item.body, [(start, end) for start, end in match.highlights]),
        percent=round(100 * match.score),
        validity=describe_validity(match.content_item.valid_until, today=today),
    )


def _categories(rows: Sequence[MatrixRow]) -> tuple[tuple[str, str], ...]:
    found = {row.requirement.category: row.category_label for row in rows if row.requirement.category}
    return tuple(sorted(found.items(), key=lambda category: category[1]))
