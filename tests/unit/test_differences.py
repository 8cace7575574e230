"""What changed from one text to another."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proposals import differences
from proposals.differences import MAX_WORDS, Piece


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("", "", []),
        ("Le même.", "Le même.", [("equal", "Le même.")]),
        ("", "Neuf.", [("insert", "Neuf.")]),
        ("Vieux.", "", [("delete", "Vieux.")]),
        ("un deux", "un trois", [("equal", "un "), ("delete", "deux"), ("insert", "trois")]),
        ("a\nb\nc\n", "a\nc\n", [("equal", "a\n"), ("delete", "b\n"), ("equal", "c\n")]),
        ("l’équipe", "l’équipement", [("equal", "l’"), ("delete", "équipe"), ("insert", "équipement")]),
    ],
)
def test_a_difference_is_told_by_lines_and_words(old: str, new: str, pieces: list[tuple[str, str]]) -> None:
    assert [tuple(piece) for piece in differences.compare(old, new)] == pieces


def test_a_very_long_passage_that_changed_is_shown_whole() -> None:
    old, new = "mot " * MAX_WORDS, "autre " * MAX_WORDS

    assert differences.compare(old, new) == [Piece("delete", old), Piece("insert", new)]


texts = st.text(alphabet="ab \n🙂é.", max_size=40)


@settings(max_examples=200, deadline=None)
@given(old=texts, new=texts)
def test_the_pieces_give_both_texts_back(old: str, new: str) -> None:
    pieces = differences.compare(old, new)

    assert "".join(piece.text for piece in pieces if piece.change != "insert") == old
    assert "".join(piece.text for piece in pieces if piece.change != "delete") == new
    assert all(one.change != other.change for one, other in itertools.pairwise(pieces))
