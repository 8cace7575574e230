from __future__ import annotations

from datetime import datetime

import pytest

from proposals.engines.offline.dates import find_instants, go_back
from proposals.engines.offline.folding import fold
from proposals.engines.offline.numbers import parse_number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MERCREDI 15 JUILLET 2026 A 12:00", "2026-07-15T12:00:00+02:00"),
        ("17 juillet 2026 – 17h00", "2026-07-17T17:00:00+02:00"),
        ("28 / 11 /2019 à 10 heures", "2019-11-28T10:00:00+01:00"),
        ("10 juin 2026 avant 16 heures", "2026-06-10T16:00:00+02:00"),
        ("le 3 mars 2027 à 12 h 00", "2027-03-03T12:00:00+01:00"),
        ("le 1er avril 2027, à midi", "2027-04-01T12:00:00+02:00"),
        ("20.01.2027 à 12:00", "2027-01-20T12:00:00+01:00"),
        ("le 05/02/27 à 12H", "2027-02-05T12:00:00+01:00"),
        ("vendredi 4 déc. 2026 à 23h59", "2026-12-04T23:59:00+01:00"),
        ("avant 16 heures 30, le 2 février 2027", "2027-02-02T16:30:00+01:00"),
        ("jusqu’au 26 février 2027 inclus, 18h00", "2027-02-26T18:00:00+01:00"),
        ("le 9 février 2027, seize heures trente", "2027-02-09T16:30:00+01:00"),
        ("le 30 mars 2027", "2027-03-30T23:59:00+02:00"),
    ],
)
def test_a_date_is_read_as_buyers_write_it(text: str, expected: str) -> None:
    (instant,) = find_instants(fold(text))

    assert instant.at().isoformat() == expected


@pytest.mark.parametrize("text", ["le 31 février 2027", "article R. 2151-8", "04 67 12 34 56", "1 850 000 €"])
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert find_instants(fold(text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("120", 120), ("quatre (4)", 4), ("cent vingt", 120), ("quatre-vingt-dix", 90), ("cent quatre-vingts", 180),
     ("soixante et un", 61), ("deux cents", 200)],
)  # fmt: skip
def test_a_number_is_read_in_figures_or_words(text: str, expected: int) -> None:
    assert parse_number(text) == expected


def test_working_days_skip_week_ends_and_holidays() -> None:
    (instant,) = find_instants("le 18 mai 2027 a 12h00")

    earlier = go_back(instant.at(), 2, unit="ouvres")

    assert earlier == datetime.fromisoformat("2027-05-13T12:00:00+02:00")


def test_days_before_keep_the_hour_across_the_change_to_summer_time() -> None:
    (instant,) = find_instants("le 30 mars 2027 a 16h00")

    assert go_back(instant.at(), 8, unit="").isoformat() == "2027-03-22T16:00:00+01:00"
