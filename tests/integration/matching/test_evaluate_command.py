"""`manage.py evaluate_matching`."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

PASSAGES = [
    {"id": "p1", "title": "Sauvegardes", "body": "Les sauvegardes sont quotidiennes."},
    {"id": "p2", "title": "Formation", "body": "Nous formons vos équipes."},
]
QUERIES = [
    {"requirement": "Sauvegardes quotidiennes", "expected": ["p1"]},
    {"requirement": "Sauvegardes des équipes formées", "expected": ["Formation"]},
    {"requirement": "Tondre les pelouses", "expected": []},
]
MARKDOWN = """# Sauvegardes
<!-- kind: service; valid_until: 2020-12-31 -->

Les sauvegardes sont quotidiennes.

# Sauvegardes actuelles
<!-- kind: service -->

Les sauvegardes sont quotidiennes.
"""


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Write an evaluation set; return its path."""

    def make(values: object, name: str = "set.json") -> Path:
        path = tmp_path / name
        path.write_text(values if isinstance(values, str) else json.dumps(values), encoding="utf-8")
        return path

    return make


def evaluate(*arguments: object) -> str:
    output = StringIO()
    call_command("evaluate_matching", *map(str, arguments), stdout=output, stderr=StringIO())
    return output.getvalue()


def test_the_measures_of_each_search_are_printed_as_json(write: Any) -> None:
    path = write({"passages": PASSAGES, "queries": QUERIES})

    measures = json.loads(evaluate(path, "--json"))["bm25"]

    assert measures["TOTAL"]["queries"] == 2
    assert measures["TOTAL"]["hit@3"] == 1.0
    assert measures["TOTAL"]["mrr"] >= 0.5
    assert measures["sans réponse"] == {"queries": 1, "strengths": {"strong": 0, "partial": 0, "none": 1}}


def test_the_measures_are_printed_as_a_table(write: Any) -> None:
    output = evaluate(write({"passages": PASSAGES, "queries": QUERIES}))

    assert all(word in output for word in ("bm25", "Requêtes", "hit@1", "hit@3", "hit@10", "MRR", "TOTAL"))


def test_mistakes_are_told_with_what_was_found_instead(write: Any) -> None:
    queries = [{"requirement": "Sauvegardes quotidiennes", "expected": ["Formation"]}]

    output = evaluate(write({"passages": PASSAGES, "queries": queries}), "--mistakes")

    assert "bm25 · absent · Sauvegardes quotidiennes" in output
    assert "attendu : Formation" in output
    assert "trouvé : Sauvegardes" in output


def test_sets_of_several_files_are_measured_together(write: Any) -> None:
    paths = [write({"passages": PASSAGES, "queries": QUERIES}, f"{number}.json") for number in (1, 2)]

    assert json.loads(evaluate(*paths, "--json"))["bm25"]["TOTAL"]["queries"] == 4


def test_a_library_is_a_folder_beside_the_file_and_out_of_date_passages_fall_behind(write: Any, tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "passages.md").write_text(MARKDOWN, encoding="utf-8")
    queries = [{"requirement": "Sauvegardes quotidiennes", "expected": ["Sauvegardes actuelles"]}]

    path = write({"library": "library", "queries": queries})

    assert json.loads(evaluate(path, "--json"))["bm25"]["TOTAL"]["hit@1"] == 1.0


def test_another_library_can_be_searched(write: Any, tmp_path: Path) -> None:
    library = tmp_path / "other.md"
    library.write_text(MARKDOWN, encoding="utf-8")
    path = write({"passages": PASSAGES, "queries": [{"requirement": "Sauvegardes", "expected": "Sauvegardes"}]})

    assert json.loads(evaluate(path, "--library", library, "--json"))["bm25"]["TOTAL"]["hit@3"] == 1.0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("pas du JSON", "JSON"),
        ("[1, 2]", "objet"),
        ({"queries": QUERIES}, "passages"),
        ({"passages": PASSAGES}, "queries"),
        ({"passages": PASSAGES, "queries": [{"requirement": "x", "expected": ["p9"]}]}, "p9"),
        ({"passages": [{"title": "x"}], "queries": QUERIES}, "body"),
        ({"library": "nulle-part", "queries": QUERIES}, "nulle-part"),
        ({"library": 3, "queries": QUERIES}, "library"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_a_sentence(write: Any, content: object, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        evaluate(write(content))


def test_a_file_that_is_missing_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"absent\.json"):
        evaluate(tmp_path / "absent.json")


def test_the_sets_of_the_repository_are_found_well() -> None:
    measures = json.loads(evaluate("--json"))["bm25"]

    assert measures["direct"]["hit@1"] >= 0.97
    assert measures["paraphrase"]["hit@3"] >= 0.85
    assert measures["held out"]["hit@3"] >= 0.75
    assert measures["TOTAL"]["queries"] >= 130
    assert measures["sans réponse"]["strengths"]["strong"] == 0
