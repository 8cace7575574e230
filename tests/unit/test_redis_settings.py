"""The variables of Redis, as the settings read them at start."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from project import settings as project_settings


def test_without_a_url_there_is_no_redis() -> None:
    assert project_settings.read_redis() is None


def test_sentinels_need_no_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_SENTINELS", "one:26379,two:26379")
    monkeypatch.setenv("REDIS_SENTINEL_MASTER", "tenderwire")

    host = project_settings.read_redis()

    assert host is not None
    assert (host.sentinels, host.master) == ((("one", 26379), ("two", 26379)), "tenderwire")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", "redis.internal:6379"),
        ("REDIS_URL", "redis://127.0.0.1:1/abc"),
        ("REDIS_SENTINELS", "one:26379,two:"),
        ("REDIS_URL", "rediss://a?b=c"),
    ],
)
def test_a_malformed_value_is_refused_at_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match="REDIS_URL"):
        project_settings.read_redis()


@pytest.mark.parametrize("prefix", ["", "a:b", "été", "a b", "x" * 51, "*"])
def test_a_prefix_that_could_run_into_another_s_names_is_refused(monkeypatch: pytest.MonkeyPatch, prefix: str) -> None:
    monkeypatch.setenv("REALTIME_PREFIX", prefix)

    with pytest.raises(ImproperlyConfigured, match="REALTIME_PREFIX"):
        project_settings.read_prefix()
