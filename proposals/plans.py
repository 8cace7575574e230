"""
The plan that Tenderwire proposes for a project, and the requirements that no plan has: papers, dates, prices.

Source: docs/generation.md, "The plan".
"""

from __future__ import annotations

from proposals import planning
from proposals.analysis import RCAnalysisResult
from proposals.exceptions import AnalysisMissing
from proposals.models import Project, RCAnalysis, Requirement
from proposals.writing import PlannedSection


def propose(project: Project) -> tuple[PlannedSection, ...]:
    """
    Return the plan that the newest analysis calls for; nothing is stored.

    Raises:
        AnalysisMissing: the RC has not been analysed yet.
    """
    return planning.plan(_read_result(project), _requirements_of(project))


def outside(project: Project) -> list[Requirement]:
    """
    Return the requirements that are met outside the text of the proposal, in reading order.

    Raises:
        AnalysisMissing: the RC has not been analysed yet.
    """
    rows = {row.id: row for row in _requirements_of(project)}
    divided = planning.divide(list(rows.values()), _read_result(project).required_documents)
    return [rows[requirement.id] for requirement in divided.outside]


def _read_result(project: Project) -> RCAnalysisResult:
    analysis = RCAnalysis.objects.filter(project=project).first()
    if analysis is None:
        raise AnalysisMissing
    return RCAnalysisResult.model_validate(analysis.result)


def _requirements_of(project: Project) -> list[Requirement]:
    rows = Requirement.objects.filter(project=project).exclude(status=Requirement.Status.REJECTED)
    return list(rows.order_by("code"))
