"""
What language models cost each company: every call is a row, and a monthly budget is checked before each.

Source: docs/claude.md, "Costs".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone

from proposals.engines.claude.failures import make_failure
from proposals.engines.claude.metering import CallUsage
from proposals.engines.claude.prices import cost_of, parse_prices
from proposals.models import Company, ModelUsage, Operation

ZERO = Decimal(0)
#: US dollars are kept to the millionth, as the rows have them.
SMALLEST = Decimal("0.000001")


class CompanyMeter:
    """
    The meter of one operation: its company pays.

    Args:
        now: the clock, for the month that counts.
    """

    def __init__(self, operation: Operation, *, now: Callable[[], datetime] = timezone.now) -> None:
        self._operation = operation
        self._company_id: UUID = operation.project.company_id
        self._now = now

    def admit(self) -> None:
        """
        Let a call begin. What it will cost is not known before, so the last one may go over the budget.

        Raises:
            OperationFailed: the company's budget for this month is used up.
        """
        budget = find_budget()
        if budget is not None and spent_since(self._company_id, month_of(self._now())) >= budget:
            raise make_failure("budget_exceeded")

    def record(self, usage: CallUsage) -> None:
        """Keep what a call used, at the prices of now."""
        prices = parse_prices(settings.PROPOSALS_CLAUDE_PRICES_USD)
        ModelUsage.objects.create(
            company_id=self._company_id,
            operation=self._operation,
            model=usage.model[:100],
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cache_read_tokens=usage.cache_read_tokens,
            cache_write_tokens=usage.cache_write_tokens,
            cost_usd=cost_of(usage, prices).quantize(SMALLEST),
            request_id=usage.request_id[:100],
            created_at=self._now(),
        )


@dataclass(frozen=True, slots=True)
class KindUsage:
    """What one kind of operation used; `kind` is None for operations that are gone."""

    kind: str | None
    calls_total: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cost_usd: Decimal


@dataclass(frozen=True, slots=True)
class MonthUsage:
    """What a company used in a month; `budget_usd` is None where there is no limit."""

    month: date
    spent_usd: Decimal
    budget_usd: Decimal | None
    kinds: tuple[KindUsage, ...]

    @property
    def remaining_usd(self) -> Decimal | None:
        """Return what is left of the budget, never below 0; None without one."""
        return None if self.budget_usd is None else max(self.budget_usd - self.spent_usd, ZERO)


def find_budget() -> Decimal | None:
    """Return each company's budget for a month in US dollars; None for no limit."""
    budget = Decimal(str(settings.PROPOSALS_COMPANY_BUDGET_USD))
    return budget if budget > 0 else None


def month_of(moment: datetime) -> datetime:
    """Return the first instant of the calendar month, in the project's time zone."""
    return timezone.localtime(moment).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def spent_since(company_id: UUID, start: datetime) -> Decimal:
    """Return what a company has spent since an instant, in US dollars."""
    rows = ModelUsage.objects.filter(company_id=company_id, created_at__gte=start)
    return rows.aggregate(total=Sum("cost_usd"))["total"] or ZERO


def sum_up_month(company: Company, *, now: datetime) -> MonthUsage:
    """Return what a company has used in the month of an instant, the dearest kind of operation first."""
    start = month_of(now)
    rows = (
        ModelUsage.objects.filter(company=company, created_at__gte=start)
        .order_by()
        .values("operation__kind")
        .annotate(
            calls_total=Count("id"),
            read=Sum("input_tokens"),
            written=Sum("output_tokens"),
            cache_read=Sum("cache_read_tokens"),
            cache_written=Sum("cache_write_tokens"),
            cost=Sum("cost_usd"),
        )
    )
    kinds = [
        KindUsage(
            kind=row["operation__kind"],
            calls_total=row["calls_total"],
            input_tokens=row["read"],
            output_tokens=row["written"],
            cache_read_tokens=row["cache_read"],
            cache_write_tokens=row["cache_written"],
            cost_usd=row["cost"],
        )
        for row in rows
    ]
    return MonthUsage(
        month=start.date(),
        spent_usd=sum((kind.cost_usd for kind in kinds), ZERO),
        budget_usd=find_budget(),
        kinds=tuple(sorted(kinds, key=lambda kind: -kind.cost_usd)),
    )
