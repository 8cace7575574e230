"""One call of the model through the real SDK, against a server that does what networks and providers do."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import threading
import time

import anthropic
import httpx2
import pytest

from proposals.engines.claude.explaining import explain
from proposals.engines.claude.failures import FAILURES, make_failure
from proposals.exceptions import CancelRequested, OperationFailed
from tests.claude_engine import LABEL, Canceller, RecordingMeter, do_not_stop, make_conversation, make_question
from tests.messages_server import KEY, REQUEST_ID, MessagesServer, Scene, Stage, broken, gated, refusal, silent, text
from tests.waiting import wait_until

OVERLOADED = {"type": "overloaded_error", "message": "Overloaded"}


def ignore(piece: str) -> None:
    """Take no notice of a piece."""


def failure_of(server: MessagesServer, **options: object) -> OperationFailed:
    """Ask, and return how it failed."""
    with pytest.raises(OperationFailed) as caught:
        make_conversation(server, **options).ask(make_question(), on_text=ignore)  # type: ignore[arg-type]
    return caught.value


def open_sockets() -> int:
    """Return how many sockets this process holds."""
    gc.collect()
    return sum(_target(f"/proc/self/fd/{name}").startswith("socket:") for name in os.listdir("/proc/self/fd"))


def _target(link: str) -> str:
    try:
        return os.readlink(link)
    except OSError:  # the descriptor of the listing itself
        return ""


# Answers


def test_an_answer_comes_in_pieces_that_add_up_to_what_is_returned() -> None:
    pieces: list[str] = []

    with MessagesServer(text("Bon", "jour ", "à tous.")) as server:
        answer = make_conversation(server).ask(make_question(), on_text=pieces.append)

    assert pieces == ["Bon", "jour ", "à tous."]
    assert answer == "Bonjour à tous."


def test_a_piece_is_handed_on_before_the_next_one_is_there() -> None:
    gate = threading.Event()
    pieces: list[str] = []

    def take(piece: str) -> None:
        pieces.append(piece)
        gate.set()

    with MessagesServer(gated(gate, "avant", "après")) as server:
        make_conversation(server).ask(make_question(), on_text=take)

    assert pieces == ["avant", "après"]


def test_pieces_and_checks_come_where_no_event_loop_runs_so_that_they_may_use_the_database() -> None:
    loops: list[str] = []

    def look(*_: object) -> None:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        loops.append("none")

    with MessagesServer(text("Bonjour")) as server:
        make_conversation(server, check=look).ask(make_question(), on_text=look)

    assert len(loops) > 1


def test_the_request_names_model_effort_and_form_and_carries_the_key_in_its_header_alone() -> None:
    schema = {"type": "object", "properties": {}, "additionalProperties": False}

    with MessagesServer(text("{}")) as server:
        conversation = make_conversation(server, effort="high")
        conversation.ask(make_question(schema=schema), on_text=ignore)
    (request,) = server.calls

    assert request.body["model"] == "claude-sonnet-5-5"
    assert request.body["output_config"] == {"effort": "high", "format": {"type": "json_schema", "schema": schema}}
    assert request.body["stream"] is True
    assert "tools" not in request.body
    assert [name for name, value in request.headers.items() if KEY in value] == ["authorization"]
    assert KEY not in str(request.body)


def test_a_model_that_knows_no_effort_is_asked_without_one() -> None:
    with MessagesServer(text("Bonjour")) as server:
        make_conversation(server, effort="").ask(make_question(effort="low"), on_text=ignore)
    (request,) = server.calls

    assert "output_config" not in request.body


# Retries


def test_an_overloaded_service_is_asked_again_until_it_answers() -> None:
    scenes = (refusal(529, "overloaded_error", retry_after="0.01"), text("Bonjour"))

    with MessagesServer(*scenes) as server:
        answer = make_conversation(server, max_retries=2).ask(make_question(), on_text=ignore)

    assert (answer, len(server.calls)) == ("Bonjour", 2)


def test_a_limited_rate_is_respected_as_long_as_the_service_asks() -> None:
    scenes = (refusal(429, "rate_limit_error", retry_after="0.4"), text("Bonjour"))
    arrivals: list[float] = []

    def timed(scene: Scene) -> Scene:
        def play(stage: Stage) -> None:
            arrivals.append(time.monotonic())
            scene(stage)

        return play

    with MessagesServer(*map(timed, scenes)) as server:
        answer = make_conversation(server, max_retries=1).ask(make_question(), on_text=ignore)

    assert answer == "Bonjour"
    assert arrivals[1] - arrivals[0] >= 0.4


def test_a_wait_longer_than_the_call_may_last_ends_it_at_once() -> None:
    with MessagesServer(refusal(429, "rate_limit_error", retry_after="3600")) as server:
        failure = failure_of(server, max_retries=5)

    assert failure.code == "engine_rate_limited"
    assert len(server.calls) == 1


def test_a_stream_cut_before_any_text_is_asked_for_again() -> None:
    pieces: list[str] = []

    with MessagesServer(broken(), text("Bonjour")) as server:
        make_conversation(server, max_retries=1).ask(make_question(), on_text=pieces.append)

    assert pieces == ["Bonjour"]


def test_a_stream_cut_in_the_middle_of_a_text_that_people_read_is_not_begun_anew() -> None:
    with MessagesServer(broken("Bon"), text("Bonjour")) as server:
        failure = failure_of(server, max_retries=3)

    assert failure.code == "engine_unreachable"
    assert len(server.calls) == 1


@pytest.mark.parametrize("scene", [broken("Bon"), broken("Bon", error=OVERLOADED)], ids=["reset", "overloaded"])
def test_a_stream_cut_in_the_middle_is_begun_anew_where_only_the_whole_counts(scene: Scene) -> None:
    with MessagesServer(scene, text("Bonjour")) as server:
        answer = make_conversation(server, max_retries=1).ask(make_question(repeatable=True), on_text=ignore)

    assert (answer, len(server.calls)) == ("Bonjour", 2)


def test_a_stream_is_not_begun_anew_more_often_than_allowed() -> None:
    with MessagesServer(broken("Bon")) as server:
        conversation = make_conversation(server, max_retries=1)
        with pytest.raises(OperationFailed):
            conversation.ask(make_question(repeatable=True), on_text=ignore)

    assert len(server.calls) == 2


def test_a_stream_that_ends_in_an_error_that_stays_is_not_begun_anew() -> None:
    scene = broken("Bon", error={"type": "invalid_request_error", "message": "no"})

    with MessagesServer(scene, text("Bonjour")) as server:
        conversation = make_conversation(server, max_retries=3)
        with pytest.raises(OperationFailed) as caught:
            conversation.ask(make_question(repeatable=True), on_text=ignore)

    assert (caught.value.code, len(server.calls)) == ("engine_request_refused", 1)


# What goes wrong


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("max_tokens", "engine_answer_cut"),
        ("refusal", "engine_refused"),
        ("model_context_window_exceeded", "engine_context_exceeded"),
        ("stop_sequence", "engine_bad_answer"),
        ("tool_use", "engine_bad_answer"),
        ("pause_turn", "engine_bad_answer"),
        ("a_reason_of_tomorrow", "engine_bad_answer"),
    ],
)
def test_an_answer_that_stops_for_another_reason_than_its_end_fails_with_a_code(reason: str, code: str) -> None:
    with MessagesServer(text("Bonjour", reason=reason)) as server:
        assert failure_of(server).code == code


@pytest.mark.parametrize(
    ("status", "error_type", "code"),
    [
        (400, "invalid_request_error", "engine_request_refused"),
        (401, "authentication_error", "engine_not_authorized"),
        (402, "billing_error", "engine_not_authorized"),
        (403, "permission_error", "engine_not_authorized"),
        (404, "not_found_error", "engine_request_refused"),
        (408, "timeout_error", "engine_timeout"),
        (409, "conflict_error", "engine_request_refused"),
        (413, "invalid_request_error", "engine_context_exceeded"),
        (422, "unprocessable", "engine_request_refused"),
        (429, "rate_limit_error", "engine_rate_limited"),
        (499, "closed", "engine_unreachable"),
        (500, "api_error", "engine_failed"),
        (501, "unknown", "engine_failed"),
        (503, "unknown", "engine_overloaded"),
        (504, "timeout_error", "engine_timeout"),
        (529, "overloaded_error", "engine_overloaded"),
        (302, "moved", "engine_failed"),
    ],
)
def test_a_refusal_of_the_provider_fails_with_a_code(status: int, error_type: str, code: str) -> None:
    with MessagesServer(refusal(status, error_type)) as server:
        assert failure_of(server).code == code


def test_a_prompt_that_is_too_long_says_so() -> None:
    scene = refusal(400, "invalid_request_error", "prompt is too long: 1200000 tokens > 1000000 maximum")

    with MessagesServer(scene) as server:
        assert failure_of(server).code == "engine_context_exceeded"


def test_an_account_without_money_is_not_a_limited_rate() -> None:
    def scene(stage: Stage) -> None:
        error = {"type": "rate_limit_error", "message": "…", "details": {"error_code": "enforced_spend_limit_reached"}}
        stage.answer_json(429, {"type": "error", "error": error})

    with MessagesServer(scene) as server:
        assert failure_of(server).code == "engine_not_authorized"


def test_an_overload_in_the_middle_of_a_stream_keeps_its_name() -> None:
    with MessagesServer(broken("Bon", error=OVERLOADED)) as server:
        assert failure_of(server).code == "engine_overloaded"


def malformed(stage: Stage) -> None:
    stage.open_stream()
    stage.send_raw(b"event: content_block_delta\ndata: {not json\n\n")


def incomplete(stage: Stage) -> None:
    stage.open_stream()
    stage.send_event("content_block_delta", index=0)


def without_events(stage: Stage) -> None:
    stage.answer_json(200, {"hello": "world"})


@pytest.mark.parametrize(
    ("scene", "code"),
    [
        (malformed, "engine_bad_answer"),
        (incomplete, "engine_bad_answer"),
        (without_events, "engine_unreachable"),
        (text("  \n"), "engine_bad_answer"),
        (text(), "engine_bad_answer"),
    ],
    ids=["no JSON", "no delta", "no stream", "white space", "nothing"],
)
def test_what_is_no_answer_fails_with_a_code(scene: Scene, code: str) -> None:
    with MessagesServer(scene) as server:
        assert failure_of(server).code == code


@pytest.mark.parametrize("scene", [silent(), silent("Bon")], ids=["before the answer", "in its middle"])
def test_a_hanging_connection_is_given_up(scene: Scene) -> None:
    with MessagesServer(scene) as server:
        assert failure_of(server, timeout_seconds=0.5).code == "engine_timeout"
        assert server.left.wait(5)


def test_a_call_that_spends_its_time_on_retries_says_what_it_waited_for() -> None:
    with MessagesServer(refusal(529, "overloaded_error")) as server:
        assert failure_of(server, timeout_seconds=0.6, max_retries=50).code == "engine_overloaded"


def test_a_service_that_is_not_there_is_unreachable() -> None:
    server = MessagesServer(text("Bonjour"))
    with server:
        pass

    assert failure_of(server).code == "engine_unreachable"


def test_a_redirect_does_not_carry_the_key_away() -> None:
    with MessagesServer(text("Bonjour")) as elsewhere:

        def move(stage: Stage) -> None:
            stage.refuse(307, "moved", location=f"{elsewhere.url}/v1/messages")

        with MessagesServer(move) as server:
            failure_of(server)

    assert elsewhere.requests == []


STATUS_ERRORS = sorted(
    {
        error.__name__: error
        for error in vars(anthropic).values()
        if isinstance(error, type) and issubclass(error, anthropic.APIStatusError)
    }.items()
)


@pytest.mark.parametrize(("name", "error"), STATUS_ERRORS, ids=[name for name, _ in STATUS_ERRORS])
def test_every_error_of_the_sdk_has_a_failure(name: str, error: type[anthropic.APIStatusError]) -> None:
    status = getattr(error, "status_code", 500)
    request = httpx2.Request("POST", "http://127.0.0.1/")
    response = httpx2.Response(status if isinstance(status, int) else 500, request=request)

    failure = explain(error("secret words", response=response, body=None))

    assert failure.code in FAILURES
    assert failure.code != "engine_bad_answer"
    assert "secret" not in failure.user_message


@pytest.mark.parametrize("code", sorted(FAILURES))
def test_a_failure_is_a_french_sentence_that_names_no_provider(code: str) -> None:
    failure = make_failure(code)

    assert failure.user_message.endswith(".")
    assert not {"claude", "anthropic", "api"} & set(failure.user_message.lower().split())


# Cancelling


@pytest.mark.parametrize("scene", [silent(), silent("Bon")], ids=["before the answer", "in its middle"])
def test_cancelling_closes_the_connection_even_when_nothing_comes(scene: Scene) -> None:
    canceller = Canceller()

    with MessagesServer(scene) as server:
        threading.Timer(0.3, canceller.cancel).start()
        with pytest.raises(CancelRequested):
            make_conversation(server, check=canceller).ask(make_question(), on_text=ignore)
        returned_at = time.monotonic()
        assert server.left.wait(5)
        left_at = time.monotonic()

    assert canceller.asked_at is not None
    assert max(returned_at, left_at) - canceller.asked_at < 1.0


def test_cancelling_ends_the_wait_for_a_retry() -> None:
    canceller = Canceller()

    with MessagesServer(refusal(429, "rate_limit_error", retry_after="15")) as server:
        threading.Timer(0.3, canceller.cancel).start()
        with pytest.raises(CancelRequested):
            make_conversation(server, check=canceller, max_retries=3).ask(make_question(), on_text=ignore)

    assert canceller.asked_at is not None
    assert time.monotonic() - canceller.asked_at < 1.0


def test_what_the_taker_of_a_piece_raises_closes_the_connection() -> None:
    def refuse(piece: str) -> None:
        raise CancelRequested

    with MessagesServer(silent("Bon")) as server:
        with pytest.raises(CancelRequested):
            make_conversation(server).ask(make_question(), on_text=refuse)

        assert server.left.wait(5)


def test_a_run_that_must_end_asks_nothing() -> None:
    canceller = Canceller()
    canceller.cancel()

    with MessagesServer(text("Bonjour")) as server, pytest.raises(CancelRequested):
        make_conversation(server, check=canceller).ask(make_question(), on_text=ignore)

    assert server.requests == []


def test_calls_leave_no_thread_and_no_socket_behind() -> None:
    scenes = (text("Bonjour"), broken("Bon"), refusal(500, "api_error"), silent("Bon"))
    with MessagesServer(*scenes) as server:
        conversation = make_conversation(server, timeout_seconds=1.0)
        conversation.ask(make_question(), on_text=ignore)
        wait_until(lambda: threading.active_count() == ours(), what="the server's threads to end")
        threads, sockets = threading.active_count(), open_sockets()

        for _ in range(3):
            with pytest.raises(OperationFailed):
                conversation.ask(make_question(), on_text=ignore)

        wait_until(lambda: threading.active_count() <= threads, what="threads to end")
        wait_until(lambda: open_sockets() <= sockets, what="sockets to close")


def ours() -> int:
    """Return how many threads run that are no handlers of the server."""
    return sum("process_request_thread" not in thread.name for thread in threading.enumerate())


# Metering


def test_a_call_is_metered_with_what_the_provider_counted() -> None:
    meter = RecordingMeter()

    with MessagesServer(text("Bonjour", output_tokens=77)) as server:
        make_conversation(server, meter=meter).ask(make_question(), on_text=ignore)
    (usage,) = meter.usages

    assert (usage.model, usage.request_id) == ("claude-sonnet-5-5", REQUEST_ID)
    assert (usage.input_tokens, usage.output_tokens) == (1_000, 77)
    assert (usage.cache_write_tokens, usage.cache_read_tokens) == (200, 300)


def test_a_cancelled_call_is_metered_with_what_is_known() -> None:
    meter = RecordingMeter()

    def refuse(piece: str) -> None:
        raise CancelRequested

    with MessagesServer(silent("x" * 300)) as server, pytest.raises(CancelRequested):
        make_conversation(server, meter=meter).ask(make_question(), on_text=refuse)
    (usage,) = meter.usages

    assert (usage.input_tokens, usage.output_tokens) == (1_000, 100)


def test_each_answer_of_a_repeated_call_is_metered() -> None:
    meter = RecordingMeter()

    with MessagesServer(broken("Bon"), text("Bonjour")) as server:
        conversation = make_conversation(server, meter=meter, max_retries=1)
        conversation.ask(make_question(repeatable=True), on_text=ignore)

    assert [usage.input_tokens for usage in meter.usages] == [1_000, 1_000]


def test_an_answer_that_fails_is_metered_and_a_refused_request_is_not() -> None:
    meter = RecordingMeter()

    with MessagesServer(text("Bonjour", reason="max_tokens"), refusal(400, "invalid_request_error")) as server:
        conversation = make_conversation(server, meter=meter)
        for _ in range(2):
            with pytest.raises(OperationFailed):
                conversation.ask(make_question(), on_text=ignore)

    assert len(meter.usages) == 1


def test_a_used_up_budget_sends_nothing() -> None:
    meter = RecordingMeter()
    meter.refusing = make_failure("budget_exceeded")

    with MessagesServer(text("Bonjour")) as server, pytest.raises(OperationFailed) as caught:
        make_conversation(server, meter=meter).ask(make_question(), on_text=ignore)

    assert (caught.value.code, server.requests) == ("budget_exceeded", [])


# Secrets


def test_the_log_names_operation_and_request_and_the_key_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("anthropic", "httpx2", "httpcore2"):
        caplog.set_level(logging.DEBUG, logger=name)
    scene = refusal(401, "authentication_error", f"invalid key {KEY}", request_id=REQUEST_ID)

    with MessagesServer(scene) as server:
        failure = failure_of(server)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("proposals")]

    assert len(ours) == 1
    assert all(part in ours[0] for part in (LABEL, REQUEST_ID, "engine_not_authorized", "[key]"))
    assert KEY not in ours[0]
    assert KEY not in failure.user_message
    assert f"Bearer {KEY}" not in caplog.text


def test_options_do_not_show_the_key() -> None:
    with MessagesServer(text("Bonjour")) as server:
        assert KEY not in repr(make_conversation(server).options)


def test_an_answer_that_recites_our_rules_is_dropped_before_they_are_out() -> None:
    rules = "These nine words of ours are for nobody else. And so are these."
    pieces: list[str] = []

    with MessagesServer(text("Voici : ", "these nine words of ", "ours are for nobody else", " and more")) as server:
        conversation = make_conversation(server, check=do_not_stop)
        with pytest.raises(OperationFailed) as caught:
            conversation.ask(make_question(rules=rules), on_text=pieces.append)

    assert caught.value.code == "engine_bad_answer"
    assert pieces == ["Voici : ", "these nine words of "]
