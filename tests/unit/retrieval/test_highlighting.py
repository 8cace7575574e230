"""Words that matched, and the part of a passage that shows them."""

from __future__ import annotations

from proposals.retrieval.highlighting import MAX_HIGHLIGHTS, Highlighter, make_excerpt
from tests.unit.retrieval.passages import make_query


def shown(requirement: str, body: str, quote: str = "") -> list[str]:
    spans = Highlighter().find(make_query(requirement, quote=quote), body)
    return [body[start:end] for start, end in spans]


def test_words_of_the_requirement_are_shown_in_any_form() -> None:
    body = "Nos sauvegardes sont quotidiennes ; chaque sauvegarde est chiffrée."

    assert shown("Sauvegarder quotidiennement", body) == ["sauvegardes", "quotidiennes", "sauvegarde"]


def test_words_of_the_quote_are_shown_too() -> None:
    assert shown("Planifier", "Un planning pour les agents.", quote="les agents publics") == ["agents"]


def test_words_for_a_concept_that_the_requirement_names_are_shown() -> None:
    body = "Les données à caractère personnel sont protégées."

    assert shown("Respecter le RGPD", body) == ["données à caractère personnel"]


def test_overlapping_words_are_shown_once() -> None:
    body = "La restitution des données personnelles."

    assert shown("données personnelles, RGPD", body) == ["données personnelles"]


def test_neighbours_are_shown_as_one() -> None:
    body = "Un planning détaillé, hebdomadaire et tenu à jour.\nPlanning\nDétaillé"

    assert shown("planning détaillé hebdomadaire", body) == [
        "planning détaillé",
        "hebdomadaire",
        "Planning",
        "Détaillé",
    ]


def test_a_long_passage_full_of_it_shows_the_first_ones() -> None:
    assert len(shown("planning", "planning, oui ; " * 1000)) == MAX_HIGHLIGHTS


def test_stop_words_are_never_shown() -> None:
    assert shown("Le plan de la ville", "Le tri de la ferraille.") == []


def test_spans_count_code_points() -> None:
    assert shown("l’œuvre", "🏗️🏗️ Mise en œuvre") == ["œuvre"]


def test_a_short_body_is_its_own_excerpt() -> None:
    excerpt = make_excerpt("Un planning.", [(3, 11)])

    assert (excerpt.text, excerpt.highlights) == ("Un planning.", ((3, 11),))


def test_an_excerpt_shows_where_most_matched_and_is_marked_as_cut() -> None:
    filler = "Un texte sans rapport avec le reste. " * 20
    body = f"planning {filler}\n\nLe planning détaillé est tenu à jour. {filler}"
    spans = Highlighter().find(make_query("planning détaillé tenu"), body)

    excerpt = make_excerpt(body, spans)

    assert excerpt.text.startswith("…Le planning détaillé")
    assert excerpt.text.endswith("…")
    assert [excerpt.text[start:end] for start, end in excerpt.highlights] == ["planning détaillé", "tenu"]
    assert len(excerpt.text) <= 322


def test_an_excerpt_without_highlights_is_the_beginning() -> None:
    excerpt = make_excerpt("mot " * 200, [])

    assert excerpt.text.startswith("mot mot")
    assert excerpt.text.endswith("mot…")
    assert excerpt.highlights == ()


def test_an_excerpt_of_one_long_word_is_cut_all_the_same() -> None:
    assert len(make_excerpt("x" * 5000, [(4000, 4001)]).text) <= 322
