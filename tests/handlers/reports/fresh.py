"""Reports that were just made, for decisions about them."""

from typing import Any

from bot.handlers.common.sent_files import NewFile
from bot.handlers.reports.archive import FreshReport
from dialogs.time.periods import named_period
from scoring.values import replace
from tests.support.stage.scene import POLICY

__all__ = ["OCTOBER", "fresh", "page"]

OCTOBER = named_period("2026-10", POLICY.timezone)


def page(content: bytes = b"<title>October</title>", form: str = "html") -> tuple[str, NewFile]:
    """Return a format with its file."""
    kind = {"html": "text/html", "csv": "text/csv"}[form]
    return form, NewFile(f"huifang-summary-2026-10.{form}", kind, content)


def fresh(**changed: Any) -> FreshReport:  # noqa: ANN401 (a field of any type)
    """Return the summary of October as it was just made, the first one unless said otherwise."""
    made = FreshReport(
        about="summary zh-Hans",
        kind="summary",
        of="",
        period=OCTOBER,
        locale="zh-Hans",
        title="售后服务情况表",
        lines="售后服务情况表\n2026年10月",
        digest="digest of October",
        files=(page(),),
    )
    return replace(made, **changed)
