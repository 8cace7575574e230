"""
A process of its own for every file nobody has vouched for, with limits, and the lines of JSON that it says.

The child restricts itself (`restrict`) before it opens the file; the parent watches the clock. Whatever happens, no
process is left behind.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: How Python ends on an error that nobody caught; a process over its limits is killed instead.
FAILED_EXIT_CODE = 1
#: Longest time between a child's last word and its end.
EXIT_SECONDS = 2.0
#: How long to wait for the child before `on_silence` is called, so that a cancel is heard.
TICK_SECONDS = 0.5
READ_SIZE = 65536
#: One message as JSON is never longer; more means that the child is being abused.
MAX_LINE_BYTES = 16 * 1024 * 1024


class TooCostly(Exception):
    """The child took too long or said too much."""


def restrict(*, memory_bytes: int, cpu_seconds: int) -> None:
    """Bound the memory and the processor time of this process, and of those it starts."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def say(message: dict[str, Any]) -> None:
    """Tell the parent."""
    sys.stdout.write(json.dumps(message, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class ChildProcess:
    """
    A module of this repository run with `python -m`, heard line by line.

    Args:
        module: its dotted name.
        arguments: its command line.
        wall_seconds: time by the clock, from the start; see `extend`.
        on_silence: called about twice a second while the child says nothing. What it raises ends the child.
    """

    def __init__(
        self, module: str, arguments: Sequence[str], *, wall_seconds: float, on_silence: Callable[[], None]
    ) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._wall_seconds = wall_seconds
        self._on_silence = on_silence
        self._deadline = 0.0
        self._exit_code: int | None = None

    @property
    def has_failed(self) -> bool:
        """Whether the child ended by an error of its own, in time: neither killed nor over a limit."""
        return self._exit_code == FAILED_EXIT_CODE and time.monotonic() < self._deadline

    def extend(self, seconds: float) -> None:
        """Give the child more time."""
        self._deadline += seconds

    def messages(self) -> Generator[dict[str, Any], None, None]:
        """
        Start the child and yield what it says as it comes; end it when the caller stops listening.

        Raises:
            TooCostly: it took too long or said too much.
        """
        self._deadline = time.monotonic() + self._wall_seconds
        child = self._start()
        try:
            for line in self._lines(child):
                yield json.loads(line)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(EXIT_SECONDS)
        finally:
            _end(child)
            self._exit_code = child.returncode

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 — own module, no shell
            self._command,
            cwd=ROOT,
            env={"PATH": os.defpath, "OMP_THREAD_LIMIT": "1", "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _lines(self, child: subprocess.Popen[bytes]) -> Iterator[bytes]:
        rest = b""
        for chunk in self._chunks(child):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > MAX_LINE_BYTES:
                raise TooCostly
            yield from lines

    def _chunks(self, child: subprocess.Popen[bytes]) -> Iterator[bytes]:
        if child.stdout is None:
            return
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            while True:
                if time.monotonic() > self._deadline:
                    raise TooCostly
                if not selector.select(TICK_SECONDS):
                    self._on_silence()
                    continue
                chunk = os.read(child.stdout.fileno(), READ_SIZE)
                if not chunk:
                    return
                yield chunk


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the child with everything it started, and collect it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    if child.stdout:
        child.stdout.close()
    child.wait()
