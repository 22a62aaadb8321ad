"""Makes the report that an admin asks for in a chat: of what their role lets them read, as a picture or page."""

from datetime import datetime

from bot.handlers.admin.permissions import Admin
from bot.handlers.common.policy import Policy
from bot.handlers.common.sent_files import NewFile
from bot.jobs.figures.own_process import ProcessFailed
from bot.jobs.period_summary import FigureRequestError, read_period
from bot.jobs.reports.fresh_reports import make_fresh
from bot.jobs.reports.report_documents import asked_report
from dialogs.names import only_namesake
from dialogs.reports.asked_reports import read_report_wish
from dialogs.reports.document import ReportKind
from dialogs.time.local_time import wall_of
from dialogs.time.periods import Period
from scoring.values import Value
from storage.reads.reader import Reader

__all__ = ["ChatReader", "chat_report"]

_PICTURE = ("png",)


class ChatReader(Value):
    """Who asks, and in which language they read; empty for the team's."""

    admin: Admin
    locale: str


async def chat_report(
    reader: Reader, policy: Policy, reads: ChatReader, words: tuple[str, ...], now: datetime
) -> tuple[str, NewFile] | str:
    """Return a report's lines and file, or the phrase that says why there is none.

    That is `unknown` for words that ask for nothing, `not_yours` for what somebody else reads, `later` where a large
    one could not be made.
    """
    wish = read_report_wish(words, wall_of(now, policy.timezone).date())
    if wish is None:
        return "unknown"
    try:
        own = await _own(reader, reads.admin, read_period(None, None, wish.period, now, policy.calendar), now)
        if own and wish.of not in ("", own):
            return "not_yours"
        of = own or wish.of
        kind, locale = ReportKind.SUBJECT if of else ReportKind.SUMMARY, reads.locale or policy.team_speaks
        asked = {"kind": str(kind), "period": wish.period, "of": of, "by": "", "metric": "", "locale": locale}
        made = await make_fresh(reader, policy, asked_report(asked, policy, now), _PICTURE, now)
    except FigureRequestError:
        return "unknown"
    except ProcessFailed:
        return "later"
    return made.lines, made.files[0][1]


async def _own(reader: Reader, admin: Admin, period: Period, now: datetime) -> str:
    """Return whose report alone somebody reads: agents their own, leads with a team that team's; empty for everybody's.

    An agent of whom the roster has no id is the only one with their name from the period on, as for `/report` alone.
    """
    if admin.role != "agent":
        return f"team:{admin.team}" if admin.team else ""
    if admin.agent:
        return f"agent:{admin.agent}"
    agents = await reader.agents(period.since, max(period.until, now))
    return f"agent:{only_namesake(admin.by, agents)}"
