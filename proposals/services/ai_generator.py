"""The generation service: section by section, text visible while it is written, each checked before it is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from proposals import grounding, quality
from proposals.engines.protocol import WritingEngine
from proposals.exceptions import LeaseLost
from proposals.grounding import Corpus
from proposals.writing import Grounding, Quality, SectionBrief
from realtime.progress import Progress

#: Text is passed on when this much time has gone by since the last time, and at the end of a section: a few events a
#: second are enough for an eye, and each is stored.
TEXT_INTERVAL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class SectionToWrite:
    """
    One section of the plan.

    Args:
        is_finished: by an earlier attempt; it counts as completed and stays as it is.
    """

    id: UUID
    title: str
    is_finished: bool = False


class SectionWithdrawn(Exception):
    """The section was taken out of the plan, or locked, before or while it was written: leave it, go on."""


class SectionStore(Protocol):
    """Where the service reads what sections are written from, and where their texts go."""

    def read_corpus(self, project_id: UUID, company_id: UUID) -> Corpus:
        """Return all that texts may rest on: the RC and the company's library."""

    def begin(self, section_id: UUID) -> SectionBrief:
        """
        Mark a section as being written; return what it is written from.

        Raises:
            SectionWithdrawn: it is not to be written any more.
        """

    def append(self, section_id: UUID, *, position: int, text: str) -> None:
        """
        Show more of the text; `position` is the offset of `text`, in code points.

        Raises:
            SectionWithdrawn: it is not to be written any more.
        """

    def finish(self, section_id: UUID, *, text: str, grounding: Grounding, quality: Quality) -> None:
        """Keep the finished text for good: a further attempt does not write it again."""

    def abandon(self, section_id: UUID) -> None:
        """Give up a section that is being written."""


class AIContentGenerator:
    """
    Writes the sections of a proposal with an engine, reporting to `progress`.

    What `progress`, `check` or the engine raises ends the work: the section at work is given up, finished ones stay.
    """

    def __init__(
        self,
        engine: WritingEngine,
        store: SectionStore,
        progress: Progress,
        *,
        check: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Take an engine, the rows behind `store`, and a voice.

        Args:
            check: called at each piece of text; raises when the run must end.
            clock: seconds, for the rhythm of the text.
        """
        self.engine = engine
        self.store = store
        self.progress = progress
        self.check = check
        self.clock = clock

    def generate_sections(self, project_id: UUID, section_types: Sequence[SectionToWrite], company_id: UUID) -> None:
        """
        Write the sections in order, those that are finished excepted.

        Raises:
            OperationFailed: the engine cannot write one of them.
        """
        waiting = [section for section in section_types if not section.is_finished]
        total = len(section_types)
        corpus = self.store.read_corpus(project_id, company_id) if waiting else Corpus(())
        for completed, section in enumerate(waiting, start=total - len(waiting)):
            self._send(project_id, section, completed, total)
            score = self._generate_section(section, corpus)
            self._send(project_id, section, completed + 1, total, score)

    def _generate_section(self, section: SectionToWrite, corpus: Corpus) -> float | None:
        """Write one section; return its score, None when it was withdrawn."""
        try:
            return self._write(section, corpus)
        except SectionWithdrawn:
            return None
        except LeaseLost:  # another attempt may be writing it: touch nothing
            raise
        except BaseException:
            self.store.abandon(section.id)
            raise

    def _write(self, section: SectionToWrite, corpus: Corpus) -> float:
        brief = self.store.begin(section.id)
        stream = _TextStream(self.store, section.id, self.check, self.clock)
        text = self.engine.write_section(brief, on_text=stream.take)
        stream.flush()
        self.check()
        found = grounding.ground(text, brief, corpus)
        measured = quality.measure(text, brief, found)
        self.store.finish(section.id, text=text, grounding=found, quality=measured)
        return measured.score

    def _send(
        self, project_id: UUID, section: SectionToWrite, completed: int, total: int, score: float | None = None
    ) -> None:
        self.progress.send_generation_progress(
            project_id,
            current_section=section.title,
            sections_completed=completed,
            sections_total=total,
            progress=int(completed / total * 100),
            quality_score=score,
        )


class _TextStream:
    """Passes the pieces of a text on, several at once."""

    def __init__(
        self, store: SectionStore, section_id: UUID, check: Callable[[], None], clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._section_id = section_id
        self._check = check
        self._clock = clock
        self._held: list[str] = []
        self._position = 0
        self._passed_on = clock()

    def take(self, piece: str) -> None:
        self._check()
        self._held.append(piece)
        if self._clock() - self._passed_on >= TEXT_INTERVAL_SECONDS:
            self.flush()

    def flush(self) -> None:
        text = "".join(self._held)
        if not text:
            return
        self._store.append(self._section_id, position=self._position, text=text)
        self._held.clear()
        self._position += len(text)
        self._passed_on = self._clock()
