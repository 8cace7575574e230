"""The calendar, read again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from proposals.documents.wording import PARIS
from proposals.documents.writers.ics_writer import write_ics
from tests.unit.writers.content import PROJECT_ID, make_content

VISIT = datetime(2026, 12, 1, 9, 30, tzinfo=PARIS)


def events(**fields: Any) -> dict[str, Any]:
    """Return the events of a calendar by the middle of their UIDs."""
    written = write_ics(make_content(**fields))
    assert written is not None
    calendar = Calendar.from_ical(written)
    assert isinstance(calendar, Calendar)
    return {str(event["UID"]).removeprefix(f"{PROJECT_ID}-").split("@")[0]: event for event in calendar.events}


def triggers(event: Any) -> list[timedelta]:
    return [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]


def test_each_known_date_is_an_event_at_its_instant_in_paris() -> None:
    found = events(site_visit_at=VISIT)

    assert {key: event["DTSTART"].dt for key, event in found.items()} == {
        "remise": datetime(2026, 12, 15, 12, tzinfo=PARIS),
        "questions": datetime(2026, 12, 5, 17, 30, tzinfo=PARIS),
        "visite": VISIT,
    }
    assert str(found["remise"]["DTSTART"].params["TZID"]) == "Europe/Paris"
    assert str(found["remise"]["SUMMARY"]) == "Date limite de remise des offres – 2026-DSI-042"


def test_the_submission_rings_seven_days_two_days_and_four_hours_before() -> None:
    assert triggers(events()["remise"]) == [timedelta(days=-7), timedelta(days=-2), timedelta(hours=-4)]


def test_an_event_keeps_its_uid_and_rises_in_sequence_from_one_production_to_the_next() -> None:
    earlier, later = events(version=1)["remise"], events(version=2)["remise"]

    assert earlier["UID"] == later["UID"]
    assert (earlier["SEQUENCE"], later["SEQUENCE"]) == (1, 2)


def test_the_time_zone_is_explained_in_the_file() -> None:
    written = write_ics(make_content()) or b""

    assert written.count(b"BEGIN:VTIMEZONE") == 1
    assert len(written) < 4000
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))


@pytest.mark.parametrize("text", ["a\r\nBEGIN:VEVENT\r\nUID:x", "a\nATTACH:file:///etc/passwd", "a;b,c\\n\x00"])
def test_a_text_cannot_add_lines_to_the_file(text: str) -> None:
    found = events(reference=text, object=text, buyer=text, platform_url=text)

    assert set(found) == {"remise", "questions"}
    assert "ATTACH" not in found["remise"]


def test_without_any_date_there_is_no_file() -> None:
    assert write_ics(make_content(deadline=None, question_deadline=None)) is None
