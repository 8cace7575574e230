"""Figures, dates and references, and when two ways of writing one are the same."""

from __future__ import annotations

import pytest

from proposals.grounding.claims import read_claims, read_source_keys


def is_said(claim: str, source: str) -> bool:
    """Whether the source has every figure, date and reference of the claim."""
    keys = read_source_keys(source)
    found = read_claims(claim)
    assert found, claim
    return all(keys.intersection(item.keys) for item in found)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("1 500 €", "1500 euros"),
        ("1\u202f500,50 €", "1500,5 €"),
        ("3,1 millions de visites", "3 100 000 visites"),
        ("590 k€", "590 000 €"),
        ("trois mois", "3 mois"),
        ("3 mois", "un délai de trois (3) mois"),
        ("99,80 %", "99,8 pour cent"),
        ("12 h 30", "12h30"),
        ("4 agences", "quatre agences"),
        ("98 %", "| Taux | 98 |"),
        ("17 mars 2027", "17/03/2027"),
        ("mars 2027", "le 17 mars 2027"),
        ("2027", "le 17 mars 2027"),
        ("1er octobre 2026", "01/10/2026"),
        ("ISO 27001", "ISO/IEC 27001:2022"),
        ("art. R.2152-1", "article R. 2152-1"),
        ("https://www.exemple.fr/", "exemple.fr"),
        ("04.00.00.11.77", "04 00 00 11 77"),
        ("consultation 2027-DSI-014", "n° 2027-DSI-014"),
        ("24h/24", "24 heures sur 24"),
    ],
)
def test_the_same_in_another_form_is_said(claim: str, source: str) -> None:
    assert is_said(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("1 500 €", "1 500 heures"),
        ("3 mois", "lot 3"),
        ("30 minutes", "20 minutes"),
        ("99,9 %", "99,8 %"),
        ("17 mars 2027", "mars 2027"),
        ("2026", "2027"),
        ("ISO 27001:2022", "ISO 27001"),
        ("ISO 9001", "ISO 27001"),
        ("R. 2152-2", "R. 2152-1"),
        ("contact@exemple.fr", "info@exemple.fr"),
    ],
)
def test_something_else_is_not_said(claim: str, source: str) -> None:
    assert not is_said(claim, source)


def test_claims_do_not_overlap_and_keep_their_places() -> None:
    text = "Depuis le 3 mai 2024, la norme NF EN 1729 vaut pour 2 500 € et l’art. L. 2124-2."

    assert [(text[claim.start : claim.end], claim.kind) for claim in read_claims(text)] == [
        ("3 mai 2024", "date"),
        ("NF EN 1729", "reference"),
        ("2 500 €", "figure"),
        ("L. 2124-2", "reference"),
    ]


def test_a_unit_of_one_letter_is_no_elided_article() -> None:
    text = "En 2003 l’agence de 12 l’emporte."

    assert [(text[claim.start : claim.end], claim.kind) for claim in read_claims(text)] == [
        ("2003", "date"),
        ("12", "figure"),
    ]
