"""
N serving processes behind one listening socket: started, replaced when they die, exchanged one by one on SIGHUP.

The supervisor binds the socket, never accepts, and keeps it open: whoever comes while processes are exchanged waits in
its queue. It loads no application: each process is a fresh start of the command, and so of the code on the disk.

Source: docs/operations.md, "Scaling".
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from realtime.server import BACKLOG, LEAVE_SIGNAL

logger = logging.getLogger(__name__)

#: Longest time for a process to load and accept connections.
START_SECONDS = 90.0
#: Wait before a process that died is replaced; it doubles with each death in a row.
FIRST_RESTART_SECONDS = 0.5
LONGEST_RESTART_SECONDS = 30.0
#: A process that lived this long was good: its death is the first again.
STABLE_SECONDS = 30.0
#: What a process writes to its `--ready-fd` once it accepts connections.
READY = b"1"


class DidNotStart(Exception):
    """A process ended, or took too long, before it accepted connections."""


@dataclass(eq=False)
class Child:
    """One serving process."""

    process: asyncio.subprocess.Process
    started_at: float
    #: How long its successor waits if it dies early.
    restart_pause: float = FIRST_RESTART_SECONDS

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if the process is still there."""
        if self.process.returncode is None:
            self.process.send_signal(number)


class Supervisor:
    """
    Keeps N processes serving on one socket.

    SIGTERM and Ctrl-C drain them all and end, a second one ends at once; SIGHUP exchanges them.

    Args:
        listener: bound; the processes accept on it.
        command: starts one process; gets `--fd`, `--ready-fd` and `--supervisor` added.
        processes: how many.
    """

    def __init__(self, *, listener: socket.socket, command: Sequence[str], processes: int) -> None:
        self._listener = listener
        self._command = command
        self._processes = processes
        self._serving: set[Child] = set()
        self._all: set[Child] = set()
        self._keepers: set[asyncio.Task[None]] = set()
        self._exchange: asyncio.Task[None] | None = None
        self._end = asyncio.Event()

    async def run(self) -> None:
        """
        Serve until a signal ends it.

        Raises:
            DidNotStart: of the first processes one failed; the others have been ended.
        """
        self._listener.listen(BACKLOG)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, partial(self._stop, number))
        loop.add_signal_handler(signal.SIGHUP, self._begin_exchange)
        try:
            for child in await asyncio.gather(*(self._start() for _ in range(self._processes))):
                self._keep(child)
            logger.info("%d processes serve.", self._processes)
            await self._end.wait()
        finally:
            await self._wait_for_all()

    async def _start(self) -> Child:
        """
        Start a process and wait until it accepts connections.

        Raises:
            DidNotStart: it does not.
        """
        readable, writable = os.pipe()
        try:
            options = ("--fd", self._listener.fileno(), "--ready-fd", writable, "--supervisor", os.getpid())
            process = await asyncio.create_subprocess_exec(
                *self._command, *map(str, options), pass_fds=(self._listener.fileno(), writable)
            )
        finally:
            os.close(writable)
        child = Child(process, asyncio.get_running_loop().time())
        self._all.add(child)
        if self._end.is_set():
            child.signal(signal.SIGTERM)
        if not await _is_ready(readable):
            child.signal(signal.SIGKILL)
            await process.wait()
            self._all.discard(child)
            raise DidNotStart
        logger.info("Process %d serves.", process.pid)
        return child

    def _keep(self, child: Child) -> None:
        """Replace the process when it dies, unless it was told to go."""
        self._serving.add(child)
        keeper = asyncio.create_task(self._watch(child))
        self._keepers.add(keeper)
        keeper.add_done_callback(self._keepers.discard)

    async def _watch(self, child: Child) -> None:
        code = await child.process.wait()
        self._all.discard(child)
        logger.info("Process %d ended (%d).", child.process.pid, code)
        if child not in self._serving:
            return
        self._serving.discard(child)
        was_good = asyncio.get_running_loop().time() - child.started_at >= STABLE_SECONDS
        await self._replace(0.0 if was_good else child.restart_pause)

    async def _replace(self, pause: float) -> None:
        while not self._end.is_set():
            await asyncio.sleep(pause)
            pause = min(max(FIRST_RESTART_SECONDS, pause * 2), LONGEST_RESTART_SECONDS)
            try:
                successor = await self._start()
            except DidNotStart:
                logger.error("A process did not start; the next try is in %s s.", pause)
            else:
                successor.restart_pause = pause
                self._keep(successor)
                return

    def _begin_exchange(self) -> None:
        if self._exchange is None or self._exchange.done():
            self._exchange = asyncio.create_task(self._exchange_all())

    async def _exchange_all(self) -> None:
        """Start a new process, then let an old one go; one after the other."""
        logger.info("Exchanging the processes.")
        try:
            for old in list(self._serving):
                new = await self._start()
                self._keep(new)
                self._serving.discard(old)
                old.signal(LEAVE_SIGNAL)
                await old.process.wait()
        except DidNotStart:
            logger.error("A new process did not start; those that serve go on.")
        else:
            logger.info("The processes are exchanged.")

    def _stop(self, number: signal.Signals) -> None:
        """Let all processes drain; the second time, end them."""
        how = signal.SIGKILL if self._end.is_set() else number
        self._end.set()
        for child in self._all:
            child.signal(how)

    async def _wait_for_all(self) -> None:
        self._serving.clear()
        if not self._end.is_set():  # a process failed to start
            self._stop(signal.SIGTERM)
        while self._all:
            await asyncio.gather(*(child.process.wait() for child in list(self._all)))
            self._all = {child for child in self._all if child.process.returncode is None}


async def _is_ready(readable: int) -> bool:
    """Read what the process says; nothing when it ended or takes too long."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    pipe = os.fdopen(readable, "rb", buffering=0)
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    try:
        return await asyncio.wait_for(reader.read(1), START_SECONDS) == READY
    except TimeoutError:
        return False
    finally:
        transport.close()


def say_ready(descriptor: int) -> None:
    """Tell the supervisor that connections are accepted."""
    os.write(descriptor, READY)
    os.close(descriptor)
