"""The service: what it says while it works, and that a cancel ends it."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Generator
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest

from proposals.engines.offline.engine import OfflineEngine
from proposals.services.rc_analyzer import RCAnalyzer
from realtime.progress import Progress


class Cancelled(Exception):
    """What the progress of a cancelled run raises."""


class Nothing(Awaitable[None]):
    """An answer that is ready."""

    def __await__(self) -> Generator[None, None, None]:
        yield from ()


NOTHING = Nothing()


class RecordingProgress:
    """Keeps what it is told; raises when the given status comes."""

    def __init__(self, cancel_at: str = "") -> None:
        self.told: list[tuple[str, int, str]] = []
        self._cancel_at = cancel_at

    def send_rc_analysis_progress(self, project_id: UUID, status: str, progress: int, message: str) -> Awaitable[None]:
        self.told.append((status, progress, message))
        if status == self._cancel_at:
            raise Cancelled
        return NOTHING


RC = Path(__file__).parents[3] / "proposals" / "samples" / "rc" / "mapa-petite-commune.pdf"


def test_progress_rises_from_10_over_40_to_100_with_true_steps() -> None:
    progress = RecordingProgress()

    result = RCAnalyzer(OfflineEngine(), cast(Progress, progress)).analyze_rc(RC, uuid.uuid4())

    percents = [percent for _, percent, _ in progress.told]
    assert percents == sorted(percents)
    assert progress.told[0][:2] == ("extracting_text", 10)
    assert ("analyzing", 40) in [told[:2] for told in progress.told]
    assert progress.told[-1][:2] == ("completed", 100)
    assert "Lecture du texte : page 2 sur 4" in [message for _, _, message in progress.told]
    assert result.variants.value == "forbidden"


@pytest.mark.parametrize("status", ["extracting_text", "analyzing"])
def test_a_cancel_ends_the_analysis(status: str) -> None:
    progress = RecordingProgress(cancel_at=status)

    with pytest.raises(Cancelled):
        RCAnalyzer(OfflineEngine(), cast(Progress, progress)).analyze_rc(RC, uuid.uuid4())

    assert progress.told[-1][0] == status
