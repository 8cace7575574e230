"""The offline writer: what it takes from passages, what it adds, what it says is missing."""

from __future__ import annotations

import pytest

from proposals.engines.offline.writing.engine import OfflineWriter
from proposals.engines.offline.writing.passages import cut, share_out, tidy
from proposals.grounding import ground
from proposals.grounding.terms import Terms
from proposals.quality import count_words
from proposals.writing import Criterion, SectionBrief, TenderFacts
from tests.briefs import AVAILABILITY, INCIDENTS, PORTAL, make_brief, make_corpus, make_passage, make_requirement

TRAINING = ("Formation", "Chaque agent suit deux journées de formation. Les supports sont remis sous licence libre.")


def write(brief: SectionBrief) -> str:
    """Return the text with plain blanks."""
    return OfflineWriter().write_section(brief, on_text=lambda piece: None).replace("\u00a0", " ")


def test_the_text_comes_in_pieces_that_add_up() -> None:
    brief = make_brief([make_passage("L1")], [make_requirement(INCIDENTS, "L1")])
    pieces: list[str] = []

    text = OfflineWriter().write_section(brief, on_text=pieces.append)

    assert "".join(pieces) == text
    assert len(pieces) == len(text.split("\n\n")) == 4


def test_the_same_brief_gives_the_same_text() -> None:
    brief = make_brief([make_passage("L1")], [make_requirement(INCIDENTS, "L1"), make_requirement(PORTAL)])

    assert write(brief) == write(brief)


def test_what_on_text_raises_ends_the_work() -> None:
    def stop(piece: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        OfflineWriter().write_section(make_brief(), on_text=stop)


def test_a_requirement_stands_in_the_rc_s_words_with_its_place_above_the_passage() -> None:
    brief = make_brief([make_passage("L1")], [make_requirement(f"{INCIDENTS}.", "L1")])

    text = write(brief)

    assert (
        "### Support et astreinte\n\n**L’Agence demande** (RC, art. 5.4, p. 2) : « le titulaire doit prendre en "
        "compte les incidents bloquants en 30 minutes ».\n\nUne astreinte prend en compte" in text
    )


def test_words_that_the_rc_does_not_have_are_not_put_between_quotation_marks() -> None:
    brief = make_brief([make_passage("L1")], [make_requirement("Répondre vite aux incidents", "L1")])

    assert "**L’Agence demande** (RC, art. 5.4, p. 2) : répondre vite aux incidents.\n" in write(brief)


def test_a_quotation_does_not_begin_with_a_pronoun_that_stands_for_nobody() -> None:
    brief = make_brief([make_passage("L1")], [make_requirement("Il garantit une réponse", "L1", page=None)])

    assert "**L’Agence demande** : (…) garantit une réponse." in write(brief)


def test_a_missing_passage_is_a_gap_that_says_what_the_buyer_asks_and_where() -> None:
    brief = make_brief([], [make_requirement(PORTAL), make_requirement(INCIDENTS, page=None)])

    text = write(brief)

    assert "### Points à compléter" in text
    assert (
        "- [à compléter : la disponibilité mensuelle du portail doit atteindre 99,8 % (RC, art. 5.4, p. 2)]\n"
        "- [à compléter : le titulaire doit prendre en compte les incidents bloquants en 30 minutes]" in text
    )


def test_a_section_with_nothing_at_all_is_one_gap_about_its_criterion() -> None:
    assert write(make_brief()).endswith(
        "- [à compléter : organisation du support, pour répondre au sous-critère 1.2 « Organisation et qualité du "
        "support », pondéré à 15 %]"
    )
    assert write(make_brief(criterion=None)).endswith("- [à compléter : organisation du support]")
    assert write(make_brief(title="Délais", criterion=Criterion(name="Délais"))).endswith(
        "- [à compléter : répondre au critère « Délais »]"
    )


def test_requirements_that_one_passage_answers_stand_together_and_the_passage_once() -> None:
    passage = make_passage("L1")
    brief = make_brief([passage], [make_requirement(INCIDENTS, "L1"), make_requirement(PORTAL, "L1")])

    text = write(brief)

    assert text.count("### Support et astreinte") == 1
    assert "**L’Agence demande** :\n\n- « le titulaire" in text
    assert "(RC, art. 5.4, p. 2) ;\n- « la disponibilité" in text


def test_a_passage_that_another_section_says_is_referred_to_not_repeated() -> None:
    passage = make_passage("L1", used_in="Références")
    brief = make_brief([passage], [make_requirement(INCIDENTS, "L1")])

    text = write(brief)

    assert "Ce point est traité dans la section « Références »." in text
    assert "Nadia Ferreira" not in text
    assert "à compléter" not in text


def test_an_answer_in_part_is_to_be_checked_unless_it_has_most_of_the_words() -> None:
    training = make_passage("L1", TRAINING)
    near = make_requirement("Deux journées de formation par agent", "L1", is_partial=True)
    far = make_requirement("Un tuteur accompagne chaque apprenti handicapé", "L1", is_partial=True)

    text = write(make_brief([training], [near, far]))

    assert text.count("vérifier que le passage « Formation » répond à la demande") == 1
    assert "répond à la demande : un tuteur accompagne" in text


def test_an_out_of_date_passage_is_to_be_updated() -> None:
    brief = make_brief([make_passage("L1", is_expired=True)], [make_requirement(INCIDENTS, "L1")])

    assert "[à compléter : vérifier et actualiser ce qui suit : la validité du passage « Support et" in write(brief)


def test_the_first_section_introduces_the_consultation_in_full_and_others_do_not() -> None:
    first = make_brief(title="Compréhension du besoin")

    assert (
        "de la consultation 2027-DSI-014 lancée par l’Agence nationale des mobilités durables : "
        "« Hébergement et support du portail »." in write(first)
    )
    assert "pondéré à 15 %, de la consultation 2027-DSI-014.\n" in write(make_brief())


@pytest.mark.parametrize(
    ("buyer", "full", "short"),
    [
        ("Commune de Saint-Aubin", "lancée par la Commune de Saint-Aubin", "**La Commune demande**"),
        ("VILLE DE CASTELMURE", "lancée par la Ville de Castelmure", "**La Ville demande**"),
        ("Institut polytechnique", "lancée par l’Institut polytechnique", "**L’Institut demande**"),
        ("Centre hospitalier de Montbruyère", "lancée par le Centre hospitalier", "**Le Centre hospitalier demande**"),
        ("Bordeaux Métropole", "lancée par Bordeaux Métropole", "**L’acheteur demande**"),
        ("", "consultation", "**L’acheteur demande**"),
    ],
)
def test_the_buyer_is_named_with_its_article(buyer: str, full: str, short: str) -> None:
    brief = make_brief(
        [make_passage("L1")],
        [make_requirement(INCIDENTS, "L1")],
        title="Compréhension du besoin",
        tender=TenderFacts(buyer=buyer, object="Un objet"),
    )

    assert full in write(brief)
    assert short in write(brief)


@pytest.mark.parametrize(
    ("criterion", "said"),
    [
        (
            Criterion(number="2", name="Délais", weight=12.5, unit="percent"),
            "critère 2 « Délais », pondéré à 12,5 %, de",
        ),
        (Criterion(name="Délais", weight=1, unit="points"), "critère « Délais », noté sur 1 point, de"),
        (Criterion(name="Délais"), "critère « Délais » de la consultation"),
        (None, "La section « Organisation du support » fait partie de la réponse à la consultation"),
    ],
)
def test_the_criterion_is_named_with_its_weight(criterion: Criterion | None, said: str) -> None:
    assert said in write(make_brief(criterion=criterion))


def test_what_the_title_is_taken_from_stands_in_the_first_paragraph_and_its_passage_first() -> None:
    frame = make_requirement("L’organisation du support", "L2")
    brief = make_brief([make_passage("L1"), make_passage("L2", TRAINING)], [make_requirement(INCIDENTS, "L1"), frame])

    text = write(brief)

    assert "L’Agence y demande : l’organisation du support (RC, art. 5.4, p. 2)." in text.split("\n\n")[0]
    assert text.index("### Formation") < text.index("### Support et astreinte")


def test_passages_found_by_the_title_follow_without_a_requirement() -> None:
    brief = make_brief([make_passage("L1"), make_passage("L2", TRAINING)], [make_requirement(INCIDENTS, "L1")])

    assert write(brief).endswith(f"### Formation\n\n{TRAINING[1]}")


def test_everything_written_is_proven_and_nothing_is_invented() -> None:
    passages = [make_passage("L1"), make_passage("L2", AVAILABILITY)]
    brief = make_brief(passages, [make_requirement(INCIDENTS, "L1"), make_requirement(PORTAL, "L2")])
    text = OfflineWriter().write_section(brief, on_text=lambda piece: None)

    found = ground(text, brief, make_corpus(*passages))

    assert found.violations == ()
    assert [text[item.start : item.end] for item in found.statements if not item.sources] == []
    assert len(found.covered_requirement_ids) == 2


def test_a_long_passage_is_cut_to_the_budget_by_whole_sentences() -> None:
    sentences = [
        f"Le volet numéro {number} porte sur un sujet tout à fait différent des autres." for number in range(60)
    ]
    sentences[40] = "Les incidents bloquants sont pris en compte par une astreinte permanente."
    passage = make_passage("L1", ("Long", " ".join(sentences)))
    brief = make_brief([passage], [make_requirement(INCIDENTS, "L1")], words_budget=150)

    text = write(brief)

    assert sentences[0] in text
    assert sentences[40] in text
    assert count_words(text) < 230
    assert all(sentence in sentences for sentence in text.split("\n\n")[-1].replace(". ", ".\n").split("\n"))


# Cutting


def cut_to(body: str, words: int, question: str) -> str:
    terms = Terms()
    return cut(body, words=words, question=frozenset(terms.of(question)), terms=terms)


def test_a_sentence_that_leans_on_the_one_before_it_keeps_it() -> None:
    body = "Rien d’utile ici. Le tuteur suit chaque apprenti. Il rédige un bilan carbone. Autre sujet."

    assert (
        cut_to(body, 12, "bilan carbone")
        == "Rien d’utile ici. Le tuteur suit chaque apprenti. Il rédige un bilan carbone."
    )


def test_a_list_stays_whole_with_the_sentence_that_announces_it() -> None:
    body = (
        "Début sans rapport avec le reste.\n\nVoici nos contrôles :\n\n- contrôle du béton ;\n"
        "- contrôle de l’acier.\n\nFin de ce passage."
    )

    assert cut_to(body, 14, "contrôle béton") == (
        "Début sans rapport avec le reste.\n\nVoici nos contrôles :\n\n- contrôle du béton ;\n- contrôle de l’acier."
    )


def test_a_list_right_under_a_line_is_a_list() -> None:
    assert tidy("Voici :\n- un ;\n- deux.") == "Voici :\n\n- un ;\n- deux."


def test_headings_of_a_passage_stand_below_its_own_and_never_alone() -> None:
    body = "Une phrase.\n\n## Suppléance\n\nLe suppléant est nommé.\n\n## Autre\n\nRien du tout de tout cela."

    assert "#### Suppléance" in tidy(body)
    assert cut_to(body, 6, "suppléant") == "Une phrase.\n\n#### Suppléance\n\nLe suppléant est nommé."


@pytest.mark.parametrize(
    ("lengths", "words", "shares"),
    [([100, 100], 200, [100, 100]), ([50, 500, 500], 450, [50, 200, 200]), ([10, 20], 100, [10, 20]), ([], 100, [])],
)
def test_what_short_passages_leave_goes_to_long_ones(lengths: list[int], words: int, shares: list[int]) -> None:
    assert share_out(lengths, words) == shares
