"""The finding's table, whole: where each event leads from each state, and what it leaves as it was."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from dialogs.improvement import machine as on
from dialogs.improvement.machine import FINDING
from dialogs.improvement.model import Finding, FindingState, Measured, MeasureResult, Verdict
from dialogs.time.periods import Period
from scoring.values import replace
from tests.dialogs.improvement.laws import MEASURE, START, WINDOW
from tests.dialogs.samples import NOW

DAY = timedelta(days=1)
LATER = Period(WINDOW.since, WINDOW.until + DAY)


def _result(verdict: Verdict) -> on.MeasureVerified:
    return on.MeasureVerified(MeasureResult(MEASURE, verdict, MEASURE.before, Measured("82", 30), NOW))


EVENTS: Mapping[str, object] = {
    "planned": on.MeasurePlanned(MEASURE, NOW + DAY),
    "reminder": on.ReminderDue(),
    "overdue": on.MeasureOverdue(NOW + DAY),
    "escalation": on.EscalationDue(),
    "done": on.MeasureDone("李工", WINDOW),
    "awaited": on.AnswersAwaited(NOW + DAY),
    "reached": _result(Verdict.REACHED),
    "not_reached": _result(Verdict.NOT_REACHED),
    "not_clear": _result(Verdict.NOT_CLEAR),
    "too_few": _result(Verdict.TOO_FEW),
    "moved": on.WindowMoved(LATER),
    "told": on.FindingTold("王经理", "cam_1", (("zh-Hans", "改了"),)),
    "dismissed": on.FindingDismissed("王经理", "换了做法"),
}
LEADS: Mapping[str, Mapping[str, str]] = {
    "open": {
        "planned": "planned",
        "dismissed": "dismissed",
    },
    "planned": {
        "planned": "planned",
        "reminder": "planned",
        "overdue": "overdue",
        "done": "done",
        "dismissed": "dismissed",
    },
    "overdue": {
        "planned": "planned",
        "escalation": "overdue",
        "done": "done",
        "dismissed": "dismissed",
    },
    "done": {
        "awaited": "done",
        "reached": "reached",
        "not_reached": "open",
        "not_clear": "undecided",
        "too_few": "undecided",
        "dismissed": "dismissed",
    },
    "undecided": {
        "planned": "planned",
        "moved": "done",
        "dismissed": "dismissed",
    },
    "reached": {
        "told": "told",
        "dismissed": "dismissed",
    },
    "told": {},
    "dismissed": {},
}


def _in(state: str) -> Finding:
    return replace(START, state=FindingState(state), measure=MEASURE)


@pytest.mark.parametrize("state", FindingState)
@pytest.mark.parametrize("name", EVENTS)
def test_each_event_leads_where_the_table_says_and_nowhere_else(state: FindingState, name: str) -> None:
    step = FINDING.step(_in(state), EVENTS[name], NOW)
    assert (step.thing.state.value if step is not None else None) == LEADS[state].get(name)


LOOKED_AT = {
    ("open", "planned"): NOW + DAY,
    ("planned", "reminder"): MEASURE.due_at,
    ("planned", "overdue"): NOW + DAY,
    ("planned", "done"): WINDOW.until,
    ("overdue", "escalation"): None,
    ("overdue", "done"): WINDOW.until,
    ("done", "awaited"): NOW + DAY,
    ("done", "reached"): None,
    ("done", "not_reached"): None,
    ("done", "not_clear"): None,
    ("done", "too_few"): None,
    ("undecided", "moved"): LATER.until,
    ("undecided", "planned"): NOW + DAY,
    ("planned", "dismissed"): None,
}


@pytest.mark.parametrize(("state", "name"), LOOKED_AT)
def test_time_looks_at_it_when_something_is_due(state: str, name: str) -> None:
    step = FINDING.step(replace(_in(state), look_at=NOW - DAY), EVENTS[name], NOW)
    assert step is not None
    assert step.thing.look_at == LOOKED_AT[state, name]


def test_whoever_was_reminded_or_escalated_once_is_not_again() -> None:
    reminded = replace(_in("planned"), reminded_at=NOW)
    assert FINDING.step(reminded, EVENTS["reminder"], NOW) is None
    escalated = replace(_in("overdue"), escalated_at=NOW)
    assert FINDING.step(escalated, EVENTS["escalation"], NOW) is None


def test_a_new_plan_is_reminded_of_and_escalated_anew() -> None:
    before = replace(_in("overdue"), reminded_at=NOW, escalated_at=NOW)
    step = FINDING.step(before, EVENTS["planned"], NOW)
    assert step is not None
    assert (step.thing.reminded_at, step.thing.escalated_at) == (None, None)


def test_every_result_is_kept() -> None:
    finding = _in("done")
    for name in ("too_few", "not_reached"):
        step = FINDING.step(replace(finding, state=FindingState.DONE), EVENTS[name], NOW)
        assert step is not None
        finding = step.thing
    assert [one.verdict for one in finding.results] == [Verdict.TOO_FEW, Verdict.NOT_REACHED]


def test_what_ends_says_who_ended_it_when_and_why() -> None:
    step = FINDING.step(_in("planned"), EVENTS["dismissed"], NOW)
    assert step is not None
    ended = step.thing
    assert (ended.closed_at, ended.closed_by, ended.note) == (NOW, "王经理", "换了做法")
    told = FINDING.step(_in("reached"), EVENTS["told"], NOW)
    assert told is not None
    assert (told.thing.campaign, told.thing.told, told.thing.closed_by) == ("cam_1", (("zh-Hans", "改了"),), "王经理")
