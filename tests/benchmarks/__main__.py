"""The benchmarks by name: `python -m tests.benchmarks [delivery|stalled|matching|grounding] …`, else `delivery`."""

from __future__ import annotations

import sys

from tests.benchmarks import compression, delivery, grounding, matching, stalled

BENCHMARKS = {
    "delivery": delivery.main,
    "stalled": stalled.main,
    "compression": compression.main,
    "matching": matching.main,
    "grounding": grounding.main,
}


def main(arguments: list[str]) -> int:
    """Run the benchmark that is named; exit 1 when it misses its promise."""
    name, rest = (
        (arguments[0], arguments[1:]) if arguments[:1] and arguments[0] in BENCHMARKS else ("delivery", arguments)
    )
    return BENCHMARKS[name](rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
