"""The job of matching: find passages of the company's library for the requirements of the project."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import partial
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from pydantic import JsonValue

from proposals import engine_choice, matches
from proposals.exceptions import AnalysisMissing
from proposals.jobs.job import Job, Run
from proposals.matching import Passage, RequirementMatch, RequirementQuery
from proposals.models import Operation, Project, RCAnalysis
from proposals.retrieval.choice import find_retriever
from proposals.services.content_matcher import ContentMatcher


class RunLibrary:
    """What a run of matching reads and keeps: results and checkpoint together, guarded by the attempt."""

    def __init__(self, run: Run, *, today: date) -> None:
        self._run = run
        self._today = today
        self._finished = [UUID(key) for key in (run.operation.checkpoint or {}).get("requirement_ids", [])]

    def read_requirements(self, project_id: UUID) -> Sequence[RequirementQuery]:
        """Return the requirements that nobody rejected."""
        return [matches.to_query(row) for row in matches.requirements_to_match(project_id)]

    def read_finished(self) -> Collection[UUID]:
        """Return the requirements that an earlier attempt of this operation has finished."""
        return frozenset(self._finished)

    def read_passages(self, company_id: UUID) -> Sequence[Passage]:
        """Return the whole library of the company."""
        return matches.read_passages(company_id, today=self._today)

    def keep(self, found: Sequence[RequirementMatch]) -> None:
        """Store matches and the checkpoint, both or neither."""
        finished = [*self._finished, *(match.requirement_id for match in found)]
        with self._run.transaction():
            matches.store(self._run.operation, found)
            checkpoint = {"requirement_ids": [str(key) for key in finished]}
            Operation.objects.filter(id=self._run.operation.id).update(checkpoint=checkpoint)
        self._finished = finished


def check_analysis(project: Project) -> None:
    """
    Check that there is something to match.

    Raises:
        AnalysisMissing: the RC has not been analysed yet.
    """
    if not RCAnalysis.objects.filter(project=project).exists():
        raise AnalysisMissing


def match_library(run: Run) -> dict[str, JsonValue]:
    """Match the project's requirements with the company's library."""
    today = timezone.localdate()
    project = run.operation.project
    engine = engine_choice.find_ranking_engine(run.operation, check=run.check)
    retriever = find_retriever(settings.PROPOSALS_RETRIEVER)
    library = RunLibrary(run, today=today)
    make_retriever = partial(retriever, check=run.check)
    matcher = ContentMatcher(library, engine, run.progress, make_retriever=make_retriever)
    matcher.match_requirements(project.id, project.company_id)
    return {**matches.summarise(project, today=today), "engine": engine.name if engine else retriever.name}


MATCHING = Job(check=check_analysis, run=match_library)
