"""From rows to the content of documents: what counts as covered, what is cited, which dates are known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proposals import proposal_content
from proposals.analysis import Fact, RequirementItem
from proposals.documents.content import ProposalContent, RequirementLine
from proposals.documents.wording import PARIS
from proposals.models import ContentMatch, Operation, Project, RCAnalysis, Requirement, Section, Strength
from proposals.writing import Grounding
from tests.factories import make_company, make_item, make_match, make_operation, make_requirement
from tests.integration.documents_out.conftest import DEADLINE, Written

pytestmark = pytest.mark.django_db


def collect(project: Project, **parameters: Any) -> ProposalContent:
    kind = Operation.Kind.DOCUMENT_GENERATION
    done = Operation.Status.SUCCEEDED
    return proposal_content.collect(make_operation(project, kind=kind, status=done, parameters=parameters))


def line(project: Project, requirement: Requirement) -> RequirementLine:
    return next(found for found in collect(project).requirements if found.code == requirement.code)


def test_the_tender_and_the_sections_are_collected(written: Written) -> None:
    content = collect(written.project)

    assert (content.title, content.object, content.company) == ("Portail", "Refonte du portail", "Atelier Rivoli")
    assert (content.reference, content.buyer, content.deadline) == ("2026-DSI-042", "Région", DEADLINE)
    assert [(section.number, section.title) for section in content.sections] == [
        ("1", "Méthodologie"),
        ("2", "Références"),
    ]
    assert content.required_documents[0].name == "DC1"
    assert (content.engines, content.gaps_total) == (("offline",), 2)
    assert list(content.origins.values()) == ["memoire-2025.docx, § 3.2"]
    assert content.internal_annexes
    assert not collect(written.project, internal_annexes=False).internal_annexes


def test_a_requirement_that_a_section_says_and_a_passage_proves_is_covered(written: Written) -> None:
    found = line(written.project, written.covered)

    assert (found.coverage, found.sections) == ("covered", ("1",))
    assert [(evidence.title, evidence.strength) for evidence in found.evidence] == [("Planning type", "strong")]
    assert [criterion.name for criterion in found.criteria] == ["Valeur technique"]


def test_without_text_and_evidence_it_is_missing_and_names_the_section_planned_for_it(written: Written) -> None:
    found = line(written.project, written.missing)

    assert (found.coverage, found.sections, found.evidence) == ("missing", ("2",), ())


def test_what_the_proposal_does_not_answer_is_outside_unless_a_section_takes_it(written: Written) -> None:
    text = "Les plis sont transmis par voie électronique sur le profil d’acheteur."
    deposit = make_requirement(written.project, text=text, quote=text)
    make_match(written.project, requirement=deposit, strength=Strength.STRONG)

    assert line(written.project, deposit).coverage == "outside"
    written.section.requirements.add(deposit)
    assert line(written.project, deposit).coverage == "partial"


def test_what_a_person_rejected_is_dropped(written: Written) -> None:
    assert line(written.project, written.dropped).coverage == "dropped"


def test_evidence_that_no_section_uses_is_partial(written: Written) -> None:
    make_match(written.project, requirement=written.missing, strength=Strength.STRONG)

    assert line(written.project, written.missing).coverage == "partial"


@pytest.mark.parametrize(
    ("status", "strength", "coverage"),
    [
        ("proposed", "strong", "covered"),
        ("proposed", "partial", "partial"),
        ("accepted", "partial", "covered"),
        ("rejected", "strong", "partial"),
    ],
)
def test_a_said_requirement_is_covered_by_strong_or_accepted_evidence(
    written: Written, status: str, strength: str, coverage: str
) -> None:
    ContentMatch.objects.filter(requirement=written.covered).update(status=status, strength=strength)

    assert line(written.project, written.covered).coverage == coverage


def test_a_section_without_text_covers_nothing(written: Written) -> None:
    Section.objects.filter(id=written.section.id).update(text="")

    assert line(written.project, written.covered).coverage == "partial"


def test_a_passage_of_another_company_gives_no_origin(written: Written) -> None:
    foreign = make_item(make_company(), source="chez-eux.docx")
    grounding = Grounding.model_validate(written.section.grounding)
    [own, rc] = grounding.sources
    changed = grounding.model_copy(update={"sources": (own.model_copy(update={"id": foreign.id}), rc)})
    Section.objects.filter(id=written.section.id).update(grounding=changed.model_dump(mode="json"))

    assert collect(written.project).origins == {}


def test_the_words_around_the_page_limit_are_read_from_its_page(written: Written) -> None:
    limit = collect(written.project).page_limit

    assert limit is not None
    assert (limit.pages, limit.page) == (20, 2)
    assert "hors annexes et page de garde" in limit.sentence


def test_without_an_analysis_there_is_a_content_all_the_same(written: Written) -> None:
    RCAnalysis.objects.all().delete()

    content = collect(written.project)

    assert (content.page_limit, content.required_documents, content.analysis_engine) == (None, (), "")
    assert content.deadline == DEADLINE


@pytest.mark.parametrize(
    ("quotes", "visit"),
    [
        (("Visite obligatoire le 1er décembre 2026 à 9h30",), datetime(2026, 12, 1, 9, 30, tzinfo=PARIS)),
        (("Visite obligatoire le 1er décembre 2026",), None),
        (("Visite le 1er décembre 2026 à 9h30 ou le 2 décembre 2026 à 14h00",), None),
        (("Une visite est possible.", "Visite sur place le 3/12/2026 à 14h"), datetime(2026, 12, 3, 14, tzinfo=PARIS)),
    ],
)
def test_a_site_visit_is_an_event_when_the_rc_names_one_day_and_hour(
    written: Written, quotes: tuple[str, ...], visit: datetime | None
) -> None:
    first, *others = quotes
    items = [
        RequirementItem(code=f"R-{number}", text=quote, category="site_visit", mandatory=True, quote=quote)
        for number, quote in enumerate(others)
    ]
    change_analysis(
        site_visit=Fact[str](value="mandatory", status="found", page=1, quote=first).model_dump(mode="json"),
        requirements=[item.model_dump(mode="json") for item in items],
    )

    assert collect(written.project).site_visit_at == visit


def change_analysis(**fields: Any) -> None:
    analysis = RCAnalysis.objects.get()
    analysis.result = {**analysis.result, **fields}
    analysis.save()


def test_collecting_costs_the_same_for_few_requirements_and_many(written: Written) -> None:
    with CaptureQueriesContext(connection) as few:
        collect(written.project)

    for _ in range(20):
        requirement = make_requirement(written.project)
        make_match(written.project, requirement=requirement)
        written.section.requirements.add(requirement)
    with CaptureQueriesContext(connection) as many:
        collect(written.project)

    assert len(many) == len(few)
