"""The rules, one by one, on a few lines of text each."""

from __future__ import annotations

import pytest

from proposals.analysis import AwardCriterion
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.engine import OfflineEngine
from proposals.engines.offline.paper_sections import find_parts
from tests.unit.engines.documents import analyse, make_document, make_table, recorder


def flatten(criteria: tuple[AwardCriterion, ...]) -> list[tuple[str, float | None, list[tuple[str, float | None]]]]:
    return [(one.name, one.weight, [(part.name, part.weight) for part in one.children]) for one in criteria]


def test_nothing_is_guessed_from_an_empty_document() -> None:
    result = analyse(make_document("Bonjour."))

    assert {getattr(result, name).status for name in ("submission_deadline", "procedure", "variants")} == {"not_found"}
    assert {warning.code for warning in result.warnings} == {
        "deadline_not_found",
        "criteria_not_found",
        "documents_not_found",
    }


def test_a_reference_ends_before_the_title_that_follows_it() -> None:
    result = analyse(make_document("Consultation n° 26S0417 — Règlement de la consultation"))

    assert result.reference.value == "26S0417"


def test_two_different_deadlines_are_a_conflict_with_a_warning() -> None:
    result = analyse(
        make_document(
            "Date limite de remise des offres : 17 juillet 2026 à 12h00",
            "Les plis devront parvenir avant le 18 juillet 2026 à 12h00.",
        )
    )

    assert result.submission_deadline.status == "conflict"
    assert "deadline_conflict" in {warning.code for warning in result.warnings}


def test_the_same_deadline_twice_is_no_conflict() -> None:
    result = analyse(
        make_document(
            "Date limite de remise des offres : 17 juillet 2026 à 12h00",
            "Les plis devront parvenir avant le 17/07/2026 à 12 heures.",
        )
    )

    assert result.submission_deadline.status == "found"


def test_the_questions_end_before_the_deadline_and_not_when_the_buyer_answers() -> None:
    result = analyse(
        make_document(
            """
            Date limite de remise des offres : 20 mai 2027 à 12h00
            Les modifications du dossier sont envoyées au plus tard 6 jours avant la date limite.
            Les candidats posent leurs questions au plus tard dix (10) jours avant la date limite de remise des offres.
            """
        )
    )

    assert result.question_deadline.value is not None
    assert result.question_deadline.value.isoformat() == "2027-05-10T12:00:00+02:00"


@pytest.mark.parametrize(
    ("sentence", "amount", "unit"),
    [
        ("Le délai de validité des offres est fixé à 120 jours.", 120, "days"),
        ("Les candidats sont tenus par leur offre pendant quatre (4) mois.", 4, "months"),
        ("Il maintient son offre pendant une durée de six mois.", 6, "months"),
    ],
)
def test_the_validity_of_offers_is_read(sentence: str, amount: int, unit: str) -> None:
    value = analyse(make_document(sentence)).offer_validity.value

    assert value is not None
    assert (value.amount, value.unit) == (amount, unit)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Procédure adaptée en application de l’article R. 2123-1.", "mapa"),
        ("Le marché est passé par appel d’offres ouvert.", "open"),
        ("Marché soumis aux articles R. 2161-6 à R. 2161-11 du code.", "restricted"),
        ("La consultation est une procédure avec négociation.", "negotiated"),
        ("Il est recouru au dialogue compétitif.", "competitive_dialogue"),
    ],
)
def test_the_procedure_is_read_from_its_name_or_articles(sentence: str, expected: str) -> None:
    assert analyse(make_document(sentence)).procedure.value == expected


@pytest.mark.parametrize(
    ("sentence", "field", "expected"),
    [
        ("Aucune variante n’est autorisée.", "variants", "forbidden"),
        ("Les variantes sont admises.", "variants", "allowed"),
        ("Les prestations supplémentaires éventuelles sont autorisées.", "variants", None),
        ("Aucune visite n’est prévue.", "site_visit", "none"),
        ("La visite du site est obligatoire.", "site_visit", "mandatory"),
        ("La visite est conseillée, non obligatoire.", "site_visit", "optional"),
        ("L’acheteur pourra négocier avec les trois premiers candidats.", "negotiation", True),
        ("Il ne sera procédé à aucune négociation.", "negotiation", False),
        ("L’acheteur peut attribuer le marché sans négociation.", "negotiation", True),
        ("La signature électronique n’est pas exigée au dépôt.", "electronic_signature", "not_required"),
        ("La signature électronique est obligatoire.", "electronic_signature", "required"),
        ("La signature électronique est facultative.", "electronic_signature", "allowed"),
        ("Le mémoire technique ne dépassera pas vingt pages.", "page_limit", 20),
        ("L’usage du cadre de mémoire technique (CMT) est imposé.", "answer_frame", "Cadre de mémoire technique (CMT)"),
        ("Les prestations ne sont pas alloties.", "divided_into_lots", False),
    ],
)
def test_a_rule_of_the_game_is_read(sentence: str, field: str, expected: object) -> None:
    assert getattr(analyse(make_document(sentence)), field).value == expected


def test_an_open_procedure_excludes_negotiation_and_the_quote_is_the_procedure() -> None:
    result = analyse(make_document("Le marché est passé par appel d’offres ouvert."))

    assert (result.negotiation.value, result.negotiation.quote) == (False, result.procedure.quote)


def test_numbered_sub_criteria_go_under_their_criterion() -> None:
    result = analyse(
        make_table(
            [
                ["Critères", "Pondération"],
                ["1 - Prix", "40.0 %"],
                ["2 - Valeur technique", "60.0 %"],
                ["2.1 - Moyens", "25.0 %"],
                ["2.2 - Méthode", "35.0 %"],
            ]
        )
    )

    assert flatten(result.award_criteria) == [
        ("Prix", 40, []),
        ("Valeur technique", 60, [("Moyens", 25), ("Méthode", 35)]),
    ]


def test_a_criterion_that_only_shows_its_parts_weighs_their_sum() -> None:
    result = analyse(
        make_table(
            [
                ["Critère", "Sous-critère", "Points"],
                ["Valeur technique", "Moyens humains", "25"],
                ["", "Méthodologie", "35"],
                ["Prix", "", "40"],
            ]
        )
    )

    assert flatten(result.award_criteria) == [
        ("Valeur technique", 60, [("Moyens humains", 25), ("Méthodologie", 35)]),
        ("Prix", 40, []),
    ]


def test_criteria_are_read_in_a_sentence() -> None:
    result = analyse(
        make_document(
            "Les critères de jugement des offres sont le prix des prestations (60 %) et la valeur technique (40 %)."
        )
    )

    assert flatten(result.award_criteria) == [("Prix des prestations", 60, []), ("Valeur technique", 40, [])]


def test_criteria_that_select_applications_are_not_award_criteria() -> None:
    result = analyse(
        make_document(
            """
            Article 4 - Sélection des candidatures
            - Qualité des références : 60 %
            - Moyens : 40 %
            Article 5 - Critères d’attribution des offres
            - Prix : 30 %
            - Valeur technique : 70 %
            """
        )
    )

    assert [criterion.name for criterion in result.award_criteria] == ["Prix", "Valeur technique"]


def test_weights_that_do_not_make_100_are_reported() -> None:
    result = analyse(make_table([["Critères", "Pondération"], ["Prix", "50 %"], ["Valeur technique", "40 %"]]))

    assert "weights_sum_not_100" in {warning.code for warning in result.warnings}


def test_the_missing_environmental_criterion_is_reported_once_the_law_asks_for_it() -> None:
    criteria = "Critères de jugement des offres : le prix (60 %) et la valeur technique (40 %)."
    before = analyse(make_document(f"Date limite de remise des offres : 20/08/2026 à 12h00\n{criteria}"))
    after = analyse(make_document(f"Date limite de remise des offres : 21/08/2026 à 12h00\n{criteria}"))

    assert "no_environmental_criterion" not in {warning.code for warning in before.warnings}
    assert "no_environmental_criterion" in {warning.code for warning in after.warnings}


def test_papers_are_parted_by_application_and_offer() -> None:
    result = analyse(
        make_document(
            """
            5.1 Pièces de la candidature
            - le formulaire DC1 ;
            - le cas échéant, la copie du jugement de redressement.
            5.2 Pièces de l’offre
            - l’acte d’engagement, daté et signé ;
            - le mémoire technique.
            """
        )
    )

    assert [(paper.name, paper.part, paper.mandatory) for paper in result.required_documents] == [
        ("Formulaire DC1", "application", True),
        ("Copie du jugement de redressement", "application", False),
        ("Acte d’engagement", "offer", True),
        ("Mémoire technique", "offer", True),
    ]


def test_obligations_carry_article_code_and_category() -> None:
    result = analyse(
        make_document(
            """
            ARTICLE 7 - EXÉCUTION
            Le titulaire doit remettre un bilan carbone chaque année.
            La collectivité est propriétaire des lieux.
            """
        )
    )

    assert [(one.code, one.article, one.category) for one in result.requirements] == [("R-001", "7", "environmental")]


def test_steps_tell_what_was_found_so_far() -> None:
    steps: list[tuple[str, int, float]] = []

    OfflineEngine().analyse(make_document("Aucune variante n’est autorisée."), on_step=recorder(steps))

    assert steps[-1][1:] == (1, 1.0)
    assert [share for _, _, share in steps] == sorted(share for _, _, share in steps)


def test_a_label_alone_on_its_line_says_which_part_the_papers_below_belong_to() -> None:
    texts = ["Pour la candidature", "le formulaire DC1", "Pour l'offre", "le bordereau de prix"]
    blocks = [Block(index, 1, "bullet", text) for index, text in enumerate(texts)]

    parts = [part for _, part in find_parts(blocks)]

    assert parts == ["application", "application", "offer", "offer"]


def test_a_criterion_about_the_environment_is_not_taken_for_a_rate() -> None:
    result = analyse(
        make_document(
            """
            Article 6 - Jugement des offres
            Les critères sont pondérés comme suit :
            - Prix : 80 %
            - Engagements environnementaux et sociaux : 20 %
            """
        )
    )

    assert [one.weight for one in result.award_criteria] == [80, 20]


def test_applying_for_a_single_lot_does_not_mean_that_there_is_only_one() -> None:
    result = analyse(
        make_document(
            """
            Les prestations sont réparties en 2 lot(s) :
            Lot 1 : Secteur Nord
            Lot 2 : Secteur Sud
            Les candidats peuvent soumissionner pour un seul lot ou pour l'ensemble des lots.
            """
        )
    )

    assert result.divided_into_lots.value is True
