"""Until when a passage is true, in words."""

from __future__ import annotations

from datetime import date

import pytest

from proposals.dashboard.library_validity import describe_validity

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("valid_until", "state", "label"),
    [
        (None, "always", ""),
        (date(2024, 12, 31), "expired", "Périmé depuis le 1er janv. 2025"),
        (date(2026, 11, 21), "expired", "Périmé depuis le 22 nov. 2026"),
        (date(2026, 11, 22), "soon", "À revoir : dernier jour"),
        (date(2026, 11, 23), "soon", "À revoir : encore 1 jour"),
        (date(2026, 12, 22), "soon", "À revoir : encore 30 jours"),
        (date(2026, 12, 23), "current", "Valable jusqu’au 23 déc. 2026"),
    ],
)
def test_a_passage_says_how_it_stands_today(valid_until: date | None, state: str, label: str) -> None:
    validity = describe_validity(valid_until, today=TODAY)

    assert (validity.state, validity.label) == (state, label)
