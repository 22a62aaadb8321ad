"""The formats in which a report is written, by the name that people give them."""

from asyncio import AbstractEventLoop, Future, Semaphore, get_running_loop, shield, to_thread
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from weakref import WeakKeyDictionary

from bot.reports.plain_tables import report_csv, report_json
from bot.reports.printed_page import report_html, report_pdf
from dialogs.reports.document import ReportDocument
from scoring.values import Value

__all__ = ["REPORT_FORMATS", "ReportFormat", "written_report"]


class ReportFormat(Value):
    """What writes a report, and what the web calls the result."""

    write: Callable[[ReportDocument], bytes]
    media_type: str


def _xlsx(document: ReportDocument) -> bytes:
    from bot.reports.workbook import report_xlsx  # noqa: PLC0415 (XlsxWriter, not before a workbook is asked for)

    return report_xlsx(document)


def _png(document: ReportDocument) -> bytes:
    from bot.reports.report_picture import report_png  # noqa: PLC0415 (as above)

    return report_png(document)


REPORT_FORMATS: Mapping[str, ReportFormat] = {
    "html": ReportFormat(report_html, "text/html; charset=utf-8"),
    "xlsx": ReportFormat(_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ReportFormat(report_csv, "text/csv; charset=utf-8"),
    "json": ReportFormat(report_json, "application/json"),
    "pdf": ReportFormat(report_pdf, "application/pdf"),
    "png": ReportFormat(_png, "image/png"),
}
"""The formats by their name."""


_MADE_ELSEWHERE = ("pdf", "png")
_AT_ONCE = 2
_turns: WeakKeyDictionary[AbstractEventLoop, dict[str, Semaphore]] = WeakKeyDictionary()


async def written_report(document: ReportDocument, name: str) -> bytes:
    """Return a report in the format of this name. Raises UnwrittenReportError where that cannot be written here.

    What another process makes is waited for in a thread of its own, which takes none from what else is computed; of
    each format there are two at once at most, however many are asked for, and whoever asks on waits without a thread.
    """
    write = REPORT_FORMATS[name].write
    if name not in _MADE_ELSEWHERE:
        return await to_thread(write, document)
    loop = get_running_loop()
    turn = _turns.setdefault(loop, {form: Semaphore(_AT_ONCE) for form in _MADE_ELSEWHERE})[name]
    await turn.acquire()
    threads = ThreadPoolExecutor(1, "printer")
    made = loop.run_in_executor(threads, write, document)

    def end(done: Future[bytes]) -> None:
        turn.release()
        done.exception()  # which nobody else may ask for

    made.add_done_callback(end)
    threads.shutdown(wait=False)
    return await shield(made)  # who asked may have gone; the thread is busy until it is made
