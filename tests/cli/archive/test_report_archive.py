"""`huifang report archive`, `schedules` and `confirm` where no service runs."""

import hashlib
from pathlib import Path

import pytest

from tests.cli.conftest import Type
from tests.cli.test_figures import fill

SUMMARY = ("report", "summary", "--period", "2026-10")


@pytest.mark.row("S3-02")
def test_a_report_is_kept_listed_fetched_shared_and_revoked(desk: Path, types: Type) -> None:
    fill(desk)
    assert types("report", "archive", "list").out == "The archive has no such report.\n"
    made = types(*SUMMARY, "--format", "html", "--archive")
    assert (made.code, made.err) == (0, "")
    report = made.out.split()[0]
    assert made.out.split()[1:5] == ["2026-10", "summary", "revision", "1"]
    assert types(*SUMMARY, "--format", "html", "--archive").out.endswith("(nothing has changed since)\n")
    assert types("report", "archive", "list").out == made.out
    file = desk / "kept.html"
    told = types("report", "archive", "get", report, "-o", str(file))
    assert told.out == f"The report is in {file}, SHA-256 {hashlib.sha256(file.read_bytes()).hexdigest()}.\n"
    shared = types("report", "archive", "link", report, "--days", "7")
    assert "/r/" in shared.out.splitlines()[0]
    assert types("report", "archive", "revoke", report).code == 0


def test_schedules_are_listed_with_what_comes_next(desk: Path, types: Type) -> None:
    assert types("report", "schedules").out == "There are no [[reports]] in rules.toml.\n"
    (desk / "rules.toml").write_text('[[reports]]\nname = "week"\nkind = "review"\nevery = "week"\n', "utf-8")
    told = types("report", "schedules").out
    assert told.startswith("week  review every week  next ")
    assert told.endswith("last: nothing yet\n")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("report", "archive"), "write one of"),
        (("report", "archive", "burn"), "write one of"),
        (("report", "archive", "get"), "write one of"),
        (("report", "archive", "get", "rep_none"), "no report rep_none in the archive"),
        (("report", "archive", "link", "rep_none"), "no report rep_none"),
        (("report", "archive", "revoke", "rep_none"), "no report rep_none"),
        (("report", "confirm", "run_none"), "--name"),
        (("report", "confirm", "run_none", "--name", "王经理"), "no report run_none"),
        (("report", "summary", "review"), "one kind of report at a time"),
        ((*SUMMARY, "--archive"), "keeps no text"),
        (("report", "summary", "--format", "html", "--archive"), "period is missing"),
    ],
)
def test_what_is_wrong_is_one_line(types: Type, words: tuple[str, ...], problem: str) -> None:
    told = types(*words)
    assert (told.code, told.err.count("\n")) == (1, 1)
    assert problem in told.err
