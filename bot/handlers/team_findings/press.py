"""A press of a button under a card, and how its outcome is shown: the card is edited, and whoever pressed is told."""

from bot.handlers.common.results import Conflict, Invalid, NotFound
from bot.handlers.common.turn import TurnContext
from bot.handlers.improvement.commands import FindingAnswer, FindingOutcome
from bot.handlers.team_findings.speaker import Speaker
from dialogs.improvement.finding_card import finding_card
from dialogs.improvement.finding_view import FindingCase, FindingStep, FindingView
from dialogs.improvement.model import Finding, FindingState
from dialogs.improvement.plan_draft import PlanOffer
from dialogs.messages import Prompt, Tap
from scoring.values import Value, replace
from storage.model.records import OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["FindingPress", "about_finding"]


class FindingPress(Value):
    """A press by somebody of the team; `view` shows the finding as it is now."""

    turn: TurnContext
    tap: Tap
    speaker: Speaker
    view: FindingView
    offer: PlanOffer | None = None
    """What a measure can be verified by, where a press asks for it."""
    cases: tuple[FindingCase, ...] = ()

    @property
    def finding(self) -> Finding:
        """The finding as it is now."""
        return self.view.finding

    @property
    def is_current(self) -> bool:
        """Whether nothing has changed since the button was shown."""
        return self.tap.value == self.finding.version

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
        name = "" if self.tap.step == FindingStep.WAIT else _last_hand(self.finding)
        key = "finding_overtaken" if name else "finding_overtaken_unnamed"
        return self.turn.toast(key, alert=True, name=name) + self.redrawn()


def _last_hand(finding: Finding) -> str:
    """Return who decided last about a finding, empty where nobody has."""
    if finding.state in (FindingState.TOLD, FindingState.DISMISSED):
        return finding.closed_by
    if finding.state is FindingState.DONE:
        return finding.done_by
    return finding.measure.planned_by if finding.measure is not None else ""


def about_finding(message: OutboxMessage, finding: Finding) -> OutboxMessage:
    """Return a message marked as one about a finding: erasure finds it by that, since it quotes customers."""
    return replace(message, purpose=Purpose.ALERT, about=finding.ref, expires_at=None)
