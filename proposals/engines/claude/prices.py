"""What tokens cost: one table, its date, and how to say otherwise without a new version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from proposals.engines.claude.metering import CallUsage

#: The day on which PRICES was compared with the provider's price list.
PRICES_AS_OF = date(2026, 11, 22)
TOKENS_PER_PRICE = 1_000_000
#: Prompts beyond this many tokens are dearer with some models.
LONG_PROMPT_TOKENS = 100_000


@dataclass(frozen=True, slots=True)
class Price:
    """
    US dollars for a million tokens.

    Args:
        cache_write: of the cache that lasts five minutes, the only one we use.
        long_prompt: factor on the whole call when its prompt is longer than LONG_PROMPT_TOKENS.
    """

    read: Decimal
    write: Decimal
    cache_write: Decimal
    cache_read: Decimal
    long_prompt: int = 1


def _price(read: str, write: str, cache_write: str, cache_read: str, *, long_prompt: int = 1) -> Price:
    return Price(Decimal(read), Decimal(write), Decimal(cache_write), Decimal(cache_read), long_prompt)


#: By the beginning of a model's id; the longest that fits counts.
PRICES: Mapping[str, Price] = {
    "claude-haiku-5-5": _price("0.10", "0.50", "0.125", "0.01", long_prompt=5),
    "claude-haiku": _price("1", "5", "1.25", "0.10"),
    "claude-sonnet-5-5": _price("2", "10", "2.50", "0.10"),
    "claude-sonnet-5": _price("2", "10", "2.50", "0.20"),
    "claude-sonnet": _price("3", "15", "3.75", "0.30"),
    "claude-opus-5-5": _price("4", "20", "5", "0.20"),
    "claude-opus": _price("5", "25", "6.25", "0.50"),
    "claude-fable": _price("10", "50", "12.50", "1"),
    "claude-mythos": _price("10", "50", "12.50", "1"),
}
#: A model that the table does not know counts as the dearest: a budget is rather used up too early.
UNKNOWN = max(PRICES.values(), key=lambda price: price.write)


def cost_of(usage: CallUsage, overrides: Mapping[str, Price]) -> Decimal:
    """
    Return what a call cost, in US dollars.

    Args:
        overrides: prices that go before those of PRICES, in the same form.
    """
    price = find_price(usage.model, overrides)
    dollars = (
        usage.input_tokens * price.read
        + usage.output_tokens * price.write
        + usage.cache_write_tokens * price.cache_write
        + usage.cache_read_tokens * price.cache_read
    ) / TOKENS_PER_PRICE
    return dollars * (price.long_prompt if usage.prompt_tokens > LONG_PROMPT_TOKENS else 1)


def find_price(model: str, overrides: Mapping[str, Price]) -> Price:
    """Return the price of a model; UNKNOWN where no table knows it."""
    for table in (overrides, PRICES):
        fitting = [start for start in table if model.startswith(start)]
        if fitting:
            return table[max(fitting, key=len)]
    return UNKNOWN


def parse_prices(text: str) -> dict[str, Price]:
    """
    Read prices as the setting writes them: `claude-sonnet-5-5=2/10/2.50/0.10, …` for reading, writing, writing to the
    cache and reading from it.

    Raises:
        ValueError: an entry is not of that form.
    """
    return dict(_parse_entry(entry) for entry in text.split(",") if entry.strip())


def _parse_entry(entry: str) -> tuple[str, Price]:
    model, _, amounts = entry.strip().partition("=")
    try:
        numbers = [Decimal(amount) for amount in amounts.split("/")]
    except InvalidOperation:
        numbers = []
    if not model or len(numbers) != 4 or not all(number.is_finite() and number >= 0 for number in numbers):
        raise ValueError(f"{entry.strip()!r} is not of the form model=read/write/cache write/cache read")
    read, write, cache_write, cache_read = numbers
    return model, Price(read, write, cache_write, cache_read)
