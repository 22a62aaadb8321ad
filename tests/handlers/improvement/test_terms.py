"""What time brings to a measure: a reminder, that it is overdue, that those above are called; each told once."""

from datetime import timedelta

import pytest

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.improvement import commands
from bot.handlers.improvement.terms import pass_term, postpone_verification
from dialogs.improvement.model import Finding, FindingState, Measured, MeasureResult, Verdict
from dialogs.messages import Address
from dialogs.time.doubt import Doubt
from scoring.values import replace
from storage.model.records import Customer, Member, OutboxMessage, Purpose
from storage.model.registers import AuditEntry
from storage.unit_of_work.changes import Changes, Record
from tests.handlers.improvement.test_steps import FINDING, MEASURE, OVER, RESULT, VOICE
from tests.support.stage.scene import NOW, POLICY, scene

DAY = timedelta(days=1)
TEAM = Address("telegram", "-100")
OF_TEAM = replace(POLICY, team=(TEAM,), escalate_to=("陈总", "赵总"))
PLANNED = replace(FINDING, state=FindingState.PLANNED, measure=MEASURE, look_at=MEASURE.due_at - 3 * DAY)
LATE = replace(PLANNED, look_at=MEASURE.due_at, reminded_at=MEASURE.due_at - 3 * DAY)
OVERDUE = replace(LATE, state=FindingState.OVERDUE, look_at=MEASURE.due_at + 3 * DAY)


def at(finding: Finding, *rows: Record, policy: Policy = OF_TEAM, late: timedelta = timedelta()) -> DecisionContext:
    """Return what a decision sees as the finding's term comes, or later."""
    context = scene(finding, *rows, policy=policy)
    return replace(context, now=(finding.look_at or NOW) + late)


def messages(changes: Changes) -> list[OutboxMessage]:
    return [one for one in changes.records if isinstance(one, OutboxMessage)]


def buttons_of(message: OutboxMessage) -> list[str]:
    return [choice.label for row in message.prompt.rows for choice in row]


def texts(changes: Changes) -> list[str]:
    return [one.prompt.text for one in messages(changes)]


def stored(changes: Changes) -> Finding:
    (found,) = [one for one in changes.records if isinstance(one, Finding)]
    return found


def test_the_owner_is_reminded_in_the_teams_chat_by_name() -> None:
    decision = pass_term(at(PLANNED), "fin_a")
    (message,) = messages(decision.changes)
    assert (message.address, message.purpose) == (TEAM, Purpose.ALERT)
    assert message.prompt.text.startswith("李工，「报修后 4 小时内回电」请在 ")
    assert message.prompt.text.endswith("之前做完（课题：报修后等太久）。")
    assert message.prompt.typed == "做好了请回报：huifang finding done fin_a"
    assert buttons_of(message) == ["做完了", "推迟一周", "看课题"]
    after = stored(decision.changes)
    assert (after.state, after.look_at) == (FindingState.PLANNED, MEASURE.due_at)
    assert not pass_term(replace(at(PLANNED), now=NOW), "fin_a").answer, "not before its time"


def test_where_there_are_no_buttons_the_command_stands_in_the_text() -> None:
    policy = replace(OF_TEAM, team=(Address("wecom", "robot"),))
    (message,) = messages(pass_term(at(PLANNED, policy=policy), "fin_a").changes)
    assert message.prompt.text.endswith("）。\n做好了请回报：huifang finding done fin_a")
    assert message.prompt.rows == ()


def test_an_owner_with_a_chat_of_their_own_is_reminded_there() -> None:
    owner = Member("李工", "agent", "55")
    (message,) = messages(pass_term(at(PLANNED, owner), "fin_a").changes)
    assert message.address == Address("telegram", "55")
    assert message.prompt.mentions is not None
    assert (message.prompt.mentions.id, message.prompt.mentions.name) == ("55", "李工")


def test_a_deadline_that_passes_is_told_and_then_those_above_are_called() -> None:
    overdue = pass_term(at(LATE), "fin_a")
    assert texts(overdue.changes)[0].startswith("「报修后 4 小时内回电」说好 ")
    assert texts(overdue.changes)[0].endswith("做完，李工 还没有回报。课题：报修后等太久（北区）。")
    after = stored(overdue.changes)
    assert (after.state, after.look_at) == (FindingState.OVERDUE, MEASURE.due_at + 3 * DAY)
    called = pass_term(at(OVERDUE), "fin_a")
    (text,) = texts(called.changes)
    assert text.startswith("陈总、赵总：「报修后 4 小时内回电」说好 ")
    assert text.endswith("请过问一下。负责人 李工，课题：报修后等太久（北区）。")
    last = stored(called.changes)
    assert (last.state, last.look_at, last.escalated_at) == (FindingState.OVERDUE, None, OVERDUE.look_at)


def test_what_belongs_to_no_department_is_told_without_brackets() -> None:
    (late,) = texts(pass_term(at(replace(LATE, department="")), "fin_a").changes)
    assert late.endswith("李工 还没有回报。课题：报修后等太久。")
    (called,) = texts(pass_term(at(replace(OVERDUE, department="")), "fin_a").changes)
    assert called.endswith("负责人 李工，课题：报修后等太久。")


def test_without_anybody_to_call_the_team_is_told_again() -> None:
    (text,) = texts(pass_term(at(OVERDUE, policy=replace(OF_TEAM, escalate_to=())), "fin_a").changes)
    assert text.startswith("「报修后 4 小时内回电」说好 ")


def test_after_a_long_stop_an_overdue_measure_is_not_reminded_of_first() -> None:
    decision = pass_term(at(PLANNED, late=9 * DAY), "fin_a")
    assert stored(decision.changes).state is FindingState.OVERDUE
    assert "还没有回报" in texts(decision.changes)[0]


@pytest.mark.parametrize("finding", [PLANNED, LATE, OVERDUE], ids=["reminder", "overdue", "escalation"])
def test_each_term_is_told_once_whatever_is_repeated(finding: Finding) -> None:
    first, second = pass_term(at(finding), "fin_a"), pass_term(at(finding), "fin_a")
    assert [one.id for one in messages(first.changes)] == [one.id for one in messages(second.changes)]
    context = at(finding).after(first.changes)
    assert not pass_term(context, "fin_a").changes, "what has changed is not due again at once"
    lines = [one for one in first.changes.records if isinstance(one, AuditEntry)]
    assert [one.by for one in lines] == ["huifang"]


@pytest.mark.parametrize("state", [FindingState.OPEN, FindingState.DONE, FindingState.REACHED, FindingState.TOLD])
def test_other_states_have_no_term(state: FindingState) -> None:
    assert not pass_term(at(replace(PLANNED, state=state)), "fin_a").answer
    assert not pass_term(at(PLANNED), "fin_none").answer


def test_a_moment_in_doubt_has_not_passed() -> None:
    context = at(PLANNED)
    doubt = Doubt(context.now - DAY, context.now + DAY)
    assert not pass_term(replace(context, doubt=doubt), "fin_a").changes


def test_a_verification_waits_for_those_who_may_still_answer() -> None:
    done = replace(FINDING, state=FindingState.DONE, measure=OVER, look_at=OVER.window.until)
    decision = postpone_verification(at(done), "fin_a", timedelta(hours=6))
    assert stored(decision.changes).look_at == OVER.window.until + timedelta(hours=6)
    assert not postpone_verification(at(replace(done, state=FindingState.OPEN)), "fin_a", DAY).answer


# -- what came of it ----------------------------------------------------------------------------------------------

CLEAR = replace(RESULT, effect="25", low="21/2", high="38", before=Measured("60", 40), after=Measured("85", 32))
MISSED = "「报修后 4 小时内回电」还没有见效：满意率从 60% 到 62%（40 人比 30 人），目标是 80%。"
UNCLEAR = "「报修后 4 小时内回电」有没有效果还看不出来："
DONE = replace(FINDING, state=FindingState.DONE, measure=OVER, look_at=NOW)


def concluded(result: MeasureResult, *rows: Record) -> list[str]:
    """Return what the team is told of a result."""
    context = scene(DONE, *rows, policy=OF_TEAM)
    return texts(commands.conclude_measure(context, "fin_a", "huifang", result).changes)


def test_what_was_reached_is_told_with_figures_n_and_interval() -> None:
    (reached,) = concluded(CLEAR, Customer("c-1"), VOICE)
    assert reached.splitlines() == [
        "「报修后 4 小时内回电」见效了：满意率从 60% 到 85%（40 人比 32 人），达到了 80% 的目标。",
        "变化 +25.0 个百分点（95% 的把握在 +10.5 到 +38.0 之间）。",
        "提过这件事的有 1 位客户，可以告诉他们了。",
    ]
    (alone,) = concluded(CLEAR)
    assert "可以告诉" not in alone, "where nobody raised it nobody is told"


def test_what_was_not_reached_and_what_cannot_be_told_say_what_follows() -> None:
    missed = replace(CLEAR, verdict=Verdict.NOT_REACHED, after=Measured("62", 30), effect="2", low="-9", high="13")
    (told,) = concluded(missed)
    assert told.splitlines() == [
        f"{MISSED}课题「报修后等太久」（北区）重新打开了，请再想想办法。",
        "变化 +2.0 个百分点（95% 的把握在 -9.0 到 +13.0 之间）。",
    ]
    few = replace(RESULT, verdict=Verdict.TOO_FEW, before=Measured("60", 40), after=Measured("90", 14))
    (unclear,) = concluded(few)
    assert unclear.startswith(
        "「报修后 4 小时内回电」有没有效果还看不出来：满意率之前 40 人、之后 14 人，两边都要有 15 人。"
    )
    assert unclear.endswith("可以再等等，也可以换个办法。")
    by_chance = replace(RESULT, verdict=Verdict.NOT_CLEAR, before=Measured("60", 40), after=Measured("90", 16))
    (unproved,) = concluded(by_chance, Customer("c-1"), VOICE)
    assert unproved == (
        "「报修后 4 小时内回电」有没有效果还说不准：满意率从 60% 到 90%（40 人比 16 人），到了 80% 的目标，"
        "可是数据太少，分不清是不是碰巧。可以再等等，也可以换个办法。"
    )


def test_a_time_is_told_in_minutes() -> None:
    measure = replace(OVER, metric="time_to_first_reply", target="3600")
    faster = replace(CLEAR, measure=measure, before=Measured("7200", 40), after=Measured("3000", 32))
    faster = replace(faster, effect="-4200", low="-4800", high="-3600")
    context = scene(replace(DONE, measure=measure), policy=OF_TEAM)
    (text,) = texts(commands.conclude_measure(context, "fin_a", "huifang", faster).changes)
    assert "变化 -70.0 分钟（95% 的把握在 -80.0 到 -60.0 分钟之间）" in text
    assert "2小时" in text
    assert "50分钟" in text
