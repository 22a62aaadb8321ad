"""The first chapter of a review answers what a manager asks: what is worst and why, what helped, what not to trust."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO

import httpx
import pytest
from openpyxl import load_workbook

from dialogs.improvement.model import FindingState, Measure, MeasureResult, Verdict
from dialogs.interview.model import Interview
from dialogs.time.periods import Period
from scoring.values import replace
from storage.model.text_records import CommentReading
from tests.reports.test_golden_reports import NOON, document, tables
from tests.storage.sample_findings import full_finding
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

GOOD = dict.fromkeys(("response_speed", "problem_solving", "attitude", "convenience", "after_care"), 5)
CHANGED = "变化 +9.5 个百分点（95% 的把握在 +0.5 到 +18.0 之间）"
SLOW = GOOD | {"after_care": 2}


async def visited(house: House, teams: Mapping[str, tuple[int, Mapping[str, int]]]) -> list[str]:
    """Store so many visits with these ratings for each team; return the responses."""
    responses = []
    for team, (number, ratings) in teams.items():
        visits = [closed_visit(f"{team}-{n}", NOON, ratings, team=team) for n in range(number)]
        await store_records(house.store, NOON, *(record for visit in visits for record in visit))
        responses += [record.id for visit in visits for record in visit if isinstance(record, Interview)]
    return responses


async def answers(api: httpx.AsyncClient, period: str = "2026-10", locale: str = "zh-Hans") -> dict[str, str]:
    """Return what the first chapter says, by what it is about."""
    section = (await document(api, "review", period, locale))["sections"][0]
    return {name: told for table in tables(section) for name, told in table[1:]}


async def test_the_worst_item_is_named_with_the_place_that_it_comes_from(house: House, api: httpx.AsyncClient) -> None:
    await visited(house, {"北区": (40, GOOD), "南区": (40, SLOW)})
    told = await answers(api)
    assert told["最差的是哪一项"] == "后续关怀的满意率 50%（n=80），明显低于总体 90%（n=400）"
    assert told["差在哪里"] == "主要在南区 0%（n=40）；后续关怀的满意率合起来是 50%（n=80）"
    assert "还不能信的数" not in told


async def test_where_all_are_alike_no_place_is_blamed(house: House, api: httpx.AsyncClient) -> None:
    await visited(house, {"北区": (40, SLOW), "南区": (40, SLOW)})
    told = await answers(api)
    assert told["最差的是哪一项"].startswith("后续关怀的满意率 0%（n=80），明显低于总体")
    assert "差在哪里" not in told


async def test_where_nothing_is_low_that_is_said(house: House, api: httpx.AsyncClient) -> None:
    await visited(house, {"北区": (40, GOOD)})
    assert (await answers(api))["最差的是哪一项"] == "没有哪一项低于总体 100%（n=200）"


async def test_what_may_be_chance_is_not_called_clear(house: House, api: httpx.AsyncClient) -> None:
    await visited(house, {"北区": (40, GOOD), "南区": (1, SLOW)})
    told = (await answers(api))["最差的是哪一项"]
    assert told.startswith("没有哪一项明显低于总体；最低的是后续关怀")


@pytest.mark.parametrize(
    ("locale", "question", "said"),
    [
        ("zh-Hans", "客户怎么说", "“没人管”（6 位客户）"),
        ("zh-Hant", "客戶怎麼說", "「没人管」（6 位客戶）"),
        ("en", "What do customers say?", "“没人管” (6 customers)"),
    ],
)
async def test_what_several_customers_say_of_it_stands_there_and_what_few_say_does_not(
    house: House, api: httpx.AsyncClient, locale: str, question: str, said: str
) -> None:
    responses = await visited(house, {"北区": (40, GOOD), "南区": (40, SLOW)})
    phrases = ["没人管"] * 6 + ["发票没给"] * 4 + ["很贴心"] * 9
    readings = [
        CommentReading(response, NOON, 1, 7, (("", phrase, "after_care", 1 if phrase == "很贴心" else -1),))
        for response, phrase in zip(responses[40:], phrases, strict=False)
    ]
    await store_records(house.store, NOON, *readings)
    assert (await answers(api, locale=locale))[question] == said


def measured(verdict: Verdict, planned: datetime) -> MeasureResult:
    begun = full_finding(planned)
    assert begun.measure is not None
    measure = replace(begun.measure, cut=(("dimension", "after_care"),), pilot=(), planned_at=planned)
    return replace(begun.results[1], measure=measure, verdict=verdict)


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (
            Verdict.REACHED,
            "有用。满意率从 70.5% 到 80%（78 人比 40 人）；变化 +9.5 个百分点（95% 的把握在 +0.5 到 +18.0 之间）。",
        ),
        (Verdict.NOT_REACHED, "还没见效，没达到目标。"),
        (Verdict.NOT_CLEAR, "分不清是不是碰巧。"),
        (Verdict.TOO_FEW, "还看不出来，评价的人太少。"),
    ],
)
async def test_each_change_says_whether_it_helped(
    house: House, api: httpx.AsyncClient, verdict: Verdict, said: str
) -> None:
    await visited(house, {"北区": (40, GOOD)})
    result = measured(verdict, NOON - timedelta(days=90))
    state = FindingState.OPEN if verdict is Verdict.NOT_REACHED else FindingState.REACHED
    finding = replace(full_finding(NOON), responses=(), issues=(), campaign="", state=state, results=(result,))
    kept = None if state is FindingState.OPEN else result.measure
    await store_records(house.store, NOON, replace(finding, measure=kept, look_at=None, version=0))
    told = await answers(api)
    assert told["有没有用：报修后 4 小时内回电（后续关怀）"].startswith(said)


async def test_a_change_under_way_says_when_it_will_be_known_and_whose_it_is(
    house: House, api: httpx.AsyncClient
) -> None:
    await visited(house, {"北区": (40, GOOD)})
    measure = measured(Verdict.REACHED, NOON).measure
    finding = replace(full_finding(NOON), responses=(), issues=(), campaign="", state=FindingState.PLANNED, results=())
    await store_records(house.store, NOON, replace(finding, measure=measure, look_at=None, version=0))
    told = await answers(api)
    assert told["有没有用：报修后 4 小时内回电（后续关怀）"] == "还在做，2026年11月17日 以后才知道。负责人：李工"


@pytest.mark.parametrize("days", [400, -40])
async def test_changes_of_long_ago_and_of_later_are_not_told(house: House, api: httpx.AsyncClient, days: int) -> None:
    await visited(house, {"北区": (40, GOOD)})
    planned = NOON - timedelta(days=days)
    old = measured(Verdict.REACHED, planned)
    window = Period(planned, planned + timedelta(days=20), "")
    result = replace(old, measure=_within(old.measure, window))
    finding = replace(full_finding(NOON), responses=(), issues=(), campaign="", results=(result,), look_at=None)
    await store_records(house.store, NOON, replace(finding, measure=result.measure, version=0))
    assert not any(name.startswith("有没有用") for name in await answers(api))


def _within(measure: Measure, window: Period) -> Measure:
    return replace(measure, window=window)


async def test_what_rests_on_few_people_is_not_to_be_trusted_the_fewest_first(
    house: House, api: httpx.AsyncClient
) -> None:
    for agent, number in (("周敏", 6), ("李工", 40), ("王工", 12)):
        visits = [closed_visit(f"{agent}-{n}", NOON, GOOD, agent=agent) for n in range(number)]
        await store_records(house.store, NOON, *(record for visit in visits for record in visit))
    told = (await answers(api))["还不能信的数"]
    assert told == (
        "agent 周敏的满意率 100%（n=30）：只有 6 人评价，实际可能在 61% ～ 100% 之间；"
        "agent 王工的满意率 100%（n=60）：只有 12 人评价，实际可能在 76% ～ 100% 之间"
    )


async def test_a_period_without_anything_says_so(api: httpx.AsyncClient) -> None:
    section = (await document(api, "review"))["sections"][0]
    assert section == {"title": "一眼看懂", "blocks": [{"lines": ["这段时间还没有数据。"]}]}


@pytest.mark.parametrize(
    ("locale", "questions"),
    [
        ("zh-Hans", ["最差的是哪一项", "差在哪里", "还不能信的数"]),
        ("zh-Hant", ["最差的是哪一項", "差在哪裡", "還不能信的數"]),
        ("en", ["Which item is worst?", "Where does it come from?", "Which figures not to trust yet?"]),
    ],
)
async def test_the_questions_stand_in_the_language_of_the_report(
    house: House, api: httpx.AsyncClient, locale: str, questions: list[str]
) -> None:
    await visited(house, {"北区": (40, GOOD), "南区": (40, SLOW), "西区": (8, GOOD)})
    visits = [closed_visit(f"new-{n}", NOON, GOOD, agent="new") for n in range(7)]
    await store_records(house.store, NOON, *(record for visit in visits for record in visit))
    assert list(await answers(api, locale=locale)) == questions


async def test_in_english_it_reads_as_sentences(house: House, api: httpx.AsyncClient) -> None:
    await visited(house, {"north": (40, GOOD), "south": (40, SLOW)})
    told = await answers(api, locale="en")
    worst = "After-care Satisfied (CSAT): 50% (n=80), clearly below 90% (n=400) on the whole"
    assert told["Which item is worst?"] == worst
    where = "Mostly from south with 0% (n=40); all of After-care Satisfied (CSAT) is 50% (n=80)"
    assert told["Where does it come from?"] == where


async def test_several_changes_stand_in_the_order_in_which_they_were_made(house: House, api: httpx.AsyncClient) -> None:
    await visited(house, {"北区": (40, GOOD)})
    for number, days in enumerate((30, 200, 100)):
        result = measured(Verdict.REACHED, NOON - timedelta(days=days))
        result = replace(
            result, measure=replace(result.measure, text=f"措施{days}", due_at=NOON - timedelta(days=days))
        )
        finding = replace(full_finding(NOON), id=f"fin_{number}", responses=(), issues=(), campaign="")
        done = replace(finding, results=(result,), measure=result.measure, look_at=None, version=0)
        await store_records(house.store, NOON, done)
    changes = [name for name in await answers(api) if name.startswith("有没有用")]
    assert [name[5:].partition("（")[0] for name in changes] == ["措施200", "措施100", "措施30"]


async def test_only_the_latest_changes_are_told(house: House, api: httpx.AsyncClient) -> None:
    await visited(house, {"北区": (40, GOOD)})
    for number in range(8):
        planned = NOON - timedelta(days=100 - number)
        result = measured(Verdict.NOT_REACHED, planned)
        result = replace(result, measure=replace(result.measure, text=f"措施{number}", due_at=planned))
        finding = replace(full_finding(NOON), id=f"fin_{number}", responses=(), issues=(), campaign="")
        opened = replace(finding, state=FindingState.OPEN, results=(result,), measure=None, look_at=None, version=0)
        await store_records(house.store, NOON, opened)
    changes = [name for name in await answers(api) if name.startswith("有没有用")]
    assert [name[5:].partition("（")[0] for name in changes] == [f"措施{number}" for number in range(2, 8)]


async def test_a_finding_without_a_measure_is_no_change(house: House, api: httpx.AsyncClient) -> None:
    await visited(house, {"北区": (40, GOOD)})
    finding = replace(full_finding(NOON), responses=(), issues=(), campaign="", results=(), measure=None)
    await store_records(house.store, NOON, replace(finding, state=FindingState.OPEN, look_at=None, version=0))
    assert not any(name.startswith("有没有用") for name in await answers(api))


@pytest.mark.parametrize("form", ["html", "csv", "json", "xlsx"])
async def test_it_is_in_every_format(house: House, api: httpx.AsyncClient, form: str) -> None:
    await visited(house, {"北区": (40, GOOD), "南区": (40, SLOW)})
    asked = {"period": "2026-10", "format": form, "locale": "zh-Hans"}
    content = (await api.get("/api/v1/reports/documents/review", params=asked)).content
    if form == "xlsx":
        sheet = load_workbook(BytesIO(content)).worksheets[0]
        said = "".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    else:
        said = content.decode("utf-8-sig")
    assert "主要在南区 0%（n=40）" in said


async def test_what_four_customers_say_is_not_told(house: House, api: httpx.AsyncClient) -> None:
    responses = await visited(house, {"北区": (40, GOOD), "南区": (40, SLOW)})
    readings = [
        CommentReading(response, NOON, 1, 7, (("after_care", "没人管", "after_care", -1),))
        for response in responses[40:44]
    ]
    await store_records(house.store, NOON, *readings)
    assert "客户怎么说" not in await answers(api)
