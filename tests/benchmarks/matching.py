"""
Matching a big project with a big library, as the real operation on SQLite: `make bench ARGS="matching"`.

Each size runs in a process of its own on a database of its own: time by the clock, the memory that the operation adds,
and how often the library was indexed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.servers import ROOT, Site

#: The first of the sizes that are compared for memory, as a part of what is asked for.
SMALL_PART = 10
#: Memory that may differ between the sizes for other reasons than their number, in MiB.
NOISE_MIB = 16.0
#: Of the columns of the report.
WIDTHS = (12, 10, 9, 13, 9, 11, 9)


@dataclass(frozen=True)
class Figures:
    """One run: `index_seconds` is part of `seconds`; `added_mib` is the peak above what was used before the run."""

    requirements: int
    passages: int
    seconds: float
    index_seconds: float
    indexes_built: int
    added_mib: float
    matches: int


def measure(requirements: int, passages: int) -> Figures:
    """Run one size on a fresh database."""
    with tempfile.TemporaryDirectory() as directory:
        site = Site(Path(directory))
        site.prepare(demo=False)
        env = {**site.env, "DJANGO_SETTINGS_MODULE": "project.settings", "LOG_LEVEL": "WARNING"}
        command = [sys.executable, "-m", "tests.benchmarks.matching_run", str(requirements), str(passages)]
        ended = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
    return Figures(**json.loads(ended.stdout))


def main(arguments: list[str]) -> int:
    """Run the benchmark; return 1 when it takes too long, indexes twice, or needs memory for each requirement."""
    parser = argparse.ArgumentParser(prog="matching", description=__doc__)
    parser.add_argument("--requirements", type=int, default=500)
    parser.add_argument("--passages", type=int, default=5000)
    parser.add_argument("--at-most", type=float, default=30.0, help="seconds that must not be exceeded")
    options = parser.parse_args(arguments)
    sizes = (options.requirements // SMALL_PART, options.requirements, options.requirements * 2)
    figures = [measure(size, options.passages) for size in sizes]
    print_report(figures)
    _, asked, double = figures
    grows = double.added_mib - asked.added_mib > NOISE_MIB
    once = all(one.indexes_built == 1 for one in figures)
    return 0 if asked.seconds <= options.at_most and once and not grows else 1


def print_report(figures: list[Figures]) -> None:
    """Print a row for each size."""
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    headings = ("requirements", "passages", "seconds", "of it index", "indexes", "added MiB", "matches")
    print("".join(f"{heading:>{width}}" for heading, width in zip(headings, WIDTHS, strict=True)))
    for one in figures:
        cells = (
            str(one.requirements),
            str(one.passages),
            f"{one.seconds:.1f}",
            f"{one.index_seconds:.1f}",
            str(one.indexes_built),
            f"{one.added_mib:.1f}",
            str(one.matches),
        )
        print("".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True)))
