"""Telling the customers who raised a finding what was changed: by a campaign, to each once.

Where that was cancelled on the way, another one tells those whom no notice of the finding has reached, nor may have.
"""

from bot.handlers.campaigns.commands import NewCampaign, campaign_id_of, create, start
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import CampaignOutcome, Conflict, Invalid, NotFound
from bot.handlers.improvement.commands import (
    FindingAnswer,
    finding_needs,
    finding_outcome,
    moved_finding,
    refused_step,
)
from bot.handlers.issues.workers import known_as
from dialogs.campaign.model import Audience, CampaignKind, CampaignState
from dialogs.improvement.machine import FindingTold, FindingToldAnew
from dialogs.improvement.model import Finding, FindingState, Voice
from storage.reads.improvement.finding_list import CancelledNotice
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["notice_needs", "tell_customers"]

Words = tuple[tuple[str, str], ...]


def notice_needs(finding: str, earlier: CancelledNotice | None) -> Needs:
    """Return the need for a finding, and for the campaign of its notice that was cancelled."""
    return finding_needs(finding) | Needs(campaigns=frozenset({earlier.campaign} if earlier is not None else ()))


def tell_customers(  # noqa: PLR0913 (whom to tell, by whom, in which words)
    context: DecisionContext,
    finding: str,
    by: str,
    words: Words,
    *,
    earlier: CancelledNotice | None = None,
    trusts: bool = False,
) -> Decision[FindingAnswer]:
    """Start a campaign that tells every customer who raised it what was changed, once.

    `words` are by language; without any the measure's own text is told. `earlier` is the notice that was cancelled:
    then those are told whom it has not reached.
    """
    known, by = context.snapshot.finding(finding), known_as(context, by)
    refused = refused_step(context, by, trusts=trusts)
    if known is None or refused is not None:
        return Decision(Changes(), refused or NotFound(f"finding {finding}"))
    voices = tuple(context.snapshot.voices(finding))
    if known.state is FindingState.TOLD:
        left = _left(context, known, voices, earlier)
        if not left:
            return Decision(Changes(), finding_outcome(context, known))
        told, new = words or known.told, f"told:{finding}:{known.version}"
        campaign = _notice(known, new, by, told, left)
        return _begun(context, known, campaign, FindingToldAnew(campaign_id_of(campaign), told))
    if known.state is FindingState.REACHED and not voices:
        return Decision(Changes(), Conflict("no customer has raised it, so there is nobody to tell"))
    told = words or ((context.policy.phrases.default, known.measure.text if known.measure else known.text),)
    campaign = _notice(known, f"told:{finding}", by, told, voices)
    return _begun(context, known, campaign, FindingTold(by, campaign_id_of(campaign), told))


def _left(
    context: DecisionContext, known: Finding, voices: tuple[Voice, ...], earlier: CancelledNotice | None
) -> tuple[Voice, ...]:
    """Return those whom a notice that was cancelled has not reached; nobody while the latest one goes on or is over."""
    latest = context.snapshot.campaign(known.campaign)
    if (
        earlier is None
        or latest is None
        or earlier.campaign != latest.id
        or latest.state is not CampaignState.CANCELLED
    ):
        return ()
    return tuple(voice for voice in voices if voice.customer not in earlier.reached)


def _notice(known: Finding, key: str, by: str, told: Words, voices: tuple[Voice, ...]) -> NewCampaign:
    return NewCampaign(
        key=key,
        name=known.text[:100],
        kind=CampaignKind.NOTICE,
        by=by,
        text=told[0][1].replace("{", "(").replace("}", ")"),
        audience=Audience(customers=tuple(voice.customer for voice in voices)),
        origin=known.id,
    )


def _begun(
    context: DecisionContext, known: Finding, new: NewCampaign, event: FindingTold | FindingToldAnew
) -> Decision[FindingAnswer]:
    moved = moved_finding(context, known, event, new.by, "customers_told")
    if not moved.changes:
        return moved
    drafted = create(context, new)
    started = start(context.after(drafted.changes), campaign_id_of(new), new.by)
    for step in (drafted.answer, started.answer):
        if not isinstance(step, CampaignOutcome):
            refused = step if isinstance(step, Conflict | Invalid) else Conflict("it cannot be told now")
            return Decision(Changes(), refused)
    return Decision(moved.changes + drafted.changes + started.changes, moved.answer)
