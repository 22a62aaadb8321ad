"""What `python -m bench.reports --doors` prints is a report that was made, by a command and by the API."""

from pathlib import Path

import pytest

from bench.reports.by_door import Answered, print_by_door
from bench.reports.filling import fill_company
from bot.reports.report_formats import REPORT_FORMATS


@pytest.mark.parametrize(
    ("form", "seconds", "told"),
    [
        ("html", 1.9, "html 1.90 s (0.50 CPU)"),
        ("html", 2.1, "html 2.10 s (0.50 CPU) TOO LONG"),
        ("png", 0.9, "png 0.90 s (0.50 CPU)"),
        ("png", 1.9, "png 1.90 s (0.50 CPU) TOO LONG"),
    ],
)
def test_what_takes_longer_than_it_may_is_marked(form: str, seconds: float, told: str) -> None:
    assert Answered(seconds, 0.5, 1).line(form) == told


@pytest.mark.proof
async def test_every_format_is_asked_for_by_both_doors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{tmp_path}/company.db"
    month = await fill_company(url, 20)
    capsys.readouterr()
    await print_by_door(url, [("checks", "")], month)
    by_command, by_api, grown = capsys.readouterr().out.splitlines()
    assert by_command.startswith("command  checks ")
    assert by_api.startswith("API      checks ")
    assert grown.startswith("the service grew by ")
    for line in (by_command, by_api):
        assert all(f"{form} " in line for form in REPORT_FORMATS)
        assert line.count("CPU") >= len(REPORT_FORMATS) - 1, "but for a PDF where Chromium is missing"
