"""Every finding that there can be, in the chat: each button does what the table allows, and people can do all of it.

The findings are those of the exploration of the table (`tests/dialogs/improvement/laws.py`).
"""

from functools import cache

import pytest

from bot.handlers import inbound as heard
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.query_results import QueryResults
from bot.handlers.team_findings.shown import shown_finding
from bot.ports import InboundResult
from dialogs.improvement import machine as on
from dialogs.improvement.finding_card import OFFERED
from dialogs.improvement.finding_view import FindingStep
from dialogs.improvement.model import Finding, FindingState, Voice
from dialogs.improvement.plan_draft import MetricOption, PlanOffer, usual_baseline
from dialogs.messages import Address, Inbound, Person, Said, Tap, Text, Verb
from scoring.values import replace
from storage.model.records import Customer, Member, OutboxMessage
from storage.unit_of_work.changes import Changes
from tests.dialogs.improvement import laws
from tests.dialogs.samples import NOW
from tests.handlers.improvement.test_steps import MEASURE
from tests.support.stage.scene import POLICY, scene

GROUP, LEAD = Address("telegram", "-100"), Person("13", "王经理")
LEADS = (Member("王经理", "lead", "13"),)
RAISED = (Customer("c-1", "王女士"), Voice("fin_1", "c-1", "等了两天", NOW))
OFFER = PlanOffer(
    (
        MetricOption("csat", (), MEASURE.before, ("80", "70")),
        MetricOption("bad_review_rate", (), MEASURE.before, ("20",)),
    ),
    usual_baseline(NOW, POLICY.timezone),
)
POLICED = replace(POLICY, team=(GROUP,))
BY_TIME = {on.ReminderDue, on.MeasureOverdue, on.EscalationDue, on.AnswersAwaited, on.MeasureVerified}
"""What people do not bring about."""
ELSEWHERE = {on.FindingToldAnew}
"""By API and command only: after the notice was cancelled."""


@cache
def walk() -> laws.Visit:
    """Return every reachable finding with what moves it."""
    return laws.walk_of()


def findings() -> tuple[Finding, ...]:
    """Return every reachable finding, as it is stored."""
    return tuple(replace(one, version=1) for one in walk().moves)


class Talk:
    """A chat about one finding, decided without a database."""

    def __init__(self, finding: Finding) -> None:
        """Begin with the finding as it is stored."""
        self.context: DecisionContext = scene(finding, *RAISED, *LEADS, policy=POLICED, now=NOW)
        self.shown: list[OutboxMessage] = []
        self.toasts: list[str] = []
        self._said = 0

    @property
    def finding(self) -> Finding:
        """The finding as it is now."""
        found = self.context.snapshot.finding("fin_1")
        assert found is not None
        return found

    def press(self, tap: Tap) -> None:
        """Press a button."""
        self._hear(tap, "m1")

    def reply(self, words: str) -> None:
        """Answer the last question that asks for words."""
        asked = next(one for one in reversed(self.shown) if one.prompt.asks)
        sent = replace(asked, receipt=f"r-{asked.id}")
        self.context = self.context.after(Changes((sent,)))
        self._hear(Text(words, sent.receipt), f"t{self._said}")

    def button(self, step: FindingStep) -> Tap:
        """Return the newest button of a step."""
        taps = (choice.means for one in reversed(self.shown) for row in one.prompt.rows for choice in row)
        return next(tap for tap in taps if tap.step == step)

    def _hear(self, said: Said, message: str) -> None:
        self._said += 1
        inbound = Inbound(f"n{self._said}", GROUP, LEAD, NOW, said, message=message, callback=f"n{self._said}")
        voices = self.context.snapshot.voices("fin_1")
        found = QueryResults(findings=(shown_finding(POLICED, self.finding, voices, {}),), plan=OFFER)
        decision = heard.handle_inbound(self.context, inbound, "telegram", b"{}", found)
        assert decision.answer is InboundResult.NEW
        self.shown += [one for one in decision.changes.records if isinstance(one, OutboxMessage)]
        self.toasts += [one.text for one in decision.changes.acknowledgements]
        self.context = self.context.after(decision.changes)


def test_every_finding_has_a_card_that_says_where_it_stands() -> None:
    for finding in findings():
        talk = Talk(finding)
        talk.press(Tap(Verb.FINDING, finding.id, FindingStep.OPEN))
        (card,) = talk.shown
        assert "现在：" in card.prompt.text
        assert card.about == finding.ref
        assert len(card.prompt.rows) <= 3


@pytest.mark.proof
def test_each_button_moves_a_finding_as_the_table_does_or_not_at_all() -> None:
    for finding in findings():
        after = {move.after.state for move in walk().moves[replace(finding, version=0)]}
        for step in OFFERED[finding.state]:
            moved = pressed(finding, step)
            assert moved.state in {finding.state, *after}, (finding.state, step)


@pytest.mark.parametrize("state", FindingState)
def test_a_button_that_is_not_offered_changes_nothing(state: FindingState) -> None:
    finding = next(one for one in findings() if one.state is state)
    for step in set(FindingStep) - {*OFFERED[state], FindingStep.BECAUSE}:
        assert replace(pressed(finding, step), version=1) == finding, f"{step} is not offered of what is {state}"


def pressed(finding: Finding, step: FindingStep) -> Finding:
    """Return the finding after a press of this button."""
    talk = Talk(finding)
    talk.press(Tap(Verb.FINDING, finding.id, step, finding.version))
    return talk.finding


def test_whatever_people_may_do_to_a_finding_they_can_do_in_the_chat() -> None:
    for finding in findings():
        wanted = {type(move.event) for move in walk().moves[replace(finding, version=0)]} - BY_TIME - ELSEWHERE
        assert wanted <= reached_in_chat(finding), finding.state


def reached_in_chat(finding: Finding) -> set[type]:
    """Return what the buttons of the card bring about, as the events of the table."""
    reached: set[type] = set()
    for step in OFFERED[finding.state]:
        talk = Talk(finding)
        talk.press(Tap(Verb.FINDING, finding.id, step, finding.version))
        if step is FindingStep.PLAN:
            talk.reply("报修后 4 小时内回电")
            talk.press(talk.button(FindingStep.CONFIRM))
        if step is FindingStep.TELL:
            talk.press(talk.button(FindingStep.SEND))
        if step is FindingStep.DISMISS:
            talk.press(talk.button(FindingStep.BECAUSE))
        reached |= _event(finding, talk.finding)
    return reached


def _event(before: Finding, after: Finding) -> set[type]:
    """Return which event of people has changed a finding so; empty where nothing has changed."""
    if replace(after, version=before.version) == before:
        return set()
    if after.state is FindingState.DONE:
        return {on.MeasureDone if before.state is not FindingState.UNDECIDED else on.WindowMoved}
    states = {
        FindingState.PLANNED: on.MeasurePlanned,
        FindingState.TOLD: on.FindingTold,
        FindingState.DISMISSED: on.FindingDismissed,
    }
    return {states[after.state]}


@pytest.mark.parametrize("step", [FindingStep.SEND, FindingStep.CONFIRM, FindingStep.DONE])
def test_a_button_pressed_twice_decides_once(step: FindingStep) -> None:
    states = {FindingStep.SEND: FindingState.REACHED, FindingStep.CONFIRM: FindingState.OPEN}
    finding = next(one for one in findings() if one.state is states.get(step, FindingState.PLANNED))
    talk = Talk(finding)
    if step is FindingStep.SEND:
        talk.press(Tap(Verb.FINDING, finding.id, FindingStep.TELL, finding.version))
    if step is FindingStep.CONFIRM:
        talk.press(Tap(Verb.FINDING, finding.id, FindingStep.PLAN, finding.version))
        talk.reply("报修后 4 小时内回电")
    tap = talk.button(step) if step is not FindingStep.DONE else Tap(Verb.FINDING, finding.id, step, finding.version)
    talk.press(tap)
    once = talk.finding
    assert once.state is not finding.state
    talk.press(tap)
    assert talk.finding == once
    assert talk.toasts[-1].endswith("已经处理过了，卡片已换成最新的")
