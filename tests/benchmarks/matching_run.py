"""
One matching of a made-up project with a made-up library.

Run as `python -m tests.benchmarks.matching_run REQUIREMENTS PASSAGES` with the settings of an empty site. Texts are
drawn from the words of the demo library and from made-up ones, the frequent ones often as in a language. Prints the
figures as JSON.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

import django

django.setup()

from django.utils import timezone  # noqa: E402

from proposals import operations, runner  # noqa: E402
from proposals.matching import Passage  # noqa: E402
from proposals.models import (  # noqa: E402
    Company,
    ContentItem,
    ContentMatch,
    Operation,
    Project,
    RCAnalysis,
    Requirement,
    SourceDocument,
)
from proposals.retrieval import bm25  # noqa: E402

LIBRARY = Path(__file__).resolve().parents[2] / "proposals" / "samples" / "library"
SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "la",
    "me",
    "ni",
    "po",
    "ru",
    "sa",
    "te",
    "vi",
    "zo",
    "bra",
    "cle",
    "dru",
    "pli",
)
MADE_UP_WORDS = 20_000
PASSAGE_WORDS = (120, 280)
REQUIREMENT_WORDS = (10, 30)
SEED = 20261122


class Writer:
    """Writes texts of words, the n-th of which is drawn in proportion to 1/n."""

    def __init__(self) -> None:
        self._random = random.Random(SEED)
        self._words = self._collect()
        self._weights = list(accumulate(1 / rank for rank in range(1, len(self._words) + 1)))

    def write(self, bounds: tuple[int, int]) -> str:
        """Return a text with a number of words within bounds, in sentences of ten."""
        words = self._random.choices(self._words, cum_weights=self._weights, k=self._random.randint(*bounds))
        return ". ".join(" ".join(words[start : start + 10]) for start in range(0, len(words), 10))

    def _collect(self) -> list[str]:
        text = " ".join(path.read_text(encoding="utf-8") for path in sorted(LIBRARY.rglob("*.md")))
        known = sorted(set(text.split()), key=lambda word: (-text.count(f" {word} "), word))
        made_up = ("".join(self._random.choices(SYLLABLES, k=self._random.randint(2, 4))) for _ in range(MADE_UP_WORDS))
        return [*known, *sorted(set(made_up))]


class CountingRetriever(bm25.Bm25Retriever):
    """The real search, with a clock and a counter."""

    built = 0
    seconds = 0.0

    def __init__(self, passages: Sequence[Passage], **options: object) -> None:
        started = time.perf_counter()
        super().__init__(passages, **options)  # type: ignore[arg-type]
        CountingRetriever.built += 1
        CountingRetriever.seconds += time.perf_counter() - started


def make_project(requirements: int, passages: int) -> Project:
    """Store a company with its library, and a project whose RC has been analysed."""
    writer = Writer()
    company = Company.objects.create(name="Entreprise")
    items = (
        ContentItem(company=company, title=writer.write((3, 8)), body=writer.write(PASSAGE_WORDS))
        for _ in range(passages)
    )
    ContentItem.objects.bulk_create(items, batch_size=500)
    project = Project.objects.create(company=company, title="Marché")
    document = SourceDocument.objects.create(
        project=project, kind="rc", file="rc.pdf", filename="rc.pdf", sha256="0" * 64, size_bytes=1, pages=1
    )
    RCAnalysis.objects.create(project=project, document=document, engine="x", result={}, created_at=timezone.now())
    Requirement.objects.bulk_create(
        Requirement(project=project, code=f"R-{number:05}", text=writer.write(REQUIREMENT_WORDS), category="technical")
        for number in range(1, requirements + 1)
    )
    return project


def forget_peak() -> None:
    """Let the peak of this process's memory be what it uses now."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_mib() -> float:
    """Return the most memory that this process has used since its peak was forgotten."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main(requirements: int, passages: int) -> None:
    """Run one matching and print its figures."""
    project = make_project(requirements, passages)
    operation, _ = operations.start(project=project, kind=Operation.Kind.MATCHING, by=None)
    forget_peak()
    before, started = peak_mib(), time.perf_counter()
    runner.run(operation.id)
    seconds = time.perf_counter() - started
    operation.refresh_from_db()
    assert operation.status == Operation.Status.SUCCEEDED, operation.error
    figures = {
        "requirements": requirements,
        "passages": passages,
        "seconds": seconds,
        "index_seconds": CountingRetriever.seconds,
        "indexes_built": CountingRetriever.built,
        "added_mib": peak_mib() - before,
        "matches": ContentMatch.objects.count(),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    # The name under which the job finds its search.
    bm25.Bm25Retriever = CountingRetriever  # type: ignore[misc]
    main(int(sys.argv[1]), int(sys.argv[2]))
