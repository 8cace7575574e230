"""A generation from start to end: plan, sections, events, result; and everything that may come between."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from proposals import engine_choice, operations, reaper, runner, section_editing
from proposals.engines.offline.writing.engine import OfflineWriter
from proposals.exceptions import AnalysisMissing, OperationFailed
from proposals.models import ContentItem, Operation, Project, Requirement, Section, SectionVersion
from proposals.writing import SectionBrief
from tests.factories import make_company, make_project, make_section
from tests.integration.generation.conftest import Events, Run
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

Status = Operation.Status


class Interrupted:
    """
    The offline writer, with something that happens while the section of a title is written. When that answers
    "wait", the writer waits like one that waits for somebody else: until it is told to stop.
    """

    name = "offline"

    def __init__(self, title: str, happens: Callable[[], object], check: Callable[[], None]) -> None:
        self._title = title
        self._happens = happens
        self._check = check

    def write_section(self, brief: SectionBrief, *, on_text: Callable[[str], None]) -> str:
        if brief.title == self._title and self._happens() == "wait":
            wait_until(lambda: self._check(), what="the run to be stopped")
        return OfflineWriter().write_section(brief, on_text=on_text)


@pytest.fixture
def interrupt(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[], object]], None]:
    """Let something happen while a section is written."""

    def prepare(title: str, happens: Callable[[], object]) -> None:
        def make(operation: Operation, *, check: Callable[[], None]) -> Interrupted:
            return Interrupted(title, happens, check)

        monkeypatch.setattr(engine_choice, "make_writing_engine", make)

    return prepare


def fail() -> None:
    raise OperationFailed(code="engine_refused", user_message="Non.", retryable=True)


def texts() -> dict[str, tuple[str, int, str]]:
    return {row.title: (row.status, row.version, row.text) for row in Section.objects.all()}


def error_of(operation: Operation) -> str:
    return str((operation.error or {}).get("code"))


def test_a_project_without_plan_is_planned_written_and_summed_up(
    project: Project,
    incidents: Requirement,
    backups: Requirement,
    astreinte: ContentItem,
    generate: Run,
    events: Events,
) -> None:
    operation = generate()

    assert operation.status == Status.SUCCEEDED
    support, data = Section.objects.filter(project=project)
    assert (support.title, data.title) == ("Organisation du support", "Sécurité des données")
    assert list(support.requirements.all()) == [incidents]
    assert "Elle est tenue par six ingénieurs." in support.text
    assert "[à compléter : les sauvegardes doivent être quotidiennes et chiffrées (RC, art." in data.text
    assert {version.origin for version in SectionVersion.objects.all()} == {"generated"}
    assert [source["id"] for source in support.grounding["sources"] if source["kind"] == "library"] == [
        str(astreinte.id)
    ]
    result = operation.result or {}
    assert {**result, "words_total": 0, "quality_score": 0} == {
        "sections_total": 2,
        "sections_written": 2,
        "words_total": 0,
        "gaps_total": 1,
        "violations_total": 0,
        "quality_score": 0,
        "engine": "offline",
    }
    scores = [support.quality_score or 0.0, data.quality_score or 0.0]
    assert result["quality_score"] == pytest.approx(sum(scores) / 2, abs=0.001)
    assert scores[0] > scores[1]


def test_the_topic_tells_the_plan_each_section_its_text_and_its_end(
    incidents: Requirement, astreinte: ContentItem, generate: Run, events: Events
) -> None:
    generate()

    said = [(event["type"], event.get("status")) for event in events() if event["type"] != "operation"]
    one = [
        ("generation_progress", None),
        ("section", "writing"),
        ("section_text", None),
        ("section_done", None),
        ("section", "written"),
        ("generation_progress", None),
    ]
    assert said == [("section", "planned")] * 2 + one * 2 + [("completion", None)]
    done = events("section_done")
    for section, end in zip(Section.objects.all(), done, strict=True):
        pieces = [event for event in events("section_text") if event["section_id"] == str(section.id)]
        assert "".join(event["text"] for event in pieces) == section.text
        assert (end["length"], end["quality_score"]) == (len(section.text), section.quality_score)


def test_without_an_analysis_nothing_starts() -> None:
    project = make_project(make_company())

    with pytest.raises(AnalysisMissing):
        operations.start(project=project, kind=Operation.Kind.GENERATION, by=None)


def test_without_matching_every_requirement_is_a_gap(
    incidents: Requirement, backups: Requirement, generate: Run
) -> None:
    operation = generate()

    assert (operation.result or {})["gaps_total"] == 2
    assert [(row.quality or {}).get("coverage") for row in Section.objects.all()] == [0.0, 0.0]


def test_a_plan_that_exists_is_kept_and_what_people_locked_or_edited_is_left(
    project: Project, three_sections: list[Section], generate: Run
) -> None:
    Section.objects.filter(title="Section 1").update(locked=True)
    Section.objects.filter(title="Section 2").update(edited=True, text="De ma main.", version=1)

    operation = generate()

    assert texts()["Section 1"] == ("planned", 0, "")
    assert texts()["Section 2"] == ("planned", 1, "De ma main.")
    assert texts()["Section 3"][:2] == ("written", 1)
    assert (operation.result or {})["sections_total"] == 1


def test_sections_that_are_asked_for_are_written_even_if_edited_and_no_others(
    three_sections: list[Section], generate: Run
) -> None:
    wanted = three_sections[1]
    Section.objects.filter(id=wanted.id).update(edited=True, text="De ma main.", version=1)

    generate(section_ids=[str(wanted.id)])

    assert [row[1] for row in texts().values()] == [0, 2, 0]
    assert not Section.objects.get(id=wanted.id).edited


def test_a_locked_section_is_never_written(three_sections: list[Section], generate: Run) -> None:
    locked, free, _ = three_sections
    Section.objects.filter(id=locked.id).update(locked=True)

    alone = generate(section_ids=[str(locked.id)])
    both = generate(section_ids=[str(locked.id), str(free.id)])

    assert (alone.status, error_of(alone)) == (Status.FAILED, "section_locked")
    assert both.status == Status.SUCCEEDED
    assert [row[1] for row in texts().values()] == [0, 1, 0]


def test_a_section_of_another_project_or_of_none_is_refused_and_nothing_written(
    project: Project, three_sections: list[Section], generate: Run
) -> None:
    foreign = make_section(make_project(project.company))

    for wanted in (foreign.id, uuid.uuid4()):
        operation = generate(section_ids=[str(three_sections[0].id), str(wanted)])
        assert (operation.status, error_of(operation)) == (Status.FAILED, "section_gone")

    assert {row[0] for row in texts().values()} == {"planned"}


def test_a_failure_keeps_finished_sections_and_a_retry_writes_only_the_others(
    three_sections: list[Section], generate: Run, interrupt: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt("Section 2", fail)
    failed = generate()
    assert (failed.status, error_of(failed)) == (Status.FAILED, "engine_refused")
    assert [row[:2] for row in texts().values()] == [("written", 1), ("planned", 0), ("planned", 0)]
    finished = texts()["Section 1"]

    monkeypatch.undo()
    again = operations.retry(failed)
    runner.run(again.id)

    again.refresh_from_db()
    assert again.status == Status.SUCCEEDED
    assert texts()["Section 1"] == finished
    assert [row[:2] for row in texts().values()] == [("written", 1)] * 3
    assert (again.result or {})["sections_written"] == 3


def test_a_new_operation_writes_everything_again(three_sections: list[Section], generate: Run) -> None:
    generate()
    generate()

    assert [row[1] for row in texts().values()] == [2, 2, 2]


def test_a_cancel_gives_up_the_section_at_work_and_keeps_finished_ones(
    three_sections: list[Section], generate: Run, interrupt: Any, events: Events
) -> None:
    def cancel() -> str:
        operations.cancel(Operation.objects.get())
        return "wait"

    interrupt("Section 2", cancel)

    operation = generate()

    assert (operation.status, error_of(operation)) == (Status.CANCELLED, "cancelled")
    assert [row[:2] for row in texts().values()] == [("written", 1), ("planned", 0), ("planned", 0)]
    assert {row.draft for row in Section.objects.all()} == {""}
    assert len(events("section_done")) == 1


def test_a_worker_that_lost_its_lease_writes_nothing_more(
    three_sections: list[Section], generate: Run, interrupt: Any
) -> None:
    def lose_the_lease() -> None:
        Operation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        reaper.reap(now=timezone.now())

    interrupt("Section 2", lose_the_lease)

    operation = generate()

    assert operation.status == Status.PENDING
    assert texts()["Section 1"][:2] == ("written", 1)
    assert texts()["Section 2"][1:] == (0, "")
    assert SectionVersion.objects.count() == 1


def test_the_next_attempt_drops_what_a_lost_worker_left_and_goes_on(
    three_sections: list[Section], generate: Run, interrupt: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose_the_lease() -> None:
        Operation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        reaper.reap(now=timezone.now())

    interrupt("Section 2", lose_the_lease)
    operation = generate()
    finished = texts()["Section 1"]

    monkeypatch.undo()
    runner.run(operation.id)

    operation.refresh_from_db()
    assert (operation.status, operation.attempt) == (Status.SUCCEEDED, 2)
    assert texts()["Section 1"] == finished
    assert [row[:2] for row in texts().values()] == [("written", 1)] * 3


def test_a_section_that_is_locked_meanwhile_keeps_its_text_and_the_new_one_is_a_version(
    three_sections: list[Section], generate: Run, interrupt: Any
) -> None:
    generate()
    before = texts()["Section 2"]
    interrupt("Section 2", lambda: section_editing.lock(three_sections[1]))

    operation = generate()

    assert operation.status == Status.SUCCEEDED
    assert texts()["Section 2"] == before
    assert three_sections[1].versions.count() == 2
    assert (operation.result or {})["sections_written"] == 2


def test_a_section_that_is_taken_out_before_anything_is_written_stops_nobody(
    three_sections: list[Section], generate: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(operation: Operation, *, check: Callable[[], None]) -> OfflineWriter:
        Section.objects.filter(title="Section 1").delete()
        return OfflineWriter()

    monkeypatch.setattr(engine_choice, "make_writing_engine", make)

    operation = generate()

    assert operation.status == Status.SUCCEEDED
    assert [row[:2] for row in texts().values()] == [("written", 1), ("written", 1)]


def test_a_section_that_is_taken_out_meanwhile_stops_nobody(
    three_sections: list[Section], generate: Run, interrupt: Any
) -> None:
    interrupt("Section 1", lambda: Section.objects.filter(title="Section 2").delete())

    operation = generate()

    assert operation.status == Status.SUCCEEDED
    assert [row[:2] for row in texts().values()] == [("written", 1), ("written", 1)]


def test_a_section_that_is_edited_before_its_turn_is_left(
    three_sections: list[Section], generate: Run, interrupt: Any
) -> None:
    def edit() -> None:
        Section.objects.filter(title="Section 2").update(edited=True, text="De ma main.", version=1)

    interrupt("Section 1", edit)

    assert generate().status == Status.SUCCEEDED
    assert texts()["Section 2"][1:] == (1, "De ma main.")
