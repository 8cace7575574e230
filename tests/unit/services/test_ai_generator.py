"""The generation service: what it says, what it keeps, what it does when it must stop."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Generator
from typing import Any, cast
from uuid import UUID

import pytest

from proposals.exceptions import CancelRequested, LeaseLost, OperationFailed
from proposals.grounding import Corpus
from proposals.services.ai_generator import AIContentGenerator, SectionToWrite, SectionWithdrawn
from proposals.writing import Grounding, Quality, SectionBrief
from realtime.progress import Progress
from tests.briefs import INCIDENTS, make_brief, make_corpus, make_passage, make_requirement

PROJECT, COMPANY = uuid.uuid4(), uuid.uuid4()
PASSAGE = make_passage("L1")
TEXT = "Une astreinte prend en compte les incidents bloquants en 20 minutes, 24 heures sur 24."


class Nothing(Awaitable[None]):
    """An answer that is ready."""

    def __await__(self) -> Generator[None, None, None]:
        yield from ()


class RecordingProgress:
    """Keeps what it is told, and raises at the given number of calls."""

    def __init__(self, stop: BaseException | None = None, *, at: int = 0) -> None:
        self.told: list[dict[str, Any]] = []
        self._stop = stop
        self._at = at

    def send_generation_progress(self, project_id: UUID, **fields: Any) -> Awaitable[None]:
        self.told.append({"project_id": project_id, **fields})
        if self._stop is not None and len(self.told) == self._at:
            raise self._stop
        return Nothing()


class RecordingStore:
    """Keeps what the service does with sections."""

    def __init__(self, *, withdrawn: UUID | None = None) -> None:
        self.done: list[tuple[str, UUID]] = []
        self.pieces: list[tuple[int, str]] = []
        self.texts: dict[UUID, str] = {}
        self.groundings: list[Grounding] = []
        self.corpora = 0
        self._withdrawn = withdrawn

    def read_corpus(self, project_id: UUID, company_id: UUID) -> Corpus:
        assert (project_id, company_id) == (PROJECT, COMPANY)
        self.corpora += 1
        return make_corpus(PASSAGE)

    def begin(self, section_id: UUID) -> SectionBrief:
        if section_id == self._withdrawn:
            raise SectionWithdrawn
        self.done.append(("begin", section_id))
        return make_brief([PASSAGE], [make_requirement(INCIDENTS, "L1")])

    def append(self, section_id: UUID, *, position: int, text: str) -> None:
        self.pieces.append((position, text))

    def finish(self, section_id: UUID, *, text: str, grounding: Grounding, quality: Quality) -> None:
        self.done.append(("finish", section_id))
        self.texts[section_id] = text
        self.groundings.append(grounding)

    def abandon(self, section_id: UUID) -> None:
        self.done.append(("abandon", section_id))


class ScriptedWriter:
    """Writes the given pieces; each may be something that is raised or called instead."""

    name = "scripted"

    def __init__(self, *pieces: str | BaseException | Callable[[], object]) -> None:
        self._pieces = pieces or (TEXT,)

    def write_section(self, brief: SectionBrief, *, on_text: Callable[[str], None]) -> str:
        written = ""
        for piece in self._pieces:
            if isinstance(piece, BaseException):
                raise piece
            if isinstance(piece, str):
                on_text(piece)
                written += piece
            else:
                piece()
        return written


class Clock:
    """Seconds that only pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> Callable[[], None]:
        def pass_by() -> None:
            self.now += seconds

        return pass_by


def sections(count: int, *, finished: int = 0) -> list[SectionToWrite]:
    return [SectionToWrite(uuid.uuid4(), f"Section {n}", is_finished=n < finished) for n in range(count)]


def make_generator(
    store: RecordingStore,
    writer: ScriptedWriter | None = None,
    progress: RecordingProgress | None = None,
    **options: Any,
) -> AIContentGenerator:
    told = cast(Progress, progress or RecordingProgress())
    return AIContentGenerator(writer or ScriptedWriter(), store, told, **options)


def test_progress_comes_before_and_after_each_section_with_its_score() -> None:
    progress, store = RecordingProgress(), RecordingStore()

    make_generator(store, progress=progress).generate_sections(PROJECT, sections(3), COMPANY)

    said = [(told["current_section"], told["sections_completed"], told["progress"]) for told in progress.told]
    assert said == [
        ("Section 0", 0, 0),
        ("Section 0", 1, 33),
        ("Section 1", 1, 33),
        ("Section 1", 2, 66),
        ("Section 2", 2, 66),
        ("Section 2", 3, 100),
    ]
    assert {told["sections_total"] for told in progress.told} == {3}
    assert [told["quality_score"] is None for told in progress.told] == [True, False] * 3


def test_each_text_is_grounded_before_it_is_kept_and_the_corpus_read_once() -> None:
    store = RecordingStore()

    make_generator(store).generate_sections(PROJECT, sections(2), COMPANY)

    assert store.corpora == 1
    assert list(store.texts.values()) == [TEXT, TEXT]
    assert [found.statements[0].sources for found in store.groundings] == [("L1",), ("L1",)]


def test_sections_of_an_earlier_attempt_count_and_are_left() -> None:
    progress, store = RecordingProgress(), RecordingStore()
    plan = sections(4, finished=2)

    make_generator(store, progress=progress).generate_sections(PROJECT, plan, COMPANY)

    assert list(store.texts) == [plan[2].id, plan[3].id]
    assert [told["sections_completed"] for told in progress.told] == [2, 3, 3, 4]


def test_nothing_is_read_when_nothing_is_left_to_write() -> None:
    store = RecordingStore()

    make_generator(store).generate_sections(PROJECT, sections(2, finished=2), COMPANY)

    assert (store.corpora, store.done) == (0, [])


def test_text_is_passed_on_four_times_a_second_and_at_the_end() -> None:
    store, clock = RecordingStore(), Clock()
    writer = ScriptedWriter("a", "b", clock.wait(0.2), "c", clock.wait(0.1), "🙂", "e", clock.wait(0.3), "f", "g")

    make_generator(store, writer, clock=clock).generate_sections(PROJECT, sections(1), COMPANY)

    assert store.pieces == [(0, "abc🙂"), (4, "ef"), (6, "g")]


def test_a_withdrawn_section_is_left_and_the_others_are_written() -> None:
    plan = sections(3)
    store, progress = RecordingStore(withdrawn=plan[1].id), RecordingProgress()

    make_generator(store, progress=progress).generate_sections(PROJECT, plan, COMPANY)

    assert list(store.texts) == [plan[0].id, plan[2].id]
    assert progress.told[-1]["sections_completed"] == 3
    assert progress.told[3]["quality_score"] is None


@pytest.mark.parametrize(
    "failure",
    [CancelRequested(), OperationFailed(code="x", user_message="Non.", retryable=True), ZeroDivisionError()],
)
def test_what_ends_the_work_gives_up_the_section_and_keeps_finished_ones(failure: BaseException) -> None:
    plan, store = sections(2), RecordingStore()
    failing = ScriptedWriter("Début. ", failure)

    make_generator(store).generate_sections(PROJECT, plan[:1], COMPANY)
    with pytest.raises(type(failure)):
        make_generator(store, failing).generate_sections(PROJECT, plan[1:], COMPANY)

    assert store.done[-2:] == [("begin", plan[1].id), ("abandon", plan[1].id)]
    assert list(store.texts) == [plan[0].id]


def test_a_lost_lease_touches_nothing() -> None:
    plan, store = sections(1), RecordingStore()

    with pytest.raises(LeaseLost):
        make_generator(store, ScriptedWriter(LeaseLost())).generate_sections(PROJECT, plan, COMPANY)

    assert store.done == [("begin", plan[0].id)]


def test_a_stop_is_heard_at_each_piece_of_text() -> None:
    store, asked = RecordingStore(), []

    def check() -> None:
        asked.append(1)
        if len(asked) == 2:
            raise CancelRequested

    with pytest.raises(CancelRequested):
        make_generator(store, ScriptedWriter("a", "b", "c"), check=check).generate_sections(
            PROJECT, sections(1), COMPANY
        )

    assert len(asked) == 2
    assert store.done[-1][0] == "abandon"


def test_a_stop_between_sections_gives_up_none() -> None:
    store, progress = RecordingStore(), RecordingProgress(CancelRequested(), at=3)

    with pytest.raises(CancelRequested):
        make_generator(store, progress=progress).generate_sections(PROJECT, sections(3), COMPANY)

    assert [what for what, _ in store.done] == ["begin", "finish"]
