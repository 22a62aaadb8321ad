"""Queries what a command or a press about findings needs before it is decided: lists, and what customers said."""

from asyncio import to_thread
from collections.abc import Sequence

from bot.handlers.common.policy import Policy
from bot.handlers.common.query_results import NOTHING, QueryResults
from bot.handlers.team_findings.finding_router import LISTS
from bot.handlers.team_findings.shown import shown_finding
from bot.handlers.team_findings.speaker import speaker_among
from bot.jobs.improvement.finding_cases import FindingCases
from bot.jobs.improvement.plan_offer import plan_offer
from bot.ports import Clock
from dialogs.admin.commands import admin_command
from dialogs.improvement.finding_view import ChatList, FindingStep, FindingView
from dialogs.messages import Inbound, Tap, Text, Verb
from scoring.values import replace
from storage.reads.improvement.finding_list import FindingFilter, RaisedFinding
from storage.reads.reader import Reader

__all__ = ["FindingQueries"]

_MOST = 1000


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
        speaker = speaker_among(await self._reader.admins.roster(), policy, inbound.place, inbound.sender)
        if speaker is None:
            return None
        if which is not None:
            return QueryResults(findings=await self._shown(policy, await self._listed(which), []))
        if pressed is None:
            return None
        cases = FindingCases(self._reader, policy, self._clock.now(), speaker)
        return await self._about(pressed, policy, cases, is_own_chat=inbound.place not in policy.team)

    async def _about(self, pressed: Tap, policy: Policy, cases: FindingCases, *, is_own_chat: bool) -> QueryResults:
        """Return a finding as a chat shows it, and what its button needs: the metrics of a plan, the cases.

        The card of a group is the same for everybody there; in their own chat somebody sees of it what they may read.
        """
        found = await self._reader.findings.find(pressed.subject)
        if found is None:
            return NOTHING
        raised = replace(found, voices=await cases.read(found)) if is_own_chat else found
        shown = await self._shown(policy, [raised], [voice.customer for voice in raised.voices if voice.said])
        if pressed.step == FindingStep.PLAN:
            offer = await plan_offer(self._reader, policy, raised.finding, self._clock.now())
            return QueryResults(findings=shown, plan=offer)
        if pressed.step == FindingStep.CASES:
            listed, others = await cases.listed(raised.finding)
            return QueryResults(findings=shown, cases=listed, other_cases=others)
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
