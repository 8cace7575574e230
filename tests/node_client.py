"""The built TypeScript client in a Node process, and what it tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.servers import Person, Process
from tests.waiting import wait_until

#: Node finds its own files by the path alone.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin"}


class NodeClient:
    """
    A `ProjectSocket`.

    Args:
        directory: for its log.
        options: see `tests/client-runner.mjs`.
    """

    def __init__(self, directory: Path, person: Person, project_id: str, **options: Any) -> None:
        runner = ["node", "--no-warnings", "--experimental-websocket", "tests/client-runner.mjs"]
        arguments = [*runner, person.url, person.token, project_id, json.dumps(options)]
        log = directory / f"client-{len(list(directory.iterdir()))}.log"
        self.process = Process(arguments, env=ENVIRONMENT, log=log)

    def said(self, word: str) -> list[Any]:
        """Return what the socket has told under a word, oldest first."""
        lines = [json.loads(line) for line in self.process.output.splitlines() if line.startswith("[")]
        return [line[1] for line in lines if line[0] == word]

    @property
    def state(self) -> dict[str, Any]:
        """The state of the project as the client sees it."""
        states: list[dict[str, Any]] = self.said("state")
        return states[-1]

    def wait_until_live(self) -> None:
        """Return when the client has its first state."""
        wait_until(lambda: self.said("state"), seconds=30, what="the client to be live")

    def wait_for_status(self, status: str, *, seconds: float = 60.0) -> None:
        """Return when the client sees its project's one operation in a state."""
        wait_until(
            lambda: [operation["status"] for operation in self.state["operations"]] == [status],
            seconds=seconds,
            what=f"the client to see {status!r}",
        )


def read_state(person: Person, project_id: str) -> dict[str, Any]:
    """Return the state of a project by REST."""
    state: dict[str, Any] = person.http.get(f"/projects/{project_id}/state/").raise_for_status().json()
    return state
