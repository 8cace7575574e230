"""What a section is written from: which passages, for which requirements, and where else they are said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from proposals import briefs
from proposals.models import ContentItem, ContentMatch, Project, Requirement, Section
from proposals.writing import Grounding, SectionBrief, Source, Statement
from tests.factories import make_company, make_item, make_match, make_section

Match = ContentMatch.Status


def make_plan(project: Project, *requirements: Requirement | None) -> list[Section]:
    """Return one section for each requirement."""
    plan = []
    for number, requirement in enumerate(requirements, start=1):
        section = make_section(project, order=number, title=f"Section {number}", words_budget=600)
        if requirement is not None:
            section.requirements.add(requirement)
        plan.append(section)
    return plan


def read(plan: list[Section]) -> list[SectionBrief]:
    material = briefs.read_material(plan[0].project, rewriting=[section.id for section in plan])
    return [material.brief(section.id) for section in plan]


def titles(brief: SectionBrief) -> list[str]:
    return [source.title for source in brief.passages]


def match(requirement: Requirement, item: ContentItem, **fields: object) -> ContentMatch:
    return make_match(requirement.project, requirement=requirement, content_item=item, **fields)


def test_a_brief_has_the_tender_the_requirement_with_its_place_and_the_passage(
    project: Project, incidents: Requirement, astreinte: ContentItem
) -> None:
    (brief,) = read(make_plan(project, incidents))

    assert (brief.tender.buyer, brief.tender.company) == ("Agence nationale des mobilités", "Atelier Rivoli")
    assert (brief.requirements[0].article, brief.requirements[0].source.page) == ("5.4", 2)
    assert brief.requirements[0].passages == ("L1",)
    assert (brief.passages[0].id, brief.passages[0].text) == (astreinte.id, astreinte.body)
    assert len(brief.rc_pages) == 2


def test_rejected_passages_are_never_used(project: Project, incidents: Requirement, astreinte: ContentItem) -> None:
    ContentMatch.objects.update(status=Match.REJECTED)

    (brief,) = read(make_plan(project, incidents))

    assert brief.passages == ()


def test_accepted_passages_alone_are_used_and_confirm_the_requirement(
    project: Project, incidents: Requirement, astreinte: ContentItem
) -> None:
    chosen = make_item(project.company, title="Retenu")
    match(incidents, chosen, status=Match.ACCEPTED, strength="partial", score=0.3, rank=2)

    (brief,) = read(make_plan(project, incidents))

    assert titles(brief) == ["Retenu"]
    assert brief.requirements[0].confirmed


def test_a_partial_passage_is_used_where_none_is_strong_and_said_to_be_one(
    project: Project, backups: Requirement
) -> None:
    match(backups, make_item(project.company, title="À moitié"), strength="partial", score=0.4)
    match(backups, make_item(project.company, title="Moins"), strength="partial", score=0.3, rank=2)

    (brief,) = read(make_plan(project, backups))

    assert titles(brief) == ["À moitié"]
    assert brief.requirements[0].is_partial


def test_a_further_strong_passage_is_used_only_if_it_adds_something(
    project: Project, backups: Requirement, astreinte: ContentItem
) -> None:
    for rank, (title, body) in enumerate(
        [
            ("Premier", "Des sauvegardes chiffrées."),
            ("Même", "Sauvegardes chiffrées."),
            ("Autre", "Tout est quotidien."),
        ],
        start=1,
    ):
        match(backups, make_item(project.company, title=title, body=body), rank=rank, score=1 - rank / 10)

    (brief,) = read(make_plan(project, backups))

    assert titles(brief) == ["Premier", "Autre"]


def test_a_valid_passage_goes_before_an_out_of_date_one(project: Project, backups: Requirement) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    match(backups, make_item(project.company, title="Périmé", body="Sauvegardes.", valid_until=yesterday), score=0.9)
    match(backups, make_item(project.company, title="Valable", body="Sauvegardes."), score=0.6, rank=2)

    (brief,) = read(make_plan(project, backups))

    assert titles(brief) == ["Valable"]
    assert not brief.passages[0].is_expired


def test_a_passage_belongs_to_the_section_with_the_best_claim_and_others_refer_to_it(
    project: Project, incidents: Requirement, backups: Requirement
) -> None:
    shared = make_item(project.company, title="Partagé")
    match(incidents, shared, score=0.6)
    match(backups, shared, score=0.9)

    first, second = read(make_plan(project, incidents, backups))

    assert [source.used_in for source in first.passages] == ["Section 2"]
    assert [source.used_in for source in second.passages] == [""]


def test_an_answer_in_part_that_stands_elsewhere_is_no_answer(
    project: Project, incidents: Requirement, backups: Requirement
) -> None:
    shared = make_item(project.company, title="Partagé")
    match(incidents, shared, score=0.9)
    match(backups, shared, score=0.4, strength="partial")

    _, second = read(make_plan(project, incidents, backups))

    assert second.requirements[0].passages == ()


def test_a_passage_of_a_text_that_stands_is_referred_to(
    project: Project, incidents: Requirement, backups: Requirement, astreinte: ContentItem
) -> None:
    plan = make_plan(project, incidents, backups)
    source = Source(key="L1", kind="library", id=astreinte.id, title=astreinte.title)
    said = tuple(Statement(start=start, end=start + 5, sources=("L1",)) for start in (0, 5))
    plan[1].grounding = Grounding(sources=(source,), statements=said).model_dump(mode="json")
    plan[1].save()

    material = briefs.read_material(project, rewriting=[plan[0].id])

    assert [source.used_in for source in material.brief(plan[0].id).passages] == ["Section 2"]


def test_the_same_sections_to_write_give_the_same_briefs_whatever_is_finished(
    project: Project, incidents: Requirement, backups: Requirement, astreinte: ContentItem
) -> None:
    plan = make_plan(project, incidents, backups)
    before = read(plan)
    plan[0].text, plan[0].version = "Une astreinte prend en compte les incidents.", 1
    plan[0].save()

    assert read(plan) == before


def test_a_section_without_requirements_gets_what_its_title_finds_once_matching_has_run(
    project: Project, astreinte: ContentItem
) -> None:
    make_item(project.company, title="Réversibilité du portail", body="Le portail est restitué.")
    section = make_section(project, title="Réversibilité du portail")

    (brief,) = read([section])
    ContentMatch.objects.all().delete()
    (unmatched,) = read([section])

    assert titles(brief) == ["Réversibilité du portail"]
    assert unmatched.passages == ()


def test_a_text_is_assessed_without_an_index_of_the_library_and_still_finds_what_it_rests_on(
    project: Project, astreinte: ContentItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "Le portail est restitué avec son code source sous douze semaines."
    item = make_item(project.company, title="Réversibilité du portail", body=body)
    section = make_section(project, title="Réversibilité du portail")

    def refuse(passages: object) -> None:
        raise AssertionError("an index was built")

    monkeypatch.setattr(briefs, "Bm25Retriever", refuse)
    found, _ = briefs.assess(section, body)

    assert [source.id for source in found.sources if source.kind == "library"] == [item.id]


def test_a_title_finds_only_passages_on_its_subject(project: Project, astreinte: ContentItem) -> None:
    make_item(project.company, title="Bilan carbone", body="Nous avons une réversibilité du portail.")
    make_item(project.company, title="Installation", body="Guide d’installation du portail.")

    by_words, by_one_word = read(
        [make_section(project, title="Réversibilité du portail"), make_section(project, title="Installation")]
    )

    assert (titles(by_words), titles(by_one_word)) == ([], [])


def test_another_company_s_passages_are_never_read(project: Project, incidents: Requirement) -> None:
    foreign = make_item(make_company("Autre"), title="Secret")

    material = briefs.read_material(project)

    assert foreign.id not in material.passages
    assert not material.corpus.has_word("secret")


def test_a_person_s_text_is_grounded_and_measured_like_any_other(
    project: Project, incidents: Requirement, astreinte: ContentItem
) -> None:
    (section,) = make_plan(project, incidents)

    found, quality = briefs.assess(section, f"{astreinte.body} Nous avons un bureau à Lisbonne.")

    assert [item.text for item in found.violations] == ["Lisbonne"]
    assert found.covered_requirement_ids == (incidents.id,)
    assert 0 < quality.evidence < 1


def test_requirements_that_people_rejected_are_left_out(project: Project, incidents: Requirement) -> None:
    (section,) = make_plan(project, incidents)
    Requirement.objects.update(status=Requirement.Status.REJECTED)

    assert read([section])[0].requirements == ()
