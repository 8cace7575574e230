"""Exchanges, deaths and signals that come at a bad time: a supervisor over processes that only pretend to serve."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from realtime import supervisor as module
from realtime.server import LEAVE_SIGNAL, bind
from realtime.supervisor import DidNotStart, Supervisor
from tests.waiting import await_until

PROCESSES = 3
#: Is ready unless a file `hold` or `fail` says otherwise, and goes when it is asked to unless a file `linger` does.
PRETENDER = """
import os, signal, sys, time
from pathlib import Path
room = Path(sys.argv[1])
def leave(*_):
    while (room / "linger").exists():
        time.sleep(0.01)
    os._exit(0)
signal.signal(int(sys.argv[2]), leave)
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
(room / f"started-{os.getpid()}").write_text(os.environ["WORD"] if set(os.environ) <= {"WORD", "LC_CTYPE"} else "more")
while (room / "hold").exists():
    time.sleep(0.01)
if (room / "fail").exists():
    os._exit(1)
os.write(int(sys.argv[sys.argv.index("--ready-fd") + 1]), b"1")
while True:
    time.sleep(0.05)
    if os.getppid() != int(sys.argv[sys.argv.index("--supervisor") + 1]):
        os._exit(0)
"""


class Stage:
    """A supervisor at work in this process, and the files by which its processes are told what to do."""

    def __init__(self, room: Path, log: pytest.LogCaptureFixture) -> None:
        self.room = room
        self._log = log

    @property
    def said(self) -> list[str]:
        """What the supervisor logged."""
        return [record.getMessage() for record in self._log.records if record.name == module.__name__]

    @property
    def started(self) -> set[int]:
        """The ids of all processes that ever began."""
        return {int(path.name.removeprefix("started-")) for path in self.room.glob("started-*")}

    @property
    def alive(self) -> set[int]:
        return {pid for pid in self.started if is_alive(pid)}

    @property
    def words(self) -> list[str]:
        """The variable `WORD` of each process; "more" if it has others too."""
        return [path.read_text() for path in self.room.glob("started-*")]

    def put(self, name: str) -> None:
        (self.room / name).touch()

    def take(self, name: str) -> None:
        (self.room / name).unlink()

    def ask_for_exchange(self) -> None:
        """Send SIGHUP, which would end the test run if nobody handled it."""
        assert signal.getsignal(signal.SIGHUP) != signal.SIG_DFL
        os.kill(os.getpid(), signal.SIGHUP)

    async def until_said(self, text: str, *, times: int = 1) -> None:
        await await_until(lambda: sum(text in line for line in self.said) >= times, seconds=30, what=text)

    async def until_settled(self) -> set[int]:
        """Wait until so many processes live as there should be, and return them."""
        await await_until(lambda: len(self.alive) == PROCESSES, seconds=30, what="the processes to be complete")
        return self.alive


@pytest.fixture
def stage(tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Stage:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(module, "FIRST_RESTART_SECONDS", 0.05)
    monkeypatch.setattr(module, "STABLE_SECONDS", 0.0)
    return Stage(tmp_path, caplog)


@asynccontextmanager
async def supervising(stage: Stage) -> AsyncIterator[asyncio.Task[None]]:
    """Run a supervisor; stop it at the end unless it has stopped."""
    listener = bind("127.0.0.1", 0)
    command = [sys.executable, "-I", "-S", "-c", PRETENDER, str(stage.room), str(int(LEAVE_SIGNAL))]
    supervisor = Supervisor(listener=listener, command=command, environment={"WORD": "given"}, processes=PROCESSES)
    running = asyncio.create_task(supervisor.run())
    await asyncio.sleep(0)
    try:
        yield running
    finally:
        for name in ("hold", "linger"):
            (stage.room / name).unlink(missing_ok=True)
        if not running.done():
            os.kill(os.getpid(), signal.SIGTERM)
            await running
        listener.close()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().remove_signal_handler(number)
        assert not stage.alive


async def test_processes_get_the_environment_that_is_given_and_no_other(stage: Stage) -> None:
    async with supervising(stage):
        await stage.until_said("processes serve")

        assert stage.words == ["given"] * PROCESSES


async def test_an_exchange_that_is_asked_for_during_an_exchange_follows_it(stage: Stage) -> None:
    async with supervising(stage):
        await stage.until_said("processes serve")
        stage.put("linger")
        stage.ask_for_exchange()
        await await_until(lambda: len(stage.started) == PROCESSES + 1, what="the first successor")
        await stage.until_said("serves.", times=PROCESSES + 1)
        before = stage.started
        stage.ask_for_exchange()
        await stage.until_said("SIGHUP is noted")
        stage.take("linger")
        await stage.until_said("are exchanged", times=2)
        after = await stage.until_settled()

    assert not after & before


async def test_what_was_started_after_the_signal_is_not_exchanged_again(stage: Stage) -> None:
    async with supervising(stage):
        await stage.until_said("processes serve")
        stage.put("hold")
        stage.ask_for_exchange()
        await await_until(lambda: len(stage.started) == PROCESSES + 1, what="the first successor")
        stage.ask_for_exchange()
        await stage.until_said("SIGHUP is noted")
        stage.take("hold")
        await stage.until_said("are exchanged", times=2)

        assert len(stage.started) == PROCESSES * 2 + 1


@pytest.mark.parametrize("doomed", range(PROCESSES))
async def test_a_process_that_dies_during_an_exchange_is_replaced_once(stage: Stage, doomed: int) -> None:
    async with supervising(stage):
        await stage.until_said("processes serve")
        old = [int(line.split()[1]) for line in stage.said if line.endswith("serves.")]
        stage.put("hold")
        stage.ask_for_exchange()
        await await_until(lambda: len(stage.started) == PROCESSES + 1, what="the first successor")
        os.kill(old[doomed], signal.SIGKILL)
        await stage.until_said(f"Process {old[doomed]} ended")
        stage.take("hold")
        await stage.until_said("are exchanged")
        after = await stage.until_settled()
        await stage.until_said("serves.", times=2 * PROCESSES)

        assert not after & set(old)
        assert len(stage.started) == 2 * PROCESSES


async def test_a_process_that_dies_while_its_successor_fails_is_replaced(stage: Stage) -> None:
    async with supervising(stage):
        await stage.until_said("processes serve")
        old = [int(line.split()[1]) for line in stage.said if line.endswith("serves.")]
        stage.put("hold")
        stage.put("fail")
        stage.ask_for_exchange()
        await await_until(lambda: len(stage.started) == PROCESSES + 1, what="the first successor")
        for pid in old:
            os.kill(pid, signal.SIGKILL)
        await stage.until_said("ended", times=PROCESSES)
        stage.take("hold")
        await stage.until_said("A new process did not start")
        await stage.until_said("the next try")
        stage.take("fail")

        await stage.until_said("serves.", times=2 * PROCESSES)
        assert not await stage.until_settled() & set(old)


async def test_an_exchange_that_is_asked_for_during_the_start_follows_it(stage: Stage) -> None:
    stage.put("hold")
    async with supervising(stage):
        await await_until(lambda: len(stage.started) == PROCESSES, what="the start")
        first = stage.started
        stage.ask_for_exchange()
        await stage.until_said("SIGHUP is noted")
        assert "Exchanging the processes." not in stage.said
        stage.take("hold")
        await stage.until_said("are exchanged")

        assert not await stage.until_settled() & first
    noted, ready, done = (
        next(index for index, line in enumerate(stage.said) if text in line)
        for text in ("SIGHUP is noted", f"{PROCESSES} processes serve", "are exchanged")
    )
    assert noted < ready < done


async def test_sighup_is_handled_before_the_first_process_begins(stage: Stage) -> None:
    async with supervising(stage):
        assert not stage.started
        stage.ask_for_exchange()
        await stage.until_said("are exchanged")

        assert len(await stage.until_settled()) == PROCESSES


async def test_sigterm_during_the_start_is_no_failure(stage: Stage) -> None:
    stage.put("hold")
    async with supervising(stage) as running:
        await await_until(lambda: len(stage.started) == PROCESSES, what="the start")
        os.kill(os.getpid(), signal.SIGTERM)

        await running


async def test_a_first_process_that_fails_ends_the_others(stage: Stage) -> None:
    stage.put("fail")
    async with supervising(stage) as running:
        with pytest.raises(DidNotStart):
            await running


async def test_a_command_that_cannot_be_started_for_a_while_is_tried_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = asyncio.create_subprocess_exec
    refusals = [BlockingIOError("no more processes")]

    async def refuse(*arguments: object, **options: object) -> object:
        if refusals:
            raise refusals.pop()
        return await create(*arguments, **options)  # type: ignore[arg-type]

    async with supervising(stage):
        await stage.until_said("processes serve")
        monkeypatch.setattr(asyncio, "create_subprocess_exec", refuse)
        doomed = min(stage.alive)
        os.kill(doomed, signal.SIGKILL)
        await stage.until_said("cannot be started")

        assert doomed not in await stage.until_settled()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except FileNotFoundError:
        return False
