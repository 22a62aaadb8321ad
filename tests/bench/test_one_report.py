"""What `python -m bench.reports` measures is a report of a company that was filled for it."""

import sys
from asyncio import create_subprocess_exec, subprocess
from pathlib import Path

import pytest

from bench.reports.filling import fill_company
from bench.reports.one_report import effort_of
from bot.reports.report_formats import REPORT_FORMATS


def test_what_a_process_prints_is_read_again() -> None:
    printed = (
        '{"document": {"cpu": 1.5, "wall": 2}, "kept": {"cpu": 0.5, "wall": 1},'
        ' "formats": {"csv": {"cpu": 0.1, "wall": 0.2}}, "grown": 7, "child": 0}'
    )
    read = effort_of(printed)
    assert (read.document.cpu, read.document.wall, read.formats["csv"].cpu, read.grown, read.child) == (
        1.5,
        2,
        0.1,
        7,
        0,
    )


@pytest.mark.proof
async def test_a_report_of_a_filled_company_is_written_in_every_format(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/company.db"
    month = await fill_company(url, 20)
    assert await fill_company(url, 20) == month, "a company that is there is taken as it is"
    process = await create_subprocess_exec(
        *[sys.executable, "-m", "bench.reports.one_report", url, "summary", month], stdout=subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    read = effort_of(printed.decode())
    assert read.document.cpu > 0
    assert read.kept.cpu > 0
    assert set(read.formats) >= set(REPORT_FORMATS) - {"pdf"}
