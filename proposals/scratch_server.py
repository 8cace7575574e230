"""
A server of its own for a demonstration: scratch database and files, a free port, nothing left behind.

The developer's settings, database and files are not touched: everything that matters is overridden by environment
variables, which win over `.env`.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from realtime.terminal.address import parse_address
from realtime.terminal.tokens import open_http

#: Longest wait for tables, demo data and the server, each.
START_SECONDS = 90.0
#: A server that has not ended by itself after this is killed.
STOP_SECONDS = 10.0
POLL_SECONDS = 0.05
MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
#: What makes an empty database ready for the demo users.
PREPARATION = (("migrate", "--verbosity", "0"), ("load_demo",))
#: Added to the last of these for a demo that brings a library, or the name of a company, of its own.
WITHOUT_LIBRARY = "--without-library"
COMPANY = "--company"
#: The command that sets variables and leaves the rest of the environment as it is (POSIX).
ENV_COMMAND = "/usr/bin/env"

_ADDRESS = re.compile(r"Tenderwire: (http://\S+?)/\s")


class ServerDidNotStart(Exception):
    """The scratch server does not run; the text is the last line of its log."""


@asynccontextmanager
async def run_scratch_server(*, with_library: bool = True, company: str = "") -> AsyncIterator[str]:
    """
    Run a server with the demo data and yield its base URL; stop it and remove its folder at the end.

    Args:
        with_library: whether the demo companies get their content libraries.
        company: name of the first demo company, if not its own.

    Raises:
        ServerDidNotStart: it could not be prepared or started.
    """
    with TemporaryDirectory(prefix="tenderwire-demo-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        *before, load = PREPARATION
        options = (*(() if with_library else (WITHOUT_LIBRARY,)), *((COMPANY, company) if company else ()))
        for command in (*before, (*load, *options)):
            async with _running(command, directory) as process:
                await _wait_for_end(process, directory)
        async with _running(("serve", "--port", "0"), directory) as process:
            yield await _wait_until_ready(process, directory)


def _settings_of(directory: Path) -> dict[str, str]:
    return {
        "DEBUG": "True",  # the demo users exist in debug mode only
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "127.0.0.1",
        "VAR_DIR": str(directory),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "REDIS_SENTINELS": "",
        "CELERY_BROKER_URL": "",
        "PROPOSALS_WORKER_THREADS": "2",
        "PYTHONUNBUFFERED": "1",
    }


@asynccontextmanager
async def _running(command: tuple[str, ...], directory: Path) -> AsyncIterator[Process]:
    """Run a management command in a process group of its own; stop the whole group at the end."""
    assignments = [f"{name}={value}" for name, value in _settings_of(directory).items()]
    program = [sys.executable, str(MANAGE), *command]
    with _log_of(directory).open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            ENV_COMMAND, *assignments, *program, stdin=DEVNULL, stdout=log, stderr=log, process_group=0
        )
    try:
        yield process
    finally:
        await _stop(process)


async def _stop(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        pass
    finally:
        # Also on a second Ctrl-C, and for processes that the server leaves behind.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


async def _wait_for_end(process: Process, directory: Path) -> None:
    try:
        code = await asyncio.wait_for(process.wait(), START_SECONDS)
    except TimeoutError as error:
        raise ServerDidNotStart(_last_line(directory)) from error
    if code != 0:
        raise ServerDidNotStart(_last_line(directory))


async def _wait_until_ready(process: Process, directory: Path) -> str:
    try:
        async with asyncio.timeout(START_SECONDS):
            while process.returncode is None:
                url = _find_address(directory)
                if url and await _is_ready(url):
                    return url
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        pass
    raise ServerDidNotStart(_last_line(directory))


def _find_address(directory: Path) -> str:
    match = _ADDRESS.search(_log_of(directory).read_text(errors="replace"))
    return match[1] if match else ""


async def _is_ready(url: str) -> bool:
    async with open_http(parse_address(url)) as http:
        try:
            return (await http.get("/readyz")).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


def _log_of(directory: Path) -> Path:
    return directory / "server.log"


def _last_line(directory: Path) -> str:
    lines = _log_of(directory).read_text(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "aucun message")
