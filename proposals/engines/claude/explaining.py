"""Which failure an error of the SDK, or an answer that stopped for the wrong reason, is."""

from __future__ import annotations

import anthropic
import httpx2

from proposals.engines.claude.failures import make_failure
from proposals.exceptions import OperationFailed

#: Why an answer stopped. We offer no tools and set no stop sequences, so these have no reason to come.
STOP_REASONS: dict[str, str | None] = {
    "end_turn": None,
    "max_tokens": "engine_answer_cut",
    "refusal": "engine_refused",
    "model_context_window_exceeded": "engine_context_exceeded",
    "stop_sequence": "engine_bad_answer",
    "tool_use": "engine_bad_answer",
    "pause_turn": "engine_bad_answer",
}

#: The kind of error that the answer's body names. It comes first: inside a stream the status is 200.
TYPES: dict[str, str] = {
    "overloaded_error": "engine_overloaded",
    "rate_limit_error": "engine_rate_limited",
    "authentication_error": "engine_not_authorized",
    "permission_error": "engine_not_authorized",
    "billing_error": "engine_not_authorized",
    "timeout_error": "engine_timeout",
    "not_found_error": "engine_request_refused",
    "invalid_request_error": "engine_request_refused",
    "api_error": "engine_failed",
}
STATUSES: dict[int, str] = {
    401: "engine_not_authorized",
    402: "engine_not_authorized",
    403: "engine_not_authorized",
    408: "engine_timeout",
    413: "engine_context_exceeded",
    429: "engine_rate_limited",
    499: "engine_unreachable",
    503: "engine_overloaded",
    504: "engine_timeout",
    529: "engine_overloaded",
}
#: What may be over a moment later, without anybody doing anything.
TRANSIENT = frozenset(
    {"engine_overloaded", "engine_rate_limited", "engine_unreachable", "engine_timeout", "engine_failed"}
)
#: Causes that name an account whose money has run out: waiting does not help.
SPEND_LIMITS = frozenset({"contract_spend_limit_reached", "enforced_spend_limit_reached"})
#: The API has no code of its own for this; without the words it is a refused request like others.
TOO_LONG = "prompt is too long"


class StreamBroken(Exception):
    """The answer stopped before its end; the cause, if there is one, says how."""


class AnswerMalformed(Exception):
    """What came is no stream of the Messages API, or not of the form that was asked for."""


class WaitTooLong(Exception):
    """The provider asks us to come back after the call's time is over."""


class RefusedAnswer(Exception):
    """An answer came to its end, and is not one that we can use."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code

    @classmethod
    def look_at(cls, stop_reason: str | None, answer: str) -> None:
        """
        Let a whole answer pass.

        Raises:
            RefusedAnswer: it stopped for another reason than its end, or is empty.
        """
        code = STOP_REASONS.get(stop_reason or "", "engine_bad_answer")
        if code is not None:
            raise cls(code, f"stop reason {stop_reason}")
        if not answer.strip():
            raise cls("engine_bad_answer", "no text")


def explain(error: BaseException, *, refused_with: int | None = None) -> OperationFailed:
    """
    Return what an error means to people.

    Args:
        refused_with: status of the last refusal, for errors that ended the wait for a better answer.
    """
    return make_failure(_find_code(error, refused_with))


def is_transient(error: BaseException) -> bool:
    """Return whether asking again at once may help."""
    return _find_code(error, None) in TRANSIENT


def _find_code(error: BaseException, refused_with: int | None) -> str:
    if isinstance(error, RefusedAnswer):
        return error.code
    if isinstance(error, StreamBroken):
        return _find_code(error.__cause__, refused_with) if error.__cause__ else "engine_unreachable"
    if isinstance(error, anthropic.APIStatusError):
        return _code_of_status(error)
    if isinstance(error, TimeoutError | WaitTooLong):
        return STATUSES.get(refused_with or 0, "engine_timeout")
    return _code_of_transport(error)


def _code_of_status(error: anthropic.APIStatusError) -> str:
    if error.error_code in SPEND_LIMITS:
        return "engine_not_authorized"
    if error.status_code in STATUSES:
        return STATUSES[error.status_code]
    if TOO_LONG in (error.api_message or "").lower():
        return "engine_context_exceeded"
    by_type = TYPES.get(error.type or "")
    if by_type:
        return by_type
    return "engine_request_refused" if 400 <= error.status_code < 500 else "engine_failed"


def _code_of_transport(error: BaseException) -> str:
    if isinstance(error, anthropic.APITimeoutError | httpx2.TimeoutException):
        return "engine_timeout"
    if isinstance(error, anthropic.APIConnectionError | httpx2.TransportError):
        return "engine_unreachable"
    if isinstance(error, anthropic.CredentialsError):
        return "engine_not_authorized"
    if isinstance(error, anthropic.AnthropicError) and not isinstance(error, anthropic.APIResponseValidationError):
        return "engine_failed"
    return "engine_bad_answer"
