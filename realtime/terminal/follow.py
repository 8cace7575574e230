"""Put a socket on a screen until something is true of the project."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing

from realtime.terminal.client import ProjectSocket
from realtime.terminal.fold import State, has_unfinished
from realtime.terminal.screen import Screen


async def follow(socket: ProjectSocket, screen: Screen, *, until: Callable[[State], bool]) -> State:
    """
    Show every state of a project until one fulfils the condition; return that one.

    Raises:
        TerminalError: as `ProjectSocket.frames`.
    """
    async with aclosing(socket.frames()) as frames:
        async for _ in frames:
            screen.show_state(socket.state)
            if until(socket.state):
                break
    return socket.state


def never(state: State) -> bool:
    """Follow for ever."""
    return False


def is_finished(state: State) -> bool:
    """Tell whether the project has had operations and none waits or runs."""
    return bool(state["operations"]) and not has_unfinished(state)
