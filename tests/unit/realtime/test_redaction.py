import io
import logging

import pytest

from realtime.redaction import RedactTokens, redact

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
TICKET = "ticket.3q2-7wQyVvJm_4tq1vGQyJ0m2cF7kZr3xXh8dLwN5uPe"


@pytest.mark.parametrize("secret", [JWT, TICKET])
@pytest.mark.parametrize(
    "line",
    [
        '"WebSocket /ws/projects/1?token={}" [accepted]',
        "GET /ws/projects/1?since=3&ticket={}&epoch=a",
        "'query_string': b'token={}'",
        "Authorization: Bearer {}",
        "authorization: bearer {}",
        "Sec-WebSocket-Protocol: tenderwire.v1, bearer.{}",
        '< TEXT \'{{"type":"refresh","id":1,"token":"{}"}}\'',
        "INSERT INTO outstandingtoken (jti, token) VALUES ('a', '{}')",
        "KeyError: {}",
    ],
)
def test_no_credential_survives_in_a_log_line(line: str, secret: str) -> None:
    redacted = redact(line.format(secret))

    assert secret not in redacted
    assert secret[-12:] not in redacted
    assert "[redacted]" in redacted


def test_a_token_that_the_line_was_cut_in_is_one() -> None:
    assert redact('"token":"eyJhbGciOiJIUzI1NiJ9.eyJzd…') == '"token":"[redacted]…'


def test_a_bearer_that_is_no_jwt_is_a_secret_too() -> None:
    assert redact("Authorization: Bearer correct-horse-battery") == "Authorization: Bearer [redacted]"


@pytest.mark.parametrize(
    "line",
    ["Ticket until 10:31:02", "realtime_ticket.digest", "the bearer of this", "tokens=3", "RC-ticket.pdf"],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert "[redacted]" not in redact(line)


def test_the_rest_of_the_line_is_kept() -> None:
    assert redact("/ws/projects/1?since=3&ticket=abc&epoch=e") == "/ws/projects/1?since=3&ticket=[redacted]&epoch=e"


def test_the_filter_redacts_arguments_too() -> None:
    record = logging.LogRecord("uvicorn.error", logging.INFO, "", 0, '"%s %s"', ("WebSocket", f"/ws?token={JWT}"), None)

    RedactTokens().filter(record)

    assert JWT not in record.getMessage()


def test_the_filter_redacts_tracebacks_their_causes_and_stacks() -> None:
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    handler.addFilter(RedactTokens())
    logger = logging.Logger("test")
    logger.addHandler(handler)

    try:
        try:
            raise ValueError(f"a cause with {TICKET}")
        except ValueError as cause:
            raise RuntimeError(f"a fault with {JWT}") from cause
    except RuntimeError:
        logger.exception("It failed.", stack_info=True)

    text = output.getvalue()
    assert "RuntimeError: a fault with [redacted]" in text
    assert "ValueError: a cause with ticket.[redacted]" in text
    assert "Stack (most recent call last)" in text
    assert text.count("Traceback") == 2
