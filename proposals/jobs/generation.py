"""
The job of generation: plan the proposal if it has no plan, choose the sections, have them written, say what came out.

Source: docs/generation.md, "A run".
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F
from pydantic import JsonValue

from proposals import briefs, engine_choice, plans, quality, sections
from proposals.exceptions import AnalysisMissing, OperationFailed
from proposals.grounding import Corpus
from proposals.jobs.job import Job, Run
from proposals.models import Operation, Project, RCAnalysis, Section
from proposals.sections import SectionGone
from proposals.services.ai_generator import AIContentGenerator, SectionToWrite, SectionWithdrawn
from proposals.writing import Grounding, Quality, SectionBrief

#: Digits of the mean score in the result.
SCORE_DECIMALS = 3


class RunSections:
    """The sections of a project as a run writes them: text and checkpoint are kept together, guarded by the attempt."""

    def __init__(self, run: Run, chosen: Sequence[Section], *, engine: str, by_name: bool) -> None:
        """
        Take the sections to write.

        Args:
            engine: name of the engine that writes.
            by_name: a person asked for these sections, so also for those that somebody edited.
        """
        self._run = run
        self._engine = engine
        self._by_name = by_name
        self._material = briefs.read_material(run.operation.project, rewriting=[section.id for section in chosen])
        self._finished: list[str] = list((run.operation.checkpoint or {}).get("section_ids", []))
        self._versions: dict[UUID, int] = {}

    @property
    def finished(self) -> frozenset[UUID]:
        """Return the sections that this operation has finished."""
        return frozenset(map(UUID, self._finished))

    def read_corpus(self, project_id: UUID, company_id: UUID) -> Corpus:
        """Return the RC and the company's library."""
        return self._material.corpus

    def begin(self, section_id: UUID) -> SectionBrief:
        """Mark a section as being written, unless somebody took it out of the plan, locked or edited it meanwhile."""
        try:
            brief = self._material.brief(section_id)
            with self._run.transaction():
                section = sections.begin(section_id, operation=self._run.operation)
                if section.locked or (section.edited and not self._by_name):
                    raise SectionWithdrawn
        except SectionGone:
            raise SectionWithdrawn from None
        self._versions[section_id] = section.version
        return brief

    def append(self, section_id: UUID, *, position: int, text: str) -> None:
        """Show more of the text."""
        try:
            with self._run.transaction():
                sections.append(section_id, operation=self._run.operation, position=position, text=text)
        except SectionGone:
            raise SectionWithdrawn from None

    def finish(self, section_id: UUID, *, text: str, grounding: Grounding, quality: Quality) -> None:
        """Store a text and the checkpoint, both or neither."""
        finished = [*self._finished, str(section_id)]
        with self._run.transaction():
            sections.finish(
                section_id,
                operation=self._run.operation,
                started_version=self._versions[section_id],
                text=text,
                grounding=grounding,
                quality=quality,
                engine=self._engine,
            )
            checkpoint = {"section_ids": finished}
            Operation.objects.filter(id=self._run.operation.id).update(checkpoint=checkpoint)
        self._finished = finished

    def abandon(self, section_id: UUID) -> None:
        """Give up a section that is being written."""
        with self._run.transaction():
            sections.abandon(section_id, operation=self._run.operation)


def check_analysis(project: Project) -> None:
    """
    Check that there is something to write from.

    Raises:
        AnalysisMissing: the RC has not been analysed yet.
    """
    if not RCAnalysis.objects.filter(project=project).exists():
        raise AnalysisMissing


def write_sections(run: Run) -> dict[str, JsonValue]:
    """Write the sections that were asked for, or else all that nobody locked or edited."""
    operation = run.operation
    asked = [UUID(key) for key in operation.parameters.get("section_ids") or ()]
    chosen = _find_asked(operation.project, asked) if asked else _plan_and_choose(run)
    engine = engine_choice.make_writing_engine(operation, check=run.check)
    store = RunSections(run, chosen, engine=engine.name, by_name=bool(asked))
    generator = AIContentGenerator(engine, store, run.progress, check=run.check)
    to_write = [SectionToWrite(item.id, item.title, is_finished=item.id in store.finished) for item in chosen]
    generator.generate_sections(operation.project_id, to_write, operation.project.company_id)
    return _summarise(operation, chosen, engine.name)


def _find_asked(project: Project, asked: Sequence[UUID]) -> list[Section]:
    found = list(Section.objects.filter(project=project, id__in=asked))
    if len(found) < len(set(asked)):
        raise OperationFailed(
            code="section_gone",
            user_message="Une des sections demandées n’est pas dans le plan de ce projet. Rechargez la page.",
            retryable=False,
        )
    free = [section for section in found if not section.locked]
    if not free:
        raise OperationFailed(
            code="section_locked",
            user_message="Les sections demandées sont verrouillées. Déverrouillez-les pour les faire rédiger.",
            retryable=True,
        )
    return free


def _plan_and_choose(run: Run) -> list[Section]:
    operation = run.operation
    rows = Section.objects.filter(project=operation.project)
    if not rows.exists():
        planned = plans.propose(operation.project)
        with run.transaction():
            sections.store_plan(operation.project, planned, by=operation.requested_by, operation=operation)
    finished = (operation.checkpoint or {}).get("section_ids", [])
    return [row for row in rows.all() if str(row.id) in finished or not (row.locked or row.edited)]


def _summarise(operation: Operation, chosen: Sequence[Section], engine: str) -> dict[str, JsonValue]:
    """Return the result that the completion event carries: what the chosen sections say now."""
    rows = Section.objects.filter(id__in=[section.id for section in chosen])
    written = rows.filter(versions__operation=operation, versions__number=F("version")).distinct()
    found = [Grounding.model_validate(row.grounding) for row in rows]
    scores = [row.quality_score for row in rows if row.quality_score is not None]
    return {
        "sections_total": len(chosen),
        "sections_written": written.count(),
        "words_total": sum(quality.count_words(row.text) for row in rows),
        "gaps_total": sum(len(item.gaps) for item in found),
        "violations_total": sum(len(item.violations) for item in found),
        "quality_score": round(sum(scores) / len(scores), SCORE_DECIMALS) if scores else None,
        "engine": engine,
    }


GENERATION = Job(check=check_analysis, run=write_sections)
