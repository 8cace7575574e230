"""What people do with the plan of a proposal."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from proposals import plan_editing, sections, selectors
from proposals.analysis import AwardCriterion
from proposals.exceptions import AnalysisMissing
from proposals.models import Operation, Project, Section, User
from proposals.plan_editing import GenerationUnfinished, PlanChanged, PlanRow, UnknownRequirement, WrittenSectionMissing
from proposals.section_editing import SectionLocked
from proposals.sections import MAX_SECTIONS, PlanTooLong
from tests.factories import (
    Cast,
    make_analysis,
    make_document,
    make_operation,
    make_project,
    make_requirement,
    make_result,
    make_section,
)
from tests.integration.sections.conftest import Events


def version_of(project: Project) -> str:
    return plan_editing.plan_version(selectors.plan(project.id))


def rows_of(project: Project) -> list[PlanRow]:
    return [
        PlanRow(id=section.id, title=section.title, words_budget=section.words_budget)
        for section in selectors.plan(project.id)
    ]


def save(project: Project, rows: list[PlanRow], *, by: User, removed: tuple[uuid.UUID, ...] = ()) -> list[Section]:
    return plan_editing.edit_plan(project, rows, version=version_of(project), by=by, removed=removed)


def titles(project: Project) -> list[tuple[int, str]]:
    return [(section.order, section.title) for section in selectors.plan(project.id)]


@pytest.fixture
def written(project: Project) -> Section:
    """The first section, written."""
    section = make_section(project, order=1, title="Moyens", text="Nous.", version=1, status=Section.Status.WRITTEN)
    sections.add_version(section, origin="generated", text="Nous.")
    return section


@pytest.fixture
def planned(project: Project, written: Section) -> Section:
    """The second section, only planned."""
    return make_section(project, order=2, title="Méthode", guidance="Dire comment.")


def test_sections_are_added_renamed_moved_and_measured(
    project: Project, written: Section, planned: Section, cast: Cast, events: Events
) -> None:
    fresh = PlanRow(id=None, title="Planning", words_budget=250, guidance="Jalons.")
    rows = [
        fresh,
        PlanRow(id=planned.id, title="Méthodologie", words_budget=900),
        PlanRow(id=written.id, title="Moyens", words_budget=400),
    ]

    first, second, third = save(project, rows, by=cast.alice)

    assert titles(project) == [(1, "Planning"), (2, "Méthodologie"), (3, "Moyens")]
    assert (first.key, first.words_budget, first.guidance, first.updated_by) == ("custom", 250, "Jalons.", cast.alice)
    assert (second.id, second.words_budget, second.guidance) == (planned.id, 900, "Dire comment.")
    assert (third.text, third.version) == ("Nous.", 1)
    assert [(frame["order"], frame["title"], frame["version"]) for frame in events("section")] == [
        (1, "Planning", 0),
        (2, "Méthodologie", 0),
        (3, "Moyens", 1),
    ]


def test_a_plan_that_is_saved_as_it_was_says_nothing(
    project: Project, written: Section, planned: Section, cast: Cast, events: Events
) -> None:
    save(project, rows_of(project), by=cast.alice)

    assert events() == []


def test_requirements_are_assigned_and_kept_where_nothing_is_said(
    project: Project, written: Section, planned: Section, cast: Cast, events: Events
) -> None:
    one, other = make_requirement(project), make_requirement(project)
    written.requirements.add(one)
    first, second = rows_of(project)

    save(project, [first, replace(second, requirement_ids=(other.id, one.id, one.id))], by=cast.alice)

    assert list(written.requirements.all()) == [one]
    assert set(planned.requirements.all()) == {one, other}
    assert [frame["section_id"] for frame in events("section")] == [str(planned.id)]


def test_a_requirement_that_the_project_does_not_have_is_refused(
    project: Project, planned: Section, cast: Cast
) -> None:
    foreign = make_requirement(make_project(cast.company_b))
    first, second = rows_of(project)

    with pytest.raises(UnknownRequirement):
        save(project, [first, replace(second, title="Autre", requirement_ids=(foreign.id,))], by=cast.alice)
    assert titles(project) == [(1, "Moyens"), (2, "Méthode")]


def test_a_planned_section_goes_when_it_is_left_out(
    project: Project, planned: Section, cast: Cast, events: Events
) -> None:
    save(project, rows_of(project)[:1], by=cast.alice)

    assert titles(project) == [(1, "Moyens")]
    (said,) = events("section")
    assert (said["section_id"], said["status"], said["operation_id"]) == (str(planned.id), "removed", None)


def test_a_written_section_goes_only_when_that_is_said(
    project: Project, written: Section, planned: Section, cast: Cast
) -> None:
    rows = rows_of(project)[1:]

    with pytest.raises(WrittenSectionMissing) as refusal:
        save(project, rows, by=cast.alice)
    assert refusal.value.details == {"removed": [str(written.id)]}
    assert titles(project) == [(1, "Moyens"), (2, "Méthode")]

    save(project, rows, by=cast.alice, removed=(written.id,))
    assert titles(project) == [(1, "Méthode")]


def test_a_locked_section_stays(project: Project, written: Section, planned: Section, cast: Cast) -> None:
    Section.objects.filter(id=written.id).update(locked=True)

    with pytest.raises(SectionLocked):
        save(project, rows_of(project)[1:], by=cast.alice, removed=(written.id,))


@pytest.mark.parametrize("status", ["pending", "running", "cancelling"])
def test_the_plan_stays_while_sections_are_written(project: Project, planned: Section, cast: Cast, status: str) -> None:
    make_operation(project, kind=Operation.Kind.GENERATION, status=status)

    with pytest.raises(GenerationUnfinished):
        save(project, rows_of(project), by=cast.alice)


def test_other_operations_leave_the_plan_free(project: Project, planned: Section, cast: Cast) -> None:
    make_operation(project, kind=Operation.Kind.MATCHING, status="running")
    make_operation(project, kind=Operation.Kind.GENERATION, status="succeeded")

    assert len(save(project, rows_of(project), by=cast.alice)) == 2


def test_the_second_of_two_who_edit_the_same_plan_is_told(project: Project, planned: Section, cast: Cast) -> None:
    seen, rows = version_of(project), rows_of(project)
    save(project, [replace(row, words_budget=777) for row in rows], by=cast.bob)

    with pytest.raises(PlanChanged):
        plan_editing.edit_plan(project, rows, version=seen, by=cast.alice)
    assert {section.words_budget for section in selectors.plan(project.id)} == {777}


def test_a_text_that_changes_meanwhile_leaves_the_plan_as_it_is(project: Project, planned: Section) -> None:
    seen = version_of(project)

    Section.objects.filter(id=planned.id).update(text="Écrit.", version=1)

    assert version_of(project) == seen


@pytest.mark.parametrize("change", ["title", "words_budget", "guidance", "order", "requirement"])
def test_every_part_of_a_plan_is_part_of_its_version(project: Project, planned: Section, change: str) -> None:
    seen = version_of(project)

    if change == "requirement":
        planned.requirements.add(make_requirement(project))
    else:
        value = 55 if change in ("words_budget", "order") else "Autre"
        Section.objects.filter(id=planned.id).update(**{change: value})

    assert version_of(project) != seen


def test_a_section_of_another_project_is_no_part_of_the_plan(project: Project, planned: Section, cast: Cast) -> None:
    foreign = make_section(make_project(cast.company_a))
    row = PlanRow(id=foreign.id, title="Volée", words_budget=100)

    with pytest.raises(PlanChanged):
        save(project, [*rows_of(project), row], by=cast.alice)


def test_a_section_stands_once_in_a_plan(project: Project, planned: Section, cast: Cast) -> None:
    first, second = rows_of(project)

    with pytest.raises(PlanChanged):
        save(project, [first, second, second], by=cast.alice)


def test_a_plan_has_a_bounded_length(project: Project, cast: Cast) -> None:
    rows = [PlanRow(id=None, title="Encore", words_budget=100)] * (MAX_SECTIONS + 1)

    with pytest.raises(PlanTooLong):
        save(project, rows, by=cast.alice)
    assert len(save(project, rows[:-1], by=cast.alice)) == MAX_SECTIONS


def test_a_proposed_plan_follows_the_criteria_of_the_rc(project: Project, written: Section, cast: Cast) -> None:
    criteria = (
        AwardCriterion(name="Prix", weight=40, unit="percent", page=3, quote="Prix : 40 %"),
        AwardCriterion(name="Méthodologie et organisation", weight=60, unit="percent", page=3, quote="Méthodologie"),
    )
    result = make_result(award_criteria=criteria).model_dump(mode="json")
    make_analysis(make_document(project), result=result)

    proposed = plan_editing.propose_plan(project, by=cast.alice)

    assert [section.order for section in proposed] == list(range(1, len(proposed) + 1))
    assert written in proposed
    assert any(section.criterion and section.criterion["weight"] == 60 for section in proposed)


def test_a_plan_is_proposed_only_from_an_analysis(project: Project, cast: Cast) -> None:
    with pytest.raises(AnalysisMissing):
        plan_editing.propose_plan(project, by=cast.alice)


def test_no_plan_is_proposed_while_sections_are_written(project: Project, cast: Cast) -> None:
    make_analysis(make_document(project))
    make_operation(project, kind=Operation.Kind.GENERATION)

    with pytest.raises(GenerationUnfinished):
        plan_editing.propose_plan(project, by=cast.alice)
