"""What the sample company is there to show is found by our own figures and reports, as an owner would find it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from tests.support.database.migrated import copy_migrated

pytestmark = pytest.mark.proof


@pytest.fixture(scope="module", name="loaded")
def _loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("owner")
    (folder / "var").mkdir()
    copy_migrated(folder / "var" / "huifang.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["sample", "--seed", "7"]) == 0
        yield folder


def told(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:  # noqa: ANN401 (as JSON gives it)
    del folder
    assert main([*arguments, "--format", "json"]) == 0
    said = capsys.readouterr().out
    return [json.loads(line) for line in said.splitlines()] if arguments[0] == "finding" else json.loads(said)


def figures(folder: Path, capsys: pytest.CaptureFixture[str], metric: str, by: str, period: str) -> dict[str, Any]:
    """Return the figures of a metric by what they are of."""
    found = told(folder, capsys, "report", "--period", period, "--metric", metric, "--by", by)["figures"]
    return {one["cut"][by]: one for one in found}


def chapter(folder: Path, capsys: pytest.CaptureFixture[str], kind: str, place: int = 0) -> list[list[str]]:
    """Return the words of the first table of a report's chapter."""
    document = told(folder, capsys, "report", kind, "--period", last_month(folder, capsys), "--locale", "zh-Hans")
    table = next(block for block in document["sections"][place]["blocks"] if "rows" in block)
    return [[cell["text"] for cell in row] for row in table["rows"]]


def last_month(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    del folder
    assert main(["sample"]) == 0
    return capsys.readouterr().out.splitlines()[0].rpartition(" ")[2]


def answer(folder: Path, capsys: pytest.CaptureFixture[str], question: str) -> str:
    rows = chapter(folder, capsys, "review")
    return next(told for name, told in rows if name.startswith(question))


def test_the_review_names_the_worst_item_and_the_team_it_comes_from(
    loaded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    worst = answer(loaded, capsys, "最差的是哪一项")
    assert worst.startswith("后续关怀的满意率")
    assert "明显低于总体" in worst
    assert answer(loaded, capsys, "差在哪里").startswith("主要在南区")


def test_the_review_tells_what_customers_say_of_it(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "位客户" in answer(loaded, capsys, "客户怎么说")


def test_the_review_says_that_the_change_of_march_helped_and_that_of_june_did_not(
    loaded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(loaded, capsys, "有没有用：三月").startswith("有用。")
    assert answer(loaded, capsys, "有没有用：六月").startswith("还没见效，没达到目标。")


def test_the_review_says_what_is_under_way(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(loaded, capsys, "有没有用：孙海涛").startswith("还在做")


def test_the_review_warns_of_the_newcomer_first(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(loaded, capsys, "还不能信的数").startswith("周敏的")


def test_the_bad_technician_is_the_lowest_of_all_and_his_repairs_break_again(
    loaded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    month = last_month(loaded, capsys)
    year = f"{int(month[:4])}" if month.endswith("-12") else month
    rated = {name: one["value"] for name, one in figures(loaded, capsys, "csat", "agent", year).items()}
    assert min((value, name) for name, value in rated.items() if value is not None)[1] == "sample-7"
    again = {name: one["value"] for name, one in figures(loaded, capsys, "repeat_repair_rate", "agent", year).items()}
    assert max((value, name) for name, value in again.items() if value is not None)[1] == "sample-7"


def test_the_channels_differ_in_their_response_rates(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rates = figures(loaded, capsys, "response_rate", "channel", last_month(loaded, capsys))
    assert rates["wechat"]["value"] > rates["web"]["value"] + 10


def test_goods_are_sent_again_with_both_denominators(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = chapter(loaded, capsys, "problems")
    names = [row[0] for row in rows]
    assert len(names) == len(set(names)) >= 5
    assert all(row[1] not in ("", "0") for row in rows)


def test_the_distribution_ends_with_a_conclusion_and_measures(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = chapter(loaded, capsys, "distribution", -1)
    assert row[1].startswith("后续关怀最低")
    assert row[2].startswith("南区先试")


def test_the_weekly_checks_and_the_appraisals_of_the_month_are_told(
    loaded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chapter(loaded, capsys, "checks")[0][0] == "检验合格率"
    appraised = chapter(loaded, capsys, "appraisal")
    assert {row[0] for row in appraised} >= {"赵磊", "李建国", "望京站"}


def test_what_is_important_stands_beside_how_it_goes(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = chapter(loaded, capsys, "importance")
    assert len(rows) == 4


def test_three_findings_stand_where_they_should(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del loaded
    assert main(["finding", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sorted(line.split()[1] for line in lines) == ["open", "planned", "reached"]


def test_every_promise_is_kept(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del loaded
    assert main(["doctor", "--verify"]) == 0
    assert "No violations found" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("kind", "form"),
    [("summary", "html"), ("distribution", "xlsx"), ("problems", "csv"), ("review", "json"), ("figures", "html")],
)
def test_every_report_can_be_made_of_it(loaded: Path, capsys: pytest.CaptureFixture[str], kind: str, form: str) -> None:
    month = last_month(loaded, capsys)
    file = loaded / f"{kind}.{form}"
    assert main(["report", kind, "--period", month, "--format", form, "-o", str(file)]) == 0
    assert file.stat().st_size > 500
