"""
Checks at start. The form of the settings is looked at by every command; the provider is asked about the models only by
`check --deploy` and when a worker starts, because that needs the network.

Source: docs/claude.md, "Checks at start".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

from proposals.engines.claude.options import EFFORTS, is_configured, read_options
from proposals.engines.claude.prices import parse_prices

if TYPE_CHECKING:
    from proposals.engines.claude.catalogue import Problem
    from proposals.engines.claude.options import Options

#: The tag of everything here.
TAG = "language_models"
#: Loaded by its name, because it loads the SDK.
FIND_PROBLEMS = "proposals.engines.claude.catalogue.find_problems"
ENGINES = ("auto", "offline")
MODEL_SETTINGS = (
    "PROPOSALS_CLAUDE_ANALYSIS_MODEL",
    "PROPOSALS_CLAUDE_WRITING_MODEL",
    "PROPOSALS_CLAUDE_RANKING_MODEL",
)
_MODEL_ID = re.compile(r"[A-Za-z0-9][\w.:/@-]*")
_KEY = re.compile(r"[!-~]+")
_URL = re.compile(r"https?://[^\s/]+\S*")


def check_settings(**_: Any) -> list[CheckMessage]:
    """Return what is wrong with the form of the settings; asks nobody."""
    return [*_check_choices(), *_check_models(), *_check_numbers(), *_check_prices()]


def check_models(**_: Any) -> list[CheckMessage]:
    """Return what the provider says about the models of the settings; nothing where the offline engine works."""
    if not is_configured() or check_settings():
        return []
    find_problems: Callable[[Options, dict[str, str]], Sequence[Problem]] = import_string(FIND_PROBLEMS)
    models = {name: getattr(settings, name) for name in MODEL_SETTINGS}
    return [
        Error(problem.message, id="proposals.E006")
        if problem.fatal
        else checks.Warning(problem.message, id="proposals.W001")
        for problem in find_problems(read_options(""), models)
    ]


def _check_choices() -> Iterator[CheckMessage]:
    if settings.PROPOSALS_ENGINE not in ENGINES:
        yield _error(1, "PROPOSALS_ENGINE", settings.PROPOSALS_ENGINE, " or ".join(ENGINES))
    if settings.PROPOSALS_CLAUDE_EFFORT not in EFFORTS:
        yield _error(1, "PROPOSALS_CLAUDE_EFFORT", settings.PROPOSALS_CLAUDE_EFFORT, ", ".join(filter(None, EFFORTS)))
    if settings.ANTHROPIC_BASE_URL and not _URL.fullmatch(settings.ANTHROPIC_BASE_URL):
        yield _error(2, "ANTHROPIC_BASE_URL", settings.ANTHROPIC_BASE_URL, "an address that begins with https://")
    if settings.ANTHROPIC_API_KEY and not _KEY.fullmatch(settings.ANTHROPIC_API_KEY):
        yield Error("ANTHROPIC_API_KEY holds a character that no key has, such as a space.", id="proposals.E002")


def _check_models() -> Iterator[CheckMessage]:
    for name in MODEL_SETTINGS:
        value = getattr(settings, name)
        if not _MODEL_ID.fullmatch(value):
            yield _error(3, name, value, "the id of a model, such as claude-sonnet-5-5")


def _check_numbers() -> Iterator[CheckMessage]:
    if not settings.PROPOSALS_CLAUDE_TIMEOUT_SECONDS > 0:
        yield _error(4, "PROPOSALS_CLAUDE_TIMEOUT_SECONDS", settings.PROPOSALS_CLAUDE_TIMEOUT_SECONDS, "above 0")
    for name in ("PROPOSALS_CLAUDE_MAX_RETRIES", "PROPOSALS_COMPANY_BUDGET_USD"):
        if not getattr(settings, name) >= 0:
            yield _error(4, name, getattr(settings, name), "0 or more")


def _check_prices() -> Iterator[CheckMessage]:
    try:
        parse_prices(settings.PROPOSALS_CLAUDE_PRICES_USD)
    except ValueError as error:
        yield Error(f"PROPOSALS_CLAUDE_PRICES_USD: {error}.", id="proposals.E005")


def _error(number: int, name: str, value: object, expected: str) -> Error:
    return Error(f"{name} is {value!r}; it must be {expected}.", id=f"proposals.E{number:03}")
