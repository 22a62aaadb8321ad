"""Queries what a command or a press about findings needs before it is decided: lists, and what customers said."""

from asyncio import to_thread
from collections.abc import Sequence

from bot.handlers.common.policy import Policy
from bot.handlers.common.query_results import NOTHING, QueryResults
from bot.handlers.phrases import dimension_name
from bot.handlers.team_findings.finding_router import LISTS
from bot.handlers.team_findings.shown import origin_of, shown_finding
from bot.handlers.team_findings.speaker import speaker_among
from bot.jobs.improvement.plan_offer import plan_offer
from bot.ports import Clock
from dialogs.admin.commands import admin_command
from dialogs.improvement.finding_view import ChatList, FindingCase, FindingStep, FindingView
from dialogs.improvement.model import Finding
from dialogs.messages import Inbound, Tap, Text, Verb
from dialogs.sanitize import defanged
from storage.model.fact_records import RatingFact
from storage.reads.details import ResponseFacts
from storage.reads.improvement.finding_list import FindingFilter, RaisedFinding
from storage.reads.reader import Reader
from storage.reads.text.phrases import ResponseWords

__all__ = ["FindingQueries"]

_MOST = 1000
_SHOWN, _READ, _LONGEST_QUOTE = 6, 50, 120


class FindingQueries:
    """Reads what the decision on a command or a press about findings cannot load by key; nothing for strangers."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock

    async def look_up(self, inbound: Inbound, policy: Policy) -> QueryResults | None:
        """Return what is asked for about findings, None where nothing is, or somebody asks who may not see them."""
        which, pressed = _list_asked(inbound), _finding_asked(inbound)
        if which is None and pressed is None:
            return None
        if speaker_among(await self._reader.admins.roster(), policy, inbound.place, inbound.sender) is None:
            return None
        if which is not None:
            return QueryResults(findings=await self._shown(policy, await self._listed(which), []))
        return await self._about(pressed, policy) if pressed is not None else None

    async def _about(self, pressed: Tap, policy: Policy) -> QueryResults:
        """Return a finding as a chat shows it, and what its button needs: the metrics of a plan, the cases."""
        raised = await self._reader.findings.find(pressed.subject)
        if raised is None:
            return NOTHING
        shown = await self._shown(policy, [raised], [voice.customer for voice in raised.voices if voice.said])
        if pressed.step == FindingStep.PLAN:
            offer = await plan_offer(self._reader, policy, raised.finding, self._clock.now())
            return QueryResults(findings=shown, plan=offer)
        if pressed.step == FindingStep.CASES:
            return QueryResults(findings=shown, cases=await _cases(self._reader, policy, raised.finding))
        return QueryResults(findings=shown)

    async def _listed(self, which: ChatList) -> Sequence[RaisedFinding]:
        page = await self._reader.findings.page(FindingFilter(which.states), None, _MOST)
        return page.items

    async def _shown(
        self, policy: Policy, raised: Sequence[RaisedFinding], customers: Sequence[str]
    ) -> tuple[FindingView, ...]:
        """Return findings as a chat shows them; the rules of masking are loaded in a thread, since others wait."""
        names = await self._reader.findings.names_of(customers)
        await to_thread(lambda: policy.comments.masker)
        return tuple([shown_finding(policy, one.finding, one.voices, names) for one in raised])


def _list_asked(inbound: Inbound) -> ChatList | None:
    match inbound.said:
        case Text(text=text, edited=False):
            typed = admin_command(text)
            return LISTS.get(typed.command) if typed is not None else None
        case Tap(verb=Verb.FINDING, step=step):
            return LISTS[FindingStep(step)] if step in LISTS else None
        case _:
            return None


def _finding_asked(inbound: Inbound) -> Tap | None:
    match inbound.said:
        case Tap(verb=Verb.FINDING) as tap:
            return tap
        case _:
            return None


# -- the responses in which a finding shows --------------------------------------------------------------------------


async def _cases(reader: Reader, policy: Policy, finding: Finding) -> tuple[FindingCase, ...]:
    """Return the latest responses of a finding, those asked for last first."""
    facts = [await reader.response_facts(response) for response in finding.responses[-_READ:]]
    known = sorted((one for one in facts if one is not None), key=lambda one: one.interview.asked_at, reverse=True)
    words = await reader.texts.words([one.interview.id for one in known[:_SHOWN]])
    return tuple([_case(policy, finding, one, words.get(one.interview.id)) for one in known[:_SHOWN]])


def _case(policy: Policy, finding: Finding, facts: ResponseFacts, words: ResponseWords | None) -> FindingCase:
    dimension = origin_of(finding).dimension
    low = [one for one in facts.ratings if dimension in ("", one.dimension) and _is_low(one)]
    texts = list(words.texts.values()) if words is not None else []
    names = [words.name] if words is not None else []
    said = tuple(defanged(policy.comments.masker.masked(text, names), _LONGEST_QUOTE) for text in texts)
    ticket = f"{facts.closing.source}/{facts.closing.ticket}" if facts.closing is not None else ""
    ratings = tuple((dimension_name(policy, one.dimension), one.value) for one in low)
    return FindingCase(facts.interview.asked_at, ticket, ratings, said)


def _is_low(rating: RatingFact) -> bool:
    """Return whether a rating lies below the middle of its scale."""
    return 2 * (rating.value - rating.lowest) < rating.highest - rating.lowest
