"""Planning a measure in the chat: one sentence is typed, the rest is proposed; drafts are their writer's."""

from datetime import timedelta
from fractions import Fraction

import pytest

from dialogs.improvement.model import Finding, FindingState, Measure
from dialogs.improvement.plan_draft import targets_for
from dialogs.messages import Address
from scoring.values import replace
from storage.model.records import Note, OutboxMessage
from tests.handlers.findings.room import AGENT, LEAD, OTHER_LEAD, Room
from tests.handlers.improvement.test_steps import FINDING, OVER, RESULT

ASKED = "王经理，「报修后等太久」打算怎么改？请回复这条消息，写一句就行，比如：报修后 4 小时内回电。"
PROPOSED = [
    "「报修后等太久」的措施，看看这样行不行：",
    "",
    "措施：报修后 4 小时内回电",
    "负责人：王经理，2026年12月23日 前做完",
    "目标：差评率到 5%",
    "看效果：2026年12月24日 到 2027年1月22日 的评价",
]
NOT_YOURS = "这一条是别人写的，或者已经过时了，请看最新的那一条"


def asked(finding: Finding = FINDING) -> Room:
    """Return the group in which the lead was asked what is changed."""
    room = Room(finding)
    room.types("/findings")
    room.presses("1")
    room.presses("定措施")
    return room


def proposed() -> Room:
    """Return the group with a proposal."""
    room = asked()
    room.replies("报修后 4 小时内回电")
    return room


def planned(room: Room) -> Measure:
    """Return the measure that was planned."""
    (finding,) = room.stage.rows.listed(Finding)
    assert finding.state is FindingState.PLANNED
    assert finding.measure is not None
    return finding.measure


def test_a_sentence_and_one_tap_plan_a_measure() -> None:
    room = Room(FINDING)
    room.types("/findings")
    room.presses("1")
    assert room.presses("定措施") == [ASKED, "请在下面回复一句打算怎么改"]
    (proposal,) = room.replies("报修后 4 小时内回电")
    assert proposal.split("\n") == PROPOSED
    card, told = room.presses("就这么定")
    assert told == "定好了，到时候会提醒负责人"
    assert card.endswith("现在：王经理 在做，2026年12月23日 前做完")
    measure = planned(room)
    assert (measure.text, measure.owner, measure.metric, measure.target) == (
        "报修后 4 小时内回电",
        "王经理",
        "bad_review_rate",
        "5",
    )
    assert measure.window.since == measure.due_at


def test_date_target_metric_and_owner_are_chosen_by_buttons() -> None:
    room = proposed()
    for label in ("7 天内", "看满意率", "目标 85%", "换负责人"):
        room.presses(label)
    (text,) = room.presses("李工")
    assert "负责人：李工，2026年11月30日 前做完" in text
    assert "目标：满意率到 85%" in text
    assert "✓ 7 天内" in room.buttons()
    room.presses("就这么定")
    measure = planned(room)
    assert (measure.owner, measure.metric, measure.target) == ("李工", "csat", "85")
    assert measure.window.until - measure.window.since == timedelta(days=30)


def test_the_owners_menu_goes_back_to_the_proposal() -> None:
    room = proposed()
    room.presses("换负责人")
    assert room.buttons() == ["李工", "王经理", "赵组长", "返回"]
    (text,) = room.presses("返回")
    assert text.split("\n") == PROPOSED


def test_of_two_who_plan_the_first_counts_and_the_other_hears_who() -> None:
    room = proposed()
    room.presses("定措施", OTHER_LEAD)
    room.replies("加一个夜班", OTHER_LEAD)
    room.presses("就这么定", OTHER_LEAD)
    assert room.presses("就这么定")[-1] == "赵组长 已经处理过了，卡片已换成最新的"
    assert planned(room).text == "加一个夜班"


def test_a_proposal_is_confirmed_by_whoever_wrote_it_only() -> None:
    room = proposed()
    assert room.presses("就这么定", AGENT)[-1] == "抱歉，这件事要由组长或管理员来定"
    for label in ("就这么定", "7 天内", "换负责人"):
        assert room.presses(label, OTHER_LEAD) == [NOT_YOURS]
    assert room.stage.rows.listed(Finding)[0].state is FindingState.OPEN


def test_words_of_another_than_was_asked_are_not_taken_for_theirs() -> None:
    room = asked()
    assert room.replies("加一个夜班", OTHER_LEAD) == ["现在没有在等这句话。请在课题卡片上再点一次。"]
    assert room.replies("加一个夜班")[0].startswith("「报修后等太久」的措施")


def test_a_second_wording_makes_the_first_proposal_old() -> None:
    room = proposed()
    room.replies("报修后 2 小时内回电")
    message, tap = room.stage.chats[Address("telegram", "-100")].button("就这么定", "above")
    assert room.taps(tap, message) == [NOT_YOURS]
    room.presses("就这么定")
    assert planned(room).text == "报修后 2 小时内回电"


def test_who_drops_it_sees_the_card_again() -> None:
    room = proposed()
    (card,) = room.presses("算了")
    assert card.startswith("课题：报修后等太久（北区）")
    assert room.presses("就这么定", how="late") == [NOT_YOURS]


def test_a_finding_that_has_ended_meanwhile_is_not_planned() -> None:
    room = proposed()
    room.presses("不做了", OTHER_LEAD)
    room.presses("已经解决了", OTHER_LEAD)
    assert room.presses("就这么定")[-1] == "赵组长 已经处理过了，卡片已换成最新的"


def test_too_few_answers_may_lead_to_another_measure() -> None:
    room = asked(replace(FINDING, state=FindingState.UNDECIDED, measure=OVER, results=(RESULT,)))
    room.replies("换一家供应商")
    room.presses("就这么定")
    assert planned(room).text == "换一家供应商"


def test_in_a_chat_of_ones_own_it_goes_the_same_way() -> None:
    own = Address("telegram", LEAD.id)
    room = Room(FINDING)
    room.types("/findings", LEAD, own)
    for label in ("1", "定措施"):
        room.presses(label, LEAD, own)
    assert room.replies("报修后 4 小时内回电", LEAD, own)[0].split("\n") == PROPOSED
    assert room.presses("就这么定", LEAD, own)[-1] == "定好了，到时候会提醒负责人"


def test_what_quotes_customers_is_about_the_finding_so_that_erasure_finds_it() -> None:
    room = proposed()
    about = [one.about for one in room.stage.rows.listed(OutboxMessage) if one.about is not None]
    assert {one.id for one in about} == {"fin_a"}


@pytest.mark.parametrize(
    ("metric", "before", "targets"),
    [
        ("bad_review_rate", None, ("5", "10")),
        ("csat", None, ("90", "85")),
        ("bad_review_rate", Fraction(16), ("8", "12")),
        ("bad_review_rate", Fraction(0), ()),
        ("csat", Fraction(60), ("80", "70")),
        ("csat", Fraction(100), ()),
        ("csat", Fraction(200, 3), ("833/10", "75")),
        ("bad_review_rate", Fraction(1, 20), ("1/40", "3/80")),
    ],
)
def test_half_of_the_way_to_the_best_is_offered_and_a_quarter(
    metric: str, before: Fraction | None, targets: tuple[str, ...]
) -> None:
    assert targets_for(metric, before) == targets


def test_a_restart_in_between_loses_no_draft() -> None:
    room = asked()
    before = room.stage.rows.listed(Note)
    assert [note.key for note in before] == ["finding.draft:telegram:-100:13"]
    room.stage.starts_again()
    (proposal,) = room.replies("报修后 4 小时内回电")
    assert proposal.split("\n") == PROPOSED
    room.stage.starts_again()
    assert room.presses("就这么定")[-1] == "定好了，到时候会提醒负责人"
    assert [note.value for note in room.stage.rows.listed(Note)] == [""], "nothing is being written any more"


def test_a_delivery_that_is_repeated_plans_nothing_twice() -> None:
    room = proposed()
    message, tap = room.stage.chats[Address("telegram", "-100")].button("就这么定")
    room.taps(tap, message)
    once = room.stage.rows.listed(Finding)
    room.taps(tap, message)
    assert room.stage.rows.listed(Finding) == once
