"""A press of a button under a card, and how its outcome is shown: the card is edited, and whoever pressed is told."""

from bot.handlers.common.results import Conflict, Invalid, NotFound
from bot.handlers.common.turn import TurnContext
from bot.handlers.improvement.commands import FindingAnswer, FindingOutcome
from bot.handlers.team_findings.drafts import draft_here
from bot.handlers.team_findings.speaker import Speaker
from dialogs.improvement.finding_card import NUMBERED, finding_card, reason_number
from dialogs.improvement.finding_view import FindingCase, FindingStep, FindingView
from dialogs.improvement.model import Finding, FindingState
from dialogs.improvement.plan_draft import PlanOffer
from dialogs.messages import Prompt, Tap
from scoring.values import Value, replace
from storage.model.records import OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["FindingPress", "about_finding", "last_hand"]

OF_DRAFT = frozenset(
    {
        FindingStep.METRIC,
        FindingStep.TARGET,
        FindingStep.WHEN,
        FindingStep.OWNERS,
        FindingStep.OWNER,
        FindingStep.PROPOSED,
        FindingStep.CONFIRM,
        FindingStep.SEND,
        FindingStep.REWORD,
    }
)
"""Buttons below a draft: they carry its number in place of the finding's version."""


class FindingPress(Value):
    """A press by somebody of the team; `view` shows the finding as it is now."""

    turn: TurnContext
    tap: Tap
    speaker: Speaker
    view: FindingView
    offer: PlanOffer | None = None
    """What a measure can be verified by, where a press asks for it."""
    cases: tuple[FindingCase, ...] = ()
    other_cases: int = 0
    """How many there are besides that whoever pressed does not read."""

    @property
    def finding(self) -> Finding:
        """The finding as it is now."""
        return self.view.finding

    @property
    def is_current(self) -> bool:
        """Whether nothing has changed since the button was shown, or since the draft that it belongs to was begun.

        A button of a draft that is somebody else's, or an older wording, is not judged here: it changes nothing.
        """
        if self._is_of_draft:
            draft = draft_here(self.turn, self.finding.id, self.tap.value)
            return draft is None or draft.version == self.finding.version
        value = self.tap.value
        return (reason_number(value)[0] if self._step in NUMBERED else value) == self.finding.version

    @property
    def _step(self) -> str:
        return self.tap.step.partition(":")[0]

    @property
    def _is_of_draft(self) -> bool:
        return self._step in OF_DRAFT

    def shown(self, prompt: Prompt) -> Changes:
        """Edit the message that was pressed."""
        edits = (one for one in self.turn.edit_pressed(prompt).records if isinstance(one, OutboxMessage))
        return Changes(tuple(about_finding(one, self.finding) for one in edits))

    def redrawn(self, finding: Finding | None = None) -> Changes:
        """Edit the message that was pressed to the card as it is now, or with the finding as it will be."""
        view = self.view if finding is None else replace(self.view, finding=finding)
        return self.shown(finding_card(view, self.turn.context.now, self.turn.admin_locale))

    def told(self, decision: Decision[FindingAnswer], key: str, day: str = "") -> Changes:
        """Store a decision, edit the card and tell whoever pressed; where it was refused tell who was faster."""
        match decision.answer:
            case FindingOutcome(finding):
                after = replace(finding, version=finding.version + bool(decision.changes))
                return decision.changes + self.redrawn(after) + self.turn.toast(key, day=day)
            case Conflict():
                return self.overtaken()
            case Invalid() | NotFound():
                return self.turn.toast("finding_not_now", alert=True) + self.redrawn()

    def overtaken(self) -> Changes:
        """Answer who has decided before, and show what."""
        return self.turn.toast(self._overtaken_by, alert=True, name=last_hand(self.finding)) + self.redrawn()

    @property
    def _overtaken_by(self) -> str:
        if self.tap.step == FindingStep.WAIT:
            return "finding_overtaken_unnamed"
        return "finding_overtaken" if last_hand(self.finding) else "finding_changed"


def last_hand(finding: Finding) -> str:
    """Return who changed a finding last, empty where that was time: a reminder, a date that passed, a verification."""
    if finding.state in (FindingState.TOLD, FindingState.DISMISSED):
        return finding.closed_by
    measure = finding.measure
    if measure is None:
        return ""
    if finding.state is FindingState.DONE:
        return finding.done_by if finding.look_at in (None, measure.window.until) else ""
    return measure.planned_by if finding.state is FindingState.PLANNED and finding.reminded_at is None else ""


def about_finding(message: OutboxMessage, finding: Finding) -> OutboxMessage:
    """Return a message marked as one about a finding: erasure finds it by that, since it quotes customers."""
    return replace(message, purpose=Purpose.ALERT, about=finding.ref, expires_at=None)
