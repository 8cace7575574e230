"""realtime/PROTOCOL.md against the code: its examples are real frames, its lists are the code's lists."""

from __future__ import annotations

import ast
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from django.utils import timezone

from proposals.access import ProjectGate
from proposals.api import errors
from proposals.api.serializers.live import EventsSerializer
from proposals.documents.errors import ERRORS_BY_CODE
from proposals.documents.production import NO_DATE_KNOWN
from proposals.documents.writers.errors import WRITER_ERRORS
from proposals.engines.claude.failures import FAILURES
from proposals.exceptions import AnalysisMissing, DocumentMissing, SectionsMissing
from proposals.models import Operation, Section
from proposals.selectors import operation_state, section_state
from realtime import commands, conf, event_stream, events, http_answers, server_sent_events
from realtime.close_codes import Reason
from realtime.consumers import NotificationConsumer, ProjectConsumer
from realtime.exceptions import CommandRejected
from realtime.models import Notification
from realtime.notifications import LISTED, MAX_IDS
from realtime.notifications import describe as notification_state
from realtime.socket_consumer import SUBPROTOCOL
from realtime.subscription import PROTOCOL_VERSION
from realtime.terminal import notification_fold
from realtime.terminal.fold import STATE_KEYS, fold
from realtime.tokens import TICKET_PREFIX

ROOT = Path(__file__).parents[2]
PROTOCOL = (ROOT / "realtime/PROTOCOL.md").read_text()

EVENT_TYPES = {event.model_fields["type"].default: event for event in get_args(events.AnyEvent)}
ENVELOPE = {"sequence", *events.LoggedEvent.model_fields}
#: What `authenticate` may say to a `refresh`; an empty token is refused as `bad_parameters` before.
REFRESH_REASONS = {Reason.TOKEN_INVALID.value, Reason.TOKEN_EXPIRED.value, Reason.USER_INACTIVE.value}


def blocks(info: str) -> list[str]:
    """Return the texts of the fenced blocks with an info string."""
    return re.findall(rf"^```{info}\n(.*?)^```", PROTOCOL, flags=re.MULTILINE | re.DOTALL)


def section(heading: str) -> str:
    """Return the text between a heading and the next one of its level or above."""
    level, rest = re.split(rf"^(?=#+ {re.escape(heading)}$)", PROTOCOL, flags=re.MULTILINE)[1].split(" ", 1)
    return re.split(rf"^#{{1,{len(level)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """Return the cells of the tables' rows whose first cell is code."""
    return [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| `")
    ]


def first_cells(heading: str) -> set[str]:
    """Return the first column of a section's tables."""
    return {row[0] for row in rows(section(heading))}


def frame_headings(heading: str) -> set[str]:
    """Return the names of a chapter's sections that are named by a frame."""
    return set(re.findall(r"^### `(\w+)`$", section(heading), flags=re.MULTILINE))


def dialogue_frames(speaker: str) -> list[str]:
    lines = [line for block in blocks("dialogue") for line in block.splitlines()]
    return [line[3:] for line in lines if line.startswith(f"{speaker}: ")]


def server_frames() -> list[dict[str, Any]]:
    texts = [*blocks("json"), *(text for text in dialogue_frames("S") if text != "pong")]
    return [json.loads(text) for text in texts]


def logged_frames() -> list[dict[str, Any]]:
    return [frame for frame in server_frames() if frame["type"] in EVENT_TYPES]


def control_frames() -> list[dict[str, Any]]:
    return [frame for frame in server_frames() if frame["type"] not in EVENT_TYPES]


def snapshots(key: str) -> list[dict[str, Any]]:
    """Return the entries of a list that snapshots carry; project and notifications have different ones."""
    frames = [frame for frame in control_frames() if frame["type"] == "snapshot"]
    return [entry for frame in frames for entry in frame.get(key, [])]


def refusals() -> list[dict[str, str]]:
    return [frame["error"] for frame in control_frames() if frame["type"] == "reply" and not frame["ok"]]


def answer_to(text: str) -> str | dict[str, str]:
    """Return the type of a client's frame, or the error that the code refuses it with."""
    if text == "ping":
        return "pong"
    if text.startswith("GET "):
        return "101 Switching Protocols"
    try:
        return commands.parse(text).type
    except CommandRejected as rejection:
        return {"code": rejection.code, "message": rejection.message}


def calls(folder: str) -> Iterator[ast.Call]:
    """Yield every call in the Python sources of an app."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield from (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def first_text(call: ast.Call) -> Iterator[str]:
    """Yield the first argument of a call if it is a literal text."""
    if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
        yield call.args[0].value


def literals(folder: str, *functions: str) -> set[str]:
    """Return the literal first arguments of the calls of some functions."""
    return {text for call in calls(folder) if name_of(call) in functions for text in first_text(call)}


@pytest.mark.parametrize("frame", logged_frames(), ids=lambda frame: f"{frame['type']}-{frame['sequence']}")
def test_every_example_of_an_event_is_what_the_code_sends(frame: dict[str, Any]) -> None:
    sequence, event = events.decode(json.dumps(frame))

    assert json.loads(events.encode(event, sequence=sequence)) == frame


def test_every_event_has_a_section_and_an_example() -> None:
    assert frame_headings("Logged events") == set(EVENT_TYPES)
    assert {json.loads(text)["type"] for text in blocks("json")} >= set(EVENT_TYPES)


@pytest.mark.parametrize("event_type", sorted(EVENT_TYPES))
def test_the_table_of_an_event_lists_its_fields(event_type: str) -> None:
    fields = set(EVENT_TYPES[event_type].model_fields) - ENVELOPE

    assert first_cells(f"`{event_type}`") == fields


def test_the_envelope_is_documented() -> None:
    assert first_cells("Frames and envelope") == ENVELOPE


def test_the_control_frames_are_those_of_the_code() -> None:
    sent = literals("realtime", "control", "_say", "say")

    assert frame_headings("Control frames") == sent
    assert {frame["type"] for frame in control_frames()} == sent


@pytest.mark.parametrize("frame", control_frames(), ids=lambda frame: frame["type"])
def test_every_example_of_a_control_frame_has_the_fields_of_its_table(frame: dict[str, Any]) -> None:
    heading = "Snapshot of notifications" if "notifications" in frame else f"`{frame['type']}`"
    documented = first_cells(heading)

    if frame["type"] == "reply":
        documented -= {"error"} if frame["ok"] else {"result"}
    assert set(frame) == {"type", *documented}


def test_the_fields_that_the_code_names_are_documented() -> None:
    for call in calls("realtime"):
        if name_of(call) in ("control", "_say", "say"):
            for frame_type in first_text(call):
                named = {keyword.arg for keyword in call.keywords if keyword.arg}
                assert named <= first_cells(f"`{frame_type}`")


def test_the_state_of_an_operation_has_the_documented_fields() -> None:
    state = operation_state(Operation(created_at=timezone.now()))

    assert first_cells("State of an operation") == set(state)
    assert snapshots("operations")
    assert all(set(entry) == set(state) for entry in snapshots("operations"))


def test_the_state_of_a_section_has_the_documented_fields() -> None:
    state = section_state(Section())

    assert first_cells("State of a section") == set(state)
    assert snapshots("sections")
    assert all(set(entry) == set(state) for entry in snapshots("sections"))


def test_the_state_of_a_notification_has_the_documented_fields() -> None:
    state = notification_state(Notification(created_at=timezone.now()))

    assert first_cells("State of a notification") == set(state)
    assert snapshots("notifications")
    assert all(set(entry) == set(state) for entry in snapshots("notifications"))


def test_both_kinds_of_snapshots_carry_the_state_that_is_folded() -> None:
    assert first_cells("`snapshot`") == set(STATE_KEYS)
    assert first_cells("Snapshot of notifications") == set(notification_fold.STATE_KEYS)


def test_the_numbers_of_notifications_are_the_code_s() -> None:
    assert f"the latest {LISTED}, newest first" in section("Snapshot of notifications")
    assert f"The list keeps {LISTED}." in section("Folding notifications")
    assert notification_fold.LISTED == LISTED
    assert f"at most {MAX_IDS} by their ids" in section("`read`")


def test_the_kinds_of_notifications_are_the_code_s() -> None:
    kinds = next(row for row in rows(section("`notification`")) if row[0] == "kind")[2]

    assert set(re.findall(r"`(\w+)`", kinds)) == set(get_args(events.NotificationKind))


@pytest.mark.parametrize("text", [*blocks("json command"), *dialogue_frames("C")])
def test_every_command_is_understood_or_shown_with_its_refusal(text: str) -> None:
    accepted = [*frame_headings("Commands"), "pong", "101 Switching Protocols"]

    assert answer_to(text) in [*accepted, *refusals()]


def test_the_commands_are_those_of_the_code() -> None:
    handled = {*ProjectConsumer(gate=ProjectGate()).handlers, *NotificationConsumer().handlers}

    assert frame_headings("Commands") == handled
    assert {json.loads(text)["type"] for text in blocks("json command")} == handled


def test_the_codes_of_refused_commands_are_those_of_the_code() -> None:
    raised = {code for app in ("realtime", "proposals") for code in literals(app, "CommandRejected", "MalformedFrame")}

    assert first_cells("Codes of refused commands") == raised | REFRESH_REASONS


def test_the_reasons_of_closing_are_those_of_the_code() -> None:
    documented = {row[0]: (row[1], row[2]) for row in rows(section("Closing"))}

    assert documented == {
        reason.value: (str(int(reason.close_code)), "yes" if reason.reconnect else "no") for reason in Reason
    }


def test_every_example_of_closing_says_what_the_code_would() -> None:
    for frame in control_frames():
        if frame["type"] == "closing":
            reason = Reason(frame["code"])
            assert (frame["reason"], frame["reconnect"]) == (reason.sentence, reason.reconnect)
            assert (frame["retry_after_ms"] is None) is not reason.reconnect


def test_the_limits_are_the_settings_with_their_defaults() -> None:
    documented = {row[0]: row[1] for row in rows(section("Limits"))}

    assert documented == {name: str(default) for name, default in conf.DEFAULTS.items()}
    assert set(re.findall(r"REALTIME_[A-Z_]+", PROTOCOL)) == set(conf.DEFAULTS)


def test_the_limits_that_are_no_settings_are_right() -> None:
    assert f"at most {events.MAX_LINE_LENGTH:,} characters" in section("Limits")
    assert f"at most {commands.MAX_ID_LENGTH}\ncharacters" in section("Commands")


def test_the_error_codes_of_operations_are_those_of_the_code() -> None:
    made = literals("proposals", "make_error")
    failed = {
        keyword.value.value
        for call in calls("proposals")
        if name_of(call) == "OperationFailed"
        for keyword in call.keywords
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
    }

    missing = {AnalysisMissing.code, DocumentMissing.code, SectionsMissing.code}
    not_produced = {*WRITER_ERRORS, NO_DATE_KNOWN}
    assert first_cells("Error codes") == made | failed | set(ERRORS_BY_CODE) | missing | not_produced | set(FAILURES)


def test_every_error_example_has_a_documented_code() -> None:
    assert {frame["code"] for frame in logged_frames() if frame["type"] == "error"} <= first_cells("Error codes")


def test_version_subprotocol_and_ticket_are_those_of_the_code() -> None:
    tickets = re.findall(r'"(ticket\.[^"]+)"', PROTOCOL)

    assert f"version {PROTOCOL_VERSION}\n" in PROTOCOL
    assert SUBPROTOCOL in section("Connecting")
    assert tickets
    assert all(ticket.startswith(TICKET_PREFIX) for ticket in tickets)


def test_every_source_note_names_a_heading() -> None:
    headings = set(re.findall(r"^#+ (.+)$", PROTOCOL, flags=re.MULTILINE))
    folders = ("realtime", "proposals", "project")
    sources = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".ts")]
    named = {
        name
        for path in sources
        for note in re.findall(r'PROTOCOL\.md((?:,? (?:and )?"[^"\n]+")+)', path.read_text())
        for name in re.findall(r'"([^"]+)"', note)
    }

    assert named <= headings


def test_every_link_leads_to_a_heading() -> None:
    headings = re.findall(r"^#+ (.+)$", PROTOCOL, flags=re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}

    assert set(re.findall(r"\]\(#([^)]+)\)", PROTOCOL)) <= anchors


def test_the_sequences_of_each_dialogue_only_grow() -> None:
    for dialogue in blocks("dialogue"):
        frames = [json.loads(line[3:]) for line in dialogue.splitlines() if line.startswith('S: {"')]
        sequences = [frame["sequence"] for frame in frames if frame["type"] in EVENT_TYPES]

        assert sequences == sorted(set(sequences))


@pytest.mark.parametrize("name", ["fold-script.json", "fold-sections.json"])
def test_the_recorded_script_folds_as_the_browser_folds_it(name: str) -> None:
    """`realtime/client/tests/store.test.ts` folds the same events into the same states."""
    script = json.loads((ROOT / "realtime/client/tests" / name).read_text())
    initial, *expected = script["states"]

    folded = list(itertools.accumulate(script["events"], fold, initial=initial))

    assert folded == [initial, *expected]


# Over HTTP


def test_the_example_of_a_stream_is_what_the_code_sends() -> None:
    (block,) = blocks("event-stream")
    frames = [line.removeprefix("data: ") for line in block.splitlines() if line.startswith("data: ")]
    epoch, wait = json.loads(frames[0])["epoch"], json.loads(frames[-1])["retry_after_ms"]
    frames.insert(-1, '{"type":"heartbeat","head":1}')

    *written, last = [server_sent_events.to_message(frame, epoch=epoch) for frame in frames]
    hint, retry = server_sent_events.to_retry(event_stream.RETRY_MS), server_sent_events.to_retry(wait)
    assert block == "".join([hint, "\n", *written, retry, last])


@pytest.mark.parametrize("text", re.findall(r"^data: (.*)$", PROTOCOL, flags=re.MULTILINE))
def test_every_frame_of_the_example_of_a_stream_is_one_of_the_socket(text: str) -> None:
    frame = json.loads(text)

    if frame["type"] in EVENT_TYPES:
        sequence, event = events.decode(text)
        assert events.encode(event, sequence=sequence) == text
    else:
        assert set(frame) == {"type", *first_cells(f"`{frame['type']}`")}


def test_the_answer_of_a_long_poll_has_the_documented_fields() -> None:
    assert first_cells("Long-polling") == set(EventsSerializer().fields)


def test_the_refusals_over_http_are_those_of_the_api() -> None:
    documented = {row[0] for row in rows(section("Over HTTP").split("### Event stream")[0]) if row[1].isdigit()}

    assert documented <= set(errors.MESSAGES)
    told = {
        http_answers.refusal(reason).get_codes() for reason in (*map(Reason, REFRESH_REASONS), Reason.TOKEN_MISSING)
    }
    assert told <= documented


def test_the_example_of_a_command_over_http_is_one_with_its_reply() -> None:
    sent, received = re.findall(r"^\{.*\}$", section("Commands over HTTP"), flags=re.MULTILINE)

    command, reply = commands.parse(sent), json.loads(received)
    assert (command.type, command.id) == ("cancel", reply["id"])
    assert set(reply) == {"type", *first_cells("`reply`")} - {"error"}
