"""`manage.py demo`: the main job in the terminal, on a server of its own: upload an RC, watch its analysis, read it."""

from __future__ import annotations

import asyncio
import json
import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from proposals import demo, demo_data
from proposals.demo import DemoFailed, Order, Outcome, View
from proposals.models import Operation
from proposals.terminal_summary import print_analysis, print_results
from realtime.terminal.client import Connection
from realtime.terminal.fold import Frame, State
from realtime.terminal.screen import Screen, make_screen
from realtime.terminal.wording import format_seconds

SAMPLE = demo_data.SAMPLES / "accord-cadre-services-numeriques.pdf"
DEFAULT_TIMEOUT_SECONDS = 900.0
#: What shells report for a program that was interrupted.
INTERRUPTED = 130


class TerminalView:
    """Says each stage and shows progress bars."""

    def __init__(self, console: Console, screen: Screen) -> None:
        self._console = console
        self._screen = screen

    def say(self, sentence: str) -> None:
        """Print a line."""
        self._console.print(sentence, markup=False, highlight=False)

    def show_connection(self, connection: Connection) -> None:
        """Change the screen."""
        self._screen.show_connection(connection)

    def show_frame(self, frame: Frame, state: State) -> None:
        """Change the screen."""
        self._screen.show_state(state)


class JsonView:
    """Prints each frame as one line of JSON and nothing else."""

    def say(self, sentence: str) -> None:
        """Nothing: the output is for programs."""

    def show_connection(self, connection: Connection) -> None:
        """Nothing: a new connection shows by its `welcome`."""

    def show_frame(self, frame: Frame, state: State) -> None:
        """Print the frame. ASCII, so that no line separator of Unicode breaks a line for its reader."""
        print(json.dumps(frame, separators=(",", ":")), flush=True)  # noqa: T201 - standard output is the interface


class Command(BaseCommand):
    help = "Go from an RC to the documents of a proposal on a scratch server, with live progress."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rc", type=Path, default=SAMPLE, help="the RC, a PDF (default: a sample)")
        parser.add_argument(
            "--out", type=Path, default=Path(settings.VAR_DIR("demo")), metavar="DIR", help="where the documents go"
        )
        parser.add_argument(
            "--library", type=Path, metavar="DIR", help="documents to use as content library (DOCX, PDF, Markdown)"
        )
        parser.add_argument("--company", default="", metavar="NAME", help="who answers, as the documents name it")
        parser.add_argument("--json", action="store_true", help="print each frame received as a line of JSON, no more")
        parser.add_argument(
            "--timeout",
            type=float,
            default=DEFAULT_TIMEOUT_SECONDS,
            metavar="SECONDS",
            help=f"give up after this time (default: {DEFAULT_TIMEOUT_SECONDS:g})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console()
        order = Order(options["rc"], out=options["out"], library=options["library"], company=options["company"])
        try:
            outcome = self._run(order, console, timeout_seconds=options["timeout"], as_json=options["json"])
            if not options["json"]:
                print_analysis(outcome.analysis, console)
                print_results(outcome.results, outcome.files, console)
        except DemoFailed as failure:
            raise CommandError(str(failure)) from failure
        except BrokenPipeError as error:
            raise CommandError("La sortie standard a été fermée par son lecteur.") from error
        except (KeyboardInterrupt, asyncio.CancelledError) as error:
            raise CommandError("Démonstration interrompue.", returncode=INTERRUPTED) from error

    def _run(self, order: Order, console: Console, *, timeout_seconds: float, as_json: bool) -> Outcome:
        if as_json:
            return asyncio.run(_run_within(order, JsonView(), timeout_seconds=timeout_seconds))
        with make_screen(console, labels=dict(Operation.Kind.choices)) as screen:
            return asyncio.run(_run_within(order, TerminalView(console, screen), timeout_seconds=timeout_seconds))


async def _run_within(order: Order, view: View, *, timeout_seconds: float) -> Outcome:
    _stop_in_order_on_signals()
    try:
        async with asyncio.timeout(timeout_seconds) as limit:
            return await demo.run(order, view)
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise DemoFailed(f"La démonstration n’a pas abouti en {format_seconds(timeout_seconds)}.") from error


def _stop_in_order_on_signals() -> None:
    """Let SIGTERM and a closed terminal end the demo as Ctrl-C does: with everything it started."""
    task = asyncio.current_task()
    if task is not None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
