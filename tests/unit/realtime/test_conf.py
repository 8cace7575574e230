"""The smallest value of each setting of delivery, and what the checks at start say about one that means nothing."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from realtime import checks, conf

NUMBERS = {name: setting for name, setting in conf.SETTINGS.items() if type(setting.default) in (int, float)}


def test_every_number_has_a_smallest_value_and_nothing_else_has() -> None:
    assert {name for name, setting in conf.SETTINGS.items() if setting.least is not None} == set(NUMBERS)


def test_no_smallest_value_is_negative_or_above_the_default() -> None:
    for name, setting in NUMBERS.items():
        assert setting.least is not None
        assert 0 <= setting.least <= setting.default, name


def test_the_defaults_are_fine() -> None:
    assert checks.check_settings() == []


@pytest.mark.parametrize("name", sorted(NUMBERS))
@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), "5", True, None])
def test_what_is_no_number_or_negative_is_refused_everywhere(settings: Settings, name: str, value: object) -> None:
    setattr(settings, name, value)

    [problem] = checks.check_settings()

    assert problem.id == "realtime.E005"
    assert problem.msg.startswith(f"{name}={value}: a ")
    assert f"at least {conf.SETTINGS[name].least:g}" in problem.msg


@pytest.mark.parametrize("name", sorted(name for name, setting in NUMBERS.items() if setting.least))
def test_zero_is_refused_where_it_would_mean_nothing(settings: Settings, name: str) -> None:
    setattr(settings, name, 0)

    assert [problem.id for problem in checks.check_settings()] == ["realtime.E005"]


@pytest.mark.parametrize(
    "name",
    [
        "REALTIME_HEARTBEAT_SECONDS",
        "REALTIME_HEAD_CHECK_SECONDS",
        "REALTIME_RECHECK_SECONDS",
        "REALTIME_PROGRESS_MIN_INTERVAL_MS",
        "REALTIME_REPLAY_LIMIT",
        "REALTIME_BACKLOG_LIMIT",
        "REALTIME_BACKLOG_BYTES",
        "REALTIME_STALL_SECONDS",
        "REALTIME_COMMANDS_PER_SECOND",
        "REALTIME_TICKET_LIFETIME_SECONDS",
        "REALTIME_BROADCAST_TIMEOUT_SECONDS",
    ],
)
def test_what_would_spin_or_serve_nobody_at_zero_asks_for_more(name: str) -> None:
    assert conf.SETTINGS[name].least


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("REALTIME_REPLAY_LIMIT", 2.5, "a whole number of at least 1"),
        ("REALTIME_REQUIRE_ORIGIN", "maybe", "True or False"),
        ("REALTIME_ALLOWED_ORIGINS", "https://front.example.org", "a list"),
    ],
)
def test_a_value_of_another_type_is_refused(settings: Settings, name: str, value: object, says: str) -> None:
    setattr(settings, name, value)

    assert [problem.msg for problem in checks.check_settings()] == [f"{name}={value}: {says} is expected."]


def test_a_server_without_checks_of_its_own_is_stopped_with_the_sentence(settings: Settings) -> None:
    checks.refuse_unusable()
    settings.REALTIME_HEARTBEAT_SECONDS = 0

    with pytest.raises(ImproperlyConfigured, match=r"^REALTIME_HEARTBEAT_SECONDS=0: a number of at least 0\.1 is "):
        checks.refuse_unusable()
