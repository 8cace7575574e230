"""Every call is a row with its price, and a used up budget stops the next."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pytest_django import Settings

from proposals.engines.claude.metering import CallUsage
from proposals.exceptions import OperationFailed
from proposals.models import ModelUsage, Operation
from proposals.usage import CompanyMeter, month_of
from tests.factories import make_company, make_operation, make_project

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
USAGE = CallUsage(model="claude-sonnet-5-5", input_tokens=500_000, output_tokens=20_000, request_id="req_1")


def make_meter(operation: Operation, *, now: datetime = NOW) -> CompanyMeter:
    return CompanyMeter(operation, now=lambda: now)


@pytest.fixture
def operation(db: None) -> Operation:
    """An operation of a new company."""
    return make_operation(make_project(make_company()))


def test_a_call_becomes_a_row_of_its_operation_and_company(operation: Operation) -> None:
    make_meter(operation).record(USAGE)

    row = ModelUsage.objects.get()
    assert (row.company, row.operation) == (operation.project.company, operation)
    assert (row.input_tokens, row.output_tokens, row.request_id) == (500_000, 20_000, "req_1")
    assert (row.cost_usd, row.created_at) == (Decimal("1.2"), NOW)


def test_prices_of_the_settings_count(operation: Operation, settings: Settings) -> None:
    settings.PROPOSALS_CLAUDE_PRICES_USD = "claude-sonnet=1/0/0/0"

    make_meter(operation).record(USAGE)

    assert ModelUsage.objects.get().cost_usd == Decimal("0.5")


def test_a_budget_is_used_up_by_all_operations_of_the_company(operation: Operation, settings: Settings) -> None:
    settings.PROPOSALS_COMPANY_BUDGET_USD = 2.4
    other = make_operation(make_project(operation.project.company))

    make_meter(operation).record(USAGE)
    make_meter(other).admit()
    make_meter(other).record(USAGE)

    with pytest.raises(OperationFailed) as caught:
        make_meter(operation).admit()
    assert (caught.value.code, caught.value.retryable) == ("budget_exceeded", True)


def test_another_company_s_spending_does_not_count(operation: Operation, settings: Settings) -> None:
    settings.PROPOSALS_COMPANY_BUDGET_USD = 1.0
    make_meter(make_operation(make_project(make_company()))).record(USAGE)

    make_meter(operation).admit()


def test_a_new_month_has_a_new_budget(operation: Operation, settings: Settings) -> None:
    settings.PROPOSALS_COMPANY_BUDGET_USD = 1.0
    make_meter(operation).record(USAGE)

    make_meter(operation, now=datetime(2026, 12, 1, 0, 0, tzinfo=UTC)).admit()


def test_a_month_begins_at_midnight_of_the_project_s_time_zone() -> None:
    last_hour_of_november_in_london = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)

    assert month_of(last_hour_of_november_in_london).isoformat() == "2026-12-01T00:00:00+01:00"


def test_without_a_budget_nothing_is_refused(operation: Operation, settings: Settings) -> None:
    settings.PROPOSALS_COMPANY_BUDGET_USD = 0.0
    make_meter(operation).record(CallUsage(model="claude-fable-5", output_tokens=90_000_000))

    make_meter(operation).admit()
