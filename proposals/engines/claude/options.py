"""What a Claude engine needs to know, from the settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings

DEFAULT_BASE_URL = "https://api.anthropic.com"
#: What `PROPOSALS_CLAUDE_EFFORT` may be; empty: the model's own default.
EFFORTS = ("", "low", "medium", "high", "xhigh", "max")


@dataclass(frozen=True, slots=True)
class Options:
    """
    How to reach a model.

    Args:
        api_key: never in a log, an event or a request's body.
        effort: one of EFFORTS.
        timeout_seconds: of one whole call, waits and retries included.
        max_retries: after the first try, for each call.
    """

    api_key: str = field(repr=False)
    model: str
    base_url: str = DEFAULT_BASE_URL
    effort: str = ""
    timeout_seconds: float = 600.0
    max_retries: int = 4


def read_options(model: str) -> Options:
    """Return the options of a model as the settings say."""
    return Options(
        api_key=settings.ANTHROPIC_API_KEY,
        model=model,
        base_url=settings.ANTHROPIC_BASE_URL or DEFAULT_BASE_URL,
        effort=settings.PROPOSALS_CLAUDE_EFFORT,
        timeout_seconds=settings.PROPOSALS_CLAUDE_TIMEOUT_SECONDS,
        max_retries=settings.PROPOSALS_CLAUDE_MAX_RETRIES,
    )


def is_configured() -> bool:
    """Whether Claude works here: a key is set and nobody asked to stay offline."""
    return bool(settings.ANTHROPIC_API_KEY) and settings.PROPOSALS_ENGINE != "offline"
