"""Concepts: other words for the same."""

from __future__ import annotations

from collections import Counter

from proposals.retrieval.concepts import ConceptFinder, read_concepts
from proposals.retrieval.tokens import Analyzer


def find(text: str) -> set[str]:
    analyzer = Analyzer()
    words = list(analyzer.find_words(text))
    return {mention.concept for mention in ConceptFinder(analyzer).find(words)}


def test_an_acronym_and_its_words_name_the_same_concept() -> None:
    assert find("RGPD") == find("données à caractère personnel") == {"données personnelles"}


def test_a_phrase_is_found_in_any_form() -> None:
    assert "chiffre d’affaires" in find("ses chiffres d’affaires annuels")


def test_a_phrase_hides_the_words_inside_it() -> None:
    assert find("le personnel") == {"équipe"}
    assert "équipe" not in find("données à caractère personnel")


def test_part_of_a_phrase_is_not_the_concept() -> None:
    assert "données personnelles" not in find("les données de fréquentation et le personnel")


def test_every_phrase_of_the_list_says_something() -> None:
    analyzer = Analyzer()

    assert [phrase for _, phrase in read_concepts() if not list(analyzer.find_words(phrase))] == []


def test_no_phrase_stands_twice_for_a_concept() -> None:
    assert [pair for pair, count in Counter(read_concepts()).items() if count > 1] == []
