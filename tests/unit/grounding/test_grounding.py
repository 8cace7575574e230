"""Which sources say a statement, and which requirements a text covers."""

from __future__ import annotations

from proposals.grounding import ground
from proposals.writing import Grounding, SectionBrief
from tests.briefs import (
    AVAILABILITY,
    INCIDENTS,
    PORTAL,
    SUPPORT,
    make_brief,
    make_corpus,
    make_passage,
    make_requirement,
)


def sources_of(text: str, grounding: Grounding) -> dict[str, tuple[str, ...]]:
    return {text[item.start : item.end]: item.sources for item in grounding.statements}


def brief_of_support() -> SectionBrief:
    passages = [make_passage("L1", SUPPORT), make_passage("L2", AVAILABILITY)]
    requirements = [make_requirement(INCIDENTS, "L1"), make_requirement(PORTAL, "L2")]
    return make_brief(passages, requirements)


def test_a_sentence_of_a_passage_is_traced_to_it() -> None:
    brief = brief_of_support()
    text = "Nadia Ferreira dirige les six ingénieurs d’astreinte depuis 2019."

    found = ground(text, brief, make_corpus(*brief.passages))

    assert sources_of(text, found) == {text: ("L1",)}
    assert [(source.key, source.id) for source in found.sources] == [("L1", brief.passages[0].id)]
    assert found.sources[0].text == SUPPORT[1]


def test_the_same_words_with_another_figure_are_not() -> None:
    brief = brief_of_support()
    text = "Une astreinte prend en compte les incidents bloquants en 99 minutes, 24 heures sur 24."

    assert sources_of(text, ground(text, brief, make_corpus(*brief.passages))) == {text: ()}


def test_a_paraphrase_with_the_same_words_is_traced() -> None:
    brief = brief_of_support()
    text = "Par son astreinte, l’Atelier prend en compte tout incident bloquant en 20 minutes, 24 heures sur 24."

    assert sources_of(text, ground(text, brief, make_corpus(*brief.passages)))[text][0] == "L1"


def test_a_sentence_put_together_from_two_passages_names_both() -> None:
    brief = brief_of_support()
    text = (
        "Nadia Ferreira dirige les ingénieurs et une pénalité de 1 500 € est appliquée par dixième de point manquant."
    )

    assert set(sources_of(text, ground(text, brief, make_corpus(*brief.passages)))[text]) == {"L1", "L2"}


def test_what_the_rc_says_is_traced_to_its_page_and_requirement() -> None:
    brief = brief_of_support()
    text = "La disponibilité mensuelle du portail doit atteindre 99,8 %."

    found = ground(text, brief, make_corpus(*brief.passages))

    assert "RC2" in sources_of(text, found)[text]
    assert {source.page for source in found.sources if source.kind == "rc"} == {2}
    assert all(source.text == "" for source in found.sources if source.kind == "rc")


def test_a_passage_that_the_section_did_not_have_is_found_in_the_library() -> None:
    other = make_passage("", ("Formation", "Chaque agent suit deux journées de formation au guichet unique."))
    brief = brief_of_support()
    text = "Chaque agent suit deux journées de formation au guichet unique."

    found = ground(text, brief, make_corpus(*brief.passages, other))

    assert sources_of(text, found) == {text: ("L3",)}
    assert found.sources[0].id == other.id


def test_an_invented_sentence_has_no_source() -> None:
    brief = brief_of_support()
    text = "Nous cultivons des tulipes sur les toits depuis toujours."

    assert sources_of(text, ground(text, brief, make_corpus(*brief.passages))) == {text: ()}


def test_references_to_the_rc_and_to_sections_state_nothing() -> None:
    brief = brief_of_support()
    text = "Ce point est traité dans la section « Références ». [à compléter : le planning (RC, p. 2)]"

    found = ground(text, brief, make_corpus(*brief.passages))

    assert found.statements == ()
    assert [gap.text for gap in found.gaps] == ["le planning (RC, p. 2)"]


def test_a_reference_with_a_claim_of_its_own_is_a_statement() -> None:
    brief = brief_of_support()
    text = "La section « Références » montre nos 45 agences."

    assert list(sources_of(text, ground(text, brief, make_corpus(*brief.passages)))) == [text]


def test_only_requirements_that_the_text_answers_are_covered() -> None:
    brief = brief_of_support()
    text = "Une astreinte prend en compte les incidents bloquants en 20 minutes, 24 heures sur 24."

    found = ground(text, brief, make_corpus(*brief.passages))

    assert found.covered_requirement_ids == (brief.requirements[0].source.id,)


def test_repeating_the_requirement_covers_nothing() -> None:
    brief = brief_of_support()

    found = ground(f"{INCIDENTS}. {PORTAL}.", brief, make_corpus(*brief.passages))

    assert found.covered_requirement_ids == ()


def test_a_passage_that_a_person_confirmed_covers_whatever_its_words() -> None:
    passage = make_passage("L1", ("Formation", "Chaque agent suit deux journées au guichet."))
    sure, unsure = (make_requirement(PORTAL, "L1", confirmed=confirmed) for confirmed in (True, False))
    brief = make_brief([passage], [sure, unsure])

    found = ground("Chaque agent suit deux journées au guichet.", brief, make_corpus(passage))

    assert found.covered_requirement_ids == (sure.source.id,)


def test_a_reference_to_the_section_that_says_it_covers() -> None:
    passage = make_passage("L1", used_in="Références")
    brief = make_brief([passage], [make_requirement(INCIDENTS, "L1")])

    found = ground("Ce point est traité dans la section « Références ».", brief, make_corpus(passage))

    assert found.covered_requirement_ids == (brief.requirements[0].source.id,)


def test_the_weight_of_the_criterion_needs_no_page_that_says_it() -> None:
    brief = make_brief(rc_pages=("L’organisation et la qualité du support sont jugées.",))
    text = "Cette section répond au critère « Organisation et qualité du support », pondéré à 15 %."

    found = ground(text, brief, make_corpus())

    assert sources_of(text, found)[text] == ("RC1",)
    assert found.violations == ()
