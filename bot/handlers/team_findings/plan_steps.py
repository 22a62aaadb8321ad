"""Planning a measure in a chat: what is changed is typed, the rest is proposed and chosen by buttons."""

from bot.handlers.improvement import commands
from bot.handlers.improvement.commands import FindingOutcome
from bot.handlers.issues.workers import worker_names
from bot.handlers.team_findings.drafts import draft_here, drafted, fresh_number, undrafted
from bot.handlers.team_findings.press import FindingPress, about_finding
from dialogs.improvement.draft_cards import ask_for, choice_in, owners_card, plan_card
from dialogs.improvement.finding_view import FindingStep
from dialogs.improvement.plan_draft import PlanDraft, planned_measure
from dialogs.issue.card_buttons import person_key
from dialogs.messages import Prompt
from scoring.values import replace
from storage.unit_of_work.changes import Changes

__all__ = [
    "begin_plan",
    "choose",
    "choose_owner",
    "confirm_plan",
    "drop_draft",
    "show_owners",
    "show_plan",
    "typed_plan",
]

_FIELDS = {FindingStep.METRIC: "metric", FindingStep.TARGET: "target", FindingStep.WHEN: "days"}


def begin_plan(press: FindingPress) -> Changes:
    """Ask what is changed, by a forced reply; what it is verified by was counted before."""
    offer, turn = press.offer, press.turn
    if offer is None or not offer.options:
        return turn.toast("finding_at_its_best", alert=True)
    finding = press.finding
    draft = PlanDraft(finding.id, fresh_number(turn), owner=press.speaker.by, offer=offer, version=finding.version)
    asked = turn.answer(ask_for(FindingStep.PLAN, turn.inbound.sender, press.view, turn.admin_locale), "plan")
    return drafted(turn, draft) + Changes((about_finding(asked, press.finding),)) + turn.toast("finding_write_plan")


def typed_plan(press: FindingPress, words: str) -> Changes:
    """Take typed words as the measure, and propose the rest in a message below."""
    turn, draft = press.turn, draft_here(press.turn, press.finding.id)
    if draft is None or draft.offer is None:
        return turn.reply(Prompt(turn.say("finding_not_asked"), replies_to=turn.inbound.message))
    worded = replace(draft, text=words, number=fresh_number(turn))
    shown = turn.answer(_proposal(press, worded), "proposal")
    return drafted(turn, worded) + Changes((about_finding(shown, press.finding),))


def choose(press: FindingPress) -> Changes:
    """Take another metric, target or date into the proposal."""
    draft = draft_here(press.turn, press.finding.id, press.tap.value)
    place = choice_in(press.tap.value)[1]
    after = draft.choosing(_FIELDS[FindingStep(press.tap.step)], place) if draft is not None else None
    if after is None:
        return _stale(press)
    return drafted(press.turn, after) + press.shown(_proposal(press, after))


def show_plan(press: FindingPress) -> Changes:
    """Show the proposal again."""
    draft = draft_here(press.turn, press.finding.id, press.tap.value)
    return press.shown(_proposal(press, draft)) if draft is not None and draft.offer is not None else _stale(press)


def show_owners(press: FindingPress) -> Changes:
    """Show whom a measure can be given to."""
    draft = draft_here(press.turn, press.finding.id, press.tap.value)
    names = worker_names(press.turn.context) or ()
    if draft is None or draft.offer is None:
        return _stale(press)
    if not names:
        return press.turn.toast("team_no_roster")
    return press.shown(owners_card(press.view, draft, names, press.turn.admin_locale))


def choose_owner(press: FindingPress) -> Changes:
    """Make whom the button names the owner of the measure."""
    draft, key = draft_here(press.turn, press.finding.id, press.tap.value), press.tap.step.partition(":")[2]
    name = next((name for name in worker_names(press.turn.context) or () if person_key(name) == key), "")
    if draft is None or draft.offer is None or not name:
        return _stale(press)
    after = replace(draft, owner=name)
    return drafted(press.turn, after) + press.shown(_proposal(press, after))


def confirm_plan(press: FindingPress) -> Changes:
    """Plan the measure as it is proposed."""
    turn, draft = press.turn, draft_here(press.turn, press.finding.id, press.tap.value)
    measure = None
    if draft is not None and draft.text:
        measure = planned_measure(draft, press.speaker.by, turn.context.now, turn.policy.timezone)
    if measure is None:
        return _stale(press)
    planned = commands.plan_measure(turn.context, press.finding.id, measure, trusts=True)
    done = undrafted(turn) if isinstance(planned.answer, FindingOutcome) else Changes()
    return press.told(planned, "finding_planned") + done


def drop_draft(press: FindingPress) -> Changes:
    """Show the card instead of what was being written."""
    is_mine = draft_here(press.turn, press.finding.id, press.tap.value) is not None
    return (undrafted(press.turn) if is_mine else Changes()) + press.redrawn()


def _stale(press: FindingPress) -> Changes:
    """Answer that the proposal is somebody else's, or an older wording."""
    return press.turn.toast("finding_not_yours", alert=True)


def _proposal(press: FindingPress, draft: PlanDraft) -> Prompt:
    turn = press.turn
    measure = planned_measure(draft, press.speaker.by, turn.context.now, turn.policy.timezone)
    return plan_card(press.view, draft, measure, turn.admin_locale) if measure is not None else Prompt("")
