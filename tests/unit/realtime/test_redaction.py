import logging

import pytest

from realtime.redaction import RedactTokens, redact

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "line",
    [
        f'"WebSocket /ws/projects/1?token={JWT}" [accepted]',
        f"GET /ws/projects/1?since=3&ticket={JWT}&epoch=a",
        f"Authorization: Bearer {JWT}",
        f"Sec-WebSocket-Protocol: tenderwire.v1, bearer.{JWT}",
    ],
)
def test_no_credential_survives_in_a_log_line(line: str) -> None:
    assert JWT not in redact(line)
    assert "[redacted]" in redact(line)


def test_the_rest_of_the_line_is_kept() -> None:
    assert redact("/ws/projects/1?since=3&ticket=abc&epoch=e") == "/ws/projects/1?since=3&ticket=[redacted]&epoch=e"


def test_the_filter_redacts_arguments_too() -> None:
    record = logging.LogRecord("uvicorn.error", logging.INFO, "", 0, '"%s %s"', ("WebSocket", f"/ws?token={JWT}"), None)

    RedactTokens().filter(record)

    assert JWT not in record.getMessage()
