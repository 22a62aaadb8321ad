"""Telling the customers who raised a finding, from the chat: what they will read is shown first."""

from dialogs.campaign.model import Campaign, CampaignState
from dialogs.improvement.model import Finding, FindingState
from scoring.values import replace
from storage.model.records import Customer
from tests.handlers.findings.room import AGENT, OTHER_LEAD, Room
from tests.handlers.improvement.test_steps import FINDING, OVER, RESULT, VOICE

REACHED = replace(FINDING, state=FindingState.REACHED, measure=OVER, results=(RESULT,))
MEI = Customer("c-1", "王女士")
HEAD = "提过的 1 位客户会收到下面这条。写过原话的，省略号那里是各人自己的话；没写过的，就不带原话："


def reached(*labels: str) -> Room:
    """Return the group with the card of a measure that has helped, after the lead has pressed these."""
    room = Room(REACHED, MEI, VOICE)
    room.types("/findings")
    for label in ("1", *labels):
        room.presses(label)
    return room


def told(room: Room) -> Finding:
    (finding,) = room.stage.rows.listed(Finding)
    return finding


def test_the_measures_own_words_are_shown_and_sent_once() -> None:
    room = reached()
    (preview,) = room.presses("告诉客户")
    assert preview.split("\n\n") == [HEAD, "您说过：“……”。我们改了：报修后 4 小时内回电。谢谢您。"]
    card, toast = room.presses("发给 1 位客户")
    assert toast == "好的，正在告诉他们"
    assert card.endswith("现在：王经理 已经告诉提过的客户了")
    assert (told(room).state, told(room).told) == (FindingState.TOLD, (("zh-Hans", "报修后 4 小时内回电"),))
    (campaign,) = room.stage.rows.listed(Campaign)
    assert campaign.state is not CampaignState.DRAFT
    assert room.presses("发给 1 位客户", how="late")[-1] == "王经理 已经处理过了，卡片已换成最新的"
    assert len(room.stage.rows.listed(Campaign)) == 1


def test_other_words_are_typed_and_shown_before_they_go() -> None:
    room = reached("告诉客户", "换个说法")
    (preview,) = room.replies("4 小时内一定回电话")
    assert preview.endswith("我们改了：4 小时内一定回电话。谢谢您。")
    room.presses("发给 1 位客户")
    assert told(room).told == (("zh-Hans", "4 小时内一定回电话"),)


def test_each_language_has_its_line() -> None:
    room = reached("告诉客户", "换个说法")
    (preview,) = room.replies("zh-Hans：4 小时内回电\nen: we call back within 4 hours")
    assert preview.split("\n\n")[1:] == [
        "您说过：“……”。我们改了：4 小时内回电。谢谢您。",
        "You said: “……”. We changed this: we call back within 4 hours. Thank you.",
    ]
    room.presses("发给 1 位客户")
    assert dict(told(room).told) == {"zh-Hans": "4 小时内回电", "en": "we call back within 4 hours"}


def test_a_colon_in_a_sentence_is_no_language() -> None:
    room = reached("告诉客户", "换个说法")
    assert "我们改了：新规矩：当天回电" in room.replies("新规矩：当天回电")[0]


def test_nobody_else_sends_what_a_lead_has_written() -> None:
    room = reached("告诉客户")
    assert room.presses("发给 1 位客户", AGENT)[-1] == "抱歉，这件事要由组长或管理员来定"
    assert room.presses("发给 1 位客户", OTHER_LEAD)[-1].startswith("这一条是别人写的")
    (card,) = room.presses("返回")
    assert "告诉客户" in room.buttons()
    assert card.startswith("课题：")


def test_where_nobody_raised_it_nobody_can_be_told() -> None:
    room = Room(REACHED)
    room.types("/findings")
    room.presses("1")
    assert "告诉客户" not in room.buttons()
