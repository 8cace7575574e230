"""
A project on a terminal: a bar for each operation, a line for each section with the text that is being written; or
plain lines where the output is no terminal.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Protocol, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from realtime.terminal.client import Connection
from realtime.terminal.fold import State, empty_state
from realtime.terminal.wording import (
    describe_connection,
    describe_section,
    describe_step,
    elapsed_seconds,
    format_seconds,
    tail_of,
    to_printable,
)

REFRESHES_PER_SECOND = 8
BAR_WIDTH = 28
#: A plain line is printed at least this often as progress grows, in percent.
PLAIN_STEP = 10

#: How far the text being written stands in from the left.
TAIL_INDENT = 5

_SECTION_STYLES = {"planned": "dim", "writing": "cyan", "written": "green"}
_STYLES = {"live": "green", "connecting": "yellow", "waiting": "yellow", "closed": "red"}
_BAR_STYLES = {"failed": "red", "cancelled": "yellow", "succeeded": "green"}

Operation = dict[str, Any]
Section = dict[str, Any]


class Screen(Protocol):
    """Shows how the connection and the operations are."""

    def __enter__(self) -> Self:
        """Begin to show."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave the last picture on the terminal."""

    def show_connection(self, connection: Connection) -> None:
        """The connection has changed."""

    def show_state(self, state: State) -> None:
        """A frame has come; `state` holds it."""


def make_screen(console: Console, *, labels: Mapping[str, str]) -> Screen:
    """
    Return the screen that fits the console.

    Args:
        labels: what people call each kind of operation; a kind without label is shown as it is.
    """
    return BarScreen(console, labels=labels) if console.is_terminal else PlainScreen(console, labels=labels)


class BarScreen:
    """One line on the connection, one bar for each operation, redrawn in place."""

    def __init__(self, console: Console, *, labels: Mapping[str, str]) -> None:
        self._console = console
        self._labels = labels
        self._connection = Connection("connecting")
        self._connection_at = time.monotonic()
        self._state = empty_state()
        self._data_at: datetime | None = None
        #: When each operation's entry came, so that its remaining time counts down in between.
        self._entries: dict[str, tuple[Operation, float]] = {}
        self._live = Live(get_renderable=self._render, console=console, refresh_per_second=REFRESHES_PER_SECOND)

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Draw a last time and leave the picture."""
        self._live.stop()

    def show_connection(self, connection: Connection) -> None:
        """Change the line on the connection."""
        self._connection, self._connection_at = connection, time.monotonic()

    def show_state(self, state: State) -> None:
        """Change the bars."""
        self._data_at = datetime.now(tz=UTC)
        self._state = state
        for entry in state["operations"]:
            known = self._entries.get(entry["operation_id"])
            if known is None or known[0] is not entry:  # the fold keeps what an event does not touch
                self._entries[entry["operation_id"]] = (entry, time.monotonic())

    def _render(self) -> RenderableType:
        bars = Table.grid(padding=(0, 1), expand=True)
        for _ in range(3):
            bars.add_column(no_wrap=True)
        bars.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        bars.add_column(no_wrap=True, justify="right")
        for entry in self._state["operations"]:
            bars.add_row(*self._row(entry))
        width = self._console.width - TAIL_INDENT
        sections = [_section_line(section, width=width) for section in self._state["sections"]]
        return Group(self._connection_line(), bars, *sections)

    def _connection_line(self) -> Text:
        left = max(0.0, self._connection.wait_seconds - (time.monotonic() - self._connection_at))
        words = describe_connection(Connection(self._connection.state, left))
        as_of = f" · données de {self._data_at.astimezone():%H:%M:%S}" if self._data_at else ""
        return Text.assemble(("● ", _STYLES[self._connection.state]), words, (as_of, "dim"), no_wrap=True)

    def _row(self, entry: Operation) -> list[RenderableType]:
        style = _BAR_STYLES.get(entry["status"], "cyan")
        waiting = entry["status"] == "pending"
        bar = ProgressBar(
            total=None if waiting else 100,
            completed=entry["progress"],
            width=BAR_WIDTH,
            complete_style=style,
            finished_style=style,
        )
        return [
            Text(_label(entry, self._labels), style="bold"),
            bar,
            Text(f"{entry['progress']:3d} %"),
            Text(describe_step(entry)),
            Text(self._times(entry), style="dim"),
        ]

    def _times(self, entry: Operation) -> str:
        elapsed = elapsed_seconds(entry, now=datetime.now(tz=UTC))
        words = [] if elapsed is None else [format_seconds(elapsed)]
        if entry["status"] == "running" and entry["eta_seconds"] is not None:
            since = time.monotonic() - self._entries[entry["operation_id"]][1]
            words.append(f"reste {format_seconds(max(0.0, entry['eta_seconds'] - since))}")
        return " · ".join(words)


class PlainScreen:
    """One line for each change worth a line; for files, pipes and logs."""

    def __init__(self, console: Console, *, labels: Mapping[str, str]) -> None:
        self._console = console
        self._labels = labels
        self._state = empty_state()
        self._printed: dict[str, Operation] = {}
        #: The sections as last seen; None before the first state, whose sections are no news.
        self._sections: dict[str, Section] | None = None

    def __enter__(self) -> Self:
        """Nothing to prepare."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Nothing to leave."""

    def show_connection(self, connection: Connection) -> None:
        """Print how the connection is."""
        self._print(describe_connection(connection).capitalize())

    def show_state(self, state: State) -> None:
        """Print what has changed since the last line of each operation."""
        for entry in state["operations"]:
            if _is_worth_a_line(self._printed.get(entry["operation_id"]), entry):
                self._printed[entry["operation_id"]] = entry
                self._print(_plain_line(entry, self._labels))

        self._show_sections({entry["section_id"]: entry for entry in state["sections"]})

    def _show_sections(self, sections: dict[str, Section]) -> None:
        before = sections if self._sections is None else self._sections
        self._sections = sections
        for section_id, entry in sections.items():
            if _is_news(before.get(section_id), entry):
                self._print(f"Section {entry['order']}, {to_printable(entry['title'])} : {describe_section(entry)}")

    def _print(self, line: str) -> None:
        self._console.print(Text(f"{datetime.now(tz=UTC).astimezone():%H:%M:%S}  {line}"), soft_wrap=True)


def _label(entry: Operation, labels: Mapping[str, str]) -> str:
    return labels.get(entry["kind"], to_printable(entry["kind"]))


def _section_line(section: Section, *, width: int) -> Text:
    words = f"{section['order']:3d}. {to_printable(section['title'])} : {describe_section(section)}"
    line = Text(words, style=_SECTION_STYLES[section["status"]], no_wrap=True, overflow="ellipsis")
    if section["text"]:
        line.append(f"\n{' ' * TAIL_INDENT}{tail_of(section['text'], width=width)}", style="dim")
    return line


def _is_news(before: Section | None, entry: Section) -> bool:
    if before is None or entry["status"] == "planned":
        return before is None and entry["status"] != "planned"
    return (before["status"], before["version"]) != (entry["status"], entry["version"])


def _is_worth_a_line(before: Operation | None, entry: Operation) -> bool:
    if before is None or before["status"] != entry["status"]:
        return True
    grown = abs(entry["progress"] - before["progress"]) >= PLAIN_STEP
    return grown or describe_step(before) != describe_step(entry)


def _plain_line(entry: Operation, labels: Mapping[str, str]) -> str:
    eta = entry["eta_seconds"] if entry["status"] == "running" else None
    left = "" if not eta else f" (reste environ {format_seconds(eta)})"
    return f"{_label(entry, labels)} : {entry['progress']} % — {describe_step(entry)}{left}"
