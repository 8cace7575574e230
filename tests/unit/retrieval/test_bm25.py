"""The search by words."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from uuid import UUID

import bm25s
import pytest

from proposals.matching import Passage
from proposals.retrieval.bm25 import Bm25Retriever
from tests.unit.retrieval.passages import make_passage, make_query

BACKUP = make_passage(1, "Sauvegardes", "Les sauvegardes sont quotidiennes, chiffrées et testées deux fois par an.")
TRAINING = make_passage(2, "Formation des équipes", "Chaque agent suit une journée animée par un formateur.")
WASTE = make_passage(3, "Déchets de chantier", "Le tri se fait à la source, en sept flux.")
LIBRARY = [BACKUP, TRAINING, WASTE]


def search(text: str, passages: list[Passage] = LIBRARY, limit: int = 10, **fields: str) -> list[tuple[int, float]]:
    hits = Bm25Retriever(passages).search(make_query(text, **fields), limit=limit)
    return [(hit.passage_id.int, hit.score) for hit in hits]


def first(text: str, passages: list[Passage] = LIBRARY) -> int:
    return search(text, passages)[0][0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Les sauvegardes doivent être quotidiennes.", BACKUP),
        ("Sauvegarder chaque jour", BACKUP),
        ("FORMER LES EQUIPES", TRAINING),
        ("Valorisation et recyclage", WASTE),
    ],
    ids=["same words", "another form", "no accents", "another word"],
)
def test_the_passage_about_it_comes_first(text: str, expected: Passage) -> None:
    assert first(text) == expected.id.int


def test_a_word_of_the_title_counts_more_than_one_of_the_body() -> None:
    in_body = make_passage(1, "Divers", "Une astreinte est assurée par roulement.")
    in_title = make_passage(2, "Astreinte", "Une équipe est assurée par roulement.")

    assert first("astreinte", [in_body, in_title, WASTE]) == 2


def test_a_tag_counts() -> None:
    tagged = make_passage(2, "Divers", "Une équipe est assurée.", tags=("astreinte",))

    assert first("astreinte", [make_passage(1, "Divers", "Une équipe est assurée."), tagged]) == 2


def test_scores_are_shares_and_fall_along_the_ranks() -> None:
    scores = [score for _, score in search("Sauvegardes quotidiennes et formation des équipes")]

    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_all_words_found_is_a_full_answer_and_one_of_several_is_not() -> None:
    assert search("Sauvegardes quotidiennes chiffrées")[0][1] > 0.9
    assert search("Sauvegardes des aquariums du muséum océanographique")[0][1] < 0.5


def test_words_that_no_passage_has_lower_the_score() -> None:
    assert search("Sauvegardes des aquariums")[0][1] < search("Sauvegardes")[0][1]


def test_words_of_every_tender_count_less_than_others() -> None:
    telling, usual = make_passage(1, "Divers", "Quotidiennes."), make_passage(2, "Divers", "Modalités.")

    scores = dict(search("quotidiennes modalités", [telling, usual]))

    assert scores[1] > scores[2] > 0


def test_the_quote_adds_words_at_less_weight() -> None:
    scores = dict(search("sauvegardes", quote="formation"))

    assert scores[1] > scores[2] > 0


def test_equal_passages_come_in_the_order_of_their_ids() -> None:
    twins = [make_passage(number, "Astreinte", "Jour et nuit.") for number in (7, 3, 5)]

    assert [key for key, _ in search("astreinte", twins)] == [3, 5, 7]


def test_the_order_of_the_passages_changes_nothing() -> None:
    text = "Sauvegardes quotidiennes, formation, tri"

    assert search(text, LIBRARY) == search(text, LIBRARY[::-1])


def test_no_more_than_asked_for_comes_back() -> None:
    assert len(search("sauvegardes formation déchets", limit=2)) == 2


@pytest.mark.parametrize("text", ["", "de la du", "aquarium", "?!"])
def test_nothing_in_common_finds_nothing(text: str) -> None:
    assert search(text) == []


def test_an_empty_library_answers_nothing() -> None:
    assert search("sauvegardes", []) == []


def test_passages_without_words_do_no_harm() -> None:
    assert first("sauvegardes", [make_passage(8, "", ""), BACKUP]) == 1
    assert search("sauvegardes", [make_passage(8, "", "")]) == []


def test_indexing_ends_when_the_check_raises() -> None:
    class Stopped(Exception):
        pass

    def check() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        Bm25Retriever(LIBRARY, check=check)


def test_no_progress_bar_of_the_library_below_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def bar(rows: Iterable[object], *, disable: bool = False, **options: object) -> Iterable[object]:
        assert disable
        return rows

    monkeypatch.setattr(bm25s, "tqdm", bar)
    monkeypatch.setattr(bm25s.scoring, "tqdm", bar)

    assert first("sauvegardes") == 1


def test_the_library_below_stays_out_of_our_log() -> None:
    Bm25Retriever(LIBRARY)

    assert not logging.getLogger("bm25s").propagate


def test_ids_are_those_of_the_passages() -> None:
    (hit,) = Bm25Retriever([BACKUP]).search(make_query("sauvegardes"), limit=1)

    assert hit.passage_id == UUID(int=1)
