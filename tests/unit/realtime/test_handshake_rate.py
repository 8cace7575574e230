"""How many handshakes one address may make."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from realtime import checks, handshake_rate
from realtime.handshake_rate import HandshakeRate, network_of


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(settings: Settings) -> Clock:
    settings.REALTIME_HANDSHAKES_PER_SECOND = 0.5
    settings.REALTIME_HANDSHAKES_BURST = 3
    return Clock()


def test_a_burst_passes_and_then_the_rate_decides(clock: Clock) -> None:
    rate = HandshakeRate(clock=clock)

    assert [rate.wait_seconds("192.0.2.1") for _ in range(4)] == [0, 0, 0, 2]
    clock.now += 2
    assert [rate.wait_seconds("192.0.2.1") for _ in range(2)] == [0, 2]


def test_refused_handshakes_do_not_prolong_the_wait(clock: Clock) -> None:
    rate = HandshakeRate(clock=clock)
    for _ in range(100):
        rate.wait_seconds("192.0.2.1")

    clock.now += 2

    assert rate.wait_seconds("192.0.2.1") == 0


def test_each_address_is_counted_for_itself(clock: Clock) -> None:
    rate = HandshakeRate(clock=clock)
    for _ in range(4):
        rate.wait_seconds("192.0.2.1")

    assert rate.wait_seconds("192.0.2.2") == 0


def test_no_burst_is_no_limit(clock: Clock, settings: Settings) -> None:
    settings.REALTIME_HANDSHAKES_BURST = 0
    rate = HandshakeRate(clock=clock)

    assert not any(rate.wait_seconds("192.0.2.1") for _ in range(1000))


def test_memory_is_bounded_by_forgetting_the_address_not_seen_longest(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handshake_rate, "BUCKETS_KEPT", 2)
    rate = HandshakeRate(clock=clock)
    for _ in range(4):
        rate.wait_seconds("192.0.2.1")

    rate.wait_seconds("192.0.2.2")
    assert rate.wait_seconds("192.0.2.1") > 0
    rate.wait_seconds("192.0.2.3")
    rate.wait_seconds("192.0.2.2")

    assert rate.wait_seconds("192.0.2.1") == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("unix:", "unix:"),
    ],
)
def test_what_is_counted_is_an_ipv4_address_or_an_ipv6_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_rate_of_nothing_fails_the_check_at_start(settings: Settings) -> None:
    settings.REALTIME_HANDSHAKES_PER_SECOND = 0.0

    assert [problem.id for problem in checks.check_settings()] == ["realtime.E002"]
