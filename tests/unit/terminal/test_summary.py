"""The readable summary of an analysis."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from rich.console import Console

from proposals.analysis import (
    AnalysisWarning,
    AwardCriterion,
    Fact,
    Lot,
    RCAnalysisResult,
    RequiredDocument,
    RequirementItem,
)
from proposals.terminal_summary import MAX_FACT_LENGTH, print_analysis


def summarise(result: RCAnalysisResult) -> str:
    console = Console(file=io.StringIO(), width=110, color_system=None)
    print_analysis(result, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def line_with(text: str, part: str) -> str:
    return next(line for line in text.splitlines() if part in line)


def test_every_fact_stands_with_its_page() -> None:
    deadline = datetime.fromisoformat("2027-03-17T12:00:00+01:00")
    result = RCAnalysisResult(
        submission_deadline=Fact(value=deadline, status="found", page=3, quote="q", confidence=1),
        buyer=Fact(value="Ville de Nantes", status="found", page=1, quote="q", confidence=1),
        procedure=Fact(value="mapa", status="found", page=2, quote="q", confidence=1),
    )

    text = summarise(result)

    assert line_with(text, "17 mars 2027").endswith("p. 3")
    assert line_with(text, "Ville de Nantes").endswith("p. 1")
    assert line_with(text, "Procédure adaptée").endswith("p. 2")


def test_what_the_document_does_not_say_is_said_to_be_missing() -> None:
    text = summarise(RCAnalysisResult())

    assert "non trouvé dans le document" in line_with(text, "Remise des offres")
    for sentence in ("aucun critère trouvé", "aucune pièce trouvée", "aucune exigence relevée"):
        assert sentence in text


def test_a_contradiction_is_shown_with_its_best_value() -> None:
    result = RCAnalysisResult(buyer=Fact(value="Ville de Nantes", status="conflict", page=1, quote="q", confidence=0.5))

    assert "Ville de Nantes  (contradictoire : à vérifier)" in summarise(result)


def test_criteria_are_bars_in_proportion_to_their_weights() -> None:
    child = AwardCriterion(number="1.1", name="Méthode", weight=20, unit="percent", page=8)
    result = RCAnalysisResult(
        award_criteria=(
            AwardCriterion(number="1", name="Technique", weight=60, unit="percent", page=8, children=(child,)),
            AwardCriterion(number="2", name="Prix", weight=30, unit="percent", page=9),
        )
    )

    text = summarise(result)

    assert line_with(text, "1 Technique").count("━") == 2 * line_with(text, "2 Prix").count("━")
    assert line_with(text, "2 Prix").split()[-4:] == ["30", "%", "p.", "9"]
    assert line_with(text, "1.1 Méthode").startswith("    1.1")


def test_documents_requirements_and_warnings_are_listed() -> None:
    requirement = RequirementItem(code="R-001", text="t", category="technical", mandatory=True, page=2, quote="q")
    result = RCAnalysisResult(
        required_documents=(
            RequiredDocument(name="DC1", part="application", page=4, quote="q"),
            RequiredDocument(name="DC4", part="offer", mandatory=False, page=5, quote="q"),
        ),
        requirements=(requirement, requirement.model_copy(update={"code": "R-002", "mandatory": False})),
        warnings=(AnalysisWarning(code="sum", message="La somme des pondérations est de 90 %."),),
    )

    text = summarise(result)

    assert line_with(text, "DC1").endswith("p. 4")
    assert "DC4  (le cas échéant)" in text
    assert "2 au total, 1 à caractère obligatoire (techniques 2)" in text
    assert "La somme des pondérations est de 90 %." in text


@pytest.mark.parametrize("hostile", ["\x1b[2Jrouge", "[bold]rouge[/bold]"])
def test_text_of_a_document_cannot_steer_the_terminal(hostile: str) -> None:
    result = RCAnalysisResult(
        object=Fact(value=hostile, status="found", page=1, quote="q", confidence=1),
        lots=Fact(value=(Lot(number="1", title=hostile),), status="found", page=1, quote="q", confidence=1),
        required_documents=(RequiredDocument(name=hostile, part="offer", page=1, quote="q"),),
    )

    text = summarise(result)

    assert "\x1b" not in text
    assert text.count(hostile.replace("\x1b", "")) == 3


def test_a_very_long_fact_is_shortened() -> None:
    result = RCAnalysisResult(object=Fact(value="mot " * 500, status="found", page=1, quote="q", confidence=1))

    text = summarise(result)

    assert text.count("mot") <= MAX_FACT_LENGTH / 4
    assert "…" in text
