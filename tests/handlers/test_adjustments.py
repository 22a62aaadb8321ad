"""Who may add a line to a result, and that the same one is added once."""

from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from bot.handlers.adjustments import AdjustmentOutcome, NewAdjustment, add_line, adjustment_needs
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.common.results import Invalid
from config.forms.load import read_forms
from config.locale.phrases import load_phrases
from dialogs.time.periods import named_period
from scoring.values import replace
from storage.model.filled_forms import Adjustment
from storage.model.records import Member
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.snapshot import Snapshot

NOW = datetime(2026, 11, 30, tzinfo=UTC)
QUARTER = named_period("2026-Q3", ZoneInfo("Asia/Shanghai"))
LINE = NewAdjustment(read_forms()["appraisal_360"], "a17", QUARTER, Fraction(5), "季度表彰", "王经理")
ROSTER = (Member("王经理", "lead"), Member("陈总", "owner"), Member("小张", "agent"), Member("老周", "viewer"))


def context(*members: Member) -> DecisionContext:
    """Return what a decision sees where these people are on the roster."""
    return DecisionContext(Snapshot(members), Policy({}, {}, load_phrases()), NOW)


def added(new: NewAdjustment, *members: Member) -> AdjustmentOutcome | Invalid:
    """Add a line."""
    return add_line(context(*members), new).answer


@pytest.mark.parametrize("by", ["王经理", "陈总", " 王 经理", "王经理\u200b"])
def test_leads_and_owners_may(by: str) -> None:
    answer = added(replace(LINE, by=by), *ROSTER)
    assert isinstance(answer, AdjustmentOutcome)
    assert (answer.created, answer.line.points, answer.line.by) == (True, "5", by)


@pytest.mark.parametrize("by", ["小张", "老周", "谁也不是"])
def test_others_of_the_roster_and_strangers_may_not(by: str) -> None:
    assert added(replace(LINE, by=by), *ROSTER) == Invalid("by", "is no owner, admin, lead on the roster")


def test_without_a_roster_whoever_has_the_key_may() -> None:
    assert isinstance(added(replace(LINE, by="谁也不是")), AdjustmentOutcome)


def test_nobody_adds_to_their_own_result() -> None:
    lead = Member("a17", "lead")
    assert added(replace(LINE, by="Ａ17"), lead) == Invalid("by", "is a17, whose result it is")


def test_the_same_line_is_added_once_and_its_reason_may_be_spelled_otherwise() -> None:
    first = add_line(context(), LINE)
    (line,) = first.changes.records
    assert isinstance(line, Adjustment)
    seen = replace(context(), snapshot=context().snapshot.after(Changes((line,))))
    again = add_line(seen, replace(LINE, reason="季度 表彰", by="陈总"))
    assert (again.changes, again.answer) == (Changes(), AdjustmentOutcome(line))
    other = add_line(seen, replace(LINE, points=Fraction(-5)))
    assert len(other.changes.records) == 1


def test_what_is_asked_for_is_the_line_and_the_roster() -> None:
    wanted = adjustment_needs(LINE)
    assert (wanted.adjustments, wanted.roster) == (frozenset({LINE.id}), True)
