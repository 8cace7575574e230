"""Which sections a proposal gets, in which order, with how many words, covering what."""

from __future__ import annotations

from proposals import planning
from proposals.analysis import AwardCriterion, Fact, RCAnalysisResult, RequiredDocument
from proposals.writing import PlannedSection
from tests.unit.planning.rows import Row, criterion

LISTED = (
    "La compréhension du contexte et des enjeux de l’Agence, avec une analyse des risques du projet",
    "L’organigramme de l’équipe, les taux d’affectation et les modalités de remplacement d’un intervenant clé",
    "Le calendrier détaillé de la phase de transition, qui ne peut excéder trois mois",
)
TECHNICAL = criterion(
    "Valeur technique",
    50,
    criterion("Compréhension du besoin", 20, number="1.1"),
    criterion("Compétences de l’équipe", 20, number="1.2"),
    criterion("Transition", 10, number="1.3"),
)
PRICE = criterion("Prix des prestations", 40)
ENVIRONMENT = criterion("Performance environnementale", 10)


def result(*criteria: AwardCriterion, page_limit: int | None = None, **fields: object) -> RCAnalysisResult:
    limit = Fact[int](value=page_limit, status="found", page=1, quote="…") if page_limit else Fact[int]()
    return RCAnalysisResult(award_criteria=criteria, page_limit=limit, **fields)


def titles(planned: tuple[PlannedSection, ...]) -> list[str]:
    return [section.title for section in planned]


def test_a_list_of_contents_is_the_plan_in_the_buyer_s_words_and_order() -> None:
    rows = [Row(text) for text in LISTED]

    planned = planning.plan(result(TECHNICAL, PRICE), rows)

    assert titles(planned) == [
        "Compréhension du contexte et des enjeux de l’Agence, avec une analyse des risques du projet",
        "Organigramme de l’équipe, taux d’affectation et modalités de remplacement d’un intervenant clé",
        "Calendrier détaillé de la phase de transition",
    ]
    assert [section.requirement_ids for section in planned] == [(row.id,) for row in rows]
    assert [section.criterion.number for section in planned if section.criterion] == ["1.1", "1.2", "1.3"]
    assert planned[2].guidance == (
        "L’acheteur attend ici : le calendrier détaillé de la phase de transition, qui ne peut excéder trois mois "
        "(RC, p. 8)."
    )


def test_criteria_that_no_item_answers_become_sections_and_prices_never() -> None:
    planned = planning.plan(result(TECHNICAL, PRICE, ENVIRONMENT), [Row(text) for text in LISTED])

    assert titles(planned)[3:] == ["Performance environnementale"]


def test_two_noun_phrases_are_no_list_of_contents() -> None:
    planned = planning.plan(result(TECHNICAL), [Row(text) for text in LISTED[:2]])

    assert titles(planned) == ["Compréhension du besoin", "Compétences de l’équipe", "Transition"]


def test_sub_criteria_are_the_plan_where_nothing_is_listed() -> None:
    planned = planning.plan(result(TECHNICAL, PRICE, ENVIRONMENT), [])

    assert titles(planned) == [
        "Compréhension du besoin",
        "Compétences de l’équipe",
        "Transition",
        "Performance environnementale",
    ]
    assert [section.key for section in planned] == ["understanding", "team", "transition", "environment"]


def test_an_enumeration_in_the_name_of_a_paper_is_the_plan() -> None:
    note = RequiredDocument(
        name="Note",
        part="offer",
        page=2,
        quote="une note méthodologique décrivant les moyens humains et matériels affectés au marché, le calendrier "
        "annuel des interventions et les mesures prises pour réduire l’usage de l’eau et des carburants.",
    )

    planned = planning.plan(result(criterion("Valeur technique", 60), PRICE, required_documents=(note,)), [])

    assert titles(planned) == [
        "Moyens humains et matériels affectés au marché",
        "Calendrier annuel des interventions",
        "Mesures prises pour réduire l’usage de l’eau et des carburants",
    ]
    assert {section.criterion.name for section in planned if section.criterion} == {"Valeur technique"}


def test_the_standard_plan_has_what_criteria_requirements_and_contract_call_for_by_weight() -> None:
    supplies = Fact[str](value="supplies", status="found", page=1, quote="fournitures")
    criteria = (criterion("Niveaux de service et maintenance", 20), criterion("Planning et délais", 30), PRICE)
    rows = [Row("Le titulaire doit former les agents", article="4"), Row("Les plis sont déposés en ligne", article="6")]

    planned = planning.plan(result(*criteria, contract_type=supplies), rows)

    assert [section.key for section in planned] == [
        "understanding",
        "planning",
        "service",
        "quality",
        "training",
    ]
    assert [section.requirement_ids for section in planned if section.key == "training"] == [(rows[0].id,)]


def test_a_criterion_that_no_rubric_knows_has_a_section_of_its_own() -> None:
    planned = planning.plan(result(criterion("C1. Beauté du geste", 60), PRICE), [])

    own = next(section for section in planned if section.key == "custom")
    assert (own.title, own.criterion and own.criterion.number) == ("Beauté du geste", "C1")


def test_each_requirement_of_the_proposal_is_in_one_section_and_others_in_none() -> None:
    inside = [
        Row("Les sauvegardes doivent être chiffrées", article="5.4"),
        Row("Le titulaire doit réunir un comité de pilotage", article="5.4"),
        Row("Zorglub bidule truc", article="5.4"),
    ]
    outside = [Row("Les plis sont déposés en ligne", article="6"), Row("Le BPU doit être renseigné", article="5.2")]

    planned = planning.plan(result(TECHNICAL, ENVIRONMENT), [*inside, *outside])

    covered = [identity for section in planned for identity in section.requirement_ids]
    assert sorted(covered, key=str) == sorted((row.id for row in inside), key=str)


def test_a_requirement_goes_to_the_section_that_speaks_of_it() -> None:
    row = Row("Chaque année, le titulaire remet un bilan carbone des prestations", article="2.4")

    planned = planning.plan(result(TECHNICAL, ENVIRONMENT), [row])

    assert next(section.key for section in planned if section.requirement_ids) == "environment"


def test_words_follow_weights_within_the_page_limit() -> None:
    planned = planning.plan(result(TECHNICAL, ENVIRONMENT, page_limit=7), [])

    words = [section.words_budget for section in planned]
    assert words[0] == words[1] > words[2] == words[3] >= 150
    assert 0.95 * 2_500 <= sum(words) <= 2_500


def test_a_page_limit_is_no_target_and_none_gives_a_sensible_length() -> None:
    roomy = planning.plan(result(TECHNICAL, page_limit=200), [])
    free = planning.plan(result(TECHNICAL), [])

    assert sum(section.words_budget for section in roomy) <= 3 * 900
    assert 3 * 450 <= sum(section.words_budget for section in free) <= 3 * 500


def test_sections_of_one_criterion_share_its_weight_by_what_they_cover() -> None:
    whole = criterion("Valeur technique", 60)
    rows = [Row(text) for text in LISTED]
    rows += [Row(f"Le chef d’équipe doit avoir la compétence {number}", article="4") for number in range(3)]

    planned = planning.plan(result(whole, PRICE), rows)

    assert planned[1].words_budget > planned[0].words_budget == planned[2].words_budget


def test_a_key_names_one_section() -> None:
    planned = planning.plan(result(criterion("Sobriété énergétique", 10), criterion("Gestion des déchets", 10)), [])

    keys = [section.key for section in planned if section.key != "custom"]
    assert len(keys) == len(set(keys))


def test_the_same_analysis_gives_the_same_plan() -> None:
    rows = [Row(text) for text in LISTED]

    assert planning.plan(result(TECHNICAL), rows) == planning.plan(result(TECHNICAL), list(reversed(rows)))


def test_an_analysis_that_found_nothing_still_gives_a_plan() -> None:
    planned = planning.plan(RCAnalysisResult(), [])

    assert [section.key for section in planned] == ["understanding", "team", "methodology", "organisation", "quality"]
