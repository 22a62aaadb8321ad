"""Orders of sample companies for tests."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.jobs.sample.sample_days import SampleOrder
from bot.jobs.sample.sample_records import SampleCompany
from scoring.values import Value, replace
from tests.support.web.house import shipped

__all__ = ["NOVEMBER", "of_kind", "order_of", "records_of"]

T = TypeVar("T")
NOVEMBER = datetime(2026, 11, 30, 4, tzinfo=UTC)


def order_of(**changed: Any) -> SampleOrder:  # noqa: ANN401 (fields of the order)
    """Return an order of 60 customers and 13 months, with some fields changed."""
    surveys, _ = shipped()
    usual = SampleOrder(7, 60, 13, NOVEMBER, ZoneInfo("Asia/Shanghai"), "zh-Hans", surveys["after_service"])
    return replace(usual, **changed)


def records_of(order: SampleOrder, at_once: int = 25) -> list[Value]:
    """Return all records of an order in their order."""
    company = SampleCompany(order, at_once)
    return [record for number in range(company.portions) for record in company.portion(number)]


def of_kind(records: list[Value], kind: type[T]) -> Iterator[T]:
    """Yield the records of a kind."""
    return (record for record in records if isinstance(record, kind))
