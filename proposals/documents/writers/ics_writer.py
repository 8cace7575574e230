"""The dates of a tender as a calendar: submission with its alarms, questions, site visit."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from proposals.documents.characters import one_line
from proposals.documents.content import ProposalContent
from proposals.documents.wording import PARIS

#: How long before the submission a calendar reminds.
ALARMS = (timedelta(days=7), timedelta(days=2), timedelta(hours=4))
#: Around the dates: how far the file explains the time zone, which some calendars ask for.
YEAR = timedelta(days=366)


def write_ics(content: ProposalContent) -> bytes | None:
    """Return the file, or None when no date is known."""
    events = [
        _make_event(content, "remise", "Date limite de remise des offres", content.deadline, alarms=ALARMS),
        _make_event(content, "questions", "Date limite des questions", content.question_deadline, alarms=ALARMS[1:]),
        _make_event(content, "visite", "Visite du site", content.site_visit_at, alarms=ALARMS[1:]),
    ]
    known = [event for event in events if event is not None]
    if not known:
        return None
    calendar = Calendar()
    calendar.add("prodid", "-//Tenderwire//Dates de la consultation//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _name(content))
    for event in known:
        calendar.add_component(event)
    calendar.add_missing_timezones(*_explained_days(content))
    return bytes(calendar.to_ical())


def _explained_days(content: ProposalContent) -> tuple[date, date]:
    known = (content.deadline, content.question_deadline, content.site_visit_at)
    days = [instant.astimezone(PARIS).date() for instant in known if instant]
    return min(days) - YEAR, max(days) + YEAR


def _make_event(
    content: ProposalContent, key: str, title: str, at: datetime | None, *, alarms: tuple[timedelta, ...]
) -> Event | None:
    """Return one event at its instant; how long a visit takes is not known."""
    if at is None:
        return None
    event = Event()
    # The same in every production: a calendar that takes the file in again moves the event.
    event.add("uid", f"{content.project_id}-{key}@tenderwire")
    event.add("dtstamp", content.produced_at)
    event.add("sequence", content.version)
    event.add("dtstart", at.astimezone(PARIS))
    event.add("summary", f"{title} – {_name(content)}")
    event.add("description", _describe(content))
    event.add("transp", "TRANSPARENT")
    if content.platform_url:
        event.add("url", one_line(content.platform_url))
    for before in alarms:
        event.add_component(_make_alarm(f"{title} – {_name(content)}", before))
    return event


def _make_alarm(text: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", -before)
    return alarm


def _name(content: ProposalContent) -> str:
    return one_line(content.reference or content.title)


def _describe(content: ProposalContent) -> str:
    lines = [content.object or content.title, content.buyer, "Date relevée dans le règlement : à vérifier."]
    return "\n".join(one_line(line) for line in lines if line)
