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
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from realtime.server import BACKLOG, LEAVE_SIGNAL

logger = logging.getLogger(__name__)

T = TypeVar("T")

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
    #: Before it was started: it read code and settings later than that.
    started_at: float
    #: How long its successor waits if it dies early.
    restart_pause: float = FIRST_RESTART_SECONDS

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if the process is still there."""
        if self.process.returncode is None:
            self.process.send_signal(number)


@dataclass(eq=False)
class Place:
    """Room for one serving process; the number of places is the number of processes."""

    #: None while the successor of a process that died is not ready yet.
    child: Child | None = None
    #: Held while a process is started for the place: an exchange and a death must not both do that.
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Supervisor:
    """
    Keeps N processes serving on one socket.

    SIGTERM and Ctrl-C drain them all and end, a second one ends at once; SIGHUP exchanges all that were started before
    it, as soon as the start or the exchange that is under way is over.

    Args:
        listener: bound; the processes accept on it.
        command: starts one process; gets `--fd`, `--ready-fd` and `--supervisor` added.
        environment: of the processes, without what they must read afresh.
        processes: how many.
    """

    def __init__(
        self, *, listener: socket.socket, command: Sequence[str], environment: Mapping[str, str], processes: int
    ) -> None:
        self._listener = listener
        self._command = command
        self._environment = environment
        self._places = [Place() for _ in range(processes)]
        self._all: set[Child] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._busy = True
        self._exchange_asked_at = 0.0
        #: Set by a signal that `run` has not answered yet.
        self._called = asyncio.Event()
        self._end = asyncio.Event()

    async def run(self) -> None:
        """
        Serve until a signal ends it.

        Raises:
            DidNotStart: of the first processes one failed; the others have been ended.
        """
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, self._ask_for_exchange)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, partial(self._stop, number))
        self._listener.listen(BACKLOG)
        try:
            await self._start_all()
            await self._answer_signals()
        except DidNotStart:
            if not self._end.is_set():
                raise
        finally:
            await self._wait_for_all()

    async def _start_all(self) -> None:
        starts = [self._in_background(self._start()) for _ in self._places]
        for place, child in zip(self._places, await asyncio.gather(*starts), strict=True):
            self._seat(place, child)
        logger.info("%d processes serve.", len(self._places))

    async def _answer_signals(self) -> None:
        while not self._end.is_set():
            self._busy = False
            await self._called.wait()
            self._called.clear()
            self._busy = True
            if not self._end.is_set():
                await self._exchange_all(self._exchange_asked_at)

    async def _start(self) -> Child:
        """
        Start a process and wait until it accepts connections.

        Raises:
            DidNotStart: it does not.
        """
        readable, writable = os.pipe()
        options = ("--fd", self._listener.fileno(), "--ready-fd", writable, "--supervisor", os.getpid())
        started_at = asyncio.get_running_loop().time()
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                *map(str, options),
                pass_fds=(self._listener.fileno(), writable),
                env=self._environment,
            )
        except OSError as error:
            os.close(readable)
            logger.error("A process cannot be started: %s.", error)
            raise DidNotStart from error
        finally:
            os.close(writable)
        child = Child(process, started_at)
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

    def _in_background(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin something that the end waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _seat(self, place: Place, child: Child) -> None:
        """Give the place to a process, which is replaced if it dies there."""
        place.child = child
        self._in_background(self._watch(place, child))

    async def _watch(self, place: Place, child: Child) -> None:
        code = await child.process.wait()
        self._all.discard(child)
        logger.info("Process %d ended (%d).", child.process.pid, code)
        async with place.lock:  # an exchange under way may have a successor soon
            if place.child is not child:
                return
            place.child = None
        was_good = asyncio.get_running_loop().time() - child.started_at >= STABLE_SECONDS
        await self._replace(place, 0.0 if was_good else child.restart_pause)

    async def _replace(self, place: Place, pause: float) -> None:
        while not await self._ends_within(pause):
            pause = min(max(FIRST_RESTART_SECONDS, pause * 2), LONGEST_RESTART_SECONDS)
            try:
                async with place.lock:
                    successor = await self._start()
                    successor.restart_pause = pause
                    self._seat(place, successor)
                    return
            except DidNotStart:
                logger.error("A process did not start; the next try is in %s s.", pause)

    async def _ends_within(self, seconds: float) -> bool:
        """Wait, but not beyond the end."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._end.wait(), seconds)
        return self._end.is_set()

    def _ask_for_exchange(self) -> None:
        if self._busy:
            logger.info("SIGHUP is noted: the exchange follows when the processes serve.")
        self._exchange_asked_at = asyncio.get_running_loop().time()
        self._called.set()

    async def _exchange_all(self, asked_at: float) -> None:
        """Start a new process, then let an old one go; one after the other."""
        logger.info("Exchanging the processes.")
        for place in self._places:
            try:
                old = await self._exchange_one(place, asked_at)
            except DidNotStart:
                if not self._end.is_set():
                    logger.error("A new process did not start; those that serve go on.")
                return
            if old is not None:
                old.signal(LEAVE_SIGNAL)
                await old.process.wait()
        missing = sum(place.child is None for place in self._places)
        if missing:
            logger.warning("The processes are exchanged, but for %d that died and are started anew.", missing)
        elif not self._end.is_set():
            logger.info("The processes are exchanged.")

    async def _exchange_one(self, place: Place, asked_at: float) -> Child | None:
        """
        Start a successor and return the old process; None when what serves there, or soon will, is new enough.

        Raises:
            DidNotStart: the successor does not start; the old process keeps its place.
        """
        async with place.lock:
            old = place.child
            if old is None or old.started_at >= asked_at:
                return None
            self._seat(place, await self._start())
            return old

    def _stop(self, number: signal.Signals) -> None:
        """Let all processes drain; the second time, end them."""
        how = signal.SIGKILL if self._end.is_set() else number
        self._end.set()
        self._called.set()
        for child in self._all:
            child.signal(how)

    async def _wait_for_all(self) -> None:
        if not self._end.is_set():  # a process failed to start
            self._stop(signal.SIGTERM)
        while self._tasks or self._all:
            ends = (child.process.wait() for child in self._all)
            await asyncio.gather(*self._tasks, *ends, return_exceptions=True)
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
