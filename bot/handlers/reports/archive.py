"""The archive of reports: what was made is kept by revision, shown to others by a signed link, and handed out."""

from datetime import timedelta

from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, Invalid, NotFound
from bot.handlers.common.sent_files import NewFile
from bot.handlers.issues.workers import known_as
from bot.signed_links import LinkPurpose
from dialogs.time.periods import Period
from scoring.values import Value, replace
from storage.model.archive.report_records import ArchivedFile, ArchivedReport, archived_id
from storage.model.records import StoredFile
from storage.unit_of_work.changes import Changes, Record
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = [
    "LINK_DAYS",
    "FreshReport",
    "KeptReport",
    "SharedLink",
    "archive_needs",
    "archive_report",
    "give_out",
    "keep_report",
    "link_to",
    "named_in_link",
    "opened_by_link",
    "report_needs",
    "revoke_links",
    "share_report",
]

LINK_DAYS = 30
"""How long a link opens a report where nothing else is said."""
_LONGEST_LINK = 366


class FreshReport(Value):
    """A report that was just made, in the formats that were asked for; `lines` are what a chat shows of it.

    `about` tells it from other reports of the period, and `latest` is the number of the last revision of it, 0 before
    the first. `digest` is that of what it says, whenever it was made. `unmade` are formats that cannot be made here.
    """

    about: str
    kind: str
    of: str
    period: Period
    locale: str
    title: str
    lines: str
    digest: str
    files: tuple[tuple[str, NewFile], ...]
    latest: int = 0
    unmade: tuple[str, ...] = ()


class KeptReport(Value):
    """A revision with its formats; `created` when it is new."""

    report: ArchivedReport
    files: tuple[ArchivedFile, ...]
    created: bool = False


class SharedLink(Value):
    """The address at which anybody reads a report, for so long."""

    url: str
    days: int


def archive_needs(fresh: FreshReport) -> Needs:
    """Return the need for the latest revision, and for the next one, which another process may have made."""
    numbers = (fresh.latest, fresh.latest + 1)
    ids = frozenset(archived_id(fresh.about, fresh.period.name, number) for number in numbers)
    return Needs(archived=ids, roster=True)


def report_needs(report: str) -> Needs:
    """Return the need for a revision, and for the roster."""
    return Needs(archived=frozenset({report}), roster=True)


def archive_report(
    context: DecisionContext, fresh: FreshReport, by: str, schedule: str = ""
) -> tuple[Changes, KeptReport] | Conflict:
    """Return what keeps a report: a next revision where it says anything else than the latest one.

    Where it says the same, formats in which that was not made are added to it.
    """
    snapshot = context.snapshot
    ids = [archived_id(fresh.about, fresh.period.name, fresh.latest + more) for more in (1, 0)]
    latest = next(filter(None, map(snapshot.archived, ids)), None)
    if latest is not None and latest.digest == fresh.digest:
        return _with_formats(context, fresh, latest, by)
    if latest is not None and latest.number > fresh.latest:
        return Conflict("Another revision was made at the same time; make it once more.")
    report = ArchivedReport(
        id=ids[0],
        about=fresh.about,
        kind=fresh.kind,
        of=fresh.of,
        period=fresh.period.name,
        number=fresh.latest + 1,
        since=fresh.period.since,
        until=fresh.period.until,
        locale=fresh.locale,
        title=fresh.title,
        digest=fresh.digest,
        by=by,
        at=context.now,
        schedule=schedule,
    )
    records, files = _filed(context, fresh, report, ())
    told = {"kind": fresh.kind, "period": report.period, "revision": report.number}
    line = audit_entry(context, by, "report.archived", report.id, str(report.number), **told)
    return Changes((*records, report, *files, line)), KeptReport(report, files, created=True)


def _with_formats(
    context: DecisionContext, fresh: FreshReport, latest: ArchivedReport, by: str
) -> tuple[Changes, KeptReport]:
    there = tuple(context.snapshot.archived_files(latest.id))
    records, files = _filed(context, fresh, latest, there)
    if not files:
        return Changes(), KeptReport(latest, there)
    added = ",".join(one.format for one in files)
    line = audit_entry(context, by, "report.archived", latest.id, added, revision=latest.number, added=added)
    return Changes((*records, *files, line)), KeptReport(latest, (*there, *files))


def _filed(
    context: DecisionContext, fresh: FreshReport, report: ArchivedReport, there: tuple[ArchivedFile, ...]
) -> tuple[list[Record], tuple[ArchivedFile, ...]]:
    """Return the files of the formats that are not there yet, and what refers to them."""
    known = {one.format for one in there}
    stored = [(form, StoredFile.of(file.content, context.now), file) for form, file in fresh.files if form not in known]
    files = tuple(
        ArchivedFile(report.id, form, one.hash, len(one.content), file.media_type) for form, one, file in stored
    )
    return [one for _, one, _ in stored], files


def keep_report(context: DecisionContext, fresh: FreshReport, by: str) -> Decision[KeptReport | Conflict]:
    """Keep a report that somebody asked for."""
    kept = archive_report(context, fresh, known_as(context, by))
    return Decision(Changes(), kept) if isinstance(kept, Conflict) else Decision(*kept)


def give_out(context: DecisionContext, report: str, form: str, by: str) -> Decision[ArchivedFile | NotFound]:
    """Return the file of a format, which is to be handed out; the audit log says to whom."""
    found = next((one for one in context.snapshot.archived_files(report) if one.format == form), None)
    if found is None:
        return Decision(Changes(), NotFound(f"report {report}{' as ' * bool(form)}{form} in the archive"))
    cause = f"{by}:{form}:{context.now.isoformat()}"
    line = audit_entry(context, by, "report.downloaded", report, cause, format=form, hash=found.hash)
    return Decision(Changes((line,)), found)


def link_to(context: DecisionContext, report: ArchivedReport, days: int = LINK_DAYS) -> str:
    """Return the address at which anybody reads a report for so many days."""
    expires_at = context.now + timedelta(days=days)
    return context.policy.links.url(LinkPurpose.REPORT, _subject(report), expires_at)


def named_in_link(subject: str) -> str:
    """Return the report of a link's subject."""
    return subject.partition(":")[0]


def opened_by_link(report: ArchivedReport, subject: str) -> bool:
    """Return whether a link to a report still opens it.

    It does not when links were withdrawn since it was given, or the report was deleted and made anew under the same id.
    """
    return subject == _subject(report)


def _subject(report: ArchivedReport) -> str:
    return f"{report.id}:{report.link_number}:{int(report.at.timestamp())}"


def share_report(
    context: DecisionContext, report: str, by: str, days: int
) -> Decision[SharedLink | NotFound | Invalid]:
    """Return a link to a report's page, which is without what customers wrote, as everything in the archive."""
    found = context.snapshot.archived(report)
    if not 1 <= days <= _LONGEST_LINK:
        return Decision(Changes(), Invalid("days", f"is {days}; a link opens for 1 to {_LONGEST_LINK} days"))
    if found is None or not any(one.format == "html" for one in context.snapshot.archived_files(report)):
        return Decision(Changes(), NotFound(f"report {report} as html in the archive"))
    who = known_as(context, by)
    cause = f"{found.link_number}:{context.now.isoformat()}"
    line = audit_entry(context, who, "report.shared", report, cause, days=days)
    return Decision(Changes((line,)), SharedLink(link_to(context, found, days), days))


def revoke_links(context: DecisionContext, report: str, by: str) -> Decision[ArchivedReport | NotFound]:
    """Withdraw all links to a report that were given until now."""
    found = context.snapshot.archived(report)
    if found is None:
        return Decision(Changes(), NotFound(f"report {report} in the archive"))
    shut = replace(found, link_number=found.link_number + 1)
    who = known_as(context, by)
    line = audit_entry(context, who, "report.links_revoked", report, str(shut.link_number))
    return Decision(Changes((shut, line)), shut)
