"""A notice of a finding that was cancelled on the way: told anew, it goes to those whom it had not reached."""

from datetime import timedelta

import pytest

from bot.ports import Sent
from dialogs.outbox.model import SendingState
from storage.model.records import OutboxMessage, Purpose
from tests.http.improvement.test_findings import DAY, answers, complains, done, step
from tests.support.settling import settle_now
from tests.support.web.fixtures import folder, service
from tests.support.web.service import Service

__all__ = ["folder", "service"]

WORDS = {"zh-Hans": "报修后 4 小时内回电"}


async def handed(service: Service) -> list[OutboxMessage]:
    """Take campaigns as far as messages wait, and send none."""
    while not (found := await notices(service, SendingState.PENDING)):
        service.house.clock.passes(timedelta(seconds=2))
        for due in await service.house.web.reader.due(service.now, 500):
            await service.wake(due)
    return found


async def notices(service: Service, *states: SendingState) -> list[OutboxMessage]:
    return [one for one in await service.messages(Purpose.CAMPAIGN) if one.status in states]


async def reached(service: Service) -> str:
    """Return a finding of three customers whose measure has helped."""
    raised = [await complains(service, name, f"等了两天，{name}") for name in ("mei", "lan", "bob")]
    finding = await done(service, responses=raised)
    await service.passes(26 * DAY)
    await answers(service, "a", [5] * 18 + [1] * 2, 5 * DAY)
    assert (await step(service, finding, "verify")).json()["status"] == "reached"
    return finding


@pytest.mark.proof
async def test_a_notice_that_was_cancelled_is_told_anew_to_those_whom_it_had_not_reached(service: Service) -> None:
    finding = await reached(service)
    first = (await step(service, finding, "tell", words=WORDS)).json()["campaign"]
    gone, *waiting = await handed(service)
    await settle_now(service.house.web.receiver, gone, Sent("1"))
    assert (await step(service, finding, "tell")).json()["campaign"] == first, "while it goes on nothing begins anew"
    assert (await service.api.post(f"/api/v1/campaigns/{first}/cancel")).status_code == 200
    again = (await step(service, finding, "tell")).json()
    assert again["status"] == "told"
    assert again["campaign"] != first
    assert (await step(service, finding, "tell")).json()["campaign"] == again["campaign"]
    await service.passes(DAY)
    came = await notices(service, SendingState.SENT)
    assert sorted(one.customer or "" for one in came) == ["bob", "lan", "mei"]
    texts = {one.customer: one.prompt.text for one in came}
    for one in waiting:
        assert texts[one.customer] == f"您说过：“等了两天，{one.customer}”。我们改了：报修后 4 小时内回电。谢谢您。"


async def test_what_may_have_come_is_not_told_again_nor_is_anybody_when_everybody_was(service: Service) -> None:
    finding = await reached(service)
    first = (await step(service, finding, "tell", words=WORDS)).json()["campaign"]
    for one in await handed(service):
        await settle_now(service.house.web.receiver, one, Sent("1"))
    await service.api.post(f"/api/v1/campaigns/{first}/cancel")
    assert (await step(service, finding, "tell")).json()["campaign"] == first
    await service.passes(DAY)
    assert len(await notices(service, *SendingState)) == 3
