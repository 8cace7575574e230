"""Values of the environment that cannot be read, or mean nothing, name their variable."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured

from project import settings as project_settings
from project.env import env
from realtime import conf


@pytest.mark.parametrize("text", ["", "abc", "1.5", "0", "-1", "1e3"])
def test_a_whole_number_is_refused_otherwise(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ANY_NUMBER", text)

    with pytest.raises(ImproperlyConfigured, match=f"ANY_NUMBER={text}: a whole number of at least 1 is expected"):
        env.int("ANY_NUMBER", default=5, least=1)


@pytest.mark.parametrize("text", ["", "abc", "nan", "inf", "-0.1"])
def test_a_number_is_refused_otherwise(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ANY_NUMBER", text)

    with pytest.raises(ImproperlyConfigured, match=f"ANY_NUMBER={text}: a number of at least 0 is expected"):
        env.float("ANY_NUMBER", default=5.0, least=0)


@pytest.mark.parametrize("text", ["", "maybe", "2", "tru"])
def test_a_truth_value_is_refused_otherwise(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ANY_BOOL", text)

    with pytest.raises(ImproperlyConfigured, match=f"ANY_BOOL={text}: true or false is expected"):
        env.bool("ANY_BOOL", default=True)


@pytest.mark.parametrize("text", ["", "abc", "60", "60/", "0/min", "-1/min", "60/week", "60/month", "a/min"])
def test_a_rate_is_refused_otherwise(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ANY_RATE", text)

    with pytest.raises(ImproperlyConfigured, match=f"ANY_RATE={text}: a rate such as 60/min"):
        env.rate("ANY_RATE", default="1/s")


@pytest.mark.parametrize(
    ("text", "read", "value"),
    [
        ("7", lambda: env.int("ANY", default=0), 7),
        ("-7", lambda: env.int("ANY", default=0), -7),
        ("0.5", lambda: env.float("ANY", default=0.0), 0.5),
        ("5", lambda: env.float("ANY", default=0.0), 5.0),
        ("True", lambda: env.bool("ANY", default=False), True),
        ("on", lambda: env.bool("ANY", default=False), True),
        ("False", lambda: env.bool("ANY", default=True), False),
        ("0", lambda: env.bool("ANY", default=True), False),
        ("100000/min", lambda: env.rate("ANY", default="1/s"), "100000/min"),
        ("5/hour", lambda: env.rate("ANY", default="1/s"), "5/hour"),
    ],
)
def test_a_value_is_read(monkeypatch: pytest.MonkeyPatch, text: str, read: Callable[[], object], value: object) -> None:
    monkeypatch.setenv("ANY", text)

    assert read() == value


def test_a_variable_that_is_not_set_has_its_default() -> None:
    found = [env.int("NOT_SET", default=3), env.bool("NOT_SET", default=True), env.rate("NOT_SET", default="1/s")]
    assert found == [3, True, "1/s"]


@pytest.mark.parametrize("name", sorted(name for name, default in conf.DEFAULTS.items() if default != []))
def test_a_setting_of_delivery_that_cannot_be_read_names_itself(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "maybe")

    with pytest.raises(ImproperlyConfigured, match=f"{name}=maybe: "):
        project_settings.read_delivery(name, conf.DEFAULTS[name])
