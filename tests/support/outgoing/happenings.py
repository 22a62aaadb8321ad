"""Something that happens, of which endpoints are told."""

from bot.handlers.common.results import IssueOutcome
from bot.handlers.issues.commands import NewIssue, create_issue
from bot.receiver import Receiver
from storage.unit_of_work.needs import Needs

__all__ = ["open_issue"]


async def open_issue(receiver: Receiver, title: str = "空调不制冷") -> str:
    """Open an issue by hand, and return its id; the title tells it from others."""
    answer = await receiver.do(Needs(), lambda context: create_issue(context, NewIssue(title, title)))
    assert isinstance(answer, IssueOutcome)
    return answer.issue.id
