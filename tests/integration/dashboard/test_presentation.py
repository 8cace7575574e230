"""How dates, criteria and values are put into French and into drawings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from proposals.analysis import AwardCriterion, Fact, Lot, OfferValidity, RCAnalysisResult
from proposals.dashboard.criteria import draw
from proposals.dashboard.dates import describe_deadline, long_date, short_date
from proposals.dashboard.facts import fact_groups

NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)


def criterion(name: str, weight: float | None, *children: AwardCriterion, unit: str = "percent") -> AwardCriterion:
    return AwardCriterion(name=name, weight=weight, unit=unit if weight is not None else None, children=children)


def fact_texts(result: RCAnalysisResult) -> dict[str, str]:
    return {row.key: row.text for group in fact_groups(result) for row in group.rows}


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2027, 3, 17, 11, 0, tzinfo=UTC), "mercredi 17 mars 2027 à 12\u00a0h\u00a000"),
        (datetime(2027, 7, 1, 7, 30, tzinfo=UTC), "jeudi 1er juillet 2027 à 9\u00a0h\u00a030"),
        (datetime(2027, 12, 31, 23, 5, tzinfo=UTC), "samedi 1er janvier 2028 à 0\u00a0h\u00a005"),
    ],
)
def test_an_instant_is_said_in_the_time_of_paris(instant: datetime, text: str) -> None:
    assert long_date(instant) == text


def test_a_short_date_abbreviates_the_month_as_in_french() -> None:
    assert short_date(datetime(2027, 2, 3, 9, 0, tzinfo=UTC)) == "3 févr. 2027, 10\u00a0h\u00a000"


@pytest.mark.parametrize(
    ("instant", "badge", "urgency"),
    [
        (datetime(2027, 3, 1, 7, 59, tzinfo=UTC), "Échue", "past"),
        (datetime(2027, 3, 1, 20, 0, tzinfo=UTC), "Aujourd’hui", "urgent"),
        (datetime(2027, 3, 2, 7, 0, tzinfo=UTC), "J‑1", "urgent"),
        (datetime(2027, 3, 12, 8, 0, tzinfo=UTC), "J‑11", "soon"),
        (datetime(2027, 4, 1, 8, 0, tzinfo=UTC), "J‑31", "calm"),
    ],
)
def test_a_deadline_tells_days_and_urgency(instant: datetime, badge: str, urgency: str) -> None:
    deadline = describe_deadline(instant, now=NOW)

    assert deadline is not None
    assert (deadline.badge, deadline.urgency) == (badge, urgency)


def test_no_deadline_is_none() -> None:
    assert describe_deadline(None, now=NOW) is None


def test_the_heaviest_criterion_fills_the_drawing() -> None:
    chart = draw([criterion("Prix", 60), criterion("Technique", 40)])

    assert [bar.width for bar in chart.bars] == [100, 66.67]
    assert [bar.value for bar in chart.bars] == ["60\u00a0%", "40\u00a0%"]
    assert chart.total == "100\u00a0%"


def test_sub_criteria_that_add_up_to_their_parent_share_its_scale() -> None:
    chart = draw([criterion("Technique", 50, criterion("Méthode", 30), criterion("Équipe", 20))])

    assert [bar.width for bar in chart.bars[0].children] == [60, 40]


def test_sub_criteria_that_add_up_to_100_are_shares_of_their_parent() -> None:
    chart = draw([criterion("Technique", 40, criterion("Méthode", 75), criterion("Équipe", 25)), criterion("Prix", 60)])

    assert [bar.width for bar in chart.bars[0].children] == [50, 16.67]


def test_the_grids_of_several_lots_have_no_common_total() -> None:
    chart = draw([criterion("Prix", 60, unit="points")] * 3)

    assert chart.total == ""
    assert chart.bars[0].value == "60\u00a0pts"


def test_weights_keep_their_decimals() -> None:
    assert draw([criterion("Prix", 12.5)]).bars[0].value == "12,5\u00a0%"


def test_criteria_without_weights_have_no_bars() -> None:
    chart = draw([criterion("Pertinence", None)])

    assert not chart.weighted
    assert chart.bars[0].width is None


def test_every_kind_of_value_is_said_in_french() -> None:
    result = RCAnalysisResult(
        procedure=Fact(value="open", status="found"),
        contract_type=Fact(value="works", status="found"),
        offer_validity=Fact[OfferValidity](value=OfferValidity(amount=4, unit="months"), status="found"),
        divided_into_lots=Fact[bool](value=True, status="found"),
        lots=Fact[tuple[Lot, ...]](value=(Lot(number="2A", title="Gros œuvre"),), status="found"),
        cpv=Fact[tuple[str, ...]](value=("45000000-7", "45210000-2"), status="found"),
        negotiation=Fact[bool](value=False, status="found"),
        page_limit=Fact[int](value=1, status="found"),
    )

    texts = fact_texts(result)

    assert texts["procedure"] == "Appel d’offres ouvert"
    assert texts["contract_type"] == "Travaux"
    assert texts["offer_validity"] == "4 mois"
    assert texts["lots"] == "Lot 2A : Gros œuvre"
    assert texts["cpv"] == "45000000-7, 45210000-2"
    assert texts["negotiation"] == "Non"
    assert texts["page_limit"] == "1 page"


def test_a_contract_that_is_known_to_have_no_lots_lists_none() -> None:
    undivided = RCAnalysisResult(divided_into_lots=Fact[bool](value=False, status="found"))

    assert "lots" not in fact_texts(undivided)
    assert "lots" in fact_texts(RCAnalysisResult())
