"""What each command does to a finding in each of its states, what is refused, and what a repetition changes."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, Invalid, NotFound
from bot.handlers.improvement import commands, notices
from bot.handlers.improvement.commands import FindingAnswer, FindingOutcome
from dialogs.campaign.model import Campaign, CampaignKind, CampaignState
from dialogs.improvement.model import (
    Finding,
    FindingKind,
    FindingState,
    Measure,
    Measured,
    MeasureResult,
    Verdict,
    Voice,
)
from dialogs.time.periods import Period
from scoring.values import replace
from storage.model.records import Customer, Member
from storage.model.registers import AuditEntry
from storage.unit_of_work.writer import Decision
from tests.support.stage.scene import NOW, scene

DAY = timedelta(days=1)
MEASURE = Measure(
    text="报修后 4 小时内回电",
    metric="csat",
    target="80",
    owner="李工",
    due_at=NOW + 7 * DAY,
    baseline=Period(NOW - 30 * DAY, NOW - DAY),
    before=Measured("60", 40, "45", "74"),
    window=Period(NOW + 10 * DAY, NOW + 40 * DAY),
    planned_by="王经理",
    planned_at=NOW,
)
FINDING = Finding("fin_a", FindingKind.PHRASE, "报修后等太久", "北区", NOW - 40 * DAY, "王芳")
OVER = replace(MEASURE, window=Period(NOW - 20 * DAY, NOW - DAY), due_at=NOW - 21 * DAY)
RESULT = MeasureResult(OVER, Verdict.REACHED, OVER.before, Measured("85", 40), NOW)
VOICE = Voice("fin_a", "c-1", "等了两天", NOW - 41 * DAY)
MEI = Customer("c-1", "王女士")
WITHOUT = (FindingState.OPEN, FindingState.DISMISSED)

Command = Callable[[DecisionContext], Decision[FindingAnswer]]
STEPS: dict[str, Command] = {
    "plan": lambda context: commands.plan_measure(context, "fin_a", MEASURE),
    "done": lambda context: commands.measure_done(context, "fin_a", "李工"),
    "verify": lambda context: commands.conclude_measure(context, "fin_a", "王经理", RESULT),
    "wait": lambda context: commands.wait_for_more(context, "fin_a", "王经理", NOW + 9 * DAY),
    "tell": lambda context: notices.tell_customers(context, "fin_a", "王经理", ()),
    "dismiss": lambda context: commands.dismiss_finding(context, "fin_a", "王经理", "换了做法"),
}
NO_MEASURE = "it has no measure that could be done; plan one first"
NOT_PLANNED = "it has no measure yet; plan one first"
NOT_DONE = "its measure is not done yet"
WAITS = "its measure is done and waits to be verified"
TOO_FEW = "too few answers have come to verify it: wait for more, or plan another measure"
REACHED = "its target was reached"
TOLD = "it is over: the customers were told"
DISMISSED = "it is over: it was dismissed"
OUTCOMES = {
    ("open", "plan"): "planned",
    ("open", "done"): NO_MEASURE,
    ("open", "verify"): NOT_PLANNED,
    ("open", "wait"): NOT_PLANNED,
    ("open", "tell"): NOT_PLANNED,
    ("open", "dismiss"): "dismissed",
    ("planned", "plan"): "planned",
    ("planned", "done"): "done",
    ("planned", "verify"): NOT_DONE,
    ("planned", "wait"): NOT_DONE,
    ("planned", "tell"): NOT_DONE,
    ("planned", "dismiss"): "dismissed",
    ("overdue", "plan"): "planned",
    ("overdue", "done"): "done",
    ("overdue", "verify"): NOT_DONE,
    ("overdue", "wait"): NOT_DONE,
    ("overdue", "tell"): NOT_DONE,
    ("overdue", "dismiss"): "dismissed",
    ("done", "plan"): WAITS,
    ("done", "done"): "done",
    ("done", "verify"): "reached",
    ("done", "wait"): WAITS,
    ("done", "tell"): WAITS,
    ("done", "dismiss"): "dismissed",
    ("undecided", "plan"): "planned",
    ("undecided", "done"): TOO_FEW,
    ("undecided", "verify"): TOO_FEW,
    ("undecided", "wait"): "done",
    ("undecided", "tell"): TOO_FEW,
    ("undecided", "dismiss"): "dismissed",
    ("reached", "plan"): REACHED,
    ("reached", "done"): REACHED,
    ("reached", "verify"): REACHED,
    ("reached", "wait"): REACHED,
    ("reached", "tell"): "told",
    ("reached", "dismiss"): "dismissed",
    ("told", "plan"): TOLD,
    ("told", "done"): TOLD,
    ("told", "verify"): TOLD,
    ("told", "wait"): TOLD,
    ("told", "tell"): "told",
    ("told", "dismiss"): TOLD,
    ("dismissed", "plan"): DISMISSED,
    ("dismissed", "done"): NO_MEASURE,
    ("dismissed", "verify"): DISMISSED,
    ("dismissed", "wait"): DISMISSED,
    ("dismissed", "tell"): DISMISSED,
    ("dismissed", "dismiss"): "dismissed",
}


def _in(state: FindingState) -> Finding:
    return replace(FINDING, state=state, measure=None if state in WITHOUT else OVER)


def _told(decision: Decision[FindingAnswer]) -> str:
    match decision.answer:
        case FindingOutcome(finding):
            return finding.state.value
        case Conflict(sentence):
            return sentence
        case NotFound(what):
            return what
        case Invalid(field, problem):
            return f"{field}: {problem}"


@pytest.mark.parametrize(("state", "name"), OUTCOMES)
def test_each_command_does_this_in_each_state(state: str, name: str) -> None:
    decision = STEPS[name](scene(MEI, VOICE, _in(FindingState(state))))
    assert _told(decision) == OUTCOMES[state, name]
    if isinstance(decision.answer, Conflict):
        assert not decision.changes, "what is refused changes nothing"


def test_every_state_and_command_is_in_the_table() -> None:
    assert OUTCOMES.keys() == {(state.value, name) for state in FindingState for name in STEPS}


@pytest.mark.parametrize("name", STEPS)
def test_what_is_not_there_is_not_found(name: str) -> None:
    assert _told(STEPS[name](scene())) == "finding fin_a"


@pytest.mark.parametrize(
    ("state", "name", "action"),
    [
        ("open", "plan", "measure_planned"),
        ("planned", "done", "measure_done"),
        ("done", "verify", "measure_verified"),
        ("undecided", "wait", "verification_moved"),
        ("reached", "tell", "customers_told"),
        ("open", "dismiss", "finding_dismissed"),
    ],
)
def test_each_step_is_written_into_the_audit_log(state: str, name: str, action: str) -> None:
    changes = STEPS[name](scene(MEI, VOICE, _in(FindingState(state)))).changes
    lines = [one for one in changes.records if isinstance(one, AuditEntry) and one.subject == "fin_a"]
    assert [(one.action, one.by) for one in lines] == [(action, "李工" if name == "done" else "王经理")]


def test_the_same_plan_again_changes_nothing() -> None:
    planned = commands.plan_measure(scene(FINDING), "fin_a", MEASURE)
    stored = next(one for one in planned.changes.records if isinstance(one, Finding))
    again = replace(MEASURE, planned_at=NOW + DAY, before=Measured("61", 41))
    assert not commands.plan_measure(scene(replace(stored, version=1)), "fin_a", again).changes
    other = replace(again, owner="赵工")
    assert commands.plan_measure(scene(replace(stored, version=1)), "fin_a", other).changes


@pytest.mark.parametrize(
    ("days", "reminded"),
    [(20, 17), (7, 4), (6, 3), (4, 2), (1, 0.5)],
    ids=["long before", "a week", "twice the time", "less than that", "tomorrow"],
)
def test_the_owner_is_reminded_three_days_before_or_halfway(days: float, reminded: float) -> None:
    measure = replace(MEASURE, due_at=NOW + days * DAY, window=Period(NOW + 30 * DAY, NOW + 40 * DAY))
    answer = commands.plan_measure(scene(FINDING), "fin_a", measure).answer
    assert isinstance(answer, FindingOutcome)
    assert answer.finding.look_at == NOW + reminded * DAY


WRONG = {
    "text": ("measure", "is empty; say what is changed"),
    "baseline": ("baseline", "is not over; it is what the measure is compared with"),
    "due_at": ("due", "has passed"),
    "overlap": ("verify", "begins before the baseline has ended: the same answers would count on both sides"),
    "early": ("verify", "begins before the measure is due; look at the time after it"),
    "pilot": ("pilot", "is by team, by which the metric is cut already"),
}
PLANS = {
    "text": replace(MEASURE, text=" \u3000"),
    "baseline": replace(MEASURE, baseline=Period(NOW - 30 * DAY, NOW + DAY)),
    "due_at": replace(MEASURE, due_at=NOW),
    "overlap": replace(MEASURE, window=Period(NOW - 2 * DAY, NOW + 20 * DAY)),
    "early": replace(MEASURE, window=Period(NOW + 6 * DAY, NOW + 20 * DAY)),
    "pilot": replace(MEASURE, cut=(("team", "north"),), pilot=(("team", "north"),)),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_plan_that_proves_nothing_is_refused_with_its_field(name: str) -> None:
    decision = commands.plan_measure(scene(FINDING), "fin_a", PLANS[name])
    assert decision.answer == Invalid(*WRONG[name])
    assert not decision.changes


def test_a_window_may_begin_when_the_baseline_has_ended_and_the_measure_is_due() -> None:
    edge = replace(MEASURE, baseline=Period(NOW - 30 * DAY, NOW), window=Period(MEASURE.due_at, NOW + 20 * DAY))
    assert isinstance(commands.plan_measure(scene(FINDING), "fin_a", edge).answer, FindingOutcome)


def test_nothing_is_verified_before_its_window_has_ended_nor_by_a_measure_of_before() -> None:
    running = replace(OVER, window=Period(NOW - 20 * DAY, NOW + DAY))
    finding = replace(FINDING, state=FindingState.DONE, measure=running)
    early = commands.conclude_measure(scene(finding), "fin_a", "王经理", replace(RESULT, measure=running))
    assert _told(early).startswith("its window, which was fixed beforehand, ends at ")
    other = replace(finding, measure=replace(OVER, owner="赵工"))
    late = commands.conclude_measure(scene(other), "fin_a", "王经理", RESULT)
    assert _told(late) == "its measure has just been changed; verify it again"


def test_a_later_end_has_to_come() -> None:
    undecided = _in(FindingState.UNDECIDED)
    for until in (NOW, NOW - DAY):
        answer = commands.wait_for_more(scene(undecided), "fin_a", "王经理", until).answer
        assert answer == Invalid("until", "has passed")
    far = commands.wait_for_more(scene(undecided), "fin_a", "王经理", NOW + 3654 * DAY).answer
    assert far == Invalid("until", "is more than ten years ahead")
    moved = commands.wait_for_more(scene(undecided), "fin_a", "王经理", NOW + DAY).answer
    assert isinstance(moved, FindingOutcome)
    assert moved.finding.measure is not None
    assert moved.finding.measure.window == Period(OVER.window.since, NOW + DAY)


def test_what_was_not_reached_is_open_again_with_its_result_and_without_its_measure() -> None:
    missed = replace(RESULT, verdict=Verdict.NOT_REACHED)
    finding = replace(_in(FindingState.DONE), reminded_at=NOW, escalated_at=NOW, done_at=NOW, done_by="李工")
    answer = commands.conclude_measure(scene(finding), "fin_a", "王经理", missed).answer
    assert isinstance(answer, FindingOutcome)
    again = answer.finding
    assert (again.state, again.measure, again.results) == (FindingState.OPEN, None, (missed,))
    assert (again.reminded_at, again.escalated_at, again.done_at, again.done_by) == (None, None, None, "")


# -- telling ------------------------------------------------------------------------------------------------------


def _campaigns(decision: Decision[FindingAnswer]) -> list[Campaign]:
    """Return the campaigns as they are in the end."""
    return list({one.id: one for one in decision.changes.records if isinstance(one, Campaign)}.values())


def test_telling_starts_one_notice_to_exactly_those_who_raised_it() -> None:
    voices = [replace(VOICE, customer=f"c-{number}") for number in range(1, 5)]
    context = scene(*(Customer(one.customer) for one in voices), *voices, _in(FindingState.REACHED))
    words = (("zh-Hans", "四小时内{回}电"), ("en", "a call within 4 hours"))
    told = notices.tell_customers(context, "fin_a", "王经理", words)
    (campaign,) = _campaigns(told)
    assert (campaign.kind, campaign.state, campaign.origin) == (
        CampaignKind.NOTICE,
        CampaignState.SCHEDULED,
        "fin_a",
    )
    assert campaign.audience.customers == ("c-1", "c-2", "c-3", "c-4")
    assert campaign.text == "四小时内(回)电", "braces in a person's words are no placeholders"
    assert isinstance(told.answer, FindingOutcome)
    assert (told.answer.finding.campaign, told.answer.finding.told) == (campaign.id, words)
    again = notices.tell_customers(context.after(told.changes), "fin_a", "王经理", words)
    assert (again.answer, again.changes.records) == (told.answer, ())


def test_without_words_the_measure_is_told() -> None:
    told = notices.tell_customers(scene(MEI, VOICE, _in(FindingState.REACHED)), "fin_a", "王经理", ())
    assert [one.text for one in _campaigns(told)] == ["报修后 4 小时内回电"]


def test_nobody_is_told_of_what_nobody_raised() -> None:
    answer = notices.tell_customers(scene(_in(FindingState.REACHED)), "fin_a", "王经理", ()).answer
    assert answer == Conflict("no customer has raised it, so there is nobody to tell")


# -- roles --------------------------------------------------------------------------------------------------------

ROSTER = (
    Member("陈总", "owner"),
    Member("王经理", "lead"),
    Member("李工", "agent"),
    Member("赵工", "agent"),
    Member("老周", "viewer"),
)
READY = {"plan": "open", "done": "planned", "wait": "undecided", "tell": "reached", "dismiss": "open"}
LEADS = frozenset({"陈总", "王经理"})
MAY = {"plan": LEADS, "done": LEADS | {"李工"}, "wait": LEADS, "tell": LEADS, "dismiss": LEADS}
BY: dict[str, Callable[[DecisionContext, str], Decision[FindingAnswer]]] = {
    "plan": lambda context, by: commands.plan_measure(context, "fin_a", replace(MEASURE, planned_by=by)),
    "done": lambda context, by: commands.measure_done(context, "fin_a", by),
    "wait": lambda context, by: commands.wait_for_more(context, "fin_a", by, NOW + 9 * DAY),
    "tell": lambda context, by: notices.tell_customers(context, "fin_a", by, ()),
    "dismiss": lambda context, by: commands.dismiss_finding(context, "fin_a", by, "换了做法"),
}


@pytest.mark.parametrize("by", ["陈总", "王经理", "李工", "赵工", "老周", "路人"])
@pytest.mark.parametrize("name", BY)
def test_with_a_roster_leads_decide_and_the_owner_reports(name: str, by: str) -> None:
    context = scene(MEI, VOICE, *ROSTER, _in(FindingState(READY[name])))
    decision = BY[name](context, by)
    assert isinstance(decision.answer, FindingOutcome) is (by in MAY[name])
    if by not in MAY[name]:
        assert decision.answer == Invalid("by", "is no lead, admin or owner on the roster, and only those decide")
        assert not decision.changes


def test_a_name_is_one_person_in_every_spelling() -> None:
    answer = commands.plan_measure(
        scene(*ROSTER, FINDING), "fin_a", replace(MEASURE, owner="李 工", planned_by="王经理\u200b")
    )
    assert isinstance(answer.answer, FindingOutcome)
    measure = answer.answer.finding.measure
    assert measure is not None
    assert (measure.owner, measure.planned_by) == ("李工", "王经理")
