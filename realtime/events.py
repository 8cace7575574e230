"""
The wire vocabulary: one frozen type per logged event. Knows no database and no socket.

The fields of the six events of the original sketch are kept to the letter; each event adds the envelope
(`sequence`, `project_id`, `operation_id`, `attempt`, `timestamp`).

Source: PROTOCOL.md, "Logged events".
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal, get_args
from uuid import UUID

from django.utils import timezone
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    PlainSerializer,
    TypeAdapter,
)

from realtime import conf
from realtime.exceptions import EventNotEncodable, EventTooLarge

#: Longest text for people in an event, in code points; what is longer is cut, so that no step fails for its message.
MAX_LINE_LENGTH = 1000

OperationStatus = Literal["pending", "running", "cancelling", "succeeded", "failed", "cancelled"]
SectionStatus = Literal["planned", "writing", "written", "removed"]
NotificationKind = Literal["completion", "error", "attention"]
Percent = Annotated[int, Field(ge=0, le=100)]
Score = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0)]


def to_timestamp(instant: datetime) -> str:
    """Return an instant as the wire writes it: UTC, milliseconds, `Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _mend(text: str) -> str:
    """Replace halves of surrogate pairs, which no UTF-8 can say; two that belong together become their character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_LINE_LENGTH else text[: MAX_LINE_LENGTH - 1] + "…"


Line = Annotated[str, AfterValidator(_mend), AfterValidator(_shorten)]
#: What programs look at; which codes there are is the affair of whoever sends them.
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
Timestamp = Annotated[AwareDatetime, PlainSerializer(to_timestamp, when_used="json")]


class LoggedEvent(BaseModel):
    """
    Envelope of every logged event.

    `attempt` is the fencing number of the run that spoke; `operation_id` and `attempt` are None for events
    published outside an operation, `project_id` only on a user's topic. An undeclared field is a bug, so construction
    refuses it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: Whether a newer event of the same operation makes this one worthless: it may be throttled and collapsed.
    superseded: ClassVar[bool] = False

    type: str
    project_id: UUID | None
    operation_id: UUID | None = None
    attempt: int | None = None
    timestamp: Timestamp = Field(default_factory=timezone.now)


class ProjectEvent(LoggedEvent):
    """Envelope of what happens on a project."""

    project_id: UUID


class UserEvent(LoggedEvent):
    """Envelope of what happens on a user's topic; `project_id` is None when it is about no project in particular."""

    project_id: UUID | None = None


class ProgressEvent(ProjectEvent):
    """What the four progress events share. `progress` is a percentage; `eta_seconds` is None while a guess."""

    superseded: ClassVar[bool] = True

    progress: Percent
    eta_seconds: Seconds | None = None


class RCAnalysisProgress(ProgressEvent):
    """The RC is being read."""

    type: Literal["rc_analysis_progress"] = "rc_analysis_progress"
    status: Line
    message: Line


class MatchingProgress(ProgressEvent):
    """Requirements are being matched with the content library."""

    type: Literal["matching_progress"] = "matching_progress"
    current_requirement: Line
    requirements_completed: Annotated[int, Field(ge=0)]
    requirements_total: Annotated[int, Field(ge=0)]


class GenerationProgress(ProgressEvent):
    """Sections of the proposal are being written."""

    type: Literal["generation_progress"] = "generation_progress"
    current_section: Line
    sections_completed: Annotated[int, Field(ge=0)]
    sections_total: Annotated[int, Field(ge=0)]
    quality_score: Score | None = None


class DocumentGenerationProgress(ProgressEvent):
    """Documents are being produced."""

    type: Literal["document_generation_progress"] = "document_generation_progress"
    status: Line
    message: Line


class Error(ProjectEvent):
    """An operation failed or was cancelled. `error` is a sentence for the user, `code` is for programs."""

    type: Literal["error"] = "error"
    operation: str
    error: Line
    code: Code = "internal_error"
    retryable: bool = False


class Completion(ProjectEvent):
    """An operation succeeded."""

    type: Literal["completion"] = "completion"
    operation: str
    result: dict[str, JsonValue]


class OperationChanged(ProjectEvent):
    """An operation changed its state."""

    type: Literal["operation"] = "operation"
    kind: str
    status: OperationStatus
    progress: Percent
    eta_seconds: Seconds | None = None
    requested_by: str | None = None


class SectionChanged(ProjectEvent):
    """
    A section was planned, changed or removed. `length` and `sha256` are those of its stored text, in code points and
    of its UTF-8; `words_budget` is the length it should get.
    """

    type: Literal["section"] = "section"
    section_id: UUID
    order: Annotated[int, Field(ge=0)]
    title: str
    status: SectionStatus
    version: Annotated[int, Field(ge=0)]
    locked: bool
    edited: bool
    words_budget: Annotated[int, Field(ge=0)]
    length: Annotated[int, Field(ge=0)]
    sha256: str
    quality_score: Score | None = None


class SectionText(ProjectEvent):
    """Text of a section while it is written; `position` is the offset of `text` in the section, in code points."""

    type: Literal["section_text"] = "section_text"
    section_id: UUID
    position: Annotated[int, Field(ge=0)]
    text: str


class SectionDone(ProjectEvent):
    """A section is finished and stored."""

    type: Literal["section_done"] = "section_done"
    section_id: UUID
    length: Annotated[int, Field(ge=0)]
    sha256: str
    quality_score: Score | None = None


class NotificationSent(UserEvent):
    """A user was told something. `url` is a path of this site or empty, `unread_count` the user's after it."""

    type: Literal["notification"] = "notification"
    notification_id: UUID
    kind: NotificationKind
    title: str
    text: str
    url: str
    unread_count: Annotated[int, Field(ge=0)]


class NotificationRead(UserEvent):
    """A user has read notifications; "all" means every one before this event."""

    type: Literal["notification_read"] = "notification_read"
    notification_ids: list[UUID] | Literal["all"]
    unread_count: Annotated[int, Field(ge=0)]


AnyEvent = (
    RCAnalysisProgress
    | MatchingProgress
    | GenerationProgress
    | DocumentGenerationProgress
    | Error
    | Completion
    | OperationChanged
    | SectionChanged
    | SectionText
    | SectionDone
    | NotificationSent
    | NotificationRead
)
#: Types of which a newer event of the same operation makes an older one worthless.
SUPERSEDED_TYPES = frozenset(event.model_fields["type"].default for event in get_args(AnyEvent) if event.superseded)
_ADAPTER: TypeAdapter[AnyEvent] = TypeAdapter(Annotated[AnyEvent, Field(discriminator="type")])


def encode(event: LoggedEvent, *, sequence: int) -> str:
    """
    Return the event's wire text. Called once per event: everyone after forwards this text.

    Raises:
        EventTooLarge: the text is longer than `REALTIME_MAX_EVENT_BYTES`.
        EventNotEncodable: it has NaN, an infinity or half of a surrogate pair outside its texts for people.
    """
    try:
        fields = event.model_dump(mode="json")
        body = to_json({"type": fields.pop("type"), "sequence": sequence, **fields})
        size = len(body.encode())
    except ValueError as error:
        raise EventNotEncodable(f"{event.type} cannot be written as JSON in UTF-8") from error
    limit = conf.get("MAX_EVENT_BYTES")
    if size > limit:
        raise EventTooLarge(f"{event.type} is bigger than {limit} bytes")
    return body


def measure(result: dict[str, JsonValue]) -> int:
    """
    Return how many bytes a result has as JSON in UTF-8, as `REALTIME_MAX_RESULT_BYTES` counts them.

    Raises:
        EventNotEncodable: it has NaN, an infinity or half of a surrogate pair.
    """
    try:
        return len(to_json(result).encode())
    except ValueError as error:
        raise EventNotEncodable("a result cannot be written as JSON in UTF-8") from error


def to_json(value: Any) -> str:
    """Return the shortest JSON text, as all frames are written; its length in UTF-8 is what limits mean."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def decode(body: str) -> tuple[int, AnyEvent]:
    """
    Return the sequence and the event of a wire text.

    Raises:
        pydantic.ValidationError, ValueError, KeyError: not an event of this vocabulary.
    """
    fields: dict[str, Any] = json.loads(body)
    sequence = int(fields.pop("sequence"))
    return sequence, _ADAPTER.validate_python(fields)
