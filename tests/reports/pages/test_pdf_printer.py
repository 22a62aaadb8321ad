"""Printing a PDF: one at a time, and nothing that the browser started is left, whatever becomes of it."""

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import pytest

from bot.reports.printed_page import UnwrittenReportError, report_pdf
from bot.reports.report_formats import written_report
from dialogs.reports.document import Paragraph, ReportDocument, ReportKind, Section

DOCUMENT = ReportDocument(ReportKind.SUMMARY, "en", "Summary", ("October",), (Section("One", (Paragraph(("1",)),)),))
HANGS = """#!/bin/sh
sleep 300 &
echo $! > "$CHILD"
wait
"""
PRINTS = """#!/bin/sh
echo begins >> "$LOG"
sleep 300 &
echo $! > "$CHILD"
sleep 0.1
for given in "$@"; do case "$given" in --print-to-pdf=*) printf '%%PDF-' > "${given#--print-to-pdf=}";; esac; done
echo ends >> "$LOG"
"""
FAILS = """#!/bin/sh
echo first >&2
echo 'no display' >&2
exit 1
"""


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where a script stands in for the browser; what it does is written by each test."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("CHILD", str(tmp_path / "child"))
    monkeypatch.setenv("LOG", str(tmp_path / "log"))
    return tmp_path / "chromium-headless-shell"


def does(browser: Path, script: str) -> None:
    browser.write_text(script)
    browser.chmod(0o755)


def is_gone(pid: int, patience: float = 5.0) -> bool:
    """Return whether a process ends; a zombie that nobody has waited for yet has ended."""
    until = monotonic() + patience
    while monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        sleep(0.02)
    return False


def test_a_browser_that_hangs_is_ended_with_what_it_started(browser: Path) -> None:
    does(browser, HANGS)
    with pytest.raises(UnwrittenReportError, match=r"nothing within 0\.5 s; ask for html"):
        report_pdf(DOCUMENT, within=0.5)
    assert is_gone(int((browser.parent / "child").read_text()))


def test_what_a_browser_leaves_behind_is_ended_when_it_has_printed(browser: Path) -> None:
    does(browser, PRINTS)
    assert report_pdf(DOCUMENT) == b"%PDF-"
    assert is_gone(int((browser.parent / "child").read_text()))


def test_reports_are_printed_one_after_the_other(browser: Path) -> None:
    does(browser, PRINTS)
    with ThreadPoolExecutor(4) as threads:
        found = [*threads.map(report_pdf, [DOCUMENT] * 4)]
    assert found == [b"%PDF-"] * 4
    assert (browser.parent / "log").read_text().split() == ["begins", "ends"] * 4


async def test_a_report_is_written_by_the_name_of_its_format(browser: Path) -> None:
    does(browser, PRINTS)
    assert await written_report(DOCUMENT, "pdf") == b"%PDF-"
    assert (await written_report(DOCUMENT, "html")).startswith(b"<!doctype html>")


def printing() -> int:
    return sum(thread.name.startswith("printer") for thread in threading.enumerate())


async def test_however_many_are_asked_for_two_threads_wait_for_the_browser(browser: Path) -> None:
    does(browser, PRINTS)
    asked = [asyncio.create_task(written_report(DOCUMENT, "pdf")) for _ in range(9)]
    seen = set()
    while not all(task.done() for task in asked):
        seen.add(printing())
        await asyncio.sleep(0.01)
    assert [task.result() for task in asked] == [b"%PDF-"] * 9
    assert max(seen) <= 2


async def test_who_no_longer_waits_takes_no_further_thread(browser: Path) -> None:
    does(browser, PRINTS)
    for _ in range(6):
        asked = asyncio.create_task(written_report(DOCUMENT, "pdf"))
        await asyncio.sleep(0.01)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert printing() <= 2
    assert await written_report(DOCUMENT, "pdf") == b"%PDF-"


def test_a_browser_that_fails_is_told_by_its_last_line(browser: Path) -> None:
    does(browser, FAILS)
    with pytest.raises(UnwrittenReportError, match=r"was not printed by .*-shell: no display; ask for html"):
        report_pdf(DOCUMENT)
