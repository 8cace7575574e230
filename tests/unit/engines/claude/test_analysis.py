"""Analyses by the model: what the document bears out is kept with its words, what it does not is marked."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from proposals.analysis import RCAnalysisResult
from proposals.documents.document import Document
from proposals.documents.pdf_reader import read_pdf
from proposals.engines import scoring
from proposals.engines.offline.engine import all_quotes
from proposals.engines.offline.evidence import is_verbatim
from proposals.exceptions import OperationFailed
from tests.claude_engine import make_engine
from tests.messages_answers import answer, report
from tests.messages_server import MessagesServer, broken, structured, text
from tests.reports import criterion, reported, requirement
from tests.unit.engines.documents import analyse as analyse_by_rules
from tests.unit.engines.documents import ignore, make_document, recorder

SAMPLES = Path(__file__).parents[4] / "proposals" / "samples" / "rc"
NAMES = ("accord-cadre-services-numeriques", "fournitures-lots-points", "travaux-visite-obligatoire")
PDFS = [SAMPLES / f"{name}.pdf" for name in NAMES]

RC = make_document(
    """
    REGLEMENT DE LA CONSULTATION
    Marché n° 2027-042
    Objet : entretien des espaces verts de la commune de Valmont
    Date limite de remise des offres : 12 mars 2027 à 12h00
    """,
    """
    Article 5 - Jugement des offres
    Prix des prestations : 40 %
    Valeur technique : 60 %
    Le candidat doit remettre un mémoire technique de vingt pages au plus.
    Le titulaire doit intervenir sous 48 heures.
    """,
)
DEADLINE = {
    "field": "submission_deadline",
    "value": "2027-03-12T12:00",
    "page": 1,
    "quote": "Date limite de remise des offres : 12 mars 2027 à 12h00",
}
OBJECT = {
    "field": "object",
    "value": "entretien des espaces verts de la commune de Valmont",
    "page": 1,
    "quote": "Objet : entretien des espaces verts de la commune de Valmont",
}


def analyse(value: object, document: Document = RC) -> RCAnalysisResult:
    """Return what the engine makes of an answer."""
    with MessagesServer(structured(value)) as server:
        return make_engine(server).analyse(document, on_step=ignore)


def warnings(result: RCAnalysisResult) -> dict[str, str]:
    return {warning.code: warning.message for warning in result.warnings}


@cache
def read(pdf: Path) -> Document:
    return read_pdf(pdf)


# A model that does as it is told


@pytest.mark.parametrize("pdf", PDFS, ids=lambda pdf: pdf.stem)
def test_what_a_good_model_reports_of_a_sample_is_all_proven(pdf: Path) -> None:
    document = read(pdf)
    by_rules = analyse_by_rules(document)

    result = analyse(report(by_rules), document)

    quotes = list(all_quotes(result))
    assert quotes
    assert [
        found for found in quotes if not (found[1] and found[2] and is_verbatim(found[2], document.page(found[1])))
    ] == []
    assert not {"unverified_quote", "fact_conflict"} & set(warnings(result))
    assert len(result.requirements) == len(by_rules.requirements)


def test_the_pages_are_sent_so_that_a_model_can_read_them() -> None:
    pdf = SAMPLES / "accord-cadre-services-numeriques.pdf"
    expected = json.loads(pdf.with_suffix(".expected.json").read_text(encoding="utf-8"))

    with MessagesServer(answer) as server:
        result = make_engine(server).analyse(read(pdf), on_step=ignore)

    fields = scoring.score(result.model_dump(mode="json"), expected).scores
    assert fields["submission_deadline"].right == 1
    assert fields["requirements"].recall > 0.8


def test_the_engine_names_its_model() -> None:
    with MessagesServer(answer) as server:
        assert make_engine(server, model="claude-opus-5-5").name == "claude (claude-opus-5-5)"


# Facts


def test_a_proven_fact_carries_the_page_s_words() -> None:
    result = analyse(reported(facts=[DEADLINE, {**OBJECT, "quote": OBJECT["quote"].upper(), "page": 2}]))  # type: ignore[attr-defined]

    assert f"{result.submission_deadline.value:%Y-%m-%dT%H:%M%z}" == "2027-03-12T12:00+0100"
    assert (result.object.page, result.object.quote) == (1, OBJECT["quote"])
    assert result.object.confidence > 0.9


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "Objet : réfection de la toiture de la mairie annexe"},
        {"value": "réfection de la toiture de la mairie annexe"},
    ],
    ids=["a quote that is not there", "a value that its quote does not say"],
)
def test_an_unproven_fact_is_kept_and_marked(change: dict[str, str]) -> None:
    result = analyse(reported(facts=[{**OBJECT, **change}]))

    assert result.object.value
    assert (result.object.status, result.object.page, result.object.quote) == ("found", None, None)
    assert result.object.confidence == 0
    assert "objet" in warnings(result)["unverified_quote"]


def test_a_value_that_is_none_of_its_field_is_not_found() -> None:
    procedure = {"field": "procedure", "value": "à la bonne franquette", "page": 1, "quote": OBJECT["quote"]}

    assert analyse(reported(facts=[procedure])).procedure.status == "not_found"


def test_two_proven_values_conflict() -> None:
    document = make_document("Marché n° 2027-042", "Consultation n° 2027-043")
    facts = [
        {"field": "reference", "value": "2027-042", "page": 1, "quote": "Marché n° 2027-042"},
        {"field": "reference", "value": "2027-043", "page": 2, "quote": "Consultation n° 2027-043"},
    ]

    result = analyse(reported(facts=facts), document)

    assert (result.reference.value, result.reference.status) == ("2027-042", "conflict")
    assert "référence" in warnings(result)["fact_conflict"]


def test_an_unproven_value_does_not_contradict_a_proven_one() -> None:
    facts = [{**OBJECT, "value": "autre chose", "quote": "Objet : tout autre chose que cela"}, OBJECT]

    result = analyse(reported(facts=facts))

    assert (result.object.value, result.object.status) == (OBJECT["value"], "found")


def test_codes_are_gathered() -> None:
    document = make_document("Codes CPV : 77310000-6 et 77314000-4")
    facts = [
        {"field": "cpv", "value": code, "page": 1, "quote": "Codes CPV : 77310000-6 et 77314000-4"}
        for code in ("77310000-6", "77314000-4", "45000000-7")
    ]

    assert analyse(reported(facts=facts), document).cpv.value == ("77310000-6", "77314000-4")


# The deadline, read twice


def test_a_deadline_that_the_model_did_not_see_is_read_by_the_rules() -> None:
    result = analyse(reported(facts=[OBJECT]))

    assert (result.submission_deadline.status, result.submission_deadline.page) == ("found", 1)


def test_a_deadline_that_the_model_misread_is_read_by_the_rules() -> None:
    result = analyse(reported(facts=[{**DEADLINE, "value": "2027-03-21T12:00"}]))

    assert f"{result.submission_deadline.value:%d}" == "12"
    assert "unverified_quote" not in warnings(result)


def test_a_deadline_that_both_prove_differently_is_a_conflict() -> None:
    document = make_document(
        "Date limite de remise des offres : 12 mars 2027 à 12h00", "Dernier délai 15 mars 2027 à 17h00"
    )
    last = {**DEADLINE, "value": "2027-03-15T17:00", "page": 2, "quote": "Dernier délai 15 mars 2027 à 17h00"}

    result = analyse(reported(facts=[last]), document)

    assert result.submission_deadline.status == "conflict"
    assert all(day in warnings(result)["deadline_conflict"] for day in ("12/03/2027", "15/03/2027"))


# Lists


def test_requirements_are_coded_in_reading_order_and_counted_once() -> None:
    first = "Le candidat doit remettre un mémoire technique de vingt pages au plus."
    second = "Le titulaire doit intervenir sous 48 heures."
    entries = [requirement(second), requirement(first), requirement(second, words="Intervenir sous 48 heures")]

    result = analyse(reported(requirements=entries))

    assert [(item.code, item.text) for item in result.requirements] == [("R-001", first), ("R-002", second)]


def test_a_requirement_that_is_not_there_comes_last_without_page() -> None:
    entries = [
        requirement("Le titulaire doit planter douze platanes."),
        requirement("Le titulaire doit intervenir sous 48 heures."),
    ]

    result = analyse(reported(requirements=entries))

    assert [(item.code, item.page) for item in result.requirements] == [("R-001", 2), ("R-002", None)]
    assert "exigence R-002" in warnings(result)["unverified_quote"]


def test_a_requirement_says_what_its_quote_says() -> None:
    quote = "Le titulaire doit intervenir sous 48 heures."
    entries = [requirement(quote, words="Le titulaire doit intervenir sous 4 heures, ou renoncer au marché.")]

    (item,) = analyse(reported(requirements=entries)).requirements

    assert item.text == quote


def test_criteria_keep_their_weights_where_the_page_gives_them() -> None:
    entries = [
        criterion("Prix des prestations", "40", "Prix des prestations : 40 %"),
        criterion("Valeur technique", "55", "Valeur technique : 60 %"),
    ]

    price, technical = analyse(reported(award_criteria=entries)).award_criteria

    assert (price.weight, price.unit, price.page) == (40, "percent", 2)
    assert (technical.weight, technical.page) == (55, None)


def test_a_criterion_may_weigh_what_its_parts_weigh_together() -> None:
    document = make_document("Valeur technique\nMoyens humains : 35 %\nPlanning : 25 %")
    parts = (criterion("Moyens humains", "35", "Moyens humains : 35 %"), criterion("Planning", "25", "Planning : 25 %"))
    entry = criterion("Valeur technique", "60", "Valeur technique", parts)

    (found,) = analyse(reported(award_criteria=[entry]), document).award_criteria

    assert (found.weight, found.quote) == (60, "Valeur technique")
    assert [child.weight for child in found.children] == [35, 25]


@pytest.mark.parametrize("weight", ["", "beaucoup", "-5", "inf"])
def test_a_weight_that_is_none_is_none(weight: str) -> None:
    entry = criterion("Prix des prestations", weight, "Prix des prestations : 40 %")

    (found,) = analyse(reported(award_criteria=[entry])).award_criteria

    assert (found.weight, found.unit) == (None, None)


def test_lots_divide_a_contract() -> None:
    document = make_document("Lot 1 : Tonte des pelouses", "Lot 2 : Taille des haies")
    lots = [
        {"number": "1", "title": "Tonte des pelouses", "page": 1, "quote": "Lot 1 : Tonte des pelouses"},
        {"number": "2", "title": "Taille des haies", "page": 1, "quote": "Lot 2 : Taille des haies"},
        {"number": "3", "title": "Abattage d’arbres", "page": 2, "quote": "Lot 3 : Abattage d’arbres"},
    ]

    result = analyse(reported(lots=lots), document)

    assert result.divided_into_lots.value is True
    assert [lot.number for lot in result.lots.value or ()] == ["1", "2", "3"]
    assert "lot 3" in warnings(result)["unverified_quote"]


def test_a_contract_that_is_not_divided_has_no_lots() -> None:
    document = make_document("Le marché n’est pas alloti.")
    undivided = {"field": "divided_into_lots", "value": "false", "page": 1, "quote": "Le marché n’est pas alloti."}
    lot = {"number": "1", "title": "pas alloti", "page": 1, "quote": "Le marché n’est pas alloti."}

    result = analyse(reported(facts=[undivided], lots=[lot]), document)

    assert (result.divided_into_lots.value, result.lots.status) == (False, "not_found")


# Steps and answers


def test_the_steps_follow_the_answer() -> None:
    steps: list[tuple[str, int, float]] = []
    value = reported(
        facts=[DEADLINE, OBJECT], requirements=[requirement("Le titulaire doit intervenir sous 48 heures.")]
    )

    with MessagesServer(structured(value)) as server:
        make_engine(server).analyse(RC, on_step=recorder(steps))

    assert steps[0][0] == "Identité, dates et règles de la consultation"
    assert steps[-1] == ("Vérification des citations", 1, 1.0)
    assert [share for _, _, share in steps] == sorted(share for _, _, share in steps)
    assert steps[-2][1] == 3


@pytest.mark.parametrize("answered", ['{"facts": []', "Voici l’analyse.", '{"facts": 3}'], ids=["cut", "prose", "form"])
def test_an_answer_of_another_form_fails(answered: str) -> None:
    with MessagesServer(text(answered)) as server, pytest.raises(OperationFailed) as caught:
        make_engine(server).analyse(RC, on_step=ignore)

    assert caught.value.code == "engine_bad_answer"


def test_an_analysis_whose_stream_breaks_is_asked_for_again() -> None:
    with MessagesServer(broken('{"facts": ['), structured(reported(facts=[OBJECT]))) as server:
        result = make_engine(server, max_retries=1).analyse(RC, on_step=ignore)

    assert result.object.quote == OBJECT["quote"]
