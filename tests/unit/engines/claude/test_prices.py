"""What a call costs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from proposals.engines.claude.metering import CallUsage
from proposals.engines.claude.prices import PRICES, UNKNOWN, cost_of, find_price, parse_prices

MILLION = 1_000_000


def test_each_kind_of_token_has_its_price() -> None:
    usage = CallUsage(
        model="claude-sonnet-5-5",
        input_tokens=MILLION,
        output_tokens=MILLION,
        cache_write_tokens=MILLION,
        cache_read_tokens=MILLION,
    )

    assert cost_of(usage, {}) == Decimal("2") + Decimal("10") + Decimal("2.50") + Decimal("0.10")


def test_a_long_prompt_is_dearer_where_the_table_says_so() -> None:
    short = CallUsage(model="claude-haiku-5-5", input_tokens=100_000, output_tokens=1_000)
    long = CallUsage(model="claude-haiku-5-5", input_tokens=60_000, cache_read_tokens=40_001, output_tokens=1_000)

    assert cost_of(short, {}) == Decimal("0.0105")
    assert cost_of(long, {}) == 5 * (Decimal("0.0065") + Decimal("0.00040001"))


@pytest.mark.parametrize(
    ("model", "entry"),
    [
        ("claude-sonnet-5-5", "claude-sonnet-5-5"),
        ("claude-sonnet-5-5-20261001", "claude-sonnet-5-5"),
        ("claude-sonnet-5", "claude-sonnet-5"),
        ("claude-sonnet-4-6", "claude-sonnet"),
        ("claude-opus-5", "claude-opus"),
    ],
)
def test_the_longest_entry_that_fits_a_model_counts(model: str, entry: str) -> None:
    assert find_price(model, {}) == PRICES[entry]


def test_an_unknown_model_counts_as_the_dearest() -> None:
    assert find_price("some-gateway/model", {}) == UNKNOWN
    assert max(price.write for price in PRICES.values()) == UNKNOWN.write


def test_prices_of_the_settings_go_before_the_table() -> None:
    overrides = parse_prices("claude-sonnet-5-5=3/12/3.5/0.2, house-model=0/0/0/0")

    assert find_price("claude-sonnet-5-5", overrides).write == Decimal("12")
    assert cost_of(CallUsage(model="house-model-2", input_tokens=MILLION), overrides) == 0
    assert find_price("claude-haiku-5-5", overrides) == PRICES["claude-haiku-5-5"]


@pytest.mark.parametrize(
    "text", ["claude", "claude=1/2/3", "claude=a/b/c/d", "=1/2/3/4", "claude=1/2/3/-4", "c=1/2/3/NaN"]
)
def test_prices_of_another_form_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not of the form"):
        parse_prices(text)


def test_no_prices_are_no_prices() -> None:
    assert parse_prices("") == {}
