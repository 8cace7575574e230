"""The parts of a text's quality, and the score that they make."""

from __future__ import annotations

import pytest

from proposals import quality
from proposals.grounding import ground
from proposals.writing import Quality, RequirementToCover, SectionBrief
from tests.briefs import AVAILABILITY, INCIDENTS, PORTAL, make_brief, make_corpus, make_passage, make_requirement

SENTENCE = "Une astreinte prend en compte les incidents bloquants en 20 minutes, 24 heures sur 24."


def brief(*requirements: RequirementToCover, words: int = 400) -> SectionBrief:
    return make_brief([make_passage("L1"), make_passage("L2", AVAILABILITY)], requirements, words_budget=words)


def measure(text: str, section: SectionBrief) -> Quality:
    return quality.measure(text, section, ground(text, section, make_corpus(*section.passages)))


def test_the_score_is_the_published_mean_of_the_parts() -> None:
    found = measure(SENTENCE, brief(make_requirement(INCIDENTS, "L1"), make_requirement(PORTAL, "L2")))

    parts = {"coverage": found.coverage, "evidence": found.evidence, "specificity": found.specificity}
    mean = 0.4 * found.coverage + 0.3 * found.evidence + 0.2 * found.specificity + 0.1 * found.length
    assert found.score == pytest.approx(mean, abs=0.002)
    assert parts == {"coverage": 0.5, "evidence": 1.0, "specificity": 1.0}


def test_an_optional_requirement_counts_half() -> None:
    section = brief(make_requirement(INCIDENTS, "L1"), make_requirement(PORTAL, "L2", mandatory=False))

    assert measure(SENTENCE, section).coverage == pytest.approx(2 / 3, abs=0.001)


def test_evidence_is_the_share_of_proven_statements_without_inventions() -> None:
    text = f"{SENTENCE} Nous cultivons des tulipes. Nadia Ferreira dirige les six ingénieurs d’astreinte à Brest."

    assert measure(text, brief()).evidence == pytest.approx(1 / 3, abs=0.001)


def test_repeating_the_rc_is_worth_nothing() -> None:
    found = measure(f"{INCIDENTS}. {PORTAL}.", brief(make_requirement(INCIDENTS), words=20))

    assert (found.coverage, found.evidence, found.specificity) == (0.0, 0.0, 0.0)


def test_stock_phrases_cost_specificity() -> None:
    plain = "Les ingénieurs travaillent ensemble. Les réunions sont utiles."
    stock = "Notre équipe dynamique est à votre écoute. Notre savoir-faire reconnu garantit une haute qualité."

    definite = measure("Nadia Ferreira dirige les six ingénieurs d’astreinte depuis 2019.", brief())

    assert measure(plain, brief()).specificity == measure(stock, brief()).specificity == 0.0
    assert measure(f"{SENTENCE} {plain}", brief()).specificity > measure(f"{SENTENCE} {stock}", brief()).specificity
    assert definite.specificity == pytest.approx(0.5 / 0.6, abs=0.001)


@pytest.mark.parametrize(
    ("words", "expected"), [(0, 0.0), (40, 0.5), (80, 1.0), (100, 1.0), (110, 1.0), (135, 0.5), (160, 0.0), (300, 0.0)]
)
def test_length_is_measured_against_the_budget(words: int, expected: float) -> None:
    text = " ".join(["mot"] * words) + " [à compléter : ceci ne compte pas]"

    assert measure(text, brief(words=100)).length == expected


def test_a_section_without_requirements_is_covered_by_what_rests_on_the_library() -> None:
    assert measure(SENTENCE, brief()).coverage == 1.0
    assert measure("[à compléter : tout]", brief()).coverage == 0.0


def test_an_empty_text_is_worth_nothing() -> None:
    assert measure("", brief(make_requirement())).score == 0.0


def test_words_are_counted_without_marks_and_gaps() -> None:
    assert quality.count_words("### L’équipe\n\n- **Deux** jours [à compléter : la durée]") == 3
