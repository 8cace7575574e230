"""What `ProgressUpdater` refuses outside an operation, and that a refusal leaves nothing behind."""

from __future__ import annotations

import json
import uuid

import pytest
from django.db import transaction
from pydantic import JsonValue
from pytest_django import Settings

from realtime import topics
from realtime.exceptions import EventNotEncodable, EventTooLarge
from realtime.models import Event, Topic
from realtime.progress import ProgressUpdater

pytestmark = pytest.mark.django_db

PROJECT = uuid.uuid4()


def logged() -> list[dict[str, JsonValue]]:
    """Return the events of the project."""
    bodies = Event.objects.filter(topic_id=topics.for_project(PROJECT)).order_by("sequence")
    return [json.loads(body) for body in bodies.values_list("body", flat=True)]


def test_a_result_as_long_as_is_allowed_is_sent_whole_and_a_longer_one_is_refused(settings: Settings) -> None:
    settings.REALTIME_MAX_RESULT_BYTES = len('{"a":"éé"}'.encode())

    ProgressUpdater().send_completion(PROJECT, "import", {"a": "éé"})
    with pytest.raises(EventTooLarge):
        ProgressUpdater().send_completion(PROJECT, "import", {"a": "ééé"})

    assert [event["result"] for event in logged()] == [{"a": "éé"}]


@pytest.mark.parametrize("result", [{"score": float("nan")}, {"text": "\ud800"}])
def test_a_result_that_json_cannot_say_leaves_the_caller_s_transaction_usable(result: dict[str, JsonValue]) -> None:
    with transaction.atomic():
        with pytest.raises(EventNotEncodable):
            ProgressUpdater().send_completion(PROJECT, "import", result)
        ProgressUpdater().send_completion(PROJECT, "import", {})

    assert [event["result"] for event in logged()] == [{}]


def test_an_operation_s_name_that_json_cannot_say_writes_nothing() -> None:
    with pytest.raises(EventNotEncodable), transaction.atomic():
        ProgressUpdater().send_error(PROJECT, "\ud800", "Arrêt")

    assert not Topic.objects.exists()


def test_a_message_with_half_of_a_surrogate_pair_is_sent_mended() -> None:
    ProgressUpdater().send_rc_analysis_progress(PROJECT, "reading", 10, "page \udce9")
    ProgressUpdater().send_error(PROJECT, "import", "page \ud800")

    assert [event.get("message", event.get("error")) for event in logged()] == ["page \ufffd", "page \ufffd"]


@pytest.mark.parametrize("code", ["", "Not a code", "été", "1st", "x" * 65, "a\ud800"])
def test_a_code_of_another_form_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="code"):
        ProgressUpdater().send_error(PROJECT, "import", "Arrêt", code=code)

    assert logged() == []


def test_outside_an_operation_a_program_may_have_a_code_of_its_own() -> None:
    ProgressUpdater().send_error(PROJECT, "import", "Arrêt", code="feed_2_unreachable")

    assert [event["code"] for event in logged()] == ["feed_2_unreachable"]
