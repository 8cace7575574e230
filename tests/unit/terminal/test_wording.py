"""What the terminal says about operations."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from realtime.terminal.client import Connection
from realtime.terminal.wording import (
    describe_connection,
    describe_step,
    elapsed_seconds,
    format_seconds,
    tail_of,
    to_printable,
)


def operation(**fields: Any) -> dict[str, Any]:
    defaults = {"status": "running", "step": None, "error": None, "started_at": None, "finished_at": None}
    return {**defaults, **fields}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": "pending"}, "en attente"),
        ({}, "en cours"),
        ({"step": {"status": "analyzing", "message": "Lecture"}}, "Lecture"),
        (
            {"step": {"current_requirement": "R-3", "requirements_completed": 3, "requirements_total": 12}},
            "R-3 (3/12)",
        ),
        ({"status": "cancelling", "step": {"message": "Lecture"}}, "annulation demandée"),
        ({"status": "succeeded", "step": {"message": "Lecture"}}, "terminée"),
        ({"status": "failed", "error": {"error": "Le PDF est protégé."}}, "Le PDF est protégé."),
    ],
)
def test_a_step_is_told_in_a_few_words(fields: dict[str, Any], expected: str) -> None:
    assert describe_step(operation(**fields)) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (125, "2 min 05 s"), (3720, "1 h 02 min")],
)
def test_durations_are_written_as_people_do(seconds: float, expected: str) -> None:
    assert format_seconds(seconds) == expected


@pytest.mark.parametrize(
    ("started", "finished", "expected"),
    [
        (None, None, None),
        ("2026-01-01T10:00:00.000Z", None, 30),
        ("2026-01-01T10:00:00.000Z", "2026-01-01T10:00:05.000Z", 5),
        ("2026-01-01T10:00:40.000Z", None, 0),
    ],
)
def test_the_elapsed_time_runs_from_the_start_to_the_end(
    started: str | None, finished: str | None, expected: float | None
) -> None:
    now = datetime(2026, 1, 1, 10, 0, 30, tzinfo=UTC)

    assert elapsed_seconds(operation(started_at=started, finished_at=finished), now=now) == expected


def test_what_would_steer_the_terminal_is_taken_out_of_texts() -> None:
    assert to_printable("Lot\x1b[2J 1\n\t é\u202e\u200b\x9b") == "Lot [2J 1 é"


def test_a_lost_connection_says_when_it_is_tried_again() -> None:
    assert describe_connection(Connection("waiting", 3.2)) == "connexion perdue, nouvel essai dans 3 s"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Tout tient.", "Tout tient."),
        ("un deux trois quatre cinq", "… trois quatre cinq"),
        ("un  deux\n\ntrois", "un deux trois"),
    ],
)
def test_the_tail_of_a_text_is_one_line_of_whole_words(text: str, expected: str) -> None:
    assert tail_of(text, width=20) == expected
