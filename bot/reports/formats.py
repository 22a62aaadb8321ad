"""The formats in which a report is written, by the name that people give them."""

from collections.abc import Callable, Mapping

from bot.reports.pdf import print_page
from bot.reports.plain_tables import report_csv, report_json
from dialogs.reports.document import ReportDocument
from scoring.values import Value

__all__ = ["REPORT_FORMATS", "ReportFormat"]


class ReportFormat(Value):
    """What writes a report, and what the web calls the result."""

    write: Callable[[ReportDocument], bytes]
    media_type: str


def _html(document: ReportDocument) -> bytes:
    from bot.reports.html import report_html  # noqa: PLC0415 (Jinja2, not before a report is asked for)

    return report_html(document)


def _xlsx(document: ReportDocument) -> bytes:
    from bot.reports.workbook import report_xlsx  # noqa: PLC0415 (XlsxWriter, likewise)

    return report_xlsx(document)


def _pdf(document: ReportDocument) -> bytes:
    return print_page(_html(document))


REPORT_FORMATS: Mapping[str, ReportFormat] = {
    "html": ReportFormat(_html, "text/html; charset=utf-8"),
    "xlsx": ReportFormat(_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ReportFormat(report_csv, "text/csv; charset=utf-8"),
    "json": ReportFormat(report_json, "application/json"),
    "pdf": ReportFormat(_pdf, "application/pdf"),
}
"""The formats by their name."""
