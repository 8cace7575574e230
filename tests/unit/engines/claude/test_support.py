"""A quote that is really there must also say the value that was read from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from proposals.analysis import OfferValidity
from proposals.engines.claude.support import is_said, says_days_before, says_text
from proposals.engines.claude.values import read_value
from proposals.engines.offline.dates import PARIS


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("field", "value", "quote"),
    [
        ("submission_deadline", at(12), "avant le vendredi 12 mars 2027 à 12 heures"),
        ("submission_deadline", at(12, 23, 59), "avant le 12/03/2027"),
        ("offer_validity", OfferValidity(amount=120, unit="days"), "pendant cent vingt (120) jours"),
        ("offer_validity", OfferValidity(amount=4, unit="months"), "délai de quatre mois"),
        ("page_limit", 20, "vingt pages au plus"),
        ("platform_url", "https://www.marches.exemple.fr/", "sur marches.exemple.fr"),
        ("cpv", ("77310000-6",), "CPV 77310000-6"),
        ("object", "entretien des espaces verts", "Objet : Entretien des  espaces verts de la commune"),
        ("buyer", "Commune de Valmont", "la commune de Valmont, mairie"),
        ("procedure", "mapa", "marché passé selon une procédure adaptée"),
    ],
)
def test_a_value_that_the_quote_says_is_borne_out(field: str, value: Any, quote: str) -> None:
    assert is_said(field, value, quote)


@pytest.mark.parametrize(
    ("field", "value", "quote"),
    [
        ("submission_deadline", at(13), "avant le vendredi 12 mars 2027 à 12 heures"),
        ("submission_deadline", at(12, 16), "avant le 12 mars 2027 à 12h00"),
        ("submission_deadline", at(12, 16), "avant le 12/03/2027"),
        ("submission_deadline", at(12), "Les plis sont remis par voie électronique"),
        ("offer_validity", OfferValidity(amount=180, unit="days"), "pendant 120 jours"),
        ("page_limit", 40, "vingt pages au plus"),
        ("platform_url", "https://ailleurs.exemple.fr", "sur marches.exemple.fr"),
        ("cpv", ("77310000-6", "45000000-7"), "CPV 77310000-6"),
        ("object", "fourniture de véhicules", "Objet : entretien des espaces verts"),
        ("reference", "2027-042", "Marché n° 2027-043"),
    ],
)
def test_a_value_that_the_quote_does_not_say_is_not(field: str, value: Any, quote: str) -> None:
    assert not is_said(field, value, quote)


def test_a_text_with_another_figure_is_another_text() -> None:
    assert not says_text("lot de 12 véhicules neufs de service", "lot de 13 véhicules neufs de service")


def test_a_day_counted_back_from_the_deadline_is_borne_out_by_the_number_of_days() -> None:
    assert says_days_before(at(2), "au plus tard 10 jours avant la date limite", at(12))
    assert says_days_before(datetime(2027, 2, 26, 12, tzinfo=PARIS), "dix jours ouvrés avant la date", at(12))
    assert not says_days_before(at(10), "au plus tard 10 jours avant la date limite", at(12))
    assert not says_days_before(at(2), "au plus tard 10 jours avant la date limite", None)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("submission_deadline", "2027-03-12T12:00", at(12)),
        ("submission_deadline", "2027-03-12", at(12, 23, 59)),
        ("submission_deadline", "2027-03-12T12:00:00+05:00", at(12)),
        ("offer_validity", "4 months", OfferValidity(amount=4, unit="months")),
        ("negotiation", "True", True),
        ("cpv", " 77310000-6 ", ("77310000-6",)),
        ("page_limit", "20", 20),
        ("buyer", " Commune de Valmont ", "Commune de Valmont"),
    ],
)
def test_values_are_read_from_the_form_that_the_rules_give(field: str, text: str, value: Any) -> None:
    assert read_value(field, text) == value


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("submission_deadline", "le 12 mars"),
        ("submission_deadline", "2027-02-30T12:00"),
        ("offer_validity", "longtemps"),
        ("negotiation", "peut-être"),
        ("page_limit", "vingt"),
    ],
)
def test_what_is_no_value_of_a_field_is_refused(field: str, text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_value(field, text)
