"""`huifang metrics`, `report` and `watch` where no service runs."""

import asyncio
import csv
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from scoring.honesty.charts import Chart, ChartRules, SharePoint, with_bucket
from scoring.values import replace
from storage.connection.store import Store
from storage.model.note_keys import chart_key, watch_key
from storage.model.records import Customer, Note
from storage.model.watched_charts import WatchedChart, WatchProgress, note_text
from tests.cli.conftest import Type
from tests.support.database.answered import closed_visit, store_records

NOON = datetime(2026, 10, 15, 4, tzinfo=UTC)


def fill(desk: Path) -> None:
    async def filled() -> None:
        async with Store.open(f"sqlite:///{desk / 'var' / 'huifang.db'}") as store:
            visits = [closed_visit(str(n), NOON, {"attitude": 5 if n < 4 else 3}) for n in range(5)]
            await store_records(store, NOON, *(record for visit in visits for record in visit))

    asyncio.run(filled())


def test_an_unknown_report_is_answered_with_the_names_of_those_there_are(
    types: Type, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        types("report", "revew")
    said = capsys.readouterr().err
    assert "invalid choice: 'revew' (choose from 'figures', 'summary'," in said
    assert "ReportKind" not in said


def test_the_catalogue_is_printed_with_formulas(types: Type) -> None:
    told = types("metrics", "--locale", "en").out
    assert "csat  Satisfied (CSAT)  (percent, by closing)\n    answers of 4 or 5 ÷ all valid answers" in told
    ids = [metric["id"] for metric in json.loads(types("metrics", "--format", "json").out)["items"]]
    assert ("csat" in ids, "coverage" in ids) == (True, True)


def test_how_sure_a_share_is_and_how_many_answers_it_takes_are_told_in_a_sentence(types: Type) -> None:
    assert types("metrics", "interval", "3", "3").out == (
        "3 人里有 3 人，是 100%；真实的比例大约在 43.9% 到 100% 之间（Wilson 法，95% 把握）\n"
    )
    assert json.loads(types("metrics", "interval", "5", "5", "--format", "json").out)["low"] == pytest.approx(
        56.55, abs=0.01
    )
    needed = types("metrics", "answers", "5", "--share", "90", "--locale", "en")
    assert "to within 5 points takes at least 141 answers" in needed.out
    for wrong in (("interval", "4", "3"), ("interval", "x", "3"), ("answers", "0"), ("answers", "nan")):
        refused = types("metrics", *wrong)
        assert (refused.code, refused.out, refused.err.count("\n")) == (1, "", 1)


def test_nobody_is_worth_a_call_where_nothing_has_happened(types: Type) -> None:
    told = types("customer", "calls", "--locale", "en")
    assert (told.code, told.out) == (0, "Nobody is worth a call by what happened in the last 90 days.\n")
    found = json.loads(types("customer", "calls", "--format", "json").out)
    assert (found["items"], found["more"], found["complaints"]) == ([], False, 3)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("interval", "4", "3"), "4 of 3 is no share"),
        (("interval", "٣", "3"), "no whole number"),
        (("interval", "3", "10000000000000000"), "no whole number"),
        (("answers", "5", "--share", "101"), "give 0 to 100 percent"),
        (("answers", "51"), "give 0.1 to 50 points"),
        (("compare", "2026-10", "2026-10-31"), "begins before the earlier window is over"),
        (("compare", "2026-10", "2026-11", "--pilot", "north"), "write it as team:north"),
        (("compare", "2026-10", "2026-11", "--metric", "closings"), "what can be compared are"),
        (("compare", "2026-10", "2026-11", "--pilot", "team:a", "--change", "x"), "cannot be given beside change"),
    ],
)
def test_what_cannot_be_computed_is_one_line_that_says_why(types: Type, words: tuple[str, ...], problem: str) -> None:
    refused = types("metrics", *words)
    assert (refused.code, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert problem in refused.err


def test_two_windows_are_compared_in_lines_that_say_what_may_be_said(types: Type, desk: Path) -> None:
    fill(desk)
    wanted = ("2026-09", "2026-10", "--metric", "csat", "--locale", "en")
    told = types("metrics", "compare", *wanted)
    assert (told.code, told.err) == (0, "")
    assert "attitude  Satisfied (CSAT)\n  before: " in told.out
    assert "  (n = 0); after: 80%  (37.55 to 96.38; n = 5; small sample)\n" in told.out
    assert "  too few people to say: 0 before and 5 after, of at least 15 on each side\n" in told.out
    refused = types("metrics", "compare", "2026-10", "2026-09")
    assert (refused.code, refused.err.count("\n")) == (1, 1)


def test_a_month_is_reported_as_text_csv_and_json_alike(types: Type, desk: Path) -> None:
    fill(desk)
    wanted = ("report", "--period", "2026-10", "--by", "team", "--metric", "csat", "--locale", "en")
    text = types(*wanted)
    assert (text.code, text.err) == (0, "")
    assert "team north\n  Satisfied (CSAT)  80%  (37.55 to 96.38; n = 5; small sample)\n" in text.out
    (figure,) = json.loads(types(*wanted, "--format", "json").out)["figures"]
    (row,) = csv.DictReader(StringIO(types(*wanted, "--format", "csv").out))
    assert (row["team"], float(row["value"]), row["text"]) == ("north", figure["value"], figure["text"])
    assert (figure["value"], figure["numerator"], figure["denominator"]) == (80, 4, 5)


@pytest.mark.proof
def test_importance_is_printed_beside_performance_with_its_crosshair(types: Type) -> None:
    nothing = types("quadrants", "--locale", "en")
    assert nothing.out.splitlines()[1:] == ["Nobody said in this time what is important"]
    for number in range(6):
        call = ("response", "enter", "--survey", "importance_matrix", "--source", "paper", "--by", "王芳")
        given = ("reception_attitude=5/5:热情", "solving_speed=1/5", "solving_result=1/1", "service_efficiency=5/1")
        answers = (part for answer in given for part in ("--answer", answer))
        assert types(*call, "--number", str(number), *answers).code == 0
    told = types("quadrants", "--locale", "en").out
    assert "all\n  Crosshair: importance 3, performance 50% (the means of the items)\n" in told
    assert "  attitude  keep it up  Importance 5  (3.44 to 5.00; n = 6; small sample" in told
    assert "  solving_speed  concentrate here  Importance 5  (" in told
    (grid,) = json.loads(types("quadrants", "--format", "json").out)["items"]
    assert [one["quadrant"] for one in grid["points"]] == ["keep_up", "overkill", "low_priority", "concentrate"]
    assert types("quadrants", "--by", "question").err.startswith("huifang: --by is 'question'; give one key")


def test_charts_are_printed_with_what_each_point_was_held_against(types: Type, desk: Path) -> None:
    chart = Chart()
    for number, low in enumerate([1] * 12 + [7]):
        chart = with_bucket(chart, SharePoint(f"2026-{number:02}", f"2026-{number + 1:02}", 12, low), ChartRules())
    kept = WatchedChart("north", "attitude", chart, "2026-13", chart.state.since)
    progress = WatchProgress("2026-13", (("north", "attitude"),))
    notes = (
        Note(watch_key("week"), note_text(progress), NOON),
        Note(chart_key("week", "north", "attitude"), note_text(kept), NOON),
    )

    async def filled() -> None:
        async with Store.open(f"sqlite:///{desk / 'var' / 'huifang.db'}") as store:
            await store_records(store, NOON, *notes)

    asyncio.run(filled())
    told = types("watch", "--team", "north").out.splitlines()
    assert told[0] == "By week; 12 points of at least 10 people say what is usual."
    assert told[2] == "north, attitude: beyond its limits since 2026-12"
    assert told[3] == "  2026-00  1 of 12  baseline"
    assert told[-1].startswith("  2026-12  7 of 12  jump  (usual 8.9 %; a jump from 6 on; weighted mean 18.8 %, limit ")
    assert json.loads(types("watch", "--format", "json").out)["items"][0]["beyond_since"] == "2026-12"
    assert json.loads(types("watch", "--dimension", "after_care", "--format", "json").out)["items"] == []


def test_a_report_goes_into_a_file(types: Type, desk: Path) -> None:
    told = types("report", "--period", "2026-10", "--format", "csv", "-o", str(desk / "october.csv"))
    assert told.out == f"The figures are in {desk / 'october.csv'}.\n"
    assert (desk / "october.csv").read_text("utf-8").startswith("from,to,metric,name,value,text")


def test_a_report_is_a_page_a_workbook_or_a_picture_and_not_both_text_and_file(types: Type, desk: Path) -> None:
    page, book, picture = desk / "october.html", desk / "october.xlsx", desk / "october.png"
    for form, file in (("html", page), ("xlsx", book), ("png", picture)):
        told = types("report", "summary", "--period", "2026-10", "--format", form, "-o", str(file))
        assert told.out == f"The figures are in {file}.\n"
    assert "<h1>售后服务情况表</h1>" in page.read_text("utf-8")
    assert book.read_bytes().startswith(b"PK")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "add --format html, xlsx, pdf, png, csv or json" in types("report", "summary").err
    assert "--by is for reports of kind figures" in types("report", "review", "--by", "team", "--format", "html").err


def test_what_cannot_be_reported_is_one_line(types: Type) -> None:
    wrong = types("report", "--period", "october")
    assert (wrong.code, wrong.out) == (1, "")
    assert wrong.err.startswith("huifang: --period 'october' is no period: write one like 2026-11")


def test_a_figure_is_explained_down_to_its_tickets(types: Type, desk: Path) -> None:
    fill(desk)
    told = types("explain", "csat:2026-10:team=north", "--locale", "en")
    lines = told.out.splitlines()
    assert lines[0] == "Satisfied (CSAT)  80%  (37.55 to 96.38; n = 5; small sample)"
    assert lines[1].startswith("  answers of 4 or 5 ÷ all valid answers")
    assert lines[3:] == [f"  desk/{n}  int_{n}  attitude  {5 if n < 4 else 3}  {int(n < 4)} of 1" for n in range(5)]
    as_json = json.loads(types("explain", "csat:2026-10", "--format", "json").out)
    assert (as_json["figure"]["value"], len(as_json["inputs"])) == (80, 5)
    wrong = types("explain", "csat")
    assert (wrong.code, "write it as csat:2026-11" in wrong.err) == (1, True)


def test_the_score_of_an_agent_is_printed_with_what_explains_it(types: Type, desk: Path) -> None:
    fill(desk)
    told = types("score", "agent:a1", "--period", "2026-10", "--locale", "en").out
    assert told.startswith("agent a1 (agent:a1), 2026-10-01T00:00:00+08:00 to 2026-11-01T00:00:00+08:00\n")
    assert "  Satisfied (CSAT) attitude  80%  (37.55 to 96.38; n = 5; small sample)\n" in told
    assert "      csat:2026-10:agent=a1,question=attitude\n" in told
    found = json.loads(types("score", "agent:a1", "--period", "2026-10", "--format", "json").out)
    assert (found["name"], found["standing"]) == ("agent a1", None)
    nobody = types("score", "agent:nobody", "--period", "2026-10")
    assert (nobody.code, "of whom there is nothing in the period" in nobody.err) == (1, True)


@pytest.mark.proof
def test_a_report_tells_what_clearly_differs_from_the_month_before(types: Type, desk: Path) -> None:
    async def filled() -> None:
        async with Store.open(f"sqlite:///{desk / 'var' / 'huifang.db'}") as store:
            for month, value in ((9, 2), (10, 5)):
                at = NOON.replace(month=month)
                visits = [closed_visit(f"{month}-{n}", at, {"attitude": value}) for n in range(15)]
                await store_records(store, at, *(record for visit in visits for record in visit))

    asyncio.run(filled())
    wanted = ("report", "--period", "2026-10", "--by", "question", "--metric", "mean", "--locale", "en")
    assert "before" not in types(*wanted).out
    assert "2.00 before, 1.40 to 3.01, n = 15: higher than before" in types(*wanted, "--compare").out
    assert types(*wanted, "--compare", "previous").out == types(*wanted, "--compare").out
    assert "a year before" not in types(*wanted, "--compare", "year").out  # nothing was answered then
    refused = types(*wanted, "--compare", "decade")
    assert (refused.code, refused.err) == (
        1,
        "huifang: --compare is 'decade'; write one of previous, year, previous,year\n",
    )


def test_who_is_worth_a_call_is_printed_with_the_reason_and_never_the_number(types: Type, desk: Path) -> None:
    now = datetime.now(UTC)  # noqa: TID251 (the command line has the world's clock)

    async def filled() -> None:
        async with Store.open(f"sqlite:///{desk / 'var' / 'huifang.db'}") as store:
            for number, tier in (("1", "VIP"), ("2", "gold"), ("3", "vip")):
                for record in closed_visit(number, now - timedelta(days=int(number)), {"attitude": 5}):
                    if isinstance(record, Customer):
                        known = replace(record, tier=tier, phone="13800138000")
                        await store_records(store, now, known)
                    else:
                        await store_records(store, now, record)

    asyncio.run(filled())
    told = types("customer", "calls", "--locale", "en")
    assert told.out.splitlines() == [
        "c-1  customer 1  important customer (VIP), served lately",
        "c-3  customer 3  important customer (vip), served lately",
    ]
    found = json.loads(types("customer", "calls", "--format", "json").out)
    assert [(one["customer"], one["has_phone"]) for one in found["items"]] == [("c-1", True), ("c-3", True)]
    assert "13800138000" not in json.dumps(found)


MANY = """
WITH RECURSIVE every(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM every WHERE n < 5000)
INSERT INTO closings (source, ticket, number, customer, closed_at, agent_id, agent_name, team, station, area, product,
    category, service_type, source_channel, contract, tier, tags, contact_key)
SELECT source, 'again-' || n, number, customer, closed_at, agent_id, agent_name, team, station, area, product,
    category, service_type, source_channel, contract, tier, tags, '' FROM closings, every WHERE ticket = '0'
"""


@pytest.mark.proof
def test_what_was_computed_for_a_report_of_very_much_is_kept_for_the_next_one(types: Type, desk: Path) -> None:
    fill(desk)
    with closing(sqlite3.connect(desk / "var" / "huifang.db")) as file:
        with file:
            file.execute(MANY)
        first = types("report", "problems", "--period", "2026-10", "--format", "json").out
        kept = file.execute("SELECT key, made_at FROM kept_figures ORDER BY key").fetchall()
        assert json.loads(first)["kind"] == "problems"
        types("report", "problems", "--period", "2026-10", "--format", "csv")
        assert file.execute("SELECT key, made_at FROM kept_figures ORDER BY key").fetchall() == kept != []
