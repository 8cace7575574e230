"""
Throttle progress at its source: leading and trailing edge, never backwards; and guess the time that is left.

Pure objects without clock or thread: the caller passes `now` (monotonic seconds) and drives the trailing edge.
"""

from __future__ import annotations

from realtime.events import ProgressEvent, ProjectEvent

#: Before this much work and time, a guess would mislead more than help.
ETA_MIN_PROGRESS = 5
ETA_MIN_ELAPSED_SECONDS = 2.0
#: Share of the newest guess in the smoothed one.
ETA_SMOOTHING = 0.4


class Throttle:
    """
    Decides which progress events of one run are published.

    The first passes at once, then one per `min_interval_seconds` with the newest state. A new `status` passes at once;
    everything that is not progress too, after the progress that was held back.
    """

    def __init__(self, *, min_interval_seconds: float) -> None:
        self._min_interval_seconds = min_interval_seconds
        self._last_published: float | None = None
        self._highest = 0
        self._held: ProgressEvent | None = None
        self._status: str | None = None

    def offer(self, event: ProjectEvent, *, now: float) -> list[ProjectEvent]:
        """Return the events to publish now, in order."""
        if not isinstance(event, ProgressEvent):
            return [*self.flush(now=now), event]
        self._highest = max(self._highest, event.progress)
        self._held = event.model_copy(update={"progress": self._highest})
        is_new_step = getattr(event, "status", None) != self._status
        return list(self.flush(now=now)) if is_new_step or self.is_due(now=now) else []

    def is_due(self, *, now: float) -> bool:
        """Whether a held event has waited long enough."""
        waited = self._last_published is None or now - self._last_published >= self._min_interval_seconds
        return self._held is not None and waited

    def flush(self, *, now: float) -> list[ProgressEvent]:
        """Return what was held back, due or not."""
        held, self._held = self._held, None
        if held is None:
            return []
        self._last_published = now
        self._status = getattr(held, "status", None)
        return [held]


class Eta:
    """Guesses the seconds left from the speed so far, smoothed."""

    def __init__(self, *, started: float) -> None:
        self._started = started
        self._seconds: float | None = None

    def update(self, progress: int, *, now: float) -> float | None:
        """Return the seconds left at this progress (0–100); None while it would be a guess."""
        elapsed = now - self._started
        if progress >= 100:
            return 0.0
        if progress < ETA_MIN_PROGRESS or elapsed < ETA_MIN_ELAPSED_SECONDS:
            return None
        guess = elapsed * (100 - progress) / progress
        previous = guess if self._seconds is None else self._seconds
        self._seconds = previous + ETA_SMOOTHING * (guess - previous)
        return round(self._seconds, 1)
