"""
Keep the probes of a load balancer out of the log: a 503 is their answer, not an error.

Source: docs/operations.md, "Health".
"""

from __future__ import annotations

import logging

READINESS_PATH = "/readyz"


class NoProbes(logging.Filter):
    """Logging filter for `django.request`, which writes an error for each answer of 500 and more."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let a record pass that is not about the readiness of this process."""
        return getattr(getattr(record, "request", None), "path", None) != READINESS_PATH
