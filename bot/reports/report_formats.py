"""The formats in which a report is written, by the name that people give them."""

from collections.abc import Callable, Mapping

from bot.reports.plain_tables import report_csv, report_json
from bot.reports.printed_page import report_html, report_pdf
from dialogs.reports.document import ReportDocument
from scoring.values import Value

__all__ = ["REPORT_FORMATS", "ReportFormat"]


class ReportFormat(Value):
    """What writes a report, and what the web calls the result."""

    write: Callable[[ReportDocument], bytes]
    media_type: str


def _xlsx(document: ReportDocument) -> bytes:
    from bot.reports.workbook import report_xlsx  # noqa: PLC0415 (XlsxWriter, not before a workbook is asked for)

    return report_xlsx(document)


REPORT_FORMATS: Mapping[str, ReportFormat] = {
    "html": ReportFormat(report_html, "text/html; charset=utf-8"),
    "xlsx": ReportFormat(_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ReportFormat(report_csv, "text/csv; charset=utf-8"),
    "json": ReportFormat(report_json, "application/json"),
    "pdf": ReportFormat(report_pdf, "application/pdf"),
}
"""The formats by their name."""
