"""What is wrong with the settings is said at start, by name; the provider is asked only where a model may be called."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.checks import Error
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError
from pytest_django import Settings

from proposals.checks import TAG, check_models, check_settings
from proposals.management.commands import serve, worker
from tests.messages_server import MODELS, MessagesServer, text

Ask = Callable[[MessagesServer], None]


def problems(settings: Settings, **changes: object) -> list[str]:
    for name, value in changes.items():
        setattr(settings, name, value)
    return [message.msg for message in check_settings()]


def test_the_defaults_are_right(settings: Settings) -> None:
    assert problems(settings) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROPOSALS_ENGINE", "claud"),
        ("PROPOSALS_CLAUDE_EFFORT", "enormous"),
        ("PROPOSALS_CLAUDE_WRITING_MODEL", "claude sonnet"),
        ("PROPOSALS_CLAUDE_RANKING_MODEL", ""),
        ("PROPOSALS_CLAUDE_TIMEOUT_SECONDS", 0.0),
        ("PROPOSALS_CLAUDE_TIMEOUT_SECONDS", float("nan")),
        ("PROPOSALS_CLAUDE_MAX_RETRIES", -1),
        ("PROPOSALS_COMPANY_BUDGET_USD", -5.0),
        ("PROPOSALS_CLAUDE_PRICES_USD", "claude-sonnet=cheap"),
        ("ANTHROPIC_BASE_URL", "api.anthropic.com"),
        ("ANTHROPIC_API_KEY", "sk-ant 123"),
    ],
)
def test_a_setting_of_the_wrong_form_is_named(settings: Settings, name: str, value: object) -> None:
    (message,) = problems(settings, **{name: value})

    assert name in message


def test_a_wrong_key_is_not_repeated(settings: Settings) -> None:
    (message,) = problems(settings, ANTHROPIC_API_KEY="sk-ant secret")

    assert "secret" not in message


def test_models_that_the_provider_knows_pass(ask: Ask) -> None:
    with MessagesServer(text("x")) as server:
        ask(server)

        assert check_models() == []


def test_an_unknown_model_is_named_with_its_setting_and_models_of_a_similar_name(ask: Ask, settings: Settings) -> None:
    settings.PROPOSALS_CLAUDE_WRITING_MODEL = "claude-sonet-5-5"

    with MessagesServer(text("x")) as server:
        ask(server)
        (message,) = check_models()

    assert isinstance(message, Error)
    assert all(part in message.msg for part in ("PROPOSALS_CLAUDE_WRITING_MODEL", "'claude-sonet-5-5'", MODELS[0]))


def test_a_model_that_only_answers_to_another_name_is_known(ask: Ask, settings: Settings) -> None:
    settings.PROPOSALS_CLAUDE_WRITING_MODEL = "claude-hidden"

    with MessagesServer(text("x"), aliases=("claude-hidden",)) as server:
        ask(server)

        assert check_models() == []


def test_a_model_that_will_be_retired_is_a_warning(ask: Ask, settings: Settings) -> None:
    settings.PROPOSALS_CLAUDE_WRITING_MODEL = "claude-old-1"

    with MessagesServer(text("x"), models=(*MODELS, "claude-old-1")) as server:
        ask(server)
        (message,) = check_models()

    assert not message.is_serious()
    assert "2026-12-31" in message.msg


def test_a_provider_that_is_away_is_a_warning(ask: Ask) -> None:
    server = MessagesServer(text("x"))
    with server:
        ask(server)

    (message,) = check_models()

    assert not message.is_serious()
    assert server.url in message.msg


def test_a_key_that_is_refused_is_a_warning_without_the_key(ask: Ask, settings: Settings) -> None:
    with MessagesServer(text("x"), key="another") as server:
        ask(server)
        (message,) = check_models()

    assert not message.is_serious()
    assert "ANTHROPIC_API_KEY" in message.msg
    assert settings.ANTHROPIC_API_KEY not in message.msg


@pytest.mark.parametrize(("key", "engine"), [("", "auto"), ("sk-x", "offline")])
def test_nobody_is_asked_where_the_offline_engine_works(settings: Settings, key: str, engine: str) -> None:
    with MessagesServer(text("x")) as server:
        settings.ANTHROPIC_BASE_URL = server.url
        settings.ANTHROPIC_API_KEY, settings.PROPOSALS_ENGINE = key, engine

        assert check_models() == []
        assert server.requests == []


def test_an_ordinary_check_asks_nobody_and_one_for_a_deployment_does(ask: Ask) -> None:
    with MessagesServer(text("x")) as server:
        ask(server)

        call_command("check", tags=[TAG], stdout=StringIO())
        before = len(server.requests)
        call_command("check", tags=[TAG], deploy=True, stdout=StringIO())

        assert (before, len(server.requests)) == (0, 1)


def test_a_worker_and_a_server_with_an_unknown_model_do_not_start(ask: Ask, settings: Settings) -> None:
    settings.PROPOSALS_CLAUDE_RANKING_MODEL = "claude-unheard-of"

    with MessagesServer(text("x")) as server:
        ask(server)
        taken = int(server.url.rpartition(":")[2])
        for command, options in ((worker.Command(), {"threads": 0}), (serve.Command(), {"port": taken})):
            with pytest.raises(SystemCheckError, match="PROPOSALS_CLAUDE_RANKING_MODEL"):
                call_command(command, **options)


def test_a_server_that_runs_no_operations_asks_nobody(ask: Ask) -> None:
    with MessagesServer(text("x")) as server:
        ask(server)
        taken = int(server.url.rpartition(":")[2])
        with pytest.raises(CommandError, match="is taken"):
            call_command(serve.Command(), port=taken, no_worker=True)

        assert server.requests == []
