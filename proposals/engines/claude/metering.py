"""What one call used, and who is told: the engine knows a meter, not a database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CallUsage:
    """
    Tokens of one answer, as far as they are known.

    Args:
        input_tokens: read at the full price; those of the cache are counted apart.
        output_tokens: written, thoughts included; estimated from the text when the call ended early.
        request_id: of the provider, for its support.
    """

    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    request_id: str = ""

    @property
    def prompt_tokens(self) -> int:
        """Return everything that was read, from the cache or not."""
        return self.input_tokens + self.cache_read_tokens + self.cache_write_tokens


class Meter(Protocol):
    """Watches what calls cost."""

    def admit(self) -> None:
        """
        Let a call begin.

        Raises:
            OperationFailed: the budget is used up (`budget_exceeded`).
        """

    def record(self, usage: CallUsage) -> None:
        """Keep what a call used; also of one that failed or was cancelled."""
