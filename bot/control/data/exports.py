"""What the audit log says of data that leaves as a whole: an export before a byte is written, a backup once it is."""

from collections.abc import Mapping
from typing import Any

from bot.control.arguments import BY, text_argument
from bot.control.execute import CommandHandler
from bot.control.protocol import CommandProblem
from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.jobs.period_summary import FigureRequestError, read_period
from bot.wiring.services import Services
from dialogs.time.periods import Period
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["DATA_COMMANDS"]

Json = dict[str, Any]


async def _begin_export(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Note an export in the audit log; return the ends of its period, empty without one, and the company's language.

    Raises CommandProblem.
    """
    period, folder = text_argument(arguments, "period"), text_argument(arguments, "folder")
    when = _wanted_period(services, period) if period else None
    told = {name: arguments.get(name) for name in ("kinds", "format", "anonymised", "resumed")} | {"period": period}

    def note(context: DecisionContext) -> Decision[None]:
        entry = audit_entry(context, BY, "data.exported", folder, context.now.isoformat(), **told)
        return Decision(Changes((entry,)), None)

    await services.receiver.do(Needs(), note)
    ends = (when.since.isoformat(), when.until.isoformat()) if when is not None else ("", "")
    return {"since": ends[0], "until": ends[1], "locale": services.receiver.policy.phrases.default}


def _wanted_period(services: Services, name: str) -> Period:
    calendar = services.receiver.policy.calendar
    try:
        return read_period(None, None, name, services.clock.now(), calendar)
    except FigureRequestError as wrong:
        raise CommandProblem(str(wrong)) from None


async def _note_backup(services: Services, arguments: Mapping[str, Any]) -> None:
    """Note a backup that was made in the audit log."""
    file, rows = text_argument(arguments, "file"), arguments.get("rows")

    def note(context: DecisionContext) -> Decision[None]:
        entry = audit_entry(context, BY, "data.backed_up", file, context.now.isoformat(), rows=rows)
        return Decision(Changes((entry,)), None)

    await services.receiver.do(Needs(), note)


DATA_COMMANDS: Mapping[str, CommandHandler] = {"backup note": _note_backup, "export begin": _begin_export}
"""The commands on data as a whole, by the words that are typed."""
