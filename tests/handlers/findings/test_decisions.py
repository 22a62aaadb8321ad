"""What the buttons of a card decide; of two people one wins, and the other hears who."""

from datetime import timedelta

import pytest

from dialogs.improvement.finding_view import FindingStep
from dialogs.improvement.model import Finding, FindingState
from dialogs.messages import Person
from scoring.values import replace
from storage.model.records import Note
from storage.unit_of_work.changes import Changes
from tests.handlers.findings.room import AGENT, GROUP, LEAD, OTHER_LEAD, Room, tap_of
from tests.handlers.improvement.test_steps import FINDING, MEASURE, MEI, OVER, RESULT, VOICE
from tests.support.stage.scene import NOW

PLANNED = replace(FINDING, state=FindingState.PLANNED, measure=MEASURE)
UNDECIDED = replace(FINDING, state=FindingState.UNDECIDED, measure=OVER, results=(RESULT,))
OVERTAKEN = "王经理 已经处理过了，卡片已换成最新的"


def room_with(finding: Finding, *labels: str) -> Room:
    """Return the group with the finding's card, after the lead has pressed these."""
    room = Room(finding)
    room.types("/findings")
    room.presses("1")
    for label in labels:
        room.presses(label)
    return room


def stored(room: Room) -> Finding:
    return room.stage.rows.listed(Finding)[0]


def test_a_finding_is_dismissed_for_a_usual_reason_and_the_second_hears_who() -> None:
    room = room_with(FINDING, "不做了")
    card, told = room.presses("只是碰巧，先不动")
    assert card.endswith("现在：不做了（王经理：只是碰巧，先不动）")
    assert told == "好的，这件事不做了"
    assert room.presses("已经解决了", OTHER_LEAD, how="late")[-1] == OVERTAKEN
    assert (stored(room).note, stored(room).closed_by) == ("只是碰巧，先不动", "王经理")


def test_a_reason_of_their_own_is_typed() -> None:
    room = room_with(FINDING, "不做了", "写别的原因")
    assert room.replies("合同里没有这一项", AGENT) == ["抱歉，这件事要由组长或管理员来定"]
    assert room.replies("  ") == ["这里要写一句话，请用文字再回复一次那条消息。"]
    assert room.replies("合同里没有这一项") == ["好的，「报修后等太久」不做了：合同里没有这一项"]
    assert stored(room).note == "合同里没有这一项"
    assert room.replies("再说一遍", OTHER_LEAD) == ["「报修后等太久」已经由 王经理 结束了，刚才这句没有记。"]


def test_the_owner_reports_it_done_and_nobody_else_below_a_lead() -> None:
    room = room_with(replace(PLANNED, measure=replace(MEASURE, owner="赵工")))
    assert room.presses("做完了", AGENT)[-1] == "抱歉，做完了要由负责人或组长来回报"
    room = room_with(PLANNED)
    card, told = room.presses("做完了", AGENT)
    assert told == "记下了，辛苦了！"
    assert card.splitlines()[-1] == "现在：做完了，2027年1月2日 之后看效果"
    assert (stored(room).state, stored(room).done_by) == (FindingState.DONE, "李工")
    assert room.presses("做完了", how="late")[-1] == "李工 已经处理过了，卡片已换成最新的"


def test_two_who_move_the_date_move_it_by_one_week() -> None:
    room = room_with(PLANNED)
    receipt, tap = room.stage.chats[GROUP].button("推迟一周")
    card, told = room.taps(tap, receipt)
    assert told == "好的，改到 2026年12月7日 前做完"
    assert "负责人：李工，2026年12月7日 前做完" in card
    assert room.taps(tap, receipt, OTHER_LEAD)[-1] == OVERTAKEN
    measure = stored(room).measure
    assert measure is not None
    assert measure.window.since >= measure.due_at
    assert measure.window.until - measure.window.since == MEASURE.window.until - MEASURE.window.since


def test_whoever_takes_a_measure_over_owns_it() -> None:
    room = room_with(PLANNED)
    card, told = room.presses("归我负责", OTHER_LEAD)
    assert told == "好的，这件事归您了"
    assert "负责人：赵组长，" in card
    assert room.presses("归我负责", OTHER_LEAD)[-1] == "这件事已经归您了"


def test_of_two_who_take_it_the_first_has_it() -> None:
    room = room_with(PLANNED)
    receipt, tap = room.stage.chats[GROUP].button("归我负责")
    assert room.taps(tap, receipt, LEAD)[-1] == "好的，这件事归您了"
    taken = stored(room)
    assert room.taps(tap, receipt, OTHER_LEAD)[-1] == OVERTAKEN
    assert stored(room) == taken


DECIDE = {
    "定措施": FINDING,
    "不做了": FINDING,
    "做完了": PLANNED,
    "推迟一周": PLANNED,
    "归我负责": PLANNED,
    "再等一个月": UNDECIDED,
    "告诉客户": replace(UNDECIDED, state=FindingState.REACHED),
}
"""Each deciding button of a card, and a finding that has it."""
BELOW = {
    "已经解决了": ("不做了",),
    "写别的原因": ("不做了",),
    "发给 1 位客户": ("告诉客户",),
    "换个说法": ("告诉客户",),
}
"""Those of a menu or a preview, and what leads there."""


@pytest.mark.parametrize("label", [*DECIDE, *BELOW])
def test_what_was_shown_before_somebody_decided_decides_nothing(label: str) -> None:
    way = BELOW.get(label, ())
    room = Room(DECIDE[way[0] if way else label], MEI, VOICE)
    room.types("/findings")
    for pressed in ("1", *way):
        room.presses(pressed)
    receipt, tap = room.stage.chats[GROUP].button(label)
    meanwhile = replace(stored(room), department="南区")
    room.stage.rows.write(Changes((meanwhile,)))
    before, rows = stored(room), room.stage.rows.listed(Note)
    assert before.version == meanwhile.version + 1
    assert "卡片已换成最新的" in room.taps(tap, receipt)[-1]
    assert (stored(room), room.stage.rows.listed(Note)) == (before, rows)


def test_a_reason_from_before_it_was_done_ends_nothing() -> None:
    room = room_with(PLANNED, "不做了")
    receipt, tap = room.stage.chats[GROUP].button("已经解决了")
    room.types("/actions", OTHER_LEAD)
    room.presses("1", OTHER_LEAD)
    room.presses("做完了", OTHER_LEAD)
    assert room.taps(tap, receipt)[-1] == "赵组长 已经处理过了，卡片已换成最新的"
    assert stored(room).state is FindingState.DONE


def test_a_typed_reason_from_before_it_was_done_ends_nothing() -> None:
    room = room_with(PLANNED, "不做了", "写别的原因")
    asking = room.stage.chats[GROUP].asking()
    room.types("/actions", OTHER_LEAD)
    room.presses("1", OTHER_LEAD)
    room.presses("做完了", OTHER_LEAD)
    (told,) = room.types("合同里没有这一项", LEAD, GROUP, asking)
    assert told == "「报修后等太久」赵组长 已经处理过了，刚才这句没有记。请发 /findings 看看最新情况。"
    assert stored(room).state is FindingState.DONE


def test_of_what_time_has_changed_nobody_is_named() -> None:
    room = room_with(PLANNED)
    receipt, tap = room.stage.chats[GROUP].button("做完了")
    room.stage.rows.write(Changes((replace(stored(room), reminded_at=NOW),)))
    assert room.taps(tap, receipt)[-1] == "这件事刚有变化，卡片已换成最新的，请看一下再点"
    assert room.presses("做完了")[-1] == "记下了，辛苦了！"


def test_a_window_with_too_few_answers_waits_a_month_once() -> None:
    room = room_with(UNDECIDED)
    assert room.presses("再等一个月")[-1].startswith("好的，等到 2026年12月2")
    assert stored(room).state is FindingState.DONE
    assert room.presses("再等一个月", OTHER_LEAD, how="late")[-1] == "已经有人处理过了，卡片已换成最新的"


@pytest.mark.some(12)
@pytest.mark.parametrize("step", [*FindingStep, "nonsense", ""])
@pytest.mark.parametrize("finding", ["fin_none", "fin_a", "int_x", ""])
def test_a_button_that_somebody_made_up_changes_nothing_that_is_not_offered(step: str, finding: str) -> None:
    room = Room(replace(FINDING, state=FindingState.TOLD, closed_by="王经理", closed_at=NOW))
    before = room.stage.rows.listed(Finding)
    assert room.taps(tap_of(finding, step, 99), "gone", LEAD)
    assert room.stage.rows.listed(Finding) == before


def test_an_administrator_who_is_not_on_the_roster_decides_too() -> None:
    room = room_with(FINDING)
    room.stage.adopt(replace(room.stage.policy, admins=frozenset({"900"})))
    boss = Person("900", "陈总")
    room.presses("不做了", boss)
    assert room.presses("不是我们能改的", boss)[-1] == "好的，这件事不做了"
    assert stored(room).closed_by == "陈总"


def test_the_menu_of_reasons_goes_back_to_the_card() -> None:
    room = room_with(FINDING, "不做了")
    assert room.buttons() == ["已经解决了", "只是碰巧，先不动", "不是我们能改的", "写别的原因", "返回"]
    room.presses("返回")
    assert "不做了" in room.buttons()
    assert stored(room).version == 1, "to look is to change nothing"


@pytest.mark.parametrize(
    ("finding", "buttons"),
    [
        (FINDING, {"不做了"}),
        (PLANNED, {"做完了", "推迟一周", "归我负责", "不做了"}),
        (replace(PLANNED, state=FindingState.OVERDUE), {"做完了", "推迟一周", "归我负责", "不做了"}),
        (replace(PLANNED, state=FindingState.DONE, done_by="李工"), {"不做了"}),
        (UNDECIDED, {"再等一个月", "不做了"}),
        (replace(UNDECIDED, state=FindingState.REACHED), {"不做了"}),
    ],
    ids=lambda value: value.state.value if isinstance(value, Finding) else "",
)
def test_a_card_has_the_buttons_of_its_state(finding: Finding, buttons: set[str]) -> None:
    assert buttons <= set(room_with(finding).buttons())


def test_a_measure_that_is_overdue_gets_a_week_from_today() -> None:
    late = replace(MEASURE, due_at=NOW - timedelta(days=20))
    room = room_with(replace(PLANNED, state=FindingState.OVERDUE, measure=late))
    assert room.presses("推迟一周")[-1] == "好的，改到 2026年11月30日 前做完"
    assert stored(room).state is FindingState.PLANNED
    assert stored(room).look_at is not None, "its owner is reminded anew"
