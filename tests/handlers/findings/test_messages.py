"""The buttons under what time brings: under a reminder, a deadline that has passed, the result of a measure."""

from datetime import timedelta

from bot.handlers.improvement.commands import conclude_measure
from bot.handlers.improvement.terms import pass_term
from dialogs.improvement.model import Finding, FindingState
from scoring.values import replace
from storage.model.records import Customer
from tests.handlers.findings.room import AGENT, GROUP, Room
from tests.handlers.improvement.test_steps import FINDING, MEASURE, OVER, RESULT, VOICE
from tests.support.stage.scene import NOW

PLANNED = replace(FINDING, state=FindingState.PLANNED, measure=replace(MEASURE, owner="赵工"))


def reminded(finding: Finding) -> Room:
    """Return the group after the term of the finding has come."""
    room = Room(replace(finding, look_at=NOW - timedelta(hours=2)))
    room.stage.decide(lambda context: pass_term(context, "fin_a"))
    return room


def test_a_reminder_is_answered_by_a_button_in_the_group() -> None:
    room = reminded(PLANNED)
    assert room.buttons() == ["做完了", "推迟一周", "看课题"]
    assert room.presses("做完了", AGENT)[-1] == "抱歉，做完了要由负责人或组长来回报"
    card, told = room.presses("推迟一周")
    assert told.startswith("好的，改到 2026年12月")
    assert card.startswith("课题：报修后等太久")
    assert room.presses("做完了")[-1] == "记下了，辛苦了！"


def test_a_card_opens_from_a_message_and_leaves_that_message_as_it_is() -> None:
    room = reminded(PLANNED)
    (card,) = room.presses("看课题")
    assert card.startswith("课题：报修后等太久")
    assert len(room.stage.chats[GROUP].messages) == 2


def test_customers_are_told_from_the_result() -> None:
    room = Room(replace(FINDING, state=FindingState.DONE, measure=OVER), Customer("c-1", "王女士"), VOICE)
    room.stage.decide(lambda context: conclude_measure(context, "fin_a", "huifang", RESULT))
    assert room.buttons() == ["告诉客户", "看课题"]
    room.presses("告诉客户")
    assert room.presses("发给 1 位客户")[-1] == "好的，正在告诉他们"
    assert room.stage.rows.listed(Finding)[0].state is FindingState.TOLD


def test_a_result_is_told_on_the_list_with_effect_interval_and_n() -> None:
    result = replace(RESULT, effect="25", low="21/2", high="38")
    room = Room(replace(FINDING, state=FindingState.REACHED, measure=OVER, results=(result,)))
    (text,) = room.types("/actions")
    assert text.split("\n\n")[1].splitlines() == [
        "1. 报修后 4 小时内回电",
        "见效了",
        "满意率从 60% 到 85%（40 人比 40 人）",
        "变化 +25.0 个百分点（95% 的把握在 +10.5 到 +38.0 之间）。",
    ]


def test_what_is_overdue_stands_first_and_whoever_takes_it_gets_a_week() -> None:
    late = replace(PLANNED, id="fin_b", text="配件", state=FindingState.OVERDUE, measure=replace(OVER, owner="赵工"))
    room = Room(PLANNED, late)
    (text,) = room.types("/actions")
    assert "赵工 晚了 20天" in text.split("\n\n")[1]
    room.presses("1")
    card, told = room.presses("归我负责")
    assert told == "好的，这件事归您了，改到 2026年11月30日 前做完"
    assert "负责人：王经理，2026年11月30日 前做完" in card
