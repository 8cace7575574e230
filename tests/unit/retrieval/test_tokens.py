"""French text as words."""

from __future__ import annotations

import unicodedata

import pytest

from proposals.retrieval.tokens import Analyzer


def raws(text: str) -> list[str]:
    return [word.raw for word in Analyzer().find_words(text)]


def stems(text: str) -> set[str]:
    return {word.stem for word in Analyzer().find_words(text)}


@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_elided_articles_fall_away(apostrophe: str) -> None:
    text = f"l{apostrophe}hébergement, d{apostrophe}astreinte, qu{apostrophe}aucun, jusqu{apostrophe}à"

    assert raws(text) == ["hebergement", "astreinte"]


def test_accents_capitals_and_ligatures_are_folded() -> None:
    assert raws("ŒUVRE Sécurité ÉCOLE") == ["oeuvre", "securite", "ecole"]


def test_composed_and_decomposed_accents_are_the_same_word() -> None:
    text = "réversibilité"

    decomposed = unicodedata.normalize("NFD", text)

    assert raws(decomposed) == raws(text)
    assert stems(decomposed) == stems(text)


def test_a_soft_hyphen_does_not_end_a_word() -> None:
    assert raws("réversi\u00adbilité") == ["reversibilite"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1 200 heures", ["1200"]),
        ("1\u202f840\u202f000 €", ["1840000"]),
        ("99,8 %", ["99.8"]),
        ("99.8 %", ["99.8"]),
        ("4h", ["4"]),
        ("24h/24 et 7j/7", ["24", "24", "7", "7"]),
        ("ISO 27001", ["27001"]),
        ("lots 1 et 250", ["1", "250"]),
    ],
)
def test_numbers_are_kept_as_one_word(text: str, numbers: list[str]) -> None:
    assert [raw for raw in raws(text) if raw[0].isdigit()] == numbers


def test_forms_of_a_word_share_a_stem() -> None:
    assert len(stems("sauvegarde sauvegardes sauvegarder")) == 1


def test_articles_and_pronouns_are_left_out() -> None:
    assert raws("Le titulaire est tenu de les leur remettre, ainsi que ceux-ci.") == ["titulaire", "tenu", "remettre"]


def test_positions_are_code_points_of_the_original() -> None:
    text = "🏗️ L’œuvre d’accès : 1 200 €"

    found = [text[word.start : word.end] for word in Analyzer().find_words(text)]

    assert found == ["œuvre", "accès", "1 200"]
