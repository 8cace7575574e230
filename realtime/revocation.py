"""
Tell every serving process that somebody may have lost a right, so that their sockets close at once.

The message carries nothing: each process asks the database again, for all of its sockets in one query. One that is
lost costs a delay: the same question is asked every `REALTIME_RECHECK_SECONDS` anyway.

Source: docs/architecture.md, "Security and tenancy".
"""

from __future__ import annotations

from django.db import transaction

from realtime import broadcaster, topics

MESSAGE_TYPE = "realtime.recheck"


def announce() -> None:
    """Have all sockets checked once the transaction has committed."""
    transaction.on_commit(_broadcast)


def _broadcast() -> None:
    broadcaster.send(topics.CONTROL, {"type": MESSAGE_TYPE})
