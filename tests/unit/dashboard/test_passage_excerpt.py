"""The part of a passage that the matrix shows."""

from __future__ import annotations

from collections.abc import Sequence

from proposals.dashboard.library_excerpt import Part
from proposals.dashboard.passage_excerpt import divide


def spans_of(body: str, word: str) -> list[tuple[int, int]]:
    starts = [start for start in range(len(body)) if body.startswith(word, start)]
    return [(start, start + len(word)) for start in starts]


def read(parts: Sequence[Part]) -> str:
    return "".join(part.text for part in parts)


def hits(parts: Sequence[Part]) -> list[str]:
    return [part.text for part in parts if part.is_hit]


def test_the_words_that_matched_are_marked_in_their_places() -> None:
    body = "Le planning est tenu à jour ; le planning est partagé."

    parts = divide(body, spans_of(body, "planning"))

    assert hits(parts) == ["planning", "planning"]
    assert read(parts) == body


def test_positions_count_code_points() -> None:
    body = "🚆🚄 Un planning détaillé"

    assert hits(divide(body, spans_of(body, "planning"))) == ["planning"]


def test_a_long_passage_is_shown_where_most_matched() -> None:
    body = "Un planning. " + "Texte sans rapport. " * 60 + "Planning, équipe et qualité." + " Fin du texte." * 60
    spans = [span for word in ("planning", "Planning", "équipe", "qualité") for span in spans_of(body, word)]

    parts = divide(body, sorted(spans))

    assert hits(parts) == ["Planning", "équipe", "qualité"]
    assert read(parts).startswith("…")
    assert read(parts).endswith("…")


def test_a_passage_without_a_matched_word_is_shown_from_its_beginning() -> None:
    assert read(divide("Notre équipe.", [])) == "Notre équipe."


def test_spans_of_an_older_text_are_ignored() -> None:
    parts = divide("Court.", [(2, 90), (-3, 2), (4, 4)])

    assert hits(parts) == []
    assert read(parts) == "Court."


def test_spans_that_overlap_show_no_text_twice() -> None:
    assert read(divide("planning", [(0, 8), (0, 4), (4, 8)])) == "planning"


def test_signs_of_markdown_are_left_out() -> None:
    body = "## Moyens\n\n- **Chef de projet**\n\n| Rôle | Jours |\n|---|---:|\n| Chef | 40 |\n"

    assert " ".join(read(divide(body, [])).split()) == "Moyens Chef de projet · Rôle · Jours · Chef · 40 ·"
