"""`huifang metrics` and `huifang report` where no service runs."""

import asyncio
import csv
import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from storage.connection.store import Store
from tests.cli.conftest import Type
from tests.support.database.answered import closed_visit, store_records

NOON = datetime(2026, 10, 15, 4, tzinfo=UTC)


def fill(desk: Path) -> None:
    async def filled() -> None:
        async with Store.open(f"sqlite:///{desk / 'var' / 'huifang.db'}") as store:
            visits = [closed_visit(str(n), NOON, {"attitude": 5 if n < 4 else 3}) for n in range(5)]
            await store_records(store, NOON, *(record for visit in visits for record in visit))

    asyncio.run(filled())


def test_the_catalogue_is_printed_with_formulas(types: Type) -> None:
    told = types("metrics", "--locale", "en").out
    assert "csat  Satisfied (CSAT)  (percent, by closing)\n    answers of 4 or 5 ÷ all valid answers" in told
    ids = [metric["id"] for metric in json.loads(types("metrics", "--format", "json").out)["items"]]
    assert ("csat" in ids, "coverage" in ids) == (True, True)


def test_a_month_is_reported_as_text_csv_and_json_alike(types: Type, desk: Path) -> None:
    fill(desk)
    wanted = ("report", "--period", "2026-10", "--by", "team", "--metric", "csat", "--locale", "en")
    text = types(*wanted)
    assert (text.code, text.err) == (0, "")
    assert "team north\n  Satisfied (CSAT)  80 %  (37.55 to 96.38; n = 5; small sample)\n" in text.out
    (figure,) = json.loads(types(*wanted, "--format", "json").out)["figures"]
    (row,) = csv.DictReader(StringIO(types(*wanted, "--format", "csv").out))
    assert (row["team"], float(row["value"]), row["text"]) == ("north", figure["value"], figure["text"])
    assert (figure["value"], figure["numerator"], figure["denominator"]) == (80, 4, 5)


def test_a_report_goes_into_a_file(types: Type, desk: Path) -> None:
    told = types("report", "--period", "2026-10", "--format", "csv", "-o", str(desk / "october.csv"))
    assert told.out == f"The figures are in {desk / 'october.csv'}.\n"
    assert (desk / "october.csv").read_text("utf-8").startswith("from,to,metric,name,value,text")


def test_what_cannot_be_reported_is_one_line(types: Type) -> None:
    wrong = types("report", "--period", "october")
    assert (wrong.code, wrong.out) == (1, "")
    assert wrong.err.startswith("huifang: --period 'october' is no period: write one like 2026-11")
