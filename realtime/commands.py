"""
Parse what a client sends. Every bad frame becomes a `CommandRejected`, never a traceback.

Source: PROTOCOL.md, "Commands".
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from realtime import conf
from realtime.exceptions import CommandRejected

#: Longest `id` of a command, in characters.
MAX_ID_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Command:
    """One JSON command: its type, the client's own id for the reply, and the other fields."""

    type: str
    id: str | int | None
    fields: dict[str, Any]

    def text(self, name: str) -> str:
        """
        Return a non-empty text field.

        Raises:
            CommandRejected: missing or of another type.
        """
        value = self.fields.get(name)
        if not isinstance(value, str) or not value:
            raise CommandRejected("bad_parameters", f"'{name}' must be a text.")
        return value

    def uuid(self, name: str) -> UUID:
        """
        Return a UUID field.

        Raises:
            CommandRejected: missing or no UUID.
        """
        try:
            return UUID(self.text(name))
        except ValueError as error:
            raise CommandRejected("bad_parameters", f"'{name}' must be a UUID.") from error

    def uuids(self, name: str, *, most: int) -> list[UUID] | Literal["all"]:
        """
        Return a field that is a list of UUIDs, or "all".

        Raises:
            CommandRejected: missing, neither of the two, or more than `most`.
        """
        value = self.fields.get(name)
        if value == "all":
            return "all"
        if not isinstance(value, list) or len(value) > most:
            raise CommandRejected("bad_parameters", f"'{name}' must be 'all' or a list of at most {most} UUIDs.")
        try:
            return [UUID(item) for item in value]
        except (ValueError, AttributeError, TypeError) as error:
            raise CommandRejected("bad_parameters", f"'{name}' must hold UUIDs only.") from error


class MalformedFrame(CommandRejected):
    """The frame is no command at all, so there is no `id` to answer."""


def parse(text: str | None) -> Command:
    """
    Return the command in a text frame; None stands for a binary frame.

    Raises:
        MalformedFrame: binary, too large, no JSON, or no object with a `type`.
    """
    if text is None:
        raise MalformedFrame("bad_message", "Commands are text frames, not binary ones.")
    limit = conf.get("MAX_COMMAND_BYTES")
    if len(text.encode(errors="replace")) > limit:
        raise MalformedFrame("too_large", f"A command has at most {limit} bytes.")
    try:
        fields = json.loads(text)
        json.dumps(fields, ensure_ascii=False).encode()  # a lone surrogate could not be sent back
    except (ValueError, RecursionError) as error:
        raise MalformedFrame("bad_message", "This is neither 'ping' nor JSON.") from error
    if not isinstance(fields, dict) or not isinstance(fields.get("type"), str):
        raise MalformedFrame("bad_message", "A command is a JSON object with a 'type'.")
    return Command(type=fields.pop("type"), id=_checked_id(fields.pop("id", None)), fields=fields)


def _checked_id(value: Any) -> str | int | None:
    well_formed = value is None or (isinstance(value, int) and not isinstance(value, bool))
    if well_formed or (isinstance(value, str) and len(value) <= MAX_ID_LENGTH):
        return value  # type: ignore[no-any-return]
    raise MalformedFrame("bad_message", "'id' is a short text or an integer.")


class RateLimit:
    """A token bucket for the frames of one socket."""

    def __init__(self, *, per_second: float, burst: int) -> None:
        self._per_second = per_second
        self._burst = burst
        self._tokens = float(burst)
        self._at = time.monotonic()
        #: Frames refused since the last one that passed.
        self.refused = 0

    def allows(self) -> bool:
        """Take one token; False when there is none."""
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._per_second)
        self._at = now
        if self._tokens < 1:
            self.refused += 1
            return False
        self._tokens -= 1
        self.refused = 0
        return True

    @property
    def is_abused(self) -> bool:
        """Whether the client goes on although it is refused."""
        return self.refused > self._burst * 5
