"""Fakes that say what they do: scripted jobs instead of real analyses."""

from __future__ import annotations

import threading
from collections.abc import Callable

from pydantic import JsonValue

from proposals.jobs import Job, Run
from proposals.models import Project


class ScriptedJob:
    """
    A job whose steps the test writes: each is called with the run, in order; then the result is returned.

    `runs` counts how often the job was started.
    """

    def __init__(self, *steps: Callable[[Run], object], result: dict[str, JsonValue] | None = None) -> None:
        self.steps = steps
        self.result: dict[str, JsonValue] = result or {"done": True}
        self.runs = 0

    def check(self, project: Project) -> None:
        """Every project will do."""

    def run(self, run: Run) -> dict[str, JsonValue]:
        self.runs += 1
        for step in self.steps:
            step(run)
        return self.result

    @property
    def job(self) -> Job:
        return Job(check=self.check, run=self.run)


def report(progress: int) -> Callable[[Run], object]:
    """A step that reports progress."""

    def step(run: Run) -> None:
        run.progress.send_rc_analysis_progress(
            run.operation.project_id, status="analyzing", progress=progress, message=f"{progress} %"
        )

    return step


class Gate:
    """A step that waits until the test opens it, and tells when it is reached."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self, run: Run) -> None:
        self.reached.set()
        while not self.opened.wait(0.02):
            run.check()
