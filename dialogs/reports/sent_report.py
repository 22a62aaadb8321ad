"""A report as a message: its lines, what becomes of it by when, and the button by which somebody confirms it."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs.messages import Choice, Link, Prompt, Tap, Verb
from dialogs.phrases import Phrases
from dialogs.reports.document import Cell, Headline, Paragraph, ReportDocument, Section, Table
from dialogs.sanitize import clipped, one_line
from scoring.values import Value

__all__ = ["CONFIRM", "ReportNotice", "report_lines", "report_message_of", "told_message", "with_confirmation"]

CONFIRM = "ok"
"""The step of the button by which somebody says that a report is done with."""
_ROWS, _SECTIONS, _LONGEST_LINE, _LONGEST_NAME, _LONGEST = 4, 6, 90, 40, 1500


class ReportNotice(Value):
    """What messages about a report are written from: its `title`, `days` and `lines`, and where it stands.

    `run` is the id by which it is confirmed; empty where nobody has to. `missed` are periods of which none was made.
    """

    title: str
    days: str
    locale: str
    phrases: Phrases
    zone: ZoneInfo
    lines: str = ""
    url: str = ""
    run: str = ""
    due_at: datetime | None = None
    missed: tuple[str, ...] = ()

    def say(self, key: str, **values: object) -> str:
        """Return the phrase `sent_report.{key}`, which may name the title and the days."""
        return self.phrases.say(self.locale, f"sent_report.{key}", title=self.title, days=self.days, **values)

    def day(self, at: datetime) -> str:
        """Return a day with its time."""
        return self.phrases.moment(self.locale, at, self.zone)


def report_lines(document: ReportDocument) -> str:
    """Return what is read in a chat: title, head and headlines; without any the first rows of the first chapters."""
    lines = [document.title, *document.head]
    if document.headlines:
        lines += ["", *map(_headline, document.headlines)]
        return clipped("\n".join(lines), _LONGEST)
    for section in document.sections[:_SECTIONS]:
        told = list(_told(section))[:_ROWS]
        lines += ["", section.title, *told] if told else []
    return clipped("\n".join(lines), _LONGEST)


def _headline(one: Headline) -> str:
    told = " · ".join(filter(None, (one.n, one.change, one.note)))
    return one_line(f"{one.name} {one.value} ({told})" if told else f"{one.name} {one.value}", _LONGEST_LINE)


def _told(section: Section) -> Iterator[str]:
    for block in section.blocks:
        if isinstance(block, Table):
            yield from filter(None, map(_row, block.rows))
        elif isinstance(block, Paragraph):
            yield from (one_line(line, _LONGEST_LINE) for line in block.lines)


def _row(row: tuple[Cell, ...]) -> str:
    """Return a row of figures up to its first value, also where there are no data for it; empty for other rows."""
    named: list[str] = []
    for cell in row:
        if cell.unit is not None:
            return one_line(f"{' · '.join(named)} {cell.text}", _LONGEST_LINE)
        named += [cell.text] if cell.text else []
    return ""


def report_message_of(notice: ReportNotice) -> Prompt:
    """Return the message with which a report comes."""
    lines = [notice.lines]
    if notice.missed:
        lines += ["", notice.say("missed", periods=", ".join(notice.missed))]
    if notice.run and notice.due_at is not None:
        lines += ["", notice.say("due", at=notice.day(notice.due_at))]
    return _asking(notice, "\n".join(lines))


def told_message(notice: ReportNotice, key: str) -> Prompt:
    """Return a line about a report: `remind` on the day when it is due, `overdue` a day later, `quiet` without any."""
    due = "" if notice.due_at is None else notice.day(notice.due_at)
    return _asking(notice, notice.say(key, at=due))


def with_confirmation(shown: Prompt, notice: ReportNotice, by: str, at: datetime) -> Prompt:
    """Return what stands in place of the message whose button was pressed: the same, and who has confirmed it."""
    told = notice.say("confirmed", by=one_line(by, _LONGEST_NAME), at=notice.day(at))
    return Prompt("\n\n".join(filter(None, (shown.text, told))), link=shown.link)


def _asking(notice: ReportNotice, text: str) -> Prompt:
    rows: tuple[tuple[Choice, ...], ...] = ()
    if notice.run:
        rows = ((Choice(notice.say("confirm"), Tap(Verb.REPORT, notice.run, CONFIRM)),),)
    return Prompt(text, rows, _link(notice))


def _link(notice: ReportNotice) -> Link | None:
    return Link(notice.say("open"), notice.url) if notice.url else None
