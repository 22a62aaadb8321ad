"""A portion of a campaign that tells what became of a finding: to each their own words, once, and nobody else's."""

from datetime import timedelta

import pytest

from bot.handlers.campaigns.distribution import hand_out, sending_needs
from dialogs.campaign.model import Audience, Campaign, CampaignKind, CampaignState, Target, TargetState
from dialogs.improvement.model import Finding, FindingKind, FindingState, Voice
from scoring.values import replace
from storage.model.records import Contact, ContactState, Customer, OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes, Record
from tests.support.stage.scene import NOW, scene

DAY = timedelta(days=1)
FINDING = Finding(
    "fin_a",
    FindingKind.PHRASE,
    "报修后等太久",
    "北区",
    NOW - 40 * DAY,
    "王芳",
    state=FindingState.TOLD,
    campaign="cam_a",
    told=(("zh-Hans", "报修后 4 小时内回电"), ("en", "we call back within 4 hours")),
)
CAMPAIGN = Campaign(
    "cam_a",
    "报修后等太久",
    CampaignKind.NOTICE,
    NOW,
    state=CampaignState.RUNNING,
    text="报修后 4 小时内回电",
    audience=Audience(customers=("c-1", "c-2")),
    occurrence=NOW,
    origin="fin_a",
)
MEI, BOB = Customer("c-1", "王女士", "zh-Hans"), Customer("c-2", "Bob", "en")
PHONES = (Contact("c-1", "telegram", "7"), Contact("c-2", "telegram", "8"))
VOICES = (
    Voice("fin_a", "c-1", "等了两天才有人来", NOW - 41 * DAY),
    Voice("fin_a", "c-2", "two days", NOW - 41 * DAY),
)
TARGETS = [Target("cam_a", NOW, name, due_at=NOW) for name in ("c-1", "c-2")]
TOLD_MEI = "您说过：“等了两天才有人来”。我们改了：报修后 4 小时内回电。谢谢您。"
TOLD_BOB = "You said: “two days”. We changed this: we call back within 4 hours. Thank you."


def handed(*rows: Record) -> Changes:
    """Hand out to both; what is said of a row that is listed twice is what is said last."""
    everything = (MEI, BOB, *PHONES, *VOICES, FINDING, CAMPAIGN, *TARGETS, *rows)
    return hand_out(scene(*everything), CAMPAIGN, TARGETS, 10)


def messages(changes: Changes) -> list[OutboxMessage]:
    return [one for one in changes.records if isinstance(one, OutboxMessage)]


def texts(changes: Changes) -> dict[str | None, str]:
    return {one.customer: one.prompt.text for one in messages(changes)}


def reasons(changes: Changes) -> dict[str, str]:
    targets = (one for one in changes.records if isinstance(one, Target))
    return {one.customer: one.reason for one in targets if one.state is TargetState.SKIPPED}


def test_each_is_told_in_their_language_with_their_own_words() -> None:
    assert texts(handed()) == {"c-1": TOLD_MEI, "c-2": TOLD_BOB}


def test_the_message_is_one_of_a_campaign_which_an_opt_out_stops() -> None:
    for message in messages(handed()):
        assert (message.purpose, message.campaign, message.obeys_opt_out) == (Purpose.CAMPAIGN, "cam_a", True)
        assert message.prompt.rows, "with a button by which they can opt out"


def test_the_same_portion_twice_makes_the_same_messages() -> None:
    first, second = handed(), handed()
    assert [one.id for one in messages(first)] == [one.id for one in messages(second)]
    handed_over = [one for one in first.records if isinstance(one, Target)]
    assert messages(handed(*handed_over)) == [], "who has been handed a message is not written to again"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (replace(MEI, opted_out_at=NOW - DAY), "opted_out"),
        (replace(PHONES[0], state=ContactState.BLOCKED), "blocked"),
    ],
)
def test_whoever_does_not_want_it_or_cannot_be_reached_is_skipped(row: Record, reason: str) -> None:
    changes = handed(row)
    assert texts(changes) == {"c-2": TOLD_BOB}
    assert reasons(changes) == {"c-1": reason}


def test_whose_words_are_no_longer_kept_is_told_without_them() -> None:
    told = texts(handed(replace(VOICES[0], said="")))["c-1"]
    assert told == "您提过的问题，我们改了：报修后 4 小时内回电。谢谢您告诉我们。"


def test_a_portion_asks_for_the_finding_and_others_for_none() -> None:
    assert set(sending_needs(CAMPAIGN, TARGETS).findings) == {"fin_a"}
    for origin in ("", "rules"):
        assert not sending_needs(replace(CAMPAIGN, origin=origin), TARGETS).findings


def test_another_notice_says_its_own_text() -> None:
    other = replace(CAMPAIGN, origin="", text="{name}，谢谢！")
    context = scene(MEI, PHONES[0], *VOICES, FINDING, other, TARGETS[0])
    assert texts(hand_out(context, other, TARGETS[:1], 10)) == {"c-1": "王女士，谢谢！"}
