"""Which models the provider has: are those of the settings among them, and can they do what is asked of them?"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

import anthropic
import httpx2
from anthropic.types import ModelInfo

from proposals.engines.claude.options import Options

#: Starting a server must not wait long for somebody else.
TIMEOUT_SECONDS = 5.0
#: Names of models that are shown instead of an unknown one.
MOST_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """
    Something about the models of the settings.

    Args:
        fatal: a mistake in the settings. What comes to pass without anybody touching them is not: a key that is
            revoked, a model that retires, a provider that is away must not keep an installation from starting.
    """

    message: str
    fatal: bool


def find_problems(options: Options, models: Mapping[str, str]) -> list[Problem]:
    """
    Ask the provider about models.

    Args:
        models: ids by the setting that names them.
    """
    try:
        with _make_client(options) as client:
            known = {model.id: model for model in client.models.list(limit=1000)}
            for model_id in set(models.values()) - set(known):
                known |= _look_up(client, model_id)
    except (anthropic.AuthenticationError, anthropic.PermissionDeniedError):
        return [Problem("The provider refuses ANTHROPIC_API_KEY.", fatal=False)]
    except (anthropic.AnthropicError, httpx2.HTTPError) as error:
        why = f"{options.base_url} could not be asked for its models ({type(error).__name__}); they are not checked."
        return [Problem(why, fatal=False)]
    return [problem for setting, model_id in models.items() for problem in _judge(setting, model_id, known, options)]


def _look_up(client: anthropic.Anthropic, model_id: str) -> dict[str, ModelInfo]:
    """Return a model that the list has under another name, such as an alias; none when there is none."""
    try:
        return {model_id: client.models.retrieve(model_id)}
    except anthropic.NotFoundError:
        return {}


def _judge(setting: str, model_id: str, known: Mapping[str, ModelInfo], options: Options) -> list[Problem]:
    model = known.get(model_id)
    if model is None:
        near = difflib.get_close_matches(model_id, known, MOST_SUGGESTIONS, cutoff=0.5)
        meant = f"; did you mean {' or '.join(near)}?" if near else "."
        return [Problem(f"{setting} names {model_id!r}, which the provider does not know{meant}", fatal=True)]
    return [
        Problem(f"{setting} names {model_id}, {reason}", fatal=fatal) for reason, fatal in _find_faults(model, options)
    ]


def _find_faults(model: ModelInfo, options: Options) -> list[tuple[str, bool]]:
    faults: list[tuple[str, bool]] = []
    able = model.capabilities
    if model.lifecycle == "retired":
        faults.append(("which is retired.", False))
    if model.lifecycle == "deprecated":
        day = f" on {model.retires_at:%Y-%m-%d}" if model.retires_at else ""
        faults.append((f"which will be retired{day}.", False))
    if able is not None and not able.structured_outputs.supported:
        faults.append(("which cannot answer in a given form.", True))
    if able is not None and options.effort and not able.effort.supported:
        faults.append(("which knows no effort: set PROPOSALS_CLAUDE_EFFORT to nothing.", True))
    return faults


def _make_client(options: Options) -> anthropic.Anthropic:
    return anthropic.Anthropic(
        api_key=options.api_key,
        base_url=options.base_url,
        timeout=TIMEOUT_SECONDS,
        max_retries=0,
        http_client=anthropic.DefaultHttpxClient(follow_redirects=False),
    )
