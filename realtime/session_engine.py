"""
Sessions of the pages, in the database as Django keeps them; one that ends takes its tickets and sockets with it.

The one place that sees every end: log-out of the pages and of the admin, and a log-in as somebody else over it.
"""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from realtime import sign_ins


class SessionStore(db.SessionStore):
    """For `SESSION_ENGINE`."""

    def flush(self) -> None:
        """End the session."""
        ended = self.session_key if SESSION_KEY in self else None
        super().flush()
        if ended:
            sign_ins.revoke(sign_ins.sid_of_pages(ended))
