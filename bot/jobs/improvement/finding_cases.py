"""The responses in which a finding shows, and what customers said of it, as far as somebody of the team reads them.

Whoever has a team reads those of its tickets, an agent without one those of their own, everybody else all of them.
"""

from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from bot.handlers.common.policy import Policy
from bot.handlers.phrases import dimension_name
from bot.handlers.team_findings.shown import origin_of
from bot.handlers.team_findings.speaker import Speaker
from dialogs.improvement.finding_view import FindingCase
from dialogs.improvement.model import Finding, Voice
from dialogs.names import only_namesake
from dialogs.sanitize import defanged
from scoring.values import replace
from storage.model.fact_records import Closing, RatingFact
from storage.model.records import Ticket
from storage.reads.details import ResponseFacts
from storage.reads.improvement.finding_list import RaisedFinding
from storage.reads.reader import Reader
from storage.reads.text.phrases import ResponseWords

__all__ = ["FindingCases"]

_SHOWN, _READ, _LONGEST_QUOTE = 6, 50, 120
_KNOWN_FOR = timedelta(days=30)
"""How long back tickets say who is meant by a name, as for `/report`."""


class FindingCases:
    """Reads the cases of a finding for somebody of the team."""

    def __init__(self, reader: Reader, policy: Policy, now: datetime, speaker: Speaker) -> None:
        self._reader = reader
        self._policy = policy
        self._now = now
        self._speaker = speaker

    async def listed(self, finding: Finding) -> tuple[tuple[FindingCase, ...], int]:
        """Return the latest responses, those asked for last first, and how many there are of what is not theirs."""
        agent = await self._agent()
        found = [one async for one in self._facts(finding)]
        theirs = [one for one in found if self._is_theirs(one.closing, agent)]
        known = sorted(theirs, key=lambda one: one.interview.asked_at, reverse=True)[:_SHOWN]
        words = await self._reader.texts.words([one.interview.id for one in known])
        cases = tuple([_case(self._policy, finding, one, words.get(one.interview.id)) for one in known])
        return cases, len(found) - len(theirs)

    async def read(self, raised: RaisedFinding) -> tuple[Voice, ...]:
        """Return who raised a finding, with the words of those only all of whose tickets in it may be read."""
        if self._speaker.reads_all:
            return raised.voices
        agent, tickets = await self._agent(), await self._tickets(raised.finding)
        may_read = {customer for customer, of in tickets.items() if all(self._is_theirs(one, agent) for one in of)}
        return tuple([one if one.customer in may_read else replace(one, said="") for one in raised.voices])

    async def _tickets(self, finding: Finding) -> dict[str, list[Closing | Ticket | None]]:
        """Return what the customers of a finding were served for, by its latest responses and issues."""
        served = defaultdict[str, list[Closing | Ticket | None]](list)
        async for facts in self._facts(finding):
            served[facts.interview.customer].append(facts.closing)
        for id_ in finding.issues[-_READ:]:
            found = await self._reader.issue(id_)
            if found is None:
                continue
            about = [await self._reader.ticket(*key) for key in found.issue.tickets]
            for customer in found.issue.customers:
                served[customer] += [one.ticket if one is not None else None for one in about] or [None]
        return served

    async def _facts(self, finding: Finding) -> AsyncIterator[ResponseFacts]:
        for response in finding.responses[-_READ:]:
            facts = await self._reader.response_facts(response)
            if facts is not None:
                yield facts

    async def _agent(self) -> str:
        """Return what tickets call an agent who reads their own only; empty for everybody else."""
        speaker = self._speaker
        if speaker.agent is None:
            return ""
        if speaker.agent:
            return speaker.agent
        agents = await self._reader.agents(self._now - _KNOWN_FOR, self._now)
        return only_namesake(speaker.by, agents)

    def _is_theirs(self, of: Closing | Ticket | None, agent: str) -> bool:
        if self._speaker.reads_all:
            return True
        if of is None:
            return False
        return of.team == self._speaker.team if self._speaker.team else (of.agent_id or of.agent_name) == agent


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
