"""What is known of a call while it goes on, so that it can be counted however it ends."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import anthropic
from anthropic.types import RawMessageStreamEvent

from proposals.engines.claude.metering import CallUsage

#: French text makes about one token for three characters; for answers whose end with the true count never came.
CHARACTERS_PER_TOKEN = 3


@dataclass(slots=True)
class Tally:
    """What is known of a call, also when it ends early."""

    model: str
    text: list[str] = field(default_factory=list)
    stop_reason: str | None = None
    request_id: str = ""
    #: Status of the last refusal, so that a time-out amid retries can say what it waited for.
    refused_with: int | None = None
    _usage: dict[str, int] = field(default_factory=dict)
    _finished: list[CallUsage] = field(default_factory=list)

    def begin(self, request_id: str | None) -> None:
        """Start to count another answer."""
        if self._usage:
            self._finished.append(self._count())
        self.text, self.stop_reason, self._usage = [], None, {}
        self.request_id = request_id or ""

    def note(self, event: RawMessageStreamEvent) -> str:
        """Take an event into account; return the text it brings."""
        if event.type == "message_start":
            self._usage |= _counts(event.message.usage)
        elif event.type == "message_delta":
            self._usage |= _counts(event.usage)
            self.stop_reason = event.delta.stop_reason
        elif event.type == "content_block_delta" and event.delta.type == "text_delta":
            self.text.append(event.delta.text)
            return event.delta.text
        return ""

    def usages(self) -> list[CallUsage]:
        """Return what each answer used; none when the provider never answered."""
        return [*self._finished, self._count()] if self._usage else list(self._finished)

    def _count(self) -> CallUsage:
        written = self._usage.get("output_tokens", 0)
        if self.stop_reason is None:
            written = max(written, math.ceil(len("".join(self.text)) / CHARACTERS_PER_TOKEN))
        return CallUsage(
            model=self.model,
            input_tokens=self._usage.get("input_tokens", 0),
            output_tokens=written,
            cache_read_tokens=self._usage.get("cache_read_input_tokens", 0),
            cache_write_tokens=self._usage.get("cache_creation_input_tokens", 0),
            request_id=self.request_id,
        )


def _counts(usage: anthropic.BaseModel) -> dict[str, int]:
    """Return the counts that are given: later ones replace earlier ones, absent ones do not."""
    return {name: value for name, value in usage.to_dict().items() if isinstance(value, int)}
