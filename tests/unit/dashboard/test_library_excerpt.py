"""What a list shows of a passage."""

from __future__ import annotations

from proposals.dashboard.library_excerpt import EXCERPT_LENGTH, Part, make_excerpt, mark

LONG = "Introduction générale. " * 40 + "La disponibilité mensuelle atteint 99,8 %. " + "Suite du texte. " * 40


def text_of(parts: tuple[Part, ...]) -> str:
    return "".join(part.text for part in parts)


def hits_of(parts: tuple[Part, ...]) -> list[str]:
    return [part.text for part in parts if part.is_hit]


def test_words_are_found_whatever_their_case_and_accents() -> None:
    parts = mark("Été, ÉTÉ et sœur", ["ete", "soeur"])

    assert hits_of(parts) == ["Été", "ÉTÉ", "sœur"]
    assert text_of(parts) == "Été, ÉTÉ et sœur"


def test_words_that_overlap_are_marked_once() -> None:
    assert hits_of(mark("réversibilité", ["revers", "versibil"])) == ["réversibil"]


def test_without_search_the_beginning_is_shown() -> None:
    shown = text_of(make_excerpt(LONG, []))

    assert shown.startswith("Introduction générale.")
    assert shown.endswith("générale…")
    assert len(shown) <= EXCERPT_LENGTH + 1


def test_a_word_far_into_the_text_is_shown_with_what_stands_around_it() -> None:
    parts = make_excerpt(LONG, ["disponibilite"])

    assert hits_of(parts) == ["disponibilité"]
    assert text_of(parts).startswith("…")
    assert "atteint 99,8 %" in text_of(parts)


def test_a_word_that_stands_elsewhere_leaves_the_beginning() -> None:
    assert text_of(make_excerpt(LONG, ["absent"])).startswith("Introduction générale.")


def test_a_text_without_a_space_is_cut_all_the_same() -> None:
    assert text_of(make_excerpt("x" * 1000, [])) == "x" * EXCERPT_LENGTH + "…"


def test_a_short_text_is_shown_whole() -> None:
    assert text_of(make_excerpt("Court.", [])) == "Court."
