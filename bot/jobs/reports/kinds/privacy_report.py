"""The register of personal data: what is held, for how long, and what people have asked for and got in time."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime

from bot.jobs.reports.report_sources import MadeReport, ReportSources, words_of
from dialogs.reports.data_tables import titled_table
from dialogs.reports.document import Cell, Paragraph, Section, Table
from dialogs.reports.figure_parts import ReportWords, number_cell
from dialogs.time.periods import Period
from storage.model.registers import Request, RequestKind

__all__ = ["register_of_data"]

_HELD = ("customers", "name", "phone", "email", "postal_address", "chats", "opted_out", "subjects", "comments")
_KEPT_AS = {
    **dict.fromkeys(("name", "phone", "email", "postal_address", "chats"), "contacts"),
    **dict.fromkeys(("subjects", "comments"), "texts"),
}
"""Which period of keeping each kind of data follows."""
_PAGE = 200


async def register_of_data(sources: ReportSources) -> MadeReport:
    """Return what is held of people now, how long it is kept, and the requests of the period with their deadlines."""
    words, period = words_of(sources, {}), sources.wanted.period
    held = await sources.reader.held_data()
    requests = [one async for one in _requests(sources) if _concerns(one, period)]
    kept = dict(sources.policy.privacy.kept)

    def keeping(name: str) -> Cell:
        length = kept.get(_KEPT_AS.get(name, ""))
        if name not in _KEPT_AS:
            return Cell("")
        if length is None:
            return Cell(words.say("kept_for_ever"))
        return number_cell(length.days, words)

    rows = tuple(
        (Cell(words.say(f"held.{name}")), number_cell(held.get(name, 0), words), keeping(name)) for name in _HELD
    )
    table = Table(tuple(words.say(f"column.{name}") for name in ("held", "count", "kept")), rows)
    asked = _asked(requests, period, sources.now, words)
    return MadeReport(
        (
            Section(words.say("chapter.held"), (Paragraph((words.say("held_at"),)), table)),
            titled_table("requests", asked, words),
        ),
        signed_by=("responsible",),
        computed=(words.say("computed.held"), words.say("computed.requests")),
    )


async def _requests(sources: ReportSources) -> AsyncIterator[Request]:
    cursor: str | None = None
    while True:
        page = await sources.reader.requests(cursor, _PAGE, is_open=None)
        for one in page.items:
            yield one
        cursor = page.next
        if cursor is None:
            return


def _concerns(one: Request, period: Period) -> bool:
    """Return whether a request came, or waited, in a period."""
    return one.asked_at < period.until and (one.done_at is None or one.done_at >= period.since)


def _asked(requests: Sequence[Request], period: Period, now: datetime, words: ReportWords) -> Table | None:
    """Return for each kind of request how many came, were done, were done in time, are late; None without any."""
    if not requests:
        return None
    end = min(now, period.until)
    rows = []
    for kind in RequestKind:
        mine = [one for one in requests if one.kind is kind]
        came = _number(period.since <= one.asked_at for one in mine)
        done, waiting = list[Request](), list[Request]()
        for one in mine:
            (waiting if one.done_at is None or one.done_at >= period.until else done).append(one)
        in_time = _number(one.done_at is not None and one.done_at <= one.due_at for one in done)
        late = _number(one.due_at <= end for one in waiting)
        counts = (came, len(done), in_time, late)
        rows.append((Cell(words.say(f"request.{kind}")), *(number_cell(n, words) for n in counts)))
    return Table(
        tuple(words.say(f"column.{name}") for name in ("request", "came", "done", "in_time", "late")), tuple(rows)
    )


def _number(of: Iterable[bool]) -> int:
    return sum(of)
