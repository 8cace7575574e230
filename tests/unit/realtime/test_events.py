import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError
from pytest_django import Settings

from realtime import checks
from realtime.events import (
    MAX_LINE_LENGTH,
    Completion,
    GenerationProgress,
    RCAnalysisProgress,
    SectionText,
    decode,
    encode,
    measure,
)
from realtime.exceptions import EventNotEncodable, EventTooLarge

PROJECT = uuid.uuid4()


def test_an_event_carries_the_sketch_s_fields_and_the_envelope() -> None:
    event = RCAnalysisProgress(
        project_id=PROJECT, status="extracting_text", progress=10, message="Extracting text from PDF..."
    )

    fields = json.loads(encode(event, sequence=7))

    assert list(fields)[:2] == ["type", "sequence"]
    assert fields["type"] == "rc_analysis_progress"
    assert (fields["status"], fields["progress"], fields["message"]) == (
        "extracting_text",
        10,
        "Extracting text from PDF...",
    )
    assert fields["timestamp"].endswith("Z")
    assert fields["project_id"] == str(PROJECT)


def test_an_undeclared_field_is_refused() -> None:
    with pytest.raises(ValidationError):
        RCAnalysisProgress(project_id=PROJECT, status="s", progress=1, message="m", colour="red")  # type: ignore[call-arg]


@pytest.mark.parametrize("percent", [-1, 101])
def test_progress_is_a_percentage(percent: int) -> None:
    with pytest.raises(ValidationError):
        RCAnalysisProgress(project_id=PROJECT, status="s", progress=percent, message="m")


def test_an_event_over_the_limit_is_refused() -> None:
    event = SectionText(project_id=PROJECT, section_id=uuid.uuid4(), position=0, text="é" * 33_000)

    with pytest.raises(EventTooLarge):
        encode(event, sequence=1)


def test_a_text_for_people_is_cut_so_that_its_event_always_fits() -> None:
    event = RCAnalysisProgress(project_id=PROJECT, status="\x01" * 9999, progress=1, message="\x01" * 9_999_999)

    assert len(event.message) == MAX_LINE_LENGTH
    assert event.message.endswith("…")
    assert len(encode(event, sequence=1).encode()) < checks.MIN_EVENT_BYTES


def test_a_text_of_usual_length_is_left_as_it_is() -> None:
    text = "é" * MAX_LINE_LENGTH

    assert RCAnalysisProgress(project_id=PROJECT, status="s", progress=1, message=text).message == text


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("MAX_EVENT_BYTES", 16_000, "realtime.E003"),
        ("MAX_RESULT_BYTES", 65_000, "realtime.E003"),
        ("MAX_MESSAGE_BYTES", 4_000, "realtime.E004"),
    ],
)
def test_sizes_that_do_not_fit_together_fail_the_check_at_start(
    settings: Settings, name: str, value: int, problem: str
) -> None:
    setattr(settings, f"REALTIME_{name}", value)

    assert [found.id for found in checks.check_settings()] == [problem]


@pytest.mark.parametrize("result", [{"score": float("nan")}, {"score": [float("-inf")]}, {"text": "\ud800"}])
def test_what_no_json_can_say_is_refused(result: dict[str, JsonValue]) -> None:
    with pytest.raises(EventNotEncodable):
        encode(Completion(project_id=PROJECT, operation="rc_analysis", result=result), sequence=1)
    with pytest.raises(EventNotEncodable):
        measure(result)


def test_half_of_a_surrogate_pair_in_a_text_for_people_is_replaced_and_a_whole_pair_is_its_character() -> None:
    text = "a\ud800b\ud83d\ude00\udc00"
    event = RCAnalysisProgress(project_id=PROJECT, status=text, progress=1, message=text)

    fields = json.loads(encode(event, sequence=1))

    assert fields["status"] == fields["message"] == "a\ufffdb\U0001f600\ufffd"


@given(st.text(), st.integers(0, 100), st.none() | st.floats(0, 1))
def test_decoding_gives_back_what_was_encoded(section: str, percent: int, score: float | None) -> None:
    event = GenerationProgress(
        project_id=PROJECT,
        operation_id=uuid.uuid4(),
        attempt=1,
        current_section=section.encode(errors="replace").decode(),
        sections_completed=1,
        sections_total=2,
        progress=percent,
        quality_score=score,
    )

    sequence, decoded = decode(encode(event, sequence=3))

    assert sequence == 3
    assert decoded.model_dump(exclude={"timestamp"}) == event.model_dump(exclude={"timestamp"})
