"""Keep tokens and tickets out of every log of the process, whoever writes the line."""

from __future__ import annotations

import logging
import re

#: What stands before a secret is kept. A JWT or a ticket is one wherever it stands, also when the line was cut in it.
_SECRET = re.compile(
    r"""
      (?P<parameter> (?:[?&]|\b) (?:token|ticket)= ) [^&\s"']+
    | (?P<scheme> \bbearer[.\ ] ) [^\s,"']{8,}
    | eyJ[\w-]{8,} (?:\.[\w-]*)*
    | (?P<ticket> \bticket\. ) [\w-]{8,}
    """,
    re.IGNORECASE | re.VERBOSE,
)


def redact(text: str) -> str:
    """Return the text with the value of every token and ticket replaced."""
    return _SECRET.sub(lambda match: f"{''.join(filter(None, match.groups()))}[redacted]", text)


class RedactTokens(logging.Filter):
    """Logging filter for handlers: rewrites the finished message, because uvicorn puts the URL into its arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the record in place, its traceback too; let every record pass."""
        message = record.getMessage()
        redacted = redact(message)
        if redacted != message:
            record.msg, record.args = redacted, None
        if record.exc_info and not record.exc_text:
            record.exc_text = _PLAIN.formatException(record.exc_info)
        # A formatter takes the text of the traceback from the record when it is there.
        record.exc_text = record.exc_text and redact(record.exc_text)
        record.stack_info = record.stack_info and redact(record.stack_info)
        return True


_PLAIN = logging.Formatter()
