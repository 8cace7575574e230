"""What a job is, and what it sees of its run."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from proposals.models import Operation, Project
from realtime.progress import ProgressUpdater


class Run(Protocol):
    """One run of an operation, as a job sees it."""

    operation: Operation
    progress: ProgressUpdater

    def check(self) -> None:
        """Raise if the run must end here."""

    def transaction(self) -> AbstractContextManager[None]:
        """Write results, guarded by the attempt; publishing to the project inside it is safe."""


@dataclass(frozen=True)
class Job:
    """
    One kind of operation.

    Args:
        check: raises a ProposalsError when the project lacks what the job needs.
        run: works and returns the JSON-ready `result` of the completion.
    """

    check: Callable[[Project], object]
    run: Callable[[Run], dict[str, JsonValue]]
