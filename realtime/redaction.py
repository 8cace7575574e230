"""Keep tokens and tickets out of every log of the process, whoever writes the line."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"((?:[?&]|\b)(?:token|ticket)=)[^&\s\"']+|(\bbearer[. ])[\w-]+\.[\w-]+\.[\w-]+", re.IGNORECASE)


def redact(text: str) -> str:
    """Return the text with the value of every token and ticket replaced."""
    return _SECRET.sub(lambda match: f"{match[1] or match[2]}[redacted]", text)


class RedactTokens(logging.Filter):
    """Logging filter for handlers: rewrites the finished message, because uvicorn puts the URL into its arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the record in place; let every record pass."""
        message = record.getMessage()
        redacted = redact(message)
        if redacted != message:
            record.msg, record.args = redacted, None
        return True
