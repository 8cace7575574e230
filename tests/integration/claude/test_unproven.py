"""What no words of the document prove stays in the analysis: it reaches no project, no text and no document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from proposals import analyses, briefs, proposal_content
from proposals.analysis import Fact, Lot, RCAnalysisResult
from proposals.models import Operation, Project, SourceDocument
from tests.factories import make_operation

FALSE_DEADLINE = datetime(2030, 1, 1, 11, 0, tzinfo=UTC)


def unproven(value: object) -> Fact[Any]:
    return Fact[Any](value=value, status="found")


RESULT = RCAnalysisResult(
    object=unproven("Faux objet"),
    reference=unproven("FAUX-1"),
    buyer=unproven("Faux acheteur"),
    submission_deadline=unproven(FALSE_DEADLINE),
    question_deadline=unproven(FALSE_DEADLINE),
    platform_url=unproven("https://faux.exemple.fr"),
    page_limit=unproven(1),
    lots=unproven((Lot(number="1", title="Faux lot"),)),
)


@pytest.fixture
def analysed(project: Project) -> Project:
    """The project with an analysis in which nothing is proven."""
    operation = make_operation(project, status=Operation.Status.SUCCEEDED)
    document = SourceDocument.objects.get(project=project)
    analyses.store(operation=operation, document=document, engine="claude", result=RESULT, page_texts=["…"])
    project.refresh_from_db()
    return project


def test_it_does_not_become_a_fact_of_the_project(analysed: Project) -> None:
    assert (analysed.reference, analysed.buyer, analysed.deadline) == ("", "", None)


def test_it_is_in_no_document_and_no_calendar(analysed: Project) -> None:
    operation = make_operation(analysed, kind=Operation.Kind.DOCUMENT_GENERATION)

    content = proposal_content.collect(operation)

    assert (content.object, content.reference, content.buyer, content.platform_url) == ("", "", "", "")
    assert (content.deadline, content.question_deadline, content.page_limit) == (None, None, None)


def test_it_is_told_to_nobody_who_writes(analysed: Project) -> None:
    tender = briefs.read_material(analysed, rewriting=[]).tender

    assert (tender.object, tender.buyer, tender.reference, tender.lots) == (analysed.title, "", "", ())


def test_the_end_of_the_analysis_does_not_announce_it(analysed: Project) -> None:
    analysis = analysed.analyses.get()

    assert analyses.summarise(analysis, RESULT)["submission_deadline"] is None
