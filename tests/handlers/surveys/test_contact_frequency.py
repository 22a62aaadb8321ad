"""Surveys may stand at every node of a service, but a customer is asked once in a while, whatever asks."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.support.web.service import Service

NODES = """
[[calendar]]
name = "after_appointment"
when = "daily 10:00"
[calendar.audience]
appointment_before = "1d"
appointment_within = "2d"

[[calendar]]
name = "month_end"
when = "monthly last 18:00"
[calendar.audience]
closed_within = "31d"
"""
WEEK = timedelta(days=7)


@pytest.mark.row("S4-28")
async def test_two_tickets_and_two_campaigns_in_a_week_are_one_question(service: Service) -> None:
    await service.rules(NODES)
    await service.closes("1", "mei", status="open", appointment_at="2026-11-24T09:00:00+08:00")
    await service.passes(timedelta(days=3))
    after_appointment = await service.asks()
    assert [bool(one.occasion) for one in after_appointment] == [True]
    first, second = await service.closes("1", "mei"), await service.closes("2", "mei")
    assert [(one["status"], one["reason"]) for one in (first, second)] == [("suppressed", "quarantine")] * 2
    await service.passes(timedelta(days=10))
    await service.closes("3", "mei")
    await service.passes(timedelta(days=30))
    asked = await service.asks()
    assert [one.occasion.partition("@")[2][:10] or one.ticket for one in asked] == ["2026-11-25", "3", "2026-12-31"]
    moments = [one.sent_at for one in asked if one.sent_at]
    assert all(later - earlier >= WEEK for earlier, later in pairwise(moments))


@pytest.mark.row("S4-28")
async def test_a_campaign_spares_whom_a_closing_has_just_asked(service: Service) -> None:
    await service.rules(NODES)
    await service.passes(timedelta(days=4))
    await service.closes("1", "mei")
    await service.closes("2", "li", status="open")
    await service.passes(timedelta(days=7))
    assert [(one.customer, one.occasion) for one in await service.asks()] == [("mei", "")]


async def test_what_was_not_sent_does_not_count(service: Service) -> None:
    await service.closes("1", "mei")
    await service.closes("1", "mei", status="reopened")
    survey = await service.closes("2", "mei")
    assert survey["status"] == "scheduled"
    await service.passes(timedelta(days=2))
    assert [one.ticket for one in await service.asks()] == ["2"]


async def test_another_customer_is_another_matter(service: Service) -> None:
    await service.closes("1", "mei")
    await service.closes("2", "li")
    await service.passes(timedelta(days=2))
    assert sorted(one.customer for one in await service.asks()) == ["li", "mei"]
