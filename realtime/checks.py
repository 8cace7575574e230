"""
Checks at start: settings of delivery that are wrong in form, or would let in more than anybody means.

Source: docs/operations.md, "Settings".
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from realtime import conf, origin

#: The tag of everything here.
TAG = "realtime"
#: Room for a progress event with two lines of the greatest length, six bytes for each of their characters.
MIN_EVENT_BYTES = 16_384
#: Room for what stands around a result in its event.
ENVELOPE_BYTES = 2048


def check_settings(**_: Any) -> list[CheckMessage]:
    """Return what is wrong with the settings of delivery."""
    if problems := [*_check_values()]:
        return problems  # what compares values would stumble over them
    return [*_check_origins(), *_check_rates(), *_check_sizes()]


def refuse_unusable() -> None:
    """
    Stop a server that runs no checks of its own, as `serve` and every other command do.

    Raises:
        ImproperlyConfigured: with the first thing that is wrong.
    """
    if problems := check_settings():
        raise ImproperlyConfigured(problems[0].msg)


def _check_values() -> Iterator[CheckMessage]:
    for name, setting in conf.SETTINGS.items():
        value = conf.get(name.removeprefix("REALTIME_"))
        if not _is_allowed(value, setting):
            yield Error(f"{name}={value}: {_describe(setting)} is expected.", id="realtime.E005")


def _is_allowed(value: object, setting: conf.Setting) -> bool:
    if setting.least is None:
        return isinstance(value, type(setting.default))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    is_whole = isinstance(value, int) or isinstance(setting.default, float)
    return is_whole and math.isfinite(value) and value >= setting.least


def _describe(setting: conf.Setting) -> str:
    if setting.least is None:
        return "True or False" if isinstance(setting.default, bool) else f"a {type(setting.default).__name__}"
    kind = "a number" if isinstance(setting.default, float) else "a whole number"
    return f"{kind} of at least {setting.least:g}"


def _check_origins() -> Iterator[CheckMessage]:
    for entry in conf.get("ALLOWED_ORIGINS"):
        if origin.parse(entry) is None:
            yield Error(
                f"REALTIME_ALLOWED_ORIGINS has {entry!r}, which is no origin.",
                hint="Name each page's scheme, host and port, such as https://app.example.org; there is no wildcard.",
                id="realtime.E001",
            )


def _check_sizes() -> Iterator[CheckMessage]:
    least = max(MIN_EVENT_BYTES, conf.get("MAX_RESULT_BYTES") + ENVELOPE_BYTES)
    if conf.get("MAX_EVENT_BYTES") < least:
        yield Error(
            f"REALTIME_MAX_EVENT_BYTES must be at least {least}.",
            hint=f"A completion carries REALTIME_MAX_RESULT_BYTES and {ENVELOPE_BYTES} bytes around it.",
            id="realtime.E003",
        )
    if conf.get("MAX_MESSAGE_BYTES") < conf.get("MAX_COMMAND_BYTES"):
        yield Error(
            "REALTIME_MAX_MESSAGE_BYTES must not be below REALTIME_MAX_COMMAND_BYTES.",
            hint="A command that is too large is answered; a message that is too large ends the socket.",
            id="realtime.E004",
        )


def _check_rates() -> Iterator[CheckMessage]:
    if conf.get("HANDSHAKES_BURST") and not conf.get("HANDSHAKES_PER_SECOND") > 0:
        yield Error(
            "REALTIME_HANDSHAKES_PER_SECOND must be above 0.",
            hint="REALTIME_HANDSHAKES_BURST=0 turns the limit off.",
            id="realtime.E002",
        )
