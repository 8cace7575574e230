"""The only place that reads the environment: `.env` beside manage.py, then the process environment wins."""

from __future__ import annotations

import builtins
import math
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

WORDS = {
    **dict.fromkeys(("true", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "no", "n", "off", "0"), False),
}

Value = TypeVar("Value")
Number = TypeVar("Number", int, float)


class Environment(environ.Env):  # type: ignore[misc]
    """
    Reads what has to be a number, a truth value or a rate; everything else as django-environ does.

    Each reader returns `default` when the variable is not set.

    Raises:
        ImproperlyConfigured: naming the variable, its value and what is expected.
    """

    def int(self, name: str, *, default: builtins.int, least: builtins.int | None = None) -> builtins.int:
        """Return a whole number, refused below `least`."""
        return self._read(name, default, lambda text: _at_least(int(text), least), _describe("a whole number", least))

    def float(self, name: str, *, default: builtins.float, least: builtins.float | None = None) -> builtins.float:
        """Return a finite number, refused below `least`."""
        return self._read(name, default, lambda text: _at_least(float(text), least), _describe("a number", least))

    def bool(self, name: str, *, default: builtins.bool) -> builtins.bool:
        """Return a truth value: only a word that says so."""
        return self._read(name, default, lambda text: WORDS[text.strip().lower()], "true or false")

    def rate(self, name: str, *, default: str) -> str:
        """Return a number of requests in a second, minute, hour or day, as throttles read it."""
        return self._read(name, default, _to_rate, "a rate such as 60/min, per s, min, hour or day,")

    def _read(self, name: str, default: Value, parse: Callable[[Any], Value], expected: str) -> Value:
        if name not in self.ENVIRON:
            return default
        text = self.str(name)
        try:
            return parse(text)
        except (ValueError, KeyError):
            raise ImproperlyConfigured(f"{name}={text}: {expected} is expected.") from None


def _at_least(value: Number, least: float | None) -> Number:
    if not math.isfinite(value) or (least is not None and value < least):
        raise ValueError
    return value


def _describe(kind: str, least: float | None) -> str:
    return kind if least is None else f"{kind} of at least {least:g}"


def _to_rate(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]*/(s|sec|second|m|min|minute|h|hour|d|day)", text):
        raise ValueError
    return text


env = Environment()


def load_dotenv() -> frozenset[str]:
    """
    Read `.env` when it exists; variables that are already set keep their value.

    Returns:
        The names that were added to the environment: a process started without them reads `.env` for itself.
    """
    before = frozenset(os.environ)
    dotenv = BASE_DIR / ".env"
    if dotenv.exists():
        env.read_env(str(dotenv))
    return frozenset(os.environ) - before
