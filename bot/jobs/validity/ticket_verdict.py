"""The verdict on a ticket from all that was said of it, on whatever way, each source with its weight."""

from collections.abc import AsyncIterator
from fractions import Fraction

from bot.handlers.common.policy import Policy
from dialogs.issue.model import TicketKey
from scoring.deduplication import CHAT, ENTERED_SOURCES
from scoring.joint_verdict import JointVerdict, joint_verdict
from scoring.scale import FIVE
from scoring.validity import BY_RULE
from storage.model.fact_records import RatingFact, RatingStatus
from storage.reads.listings import ResponseFilter
from storage.reads.reader import Reader

__all__ = ["read_verdict"]

_FULL = 100
_PAGE = 100


async def read_verdict(reader: Reader, policy: Policy, ticket: TicketKey) -> JointVerdict:
    """Return what the responses to a ticket come to together.

    What a rule has dropped as said twice counts here, since its source does; what people have excluded does not.
    """
    given = [one async for one in _scores(reader, ticket)]
    bad = (policy.duplicates.bad_at_or_below - FIVE.lowest) / (FIVE.highest - FIVE.lowest)
    return joint_verdict(given, policy.lists.source_weights, _FULL * bad)


async def _scores(reader: Reader, ticket: TicketKey) -> AsyncIterator[tuple[str, Fraction]]:
    """Yield source and score of each response that has a rating, the score as a share of its scales from 0 to 100."""
    cursor: str | None = None
    while True:
        page = await reader.responses(ResponseFilter(ticket=ticket), cursor, _PAGE)
        for one in page.items:
            facts = await reader.response_facts(one.interview.id)
            ratings = [rating for rating in facts.ratings if _counts_here(rating)] if facts is not None else []
            if ratings:
                shares = [Fraction(each.value - each.lowest, each.highest - each.lowest) for each in ratings]
                channel = ratings[0].channel
                source = channel if channel in ENTERED_SOURCES else CHAT
                yield source, _FULL * sum(shares, start=Fraction(0)) / len(shares)
        cursor = page.next
        if cursor is None:
            return


def _counts_here(rating: RatingFact) -> bool:
    return rating.status is RatingStatus.COUNTED or rating.reason in BY_RULE
