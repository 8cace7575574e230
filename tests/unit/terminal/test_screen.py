"""The two screens: bars on a terminal, lines elsewhere."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from realtime.terminal.client import Connection
from realtime.terminal.fold import empty_state
from realtime.terminal.screen import BarScreen, PlainScreen, make_screen

LABELS = {"rc_analysis": "Analyse du RC"}


def state_with(**fields: Any) -> dict[str, Any]:
    operation = {
        "operation_id": "a",
        "kind": "rc_analysis",
        "status": "running",
        "progress": 0,
        "eta_seconds": None,
        "step": None,
        "error": None,
        "result": None,
        "started_at": "2026-01-01T10:00:00.000Z",
        "finished_at": None,
        **fields,
    }
    return {**empty_state(), "operations": [operation]}


def make_console(*, terminal: bool) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, width=100, color_system=None)


def written_to(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(("terminal", "expected"), [(True, BarScreen), (False, PlainScreen)])
def test_only_a_terminal_gets_bars(terminal: bool, expected: type) -> None:
    assert isinstance(make_screen(make_console(terminal=terminal), labels=LABELS), expected)


def test_lines_are_printed_for_changes_worth_a_line() -> None:
    console = make_console(terminal=False)
    step = {"message": "Lecture des pages"}

    with make_screen(console, labels=LABELS) as screen:
        screen.show_connection(Connection("live"))
        screen.show_state(state_with(progress=10, step=step, eta_seconds=12))
        screen.show_state(state_with(progress=11, step=step))
        screen.show_state(state_with(progress=20, step=step))
        screen.show_state(state_with(progress=21, step={"message": "Critères"}))
        screen.show_state(state_with(progress=100, status="succeeded"))

    lines = [line[10:] for line in written_to(console).splitlines()]
    assert lines == [
        "En direct",
        "Analyse du RC : 10 % — Lecture des pages (reste environ 12 s)",
        "Analyse du RC : 20 % — Lecture des pages",
        "Analyse du RC : 21 % — Critères",
        "Analyse du RC : 100 % — terminée",
    ]


def test_a_bar_shows_step_percent_elapsed_and_remaining_time() -> None:
    console = make_console(terminal=True)

    with make_screen(console, labels=LABELS) as screen:
        screen.show_connection(Connection("live"))
        screen.show_state(state_with(progress=42, step={"message": "Lecture"}, eta_seconds=90))

    picture = written_to(console)
    for part in ("en direct", "données de", "Analyse du RC", "42 %", "Lecture", "reste 1 min", "━"):
        assert part in picture


def test_a_finished_bar_says_how_long_it_took_and_why_it_failed() -> None:
    console = make_console(terminal=True)
    error = {"code": "pdf_encrypted", "error": "Le PDF est protégé.", "retryable": False}

    with make_screen(console, labels=LABELS) as screen:
        screen.show_connection(Connection("waiting", 2))
        screen.show_state(state_with(status="failed", error=error, finished_at="2026-01-01T10:00:07.000Z"))

    picture = written_to(console)
    for part in ("connexion perdue, nouvel essai dans 2 s", "Le PDF est protégé.", "7 s"):
        assert part in picture


def test_text_from_a_document_is_never_taken_for_markup() -> None:
    console = make_console(terminal=False)

    with make_screen(console, labels=LABELS) as screen:
        screen.show_state(state_with(step={"message": "[bold]Lot[/bold] \x1b[31m1"}))

    assert "[bold]Lot[/bold] [31m1" in written_to(console)


def section_with(**fields: Any) -> dict[str, Any]:
    section = {
        "section_id": "s",
        "order": 2,
        "title": "Moyens humains",
        "status": "planned",
        "version": 0,
        "locked": False,
        "edited": False,
        "words_budget": 400,
        "length": 0,
        "sha256": "e3b0c442",
        "quality_score": None,
        "text": None,
        **fields,
    }
    return {**empty_state(), "sections": [section]}


def test_sections_that_are_written_get_a_line() -> None:
    console = make_console(terminal=False)

    with make_screen(console, labels=LABELS) as screen:
        screen.show_state(section_with())
        screen.show_state(section_with(status="writing", text=""))
        screen.show_state(section_with(status="writing", text="Nous"))
        screen.show_state(section_with(status="written", version=1, length=4))
        screen.show_state(section_with(status="written", version=1, length=4, order=1))
        screen.show_state(section_with(status="written", version=2, length=9, edited=True, locked=True))

    lines = [line[10:] for line in written_to(console).splitlines()]
    assert lines == [
        "Section 2, Moyens humains : en cours de rédaction",
        "Section 2, Moyens humains : rédigée, 4 signes",
        "Section 2, Moyens humains : rédigée, 9 signes, modifiée, verrouillée",
    ]


def test_what_was_written_before_is_no_news() -> None:
    console = make_console(terminal=False)

    with make_screen(console, labels=LABELS) as screen:
        screen.show_state(section_with(status="written", version=1, length=4))

    assert written_to(console) == ""


def test_a_terminal_shows_the_end_of_what_is_being_written() -> None:
    console = make_console(terminal=True)
    text = "Un début que l'on ne voit plus. " * 20 + "Et voici \x1b[31m la fin"

    with make_screen(console, labels=LABELS) as screen:
        screen.show_state(section_with(status="writing", text=text))

    picture = written_to(console)
    assert "2. Moyens humains : en cours de rédaction" in picture
    assert "Et voici [31m la fin" in picture
