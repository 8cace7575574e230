import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from realtime.events import (
    MAX_EVENT_BYTES,
    Completion,
    GenerationProgress,
    RCAnalysisProgress,
    SectionText,
    decode,
    encode,
)
from realtime.exceptions import EventTooLarge

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
    event = SectionText(project_id=PROJECT, section_id=uuid.uuid4(), position=0, text="é" * MAX_EVENT_BYTES)

    with pytest.raises(EventTooLarge):
        encode(event, sequence=1)


def test_a_number_that_is_no_json_is_refused() -> None:
    event = Completion(project_id=PROJECT, operation="rc_analysis", result={"score": float("nan")})

    with pytest.raises(ValueError, match="JSON"):
        encode(event, sequence=1)


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
