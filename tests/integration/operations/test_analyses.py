"""What an analysis leaves behind, and what it must leave alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from proposals import analyses
from proposals.analysis import Fact, RCAnalysisResult, RequirementItem
from proposals.models import ContentMatch, Operation, Project, RCAnalysis, Requirement, SourceDocument
from tests.factories import make_match, make_section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]

FIRST, SECOND = datetime(2027, 3, 15, 11, tzinfo=UTC), datetime(2027, 4, 1, 10, tzinfo=UTC)


@pytest.fixture
def document(project: Project) -> SourceDocument:
    file = ContentFile(b"%PDF-1.7", name="rc.pdf")
    return SourceDocument.objects.create(
        project=project, kind="rc", file=file, filename="rc.pdf", sha256="0" * 64, size_bytes=8, pages=1
    )


def make_result(deadline: datetime | None, *quotes: str) -> RCAnalysisResult:
    fact = Fact[datetime](value=deadline, status="found", page=1, quote="Date limite") if deadline else Fact[datetime]()
    return RCAnalysisResult(
        reference=Fact[str](value="2027-01", status="found", page=1, quote="Marché 2027-01"),
        submission_deadline=fact,
        requirements=tuple(
            RequirementItem(code=f"R-{n:03}", text=quote, category="technical", mandatory=True, quote=quote)
            for n, quote in enumerate(quotes, start=1)
        ),
    )


def store(project: Project, document: SourceDocument, result: RCAnalysisResult) -> RCAnalysis:
    now = timezone.now()
    Operation.objects.filter(project=project).update(status=Operation.Status.SUCCEEDED)
    operation = Operation.objects.create(
        project=project, kind="rc_analysis", attempt_limit=3, queued_at=now, created_at=now
    )
    return analyses.store(operation=operation, document=document, engine="offline", result=result)


def test_a_project_gets_the_facts_it_lacks(project: Project, document: SourceDocument) -> None:
    store(project, document, make_result(FIRST))

    project.refresh_from_db()
    assert (project.reference, project.deadline) == ("2027-01", FIRST)


def test_a_fact_that_nothing_proves_does_not_become_the_project_s(project: Project, document: SourceDocument) -> None:
    unproven = Fact[datetime](value=FIRST, status="found")
    result = RCAnalysisResult(reference=Fact[str](value="X-1", status="found"), submission_deadline=unproven)

    store(project, document, result)

    project.refresh_from_db()
    assert (project.reference, project.deadline) == ("", None)


def test_a_later_analysis_moves_the_deadline_that_an_earlier_one_set(
    project: Project, document: SourceDocument
) -> None:
    store(project, document, make_result(FIRST))

    store(project, document, make_result(SECOND))

    project.refresh_from_db()
    assert project.deadline == SECOND


def test_what_a_person_wrote_is_never_overwritten(project: Project, document: SourceDocument) -> None:
    Project.objects.update(deadline=FIRST, reference="AO-7")

    store(project, document, make_result(SECOND))

    project.refresh_from_db()
    assert (project.reference, project.deadline) == ("AO-7", FIRST)


def test_a_review_survives_a_second_analysis(project: Project, document: SourceDocument) -> None:
    store(project, document, make_result(FIRST, "Remettre un planning.", "Visiter le site."))
    Requirement.objects.filter(quote="Visiter le site.").update(status="approved", text="Visiter.", edited=True)

    store(project, document, make_result(FIRST, "Visiter le site.", "Fournir un RIB."))

    rows = Requirement.objects.values_list("code", "text", "status")
    assert list(rows) == [("R-001", "Visiter.", "approved"), ("R-002", "Fournir un RIB.", "proposed")]


def test_a_requirement_found_again_stays_the_same_row_with_its_matches_and_sections(
    project: Project, document: SourceDocument
) -> None:
    store(project, document, make_result(FIRST, "Remettre un planning.", "Visiter le site.", "Fournir un RIB."))
    planning, visit, bank = Requirement.objects.order_by("code")
    match = make_match(project, requirement=visit)
    section = make_section(project)
    section.requirements.set([planning, visit])

    store(project, document, make_result(SECOND, "Visiter le site.", "Remettre un planning.", "Joindre un CV."))

    rows = {row.quote: row for row in Requirement.objects.all()}
    assert (rows["Visiter le site."].id, rows["Visiter le site."].code) == (visit.id, "R-001")
    assert (rows["Remettre un planning."].id, rows["Remettre un planning."].code) == (planning.id, "R-002")
    assert bank.id not in {row.id for row in rows.values()}
    assert ContentMatch.objects.get().id == match.id
    assert set(section.requirements.all()) == {planning, visit}


def test_a_requirement_without_quote_is_known_by_its_code_and_text(project: Project, document: SourceDocument) -> None:
    def result(*texts: str) -> RCAnalysisResult:
        return RCAnalysisResult(
            requirements=tuple(
                RequirementItem(code=f"R-{n:03}", text=text, category="technical", mandatory=True)
                for n, text in enumerate(texts, start=1)
            )
        )

    store(project, document, result("Remettre un planning.", "Visiter le site."))
    before = dict(Requirement.objects.values_list("text", "id"))

    store(project, document, result("Remettre un planning.", "Joindre un CV."))

    after = dict(Requirement.objects.values_list("text", "id"))
    assert after["Remettre un planning."] == before["Remettre un planning."]
    assert after["Joindre un CV."] not in before.values()


def test_a_second_analysis_renews_what_nobody_reviewed(project: Project, document: SourceDocument) -> None:
    store(project, document, make_result(FIRST, "Visiter le site."))
    Requirement.objects.update(category="other", page=9)

    analysis = store(project, document, make_result(FIRST, "Visiter le site."))

    row = Requirement.objects.get()
    assert (row.category, row.page, row.analysis_id) == ("technical", None, analysis.id)
