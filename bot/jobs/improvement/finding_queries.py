"""Queries what a command or a press about findings needs before it is decided: lists, and what customers said."""

from asyncio import to_thread
from collections.abc import Sequence

from bot.handlers.common.policy import Policy
from bot.handlers.team_findings.finding_router import LISTS
from bot.handlers.team_findings.shown import shown_finding
from bot.handlers.team_findings.speaker import speaker_among
from dialogs.admin.commands import admin_command
from dialogs.improvement.finding_view import ChatList, FindingStep, FindingView
from dialogs.messages import Inbound, Tap, Text, Verb
from storage.reads.improvement.finding_list import FindingFilter, RaisedFinding
from storage.reads.reader import Reader

__all__ = ["FindingQueries"]

_MOST = 1000


class FindingQueries:
    """Reads what the decision on a command or a press about findings cannot load by key; nothing for strangers."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def look_up(self, inbound: Inbound, policy: Policy) -> tuple[FindingView, ...] | None:
        """Return the findings that are asked for, None where none are, or somebody asks who may not see them."""
        which, finding = _list_asked(inbound), _finding_asked(inbound)
        if which is None and not finding:
            return None
        if speaker_among(await self._reader.admins.roster(), policy, inbound.place, inbound.sender) is None:
            return None
        if which is not None:
            return await self._shown(policy, await self._listed(which), [])
        raised = await self._reader.findings.find(finding)
        if raised is None:
            return ()
        return await self._shown(policy, [raised], [voice.customer for voice in raised.voices if voice.said])

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


def _finding_asked(inbound: Inbound) -> str:
    match inbound.said:
        case Tap(verb=Verb.FINDING, subject=subject):
            return subject
        case _:
            return ""
