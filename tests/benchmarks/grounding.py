"""
Grounding the sections of a proposal against a big library: `make bench ARGS="grounding"`.

Passages are those of the demo libraries, each with words and a figure of its own added, so that the library has as many
different figures as a real one.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import re
import resource
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

from proposals.grounding import Corpus, ground
from proposals.writing import SectionBrief, Source
from tests.servers import ROOT

LIBRARIES = ROOT / "proposals/samples/library"
#: Words that each passage gets beside its own.
ADDED_WORDS = 30
#: Passages of a section, and how many of them its text is made of.
PASSAGES_OF_A_SECTION = 12
PASSAGES_IN_ITS_TEXT = 8
RC_PAGE = "Le titulaire doit répondre à chaque incident dans le délai que fixe le cahier des clauses techniques. " * 30
RC_PAGES = 12


def read_demo_passages() -> Iterator[tuple[str, str]]:
    """Yield title and text of each passage of the demo libraries."""
    for path in sorted(LIBRARIES.glob("*/*.md")):
        for part in re.split(r"^# ", Path(path).read_text(), flags=re.MULTILINE)[1:]:
            title, _, body = part.partition("\n")
            yield title, re.sub(r"<!--.*?-->\s*", "", body, flags=re.DOTALL)


def make_library(count: int) -> list[Source]:
    """Return a library of that many passages, always the same."""
    chance = random.Random(1)
    demo = list(read_demo_passages())
    words = [word for _, body in demo for word in body.split()]
    library = []
    for number in range(count):
        title, body = chance.choice(demo)
        added = " ".join(chance.choices(words, k=ADDED_WORDS))
        text = f"{body} {added} {chance.randint(10, 99_999)} €."
        identity = uuid.UUID(int=chance.getrandbits(128))
        library.append(Source(key="", kind="library", id=identity, title=f"{title} {number}", text=text))
    return library


def make_section(library: Sequence[Source], chance: random.Random) -> tuple[SectionBrief, str]:
    """Return the brief of a section and a text made of its passages."""
    chosen = chance.sample(library, PASSAGES_OF_A_SECTION)
    passages = [source.model_copy(update={"key": f"L{n}"}) for n, source in enumerate(chosen, start=1)]
    text = "\n\n".join(f"### {source.title}\n\n{source.text}" for source in passages[:PASSAGES_IN_ITS_TEXT])
    brief = SectionBrief(
        section_id=uuid.uuid4(),
        key="custom",
        title="Section",
        words_budget=1000,
        passages=tuple(passages),
        rc_pages=(RC_PAGE,) * RC_PAGES,
    )
    return brief, text


def main(arguments: list[str]) -> int:
    """Run the benchmark; return 1 when it takes too long."""
    parser = argparse.ArgumentParser(prog="grounding", description=__doc__)
    parser.add_argument("--passages", type=int, default=5000)
    parser.add_argument("--sections", type=int, default=30)
    parser.add_argument("--at-most", type=float, default=60.0, help="seconds of CPU that must not be exceeded")
    options = parser.parse_args(arguments)
    library = make_library(options.passages)
    began = time.process_time()
    corpus = Corpus(library)
    known = len(corpus.keys)
    built = time.process_time()
    chance = random.Random(2)
    words = 0
    for _ in range(options.sections):
        brief, text = make_section(library, chance)
        ground(text, brief, corpus)
        words += len(text.split())
    ended = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"CPU of the corpus: {built - began:.1f} s ({options.passages} passages, {known} figures and the like)")
    print(f"CPU of grounding: {ended - built:.1f} s ({options.sections} sections, {words} words)")
    print(f"peak memory of the process: {peak:.0f} MiB")
    return 0 if ended - began <= options.at_most else 1
