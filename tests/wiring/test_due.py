"""Whatever may be due has somebody who does it, and what nobody knows is an error."""

import pytest

from bot.handlers import due
from bot.wiring.container import wakers
from dialogs.ids import Ref, RefKind
from storage.reads.due import DUE_TABLES
from tests.support.rights import hands_of
from tests.support.web.fixtures import folder, service
from tests.support.web.service import Service

__all__ = ["folder", "service"]


async def test_whatever_may_be_due_has_an_entry(service: Service) -> None:
    async with hands_of(service.house) as desk:
        assert set(wakers(desk, service.campaigning)) == set(DUE_TABLES)


async def test_what_no_decision_is_made_about_is_an_error(service: Service) -> None:
    campaign = Ref(RefKind.CAMPAIGN, "cam_1")
    assert campaign.kind not in due.DUE
    with pytest.raises(KeyError):
        await service.house.web.receiver.wake(campaign)
