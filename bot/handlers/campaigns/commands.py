"""Commands on a campaign: create, start, pause, resume, cancel. Each writes a line of the audit log."""

import json

from bot.handlers.campaigns.validation import wrong_with
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import CampaignOutcome, Conflict, Invalid, NotFound
from dialogs.campaign.machine import CAMPAIGN, CampaignPaused, CampaignResumed, Cancelled, Started
from dialogs.campaign.model import Audience, Campaign, CampaignKind, CampaignState, RunState, Schedule
from dialogs.campaign.occurrences import first_occurrence
from dialogs.ids import RefKind, derive
from dialogs.time.contact_hours import DailyHours
from scoring.values import Value, replace
from storage.model.records import Purpose
from storage.model.registers import AuditEntry
from storage.unit_of_work.changes import Cancel, Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = [
    "CampaignResult",
    "NewCampaign",
    "audited",
    "campaign_id_of",
    "cancel",
    "create",
    "needs",
    "pause",
    "resume",
    "start",
]

CampaignResult = CampaignOutcome | NotFound | Conflict
_SENT_FOR = (Purpose.SURVEY, Purpose.REMINDER, Purpose.CAMPAIGN)


class NewCampaign(Value):
    """A campaign to create. Its id is derived from `key`: creating it twice makes one campaign.

    `text` is what a notice says, and what stands above the question of the other kinds; it may hold the placeholders
    of `validation.KNOWN` beside this file. `window` are the hours, on the customer's clock, in which it may be sent.
    """

    key: str
    name: str
    kind: CampaignKind
    by: str = ""
    survey: str = ""
    text: str = ""
    audience: Audience = Audience()
    schedule: Schedule = Schedule()
    window: DailyHours | None = None
    per_minute: int = 600
    origin: str = ""


def campaign_id_of(new: NewCampaign) -> str:
    """Return the id of the campaign to be created."""
    return derive(RefKind.CAMPAIGN, new.key)


def needs(campaign_id: str) -> Needs:
    """Return what each command has to look at."""
    return Needs(campaigns=frozenset({campaign_id}))


def create(context: DecisionContext, new: NewCampaign) -> Decision[CampaignOutcome | Invalid | Conflict]:
    """Create a draft, or return what is wrong with it; nothing is scheduled yet."""
    campaign_id = campaign_id_of(new)
    known = context.snapshot.campaign(campaign_id)
    if known is not None:
        return Decision(Changes(), CampaignOutcome(known))
    campaign = _drafted(context, new, campaign_id)
    wrong = wrong_with(context, campaign)
    if wrong is not None:
        return Decision(Changes(), wrong)
    audit = audited(context, campaign, "created", new.by)
    return Decision(Changes((campaign, audit)), CampaignOutcome(campaign, created=True))


def _drafted(context: DecisionContext, new: NewCampaign, campaign_id: str) -> Campaign:
    chosen = context.policy.default_survey if new.kind is CampaignKind.SURVEY else ""
    return Campaign(
        id=campaign_id,
        name=new.name.strip(),
        kind=new.kind,
        created_at=context.now,
        created_by=new.by,
        survey=new.survey or chosen,
        text=new.text.strip(),
        audience=new.audience,
        schedule=new.schedule,
        window=new.window,
        per_minute=new.per_minute,
        wake_at=context.now,
        origin=new.origin,
    )


def start(context: DecisionContext, campaign_id: str, by: str, *, found: int | None = None) -> Decision[CampaignResult]:
    """Start a draft at once or at its schedule's time. `found` is the size of its audience, None where not counted."""
    campaign = context.snapshot.campaign(campaign_id)
    if campaign is None:
        return _unknown(campaign_id)
    if campaign.state is not CampaignState.DRAFT:
        has_been = campaign.state in (CampaignState.SCHEDULED, CampaignState.RUNNING)
        return Decision(Changes(), CampaignOutcome(campaign) if has_been else _not_from_here(campaign, "started"))
    wrong = wrong_with(context, campaign)
    if wrong is not None:
        return Decision(Changes(), Conflict(f"{wrong.field} {wrong.problem}"))
    first = first_occurrence(campaign.schedule, context.now)
    if first is None:
        passed = f"Its time, {campaign.schedule.at:%Y-%m-%d %H:%M} UTC, has passed; create it anew with a later one."
        return Decision(Changes(), Conflict(passed))
    if found == 0 and not campaign.schedule.repeats:
        return Decision(Changes(), Conflict("Nobody fits its audience; loosen the filters and create it anew."))
    return _moved(context, campaign, Started(first), "started", by)


def pause(context: DecisionContext, campaign_id: str, by: str) -> Decision[CampaignResult]:
    """Pause a campaign: pending messages are held, and no more are created; those being sent still arrive."""
    return _done(context, campaign_id, CampaignPaused(), "paused", by)


def resume(context: DecisionContext, campaign_id: str, by: str) -> Decision[CampaignResult]:
    """Resume a paused campaign."""
    return _done(context, campaign_id, CampaignResumed(), "resumed", by)


def cancel(context: DecisionContext, campaign_id: str, by: str) -> Decision[CampaignResult]:
    """Cancel a campaign for good: pending messages are not sent."""
    return _done(context, campaign_id, Cancelled(), "cancelled", by)


def audited(context: DecisionContext, campaign: Campaign, action: str, by: str, **detail: object) -> AuditEntry:
    """Return the line of the audit log for a command."""
    return AuditEntry(
        id=derive("aud", campaign.id, action, campaign.version, context.now.isoformat()),
        at=context.now,
        by=by,
        action=f"campaign.{action}",
        subject=campaign.id,
        detail=json.dumps({"name": campaign.name, "kind": campaign.kind, **detail}, ensure_ascii=False),
    )


def _done(
    context: DecisionContext,
    campaign_id: str,
    event: CampaignPaused | CampaignResumed | Cancelled,
    action: str,
    by: str,
) -> Decision[CampaignResult]:
    campaign = context.snapshot.campaign(campaign_id)
    return _unknown(campaign_id) if campaign is None else _moved(context, campaign, event, action, by)


def _moved(
    context: DecisionContext, campaign: Campaign, event: object, action: str, by: str
) -> Decision[CampaignResult]:
    """Move a campaign by its table; a repetition changes nothing, a refusal says why."""
    step = CAMPAIGN.step(campaign, event, context.now)
    run = context.snapshot.run(campaign.id, campaign.occurrence) if campaign.occurrence is not None else None
    if step is None:
        if _is_done(campaign, event):
            return Decision(Changes(), CampaignOutcome(campaign, run))
        return Decision(Changes(), _not_from_here(campaign, action))
    changes = Changes((step.thing, audited(context, campaign, action, by)))
    if isinstance(event, Cancelled):
        changes += Changes(cancels=(Cancel(_SENT_FOR, campaign=campaign.id),))
        if run is not None and run.state is RunState.RUNNING:
            run = replace(run, state=RunState.CANCELLED, finished_at=context.now, why=action)
            changes += Changes((run,))
    return Decision(changes, CampaignOutcome(step.thing, run))


def _is_done(campaign: Campaign, event: object) -> bool:
    """Return whether the campaign is already in the state that the command leads to."""
    match event:
        case CampaignPaused():
            return campaign.state is CampaignState.PAUSED
        case CampaignResumed():
            return campaign.state in (CampaignState.RUNNING, CampaignState.SCHEDULED)
        case Cancelled():
            return campaign.state is CampaignState.CANCELLED
        case _:
            return False


def _unknown(campaign_id: str) -> Decision[CampaignResult]:
    return Decision(Changes(), NotFound(f"campaign {campaign_id}"))


def _not_from_here(campaign: Campaign, action: str) -> Conflict:
    return Conflict(f"The campaign is {campaign.state} and cannot be {action}.")
