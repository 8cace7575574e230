"""A publisher in a process of its own, as a test drives it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from typing import IO

from tests.servers import ROOT


class Publisher:
    """Publishes events on a project, over the site's database and channel layer."""

    def __init__(self, project_id: str, *, env: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.event_publisher", project_id],
            cwd=ROOT,
            env={**env, "DJANGO_SETTINGS_MODULE": "project.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, kind: str, count: int, *, chars: int = 0, per_second: float = 0) -> None:
        """Have events published (`progress`, `text` or `error`), without waiting; 0 per second: as fast as they go."""
        self._stdin.write(f"{kind} {count} {chars} {per_second}\n")
        self._stdin.flush()

    def read(self, count: int) -> dict[int, float]:
        """Wait for events that were asked for; return when (`time.monotonic`) each sequence was published."""
        assert self._process.stdout is not None
        lines = [self._process.stdout.readline().split() for _ in range(count)]
        return {int(sequence): float(clock) for sequence, clock in lines}

    def publish(self, kind: str, count: int, *, chars: int = 0, per_second: float = 0) -> dict[int, float]:
        """Have events published and wait until they are."""
        self.ask(kind, count, chars=chars, per_second=per_second)
        return self.read(count)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    @property
    def _stdin(self) -> IO[str]:
        assert self._process.stdin is not None
        return self._process.stdin
