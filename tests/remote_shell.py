"""
A process of an installation that runs Python statements it is sent: another process that changes the database.

Run as `python -m tests.remote_shell`; each line of input is a JSON text of statements, each line of output the time by
the clock right after they were carried out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import redirect_stdout

import django

from tests.servers import ROOT

_BEGIN = "ready"


class RemoteShell:
    """The other end: starts the process, sends statements, is ended by `close`."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._popen = subprocess.Popen(
            [sys.executable, "-m", "tests.remote_shell"],
            cwd=ROOT,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._read() == _BEGIN

    def run(self, statements: str) -> float:
        """Carry out statements; return `time.time()` right after."""
        assert self._popen.stdin is not None
        self._popen.stdin.write(json.dumps(statements) + "\n")
        self._popen.stdin.flush()
        return float(self._read())

    def close(self) -> None:
        """End the process."""
        self._popen.kill()
        self._popen.communicate()

    def _read(self) -> str:
        assert self._popen.stdout is not None
        line = self._popen.stdout.readline().strip()
        assert line, "the statements failed; see standard error"
        return line


def main() -> None:
    """Carry out what comes in."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    print(_BEGIN, flush=True)
    for line in sys.stdin:
        with redirect_stdout(sys.stderr):  # what the statements print is no answer
            exec(json.loads(line), {})
        print(time.time(), flush=True)


if __name__ == "__main__":
    main()
