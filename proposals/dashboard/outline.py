"""The proposal as the project page shows it: its sections in order, how good they are, and what is left to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.safestring import SafeString
from pydantic import ValidationError

from proposals import quality, selectors
from proposals.dashboard import section_text, wording
from proposals.models import Project, Section
from proposals.selectors import ToDo
from proposals.writing import Gap, Grounding, Quality, Violation

#: Words on one page of a proposal, for an estimate before the documents are produced.
WORDS_PER_PAGE = 500

#: The published parts of the quality, with what each asks.
QUALITY_PARTS: tuple[tuple[str, str, str], ...] = (
    ("coverage", "Couverture", "part des exigences de la section que le texte traite"),
    ("evidence", "Preuves", "part des affirmations qui ont une source"),
    ("specificity", "Spécificité", "ce qui parle de cette consultation, et non de toutes"),
    ("length", "Longueur", "mots écrits par rapport à la longueur visée"),
)
TODO_LABELS = {"gap": "À compléter", "name": "Nom", "figure": "Chiffre", "date": "Date", "reference": "Référence"}


@dataclass(frozen=True)
class QualityPart:
    """One part of the quality. `hint` says what it measures."""

    label: str
    hint: str
    percent: int


@dataclass(frozen=True)
class TodoRow:
    """Something a person must do: fill a gap, or check words that nobody vouches for."""

    todo: ToDo
    label: str

    @property
    def is_gap(self) -> bool:
        """Whether evidence is missing, rather than not found again."""
        return self.todo.kind == "gap"


@dataclass(frozen=True)
class SectionRow:
    """
    One section.

    Args:
        criterion: the award criterion it answers; "" when there is none or the title says it.
        length_percent: its words against the budget, 100 at most.
    """

    section: Section
    criterion: str
    words: int
    length_percent: int
    quality_parts: tuple[QualityPart, ...]
    requirements_total: int
    covered_total: int
    todos: tuple[TodoRow, ...]
    html: SafeString

    @property
    def words_said(self) -> str:
        """The words of the text, to read."""
        return wording.say_number(self.words)

    @property
    def words_budget_said(self) -> str:
        """The words it should have, to read."""
        return wording.say_number(self.section.words_budget)

    @property
    def gaps_total(self) -> int:
        """How many `[à compléter : …]` the text has."""
        return sum(todo.is_gap for todo in self.todos)

    @property
    def violations_total(self) -> int:
        """How many names, figures, dates and references have no source."""
        return len(self.todos) - self.gaps_total


@dataclass(frozen=True)
class Outline:
    """
    The whole proposal.

    Args:
        pages: estimated from the words.
        page_limit: of the RC; None when it sets none.
        quality_percent: mean of the sections; None while none has a quality.
        engines: that wrote the sections, in words.
    """

    rows: tuple[SectionRow, ...]
    words: int
    words_budget: int
    pages: int
    page_limit: int | None
    written_total: int
    quality_percent: int | None
    gaps: tuple[TodoRow, ...]
    violations: tuple[TodoRow, ...]
    engines: tuple[str, ...]

    @property
    def todos_total(self) -> int:
        """How many points are left to settle."""
        return len(self.gaps) + len(self.violations)

    @property
    def words_said(self) -> str:
        """The words of all texts, to read."""
        return wording.say_number(self.words)

    @property
    def words_budget_said(self) -> str:
        """The words they should have, to read."""
        return wording.say_number(self.words_budget)


def build_outline(project: Project) -> Outline:
    """Return the proposal of a project; no rows when nothing is planned."""
    todos = tuple(TodoRow(todo, TODO_LABELS[todo.kind]) for todo in selectors.to_do(project.id))
    rows = tuple(_row(section, todos) for section in _sections(project))
    words = sum(row.words for row in rows)
    return Outline(
        rows=rows,
        words=words,
        words_budget=sum(row.section.words_budget for row in rows),
        pages=-(-words // WORDS_PER_PAGE),
        page_limit=selectors.page_limit(project.id),
        written_total=sum(bool(row.section.text) for row in rows),
        quality_percent=_mean_quality(rows),
        gaps=tuple(todo for todo in todos if todo.is_gap),
        violations=tuple(todo for todo in todos if not todo.is_gap),
        engines=tuple(sorted({wording.say_engine(row.section.engine) for row in rows if row.section.engine})),
    )


def has_text(project: Project) -> bool:
    """Whether a section of the project has been written."""
    return Section.objects.filter(project=project).exclude(text="").exists()


def _sections(project: Project) -> QuerySet[Section]:
    counted = Section.objects.filter(project=project).annotate(requirements_total=Count("requirements"))
    return counted.select_related("updated_by").order_by("order", "id")


def _row(section: Section, todos: Sequence[TodoRow]) -> SectionRow:
    own = tuple(todo for todo in todos if todo.todo.section.id == section.id)
    criterion = str((section.criterion or {}).get("name") or "")
    words = quality.count_words(section.text)
    return SectionRow(
        section=section,
        criterion=criterion if criterion != section.title else "",
        words=words,
        length_percent=min(100, round(100 * words / max(section.words_budget, 1))),
        quality_parts=_quality_parts(section),
        requirements_total=getattr(section, "requirements_total", 0),
        covered_total=len(section.grounding.get("covered_requirement_ids", ())),
        todos=own,
        html=section_text.render(section.text, _marks(own)),
    )


def _marks(rows: Sequence[TodoRow]) -> Grounding:
    """Return what is left to do as a grounding without statements: here a text is read, not proven."""
    todos = [row.todo for row in rows]
    gaps = tuple(Gap(start=todo.start, end=todo.end, text=todo.text) for todo in todos if todo.kind == "gap")
    violations = tuple(
        Violation(start=todo.start, end=todo.end, text=todo.text, kind=todo.kind)
        for todo in todos
        if todo.kind != "gap"
    )
    return Grounding(gaps=gaps, violations=violations)


def _quality_parts(section: Section) -> tuple[QualityPart, ...]:
    try:
        found = Quality.model_validate(section.quality)
    except ValidationError:  # none yet, or one of an older schema
        return ()
    return tuple(QualityPart(label, hint, round(100 * getattr(found, key))) for key, label, hint in QUALITY_PARTS)


def _mean_quality(rows: Sequence[SectionRow]) -> int | None:
    """Return the mean quality of the sections that have one, as the run that wrote them says it."""
    scores = [row.section.quality_score for row in rows if row.section.quality_score is not None]
    return round(100 * sum(scores) / len(scores)) if scores else None
