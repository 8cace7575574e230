import uuid

from hypothesis import given
from hypothesis import strategies as st

from realtime.events import Error, ProjectEvent, RCAnalysisProgress
from realtime.throttle import Eta, Throttle

PROJECT = uuid.uuid4()


def progress(percent: int) -> RCAnalysisProgress:
    return RCAnalysisProgress(project_id=PROJECT, status="analyzing", progress=percent, message=f"{percent}")


def error() -> Error:
    return Error(project_id=PROJECT, operation="rc_analysis", error="Non.")


def percents(events: list[ProjectEvent]) -> list[int]:
    return [event.progress for event in events if isinstance(event, RCAnalysisProgress)]


def test_the_first_progress_passes_at_once() -> None:
    throttle = Throttle(min_interval_seconds=1)

    assert percents(throttle.offer(progress(10), now=0)) == [10]


def test_progress_within_the_interval_is_held_back_and_the_newest_comes_at_its_end() -> None:
    throttle = Throttle(min_interval_seconds=1)
    throttle.offer(progress(10), now=0)

    held = [throttle.offer(progress(percent), now=0.5) for percent in (20, 30)]

    assert held == [[], []]
    assert not throttle.is_due(now=0.9)
    assert throttle.is_due(now=1.0)
    assert percents([*throttle.flush(now=1.0)]) == [30]
    assert not throttle.is_due(now=5.0)


def test_a_new_status_passes_at_once() -> None:
    throttle = Throttle(min_interval_seconds=1)
    throttle.offer(progress(10), now=0)

    events = throttle.offer(progress(40).model_copy(update={"status": "completed"}), now=0.1)

    assert percents(events) == [40]


def test_an_error_passes_at_once_after_the_progress_that_was_held_back() -> None:
    throttle = Throttle(min_interval_seconds=1)
    throttle.offer(progress(10), now=0)
    throttle.offer(progress(20), now=0.1)

    events = throttle.offer(error(), now=0.2)

    assert [event.type for event in events] == ["rc_analysis_progress", "error"]


@given(st.lists(st.tuples(st.integers(0, 100), st.floats(0, 0.5)), min_size=1, max_size=50))
def test_what_is_published_never_goes_back_and_ends_at_the_highest(steps: list[tuple[int, float]]) -> None:
    throttle = Throttle(min_interval_seconds=0.3)
    now = 0.0
    published: list[int] = []

    for percent, pause in steps:
        now += pause
        published += percents(throttle.offer(progress(percent), now=now))
    published += percents([*throttle.flush(now=now)])

    assert published == sorted(published)
    assert published[-1] == max(percent for percent, _ in steps)


def test_the_eta_is_unknown_while_it_would_be_a_guess() -> None:
    eta = Eta(started=0)

    assert eta.update(50, now=1) is None
    assert eta.update(1, now=10) is None


def test_the_eta_follows_the_speed_so_far() -> None:
    eta = Eta(started=0)

    assert eta.update(50, now=10) == 10
    assert eta.update(100, now=20) == 0
