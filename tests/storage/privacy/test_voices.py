"""What customers had said of a finding is emptied when its time is over, and when they are forgotten."""

from datetime import timedelta

import pytest

from dialogs.campaign.model import Audience, Campaign, CampaignKind, CampaignState
from dialogs.improvement.model import FindingState, Voice
from scoring.values import replace
from storage.connection.store import Store
from storage.privacy.erasure import ErasureTask, erase
from storage.privacy.export import export_personal_data
from storage.privacy.retention import RetentionPeriods, apply_retention
from storage.reads.improvement.finding_list import FindingReads
from storage.unit_of_work.writer import Writer
from tests.storage.sample_findings import full_finding
from tests.storage.samples import NOW, person, save
from tests.support.traces import traces

DAY = timedelta(days=1)
MEI, BOB = Voice("fin_1", "c-mei", "等了两天才有人来", NOW), Voice("fin_1", "c-bob", "two days", NOW + 9 * DAY)
TEXTS = RetentionPeriods(contacts=None, messages=None, deliveries=None, timeline=None)


@pytest.fixture(name="kept")
async def _kept(writer: Writer, store: Store) -> FindingReads:
    """Keep a finding that two customers raised, and the notice that tells them."""
    campaign = Campaign("cam_1", "改了", CampaignKind.NOTICE, NOW, state=CampaignState.SCHEDULED, origin="fin_1")
    await save(
        writer,
        *person(),
        *person("bob", "43"),
        replace(full_finding(NOW), state=FindingState.TOLD),
        MEI,
        BOB,
        replace(campaign, audience=Audience(customers=("c-bob", "c-mei"))),
    )
    return FindingReads(store)


async def said(kept: FindingReads) -> dict[str, str]:
    found = await kept.find("fin_1")
    assert found is not None
    return {voice.customer: voice.said for voice in found.voices}


@pytest.mark.parametrize(
    ("days", "left"),
    [
        (365, {"c-mei": "等了两天才有人来", "c-bob": "two days"}),
        (366, {"c-mei": "", "c-bob": "two days"}),
        (375, {"c-mei": "", "c-bob": ""}),
    ],
)
async def test_words_go_after_their_time_and_who_raised_it_stays(
    kept: FindingReads, writer: Writer, store: Store, days: int, left: dict[str, str]
) -> None:
    emptied = await apply_retention(store, writer, TEXTS, NOW + days * DAY)
    assert await said(kept) == left
    assert emptied["texts"] == list(left.values()).count("") + (2 if days > 365 else 0)
    again = await apply_retention(store, writer, TEXTS, NOW + days * DAY)
    assert again["texts"] == 0, "what is empty is not emptied again"


async def test_whoever_is_forgotten_leaves_an_anonymous_voice(kept: FindingReads, writer: Writer, store: Store) -> None:
    assert await erase(store, writer, ErasureTask("c-mei", "gone_x", b"key-of-the-house"))
    assert await said(kept) == {"c-bob": "two days", "gone_x": ""}
    assert await traces(store, "等了两天") == []
    assert await traces(store, "c-mei") == [], "nor are they in the audience of the notice"


async def test_a_copy_has_the_persons_own_words_only(kept: FindingReads, store: Store) -> None:
    del kept
    copy = await export_personal_data(store, "c-mei")
    assert copy is not None
    assert [(one["finding"], one["said"]) for one in copy["voices"]] == [("fin_1", "等了两天才有人来")]
