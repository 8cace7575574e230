"""The client of the first sketch, text unchanged but for its host, is served by a real server."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import ROOT, Person, Process, Site
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e

SKETCH = ROOT / "realtime/client/tests/sketch-client.ts"


class SketchClient:
    """The sketch's client in a Node process."""

    def __init__(self, directory: Path, person: Person, project_id: str) -> None:
        source = SKETCH.read_text().replace("ws://api/", person.url.replace("http", "ws") + "/")
        typescript, javascript = directory / "sketch.ts", directory / "sketch.js"
        typescript.write_text(source)
        esbuild = ["node_modules/.bin/esbuild", str(typescript), f"--outfile={javascript}", "--log-level=error"]
        subprocess.run(esbuild, cwd=ROOT, check=True)
        runner = ["node", "--no-warnings", "--experimental-websocket", "tests/e2e/sketch-runner.mjs"]
        arguments = [*runner, str(javascript), project_id, person.token]
        self.process = Process(arguments, env={"PATH": "/usr/local/bin:/usr/bin:/bin"}, log=directory / "sketch.log")

    def said(self, word: str) -> list[Any]:
        """Return what the client's callback of that name was given."""
        lines = [json.loads(line) for line in self.process.output.splitlines() if line.startswith("[")]
        return [line[1] for line in lines if line[0] == word]


@pytest.fixture
def sketch(make_site: Callable[..., Site], tmp_path: Path, long_rc: Path) -> Iterator[tuple[SketchClient, Person, str]]:
    _, url = make_site(REALTIME_PROGRESS_MIN_INTERVAL_MS="50").serve()
    alice = Person(url, "alice")
    project_id = alice.create_project(long_rc)
    client = SketchClient(tmp_path, alice, project_id)
    wait_until(lambda: "WebSocket connected" in client.said("log"), what="the sketch's client to connect")
    yield client, alice, project_id
    client.process.kill()


def test_the_sketch_s_client_gets_progress_completion_and_error(
    sketch: tuple[SketchClient, Person, str], sample_rc: Path
) -> None:
    client, alice, project_id = sketch

    cancelled = alice.start(project_id)
    wait_until(lambda: client.said("progress"), what="progress")
    alice.http.post(f"/operations/{cancelled}/cancel/").raise_for_status()
    wait_until(lambda: client.said("error") == ["L'opération a été annulée."], what="the error")
    alice.upload(project_id, sample_rc)
    alice.start(project_id)
    wait_until(lambda: client.said("complete"), seconds=60, what="the completion")

    progress = client.said("progress")
    assert progress[0] == 10
    assert progress[-1] == 100
    assert client.said("complete") == ["rc_analysis"]
    assert client.said("message")[-1]


def test_the_sketch_s_ping_timer_keeps_the_socket_open(sketch: tuple[SketchClient, Person, str]) -> None:
    client, _, _ = sketch

    # Each "pong" is no JSON: the sketch's handler throws, the socket lives.
    wait_until(lambda: len(client.said("uncaught")) > 3, what="some pongs")

    assert "WebSocket disconnected" not in client.said("log")
