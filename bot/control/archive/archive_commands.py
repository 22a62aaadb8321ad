"""Commands on the archive of reports: make and keep, list, fetch, share, revoke, confirm."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from bot.control.arguments import BY, body_argument, result_of, text_argument
from bot.control.execute import CommandHandler
from bot.control.protocol import CommandProblem
from bot.handlers.reports import archive
from bot.handlers.reports.archive import KeptReport, SharedLink
from bot.handlers.reports.scheduled_runs import confirm_needs, confirm_run
from bot.http.api.archive.archive_json import ArchiveBody, archived_out, run_out
from bot.http.api.archive.kept_reports import list_schedules, made_for_archive
from bot.jobs.period_summary import FigureRequestError
from bot.wiring.services import Services
from storage.model.archive.report_records import ArchivedFile, ArchivedReport, ReportRun
from storage.reads.archive.report_reads import ArchiveFilter

__all__ = ["ARCHIVE_COMMANDS"]

Json = dict[str, Any]
_MOST = 200


async def _keep(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Make a report and keep it, as the API does. Raises CommandProblem."""
    body = body_argument(ArchiveBody, {"by": BY, **arguments})
    try:
        fresh = await made_for_archive(services.reader, services.receiver.policy, body, services.clock.now())
    except FigureRequestError as wrong:
        raise CommandProblem(str(wrong)) from None
    if fresh.unmade:
        raise CommandProblem(f"there is no report as {', '.join(fresh.unmade)} here: a PDF needs Chromium")
    needs = archive.archive_needs(fresh)
    answer = await services.receiver.do(needs, lambda context: archive.keep_report(context, fresh, body.by))
    kept = result_of(KeptReport, answer)
    return {"created": kept.created, **archived_out(kept.report, kept.files).model_dump(mode="json")}


async def _list(services: Services, arguments: Mapping[str, Any]) -> Json:
    """List a page of the archive. Raises ValueError for a malformed cursor."""
    wanted = ArchiveFilter(*(text_argument(arguments, name) for name in ("kind", "period", "schedule")))
    page = await services.reader.archive.page(wanted, text_argument(arguments, "cursor") or None, _MOST)
    items = [archived_out(one).model_dump(mode="json") for one in page.items]
    return {"items": items, "next": page.next}


async def _get(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return a format of a revision, its bytes in base64 (RFC 4648); the audit log says so. Raises CommandProblem."""
    report, form = text_argument(arguments, "report"), text_argument(arguments, "format")
    if not form:
        filed = await services.reader.archive.find(report)
        form = filed.files[0].format if filed is not None and filed.files else ""
    needs = archive.report_needs(report)
    answer = await services.receiver.do(needs, lambda context: archive.give_out(context, report, form, BY))
    found = result_of(ArchivedFile, answer)
    content = await services.reader.file(found.hash)
    if content is None:
        raise CommandProblem(f"the file of report {report} is missing: see `huifang doctor --verify`")
    return {"content": b64encode(content).decode(), "format": form, "sha256": found.hash}


async def _link(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return a link to a report's page. Raises CommandProblem."""
    report, days = text_argument(arguments, "report"), int(arguments["days"])
    needs = archive.report_needs(report)
    answer = await services.receiver.do(needs, lambda context: archive.share_report(context, report, BY, days))
    shared = result_of(SharedLink, answer)
    return {"url": shared.url, "days": shared.days}


async def _revoke(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Withdraw all links to a report. Raises CommandProblem."""
    report = text_argument(arguments, "report")
    needs = archive.report_needs(report)
    answer = await services.receiver.do(needs, lambda context: archive.revoke_links(context, report, BY))
    return {"id": result_of(ArchivedReport, answer).id}


async def _confirm(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Note that a report was reviewed and handed in. Raises CommandProblem."""
    run, by = text_argument(arguments, "run"), text_argument(arguments, "by")
    answer = await services.receiver.do(confirm_needs(run), lambda context: confirm_run(context, run, by))
    return run_out(result_of(ReportRun, answer)).model_dump(mode="json")


async def _schedules(services: Services, _arguments: Mapping[str, Any]) -> Json:
    """Return the schedules of the rules, as the API gives them."""
    policy, now = services.receiver.policy, services.clock.now()
    return (await list_schedules(services.reader, policy, now)).model_dump(mode="json")


ARCHIVE_COMMANDS: Mapping[str, CommandHandler] = {
    "report archive keep": _keep,
    "report archive list": _list,
    "report archive get": _get,
    "report archive link": _link,
    "report archive revoke": _revoke,
    "report confirm": _confirm,
    "report schedules": _schedules,
}
