"""`huifang sample` at a terminal: loads, says what next, goes on, refuses, and takes out."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Close, Type

SMALL = ("sample", "--customers", "30", "--months", "3")


def count(desk: Path, table: str) -> int:
    with closing(sqlite3.connect(desk / "var" / "huifang.db")) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 (our own words)


@pytest.mark.proof
def test_it_is_loaded_and_the_report_that_comes_next_is_named(desk: Path, types: Type) -> None:
    said = types(*SMALL)
    assert said.code == 0, said.err
    first, second = said.out.splitlines()
    assert first.startswith("the sample company is loaded, up to ")
    assert second.startswith("next: huifang report review --period ")
    assert count(desk, "customers") == 30
    report = types(*second.removeprefix("next: huifang ").split())
    assert report.code == 0, report.err
    assert (desk / "review.html").read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.proof
def test_the_same_again_says_the_same_and_changes_nothing(desk: Path, types: Type) -> None:
    first = types(*SMALL)
    rows = count(desk, "ratings")
    assert types(*SMALL).out == first.out
    assert count(desk, "ratings") == rows


@pytest.mark.proof
def test_it_says_whether_it_is_there(types: Type) -> None:
    assert types("sample", "show").out == "there is no sample company\n"
    loaded = types(*SMALL).out.splitlines()[0]
    assert types("sample", "show").out == f"{loaded}\n"
    types("sample", "remove")
    assert types("sample", "show").out == "there is no sample company\n"


@pytest.mark.proof
def test_it_is_taken_out_by_one_command(desk: Path, types: Type) -> None:
    types(*SMALL)
    assert types("sample", "remove").out == "the sample company is gone\n"
    tables = ("customers", "tickets", "ratings", "issues", "findings", "entered_figures", "comment_readings")
    assert {table: count(desk, table) for table in tables} == dict.fromkeys(tables, 0)
    assert types("sample", "remove").out == "there is no sample company\n"


@pytest.mark.proof
def test_after_it_doctor_finds_every_promise_kept(desk: Path, types: Type) -> None:
    types(*SMALL)
    said = types("doctor", "--verify")
    assert said.code == 0, said.err
    assert "No violations found" in said.out
    assert count(desk, "outbox") == 0


@pytest.mark.proof
def test_another_company_is_refused_with_the_way_out(types: Type) -> None:
    types(*SMALL)
    said = types("sample", "--seed", "8", "--customers", "30", "--months", "3")
    assert said.code == 1
    assert "huifang sample remove" in said.err


@pytest.mark.proof
def test_in_a_database_with_customers_it_is_refused_with_the_way_out(desk: Path, types: Type, closes: Close) -> None:
    closes("T-1")
    said = types(*SMALL)
    assert (said.code, said.out) == (1, "")
    assert "customers of your own" in said.err
    assert "database.url" in said.err
    assert count(desk, "customers") == 1


@pytest.mark.proof
@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--customers", "0"), "--customers 0: write a number from 1 to 1000000"),
        (("--customers", "2000000"), "--customers 2000000: write a number from 1 to 1000000"),
        (("--months", "40"), "--months 40: write a number from 1 to 36"),
    ],
)
def test_numbers_that_make_no_sense_are_named(types: Type, options: tuple[str, str], problem: str) -> None:
    said = types("sample", *options)
    assert said.code == 1
    assert problem in said.err


@pytest.mark.proof
@pytest.mark.parametrize("options", [("--seed", "seven"), ("--customers", "many"), ("keep",)])
def test_wrong_usage_is_told_by_the_parser(types: Type, options: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        types("sample", *options)
    assert ended.value.code == 2


@pytest.mark.proof
def test_companies_of_two_seeds_differ(desk: Path, types: Type) -> None:
    types(*SMALL)
    first = count(desk, "ratings")
    types("sample", "remove")
    types("sample", "--seed", "11", "--customers", "30", "--months", "3")
    assert count(desk, "ratings") != first
