"""Importance is asked after a rating, in the chat and on the page, stored with the answer, and never in the way."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.sandbox.channel import BUTTON, parse_action
from dialogs.interview.model import InterviewState
from dialogs.messages import Tap, Verb
from storage.model.fact_records import RatingFact
from storage.unit_of_work.selects import all_of
from tests.support.web.house import House
from tests.support.web.survey_pages import Phone, asked, interview_of, open_house_with_pages, survey_link

MATRIX = "importance_matrix"
CONTACT = {"channel": "sandbox", "address": "phone"}
ITEMS = ("reception_attitude", "solving_speed", "solving_result", "service_efficiency")
Answers = list[tuple[str, int, int | None]]


async def taps(house: House, verb: Verb, response: str, step: str, value: int = 0) -> None:
    """Let the customer press a button of the chat."""
    house.clock.passes(timedelta(seconds=10))
    tap = BUTTON.encode(Tap(verb, response, step, value)).replace('"', '\\"')
    key = f"{house.clock.now():%H%M%S}-{response[4:]}"
    raw = f'{{"id":"{key}","chat":"phone","person":"customer","tap":"{tap}"}}'.encode()
    await house.web.receiver.receive(parse_action(raw, house.clock.now()), "sandbox:phone", raw)


async def says(house: House, words: str) -> None:
    """Let the customer type in the chat."""
    house.clock.passes(timedelta(seconds=10))
    key = f"{house.clock.now():%H%M%S}-typed-words"
    raw = f'{{"id":"{key}","chat":"phone","person":"customer","text":"{words}"}}'.encode()
    await house.web.receiver.receive(parse_action(raw, house.clock.now()), "sandbox:phone", raw)


async def told(api: httpx.AsyncClient) -> tuple[str, Answers]:
    """Return the status of the one response, and what was answered: question, rating, importance."""
    (response,) = (await api.get("/api/v1/responses")).json()["items"]
    return response["status"], [(one["question"], one["value"], one["importance"]) for one in response["answers"]]


async def facts(house: House) -> dict[str, tuple[int, int]]:
    """Return what figures count of each item: its rating and its importance."""
    async with house.store.reading() as session:
        return {one.item: (one.value, one.importance) for one in await session.records(RatingFact, all_of(RatingFact))}


async def test_a_second_row_follows_each_rating_and_what_is_tapped_is_stored_with_it(
    house: House, api: httpx.AsyncClient
) -> None:
    response = await asked(api, MATRIX, contacts=[CONTACT])
    for item, rating, importance in zip(ITEMS, (5, 4, 4, 4), (5, 1, 3, 2), strict=True):
        await taps(house, Verb.RATE, response, item, rating)
        assert (await interview_of(house, response)).state is InterviewState.WEIGHING
        await taps(house, Verb.WEIGH, response, item, importance)
    await taps(house, Verb.SKIP, response, "comment")
    given = [(5, 5), (4, 1), (4, 3), (4, 2)]
    assert await told(api) == ("completed", [(item, *pair) for item, pair in zip(ITEMS, given, strict=True)])
    assert await facts(house) == dict(zip(ITEMS, given, strict=True))


async def test_who_wants_none_of_it_is_asked_no_more_and_is_through_as_without_it(
    house: House, api: httpx.AsyncClient
) -> None:
    response = await asked(api, MATRIX, contacts=[CONTACT])
    await taps(house, Verb.RATE, response, ITEMS[0], 5)
    await taps(house, Verb.WEIGH, response, ITEMS[0], 4)
    await taps(house, Verb.RATE, response, ITEMS[1], 5)
    await taps(house, Verb.NO_IMPORTANCE, response, f"weight:{ITEMS[1]}")
    for item in ITEMS[2:]:
        await taps(house, Verb.RATE, response, item, 4)
    assert (await interview_of(house, response)).state is InterviewState.COMMENTING
    await taps(house, Verb.SKIP, response, "comment")
    weights = (4, None, None, None)
    assert await told(api) == ("completed", [*zip(ITEMS, (5, 5, 4, 4), weights, strict=True)])
    (flagged,) = (await api.get("/api/v1/responses")).json()["items"]
    assert "incomplete" not in flagged["flags"]


@pytest.mark.parametrize(
    ("words", "importance"),
    [
        ("重要", 4),
        ("一般", 3),
        ("不重要", 1),
        ("5", 5),
        ("３分", 3),
        ("很重要！", 5),
        ("not important", 1),
        ("跳过", None),
    ],
)
async def test_importance_is_typed_as_well(
    words: str, importance: int | None, house: House, api: httpx.AsyncClient
) -> None:
    response = await asked(api, MATRIX, contacts=[CONTACT])
    await says(house, "5")
    await says(house, words)
    assert await told(api) == ("started", [(ITEMS[0], 5, importance)])
    assert (await interview_of(house, response)).at == ITEMS[1]


async def test_back_goes_to_the_rating_and_a_low_one_is_asked_why_before_it(
    house: House, api: httpx.AsyncClient
) -> None:
    response = await asked(api, MATRIX, contacts=[CONTACT])
    await taps(house, Verb.RATE, response, ITEMS[0], 5)
    await taps(house, Verb.BACK, response, f"weight:{ITEMS[0]}")
    interview = await interview_of(house, response)
    assert (interview.state, interview.at) == (InterviewState.RATING, ITEMS[0])
    await taps(house, Verb.RATE, response, ITEMS[0], 2)
    assert (await interview_of(house, response)).state is InterviewState.REMARKING
    await says(house, "没人接电话")
    assert (await interview_of(house, response)).state is InterviewState.WEIGHING
    await says(house, "很重要")
    assert await told(api) == ("started", [(ITEMS[0], 2, 5)])


async def test_a_rating_and_its_importance_are_corrected_after_the_end(house: House, api: httpx.AsyncClient) -> None:
    response = await asked(api, MATRIX, contacts=[CONTACT])
    for item in ITEMS:
        await taps(house, Verb.RATE, response, item, 4)
        await taps(house, Verb.WEIGH, response, item, 4)
    await taps(house, Verb.SKIP, response, "comment")
    await taps(house, Verb.RATE, response, ITEMS[0], 5)
    await taps(house, Verb.WEIGH, response, ITEMS[1], 1)
    _, answers = await told(api)
    assert answers[:3] == [(ITEMS[0], 5, 4), (ITEMS[1], 4, 1), (ITEMS[2], 4, 4)]
    assert (await facts(house))[ITEMS[1]] == (4, 1)


async def test_an_unanswered_importance_leaves_everything_as_it_would_be_without(
    house: House, api: httpx.AsyncClient
) -> None:
    response = await asked(api, MATRIX, contacts=[CONTACT])
    for item in ITEMS:
        await taps(house, Verb.RATE, response, item, 5)
        await taps(house, Verb.SKIP, response, f"weight:{item}")
    await taps(house, Verb.SKIP, response, "comment")
    assert await told(api) == ("completed", [(item, 5, None) for item in ITEMS])


async def test_the_page_has_both_lines_at_once_and_the_second_may_be_left_out(folder: Path) -> None:
    async with open_house_with_pages(folder) as house, house.client() as api:
        phone = await Phone.at(api, survey_link(house, await asked(api, MATRIX)))
        assert "这一项对您重要吗？可以不选" in phone.page.lines
        both: tuple[dict[str, str], ...] = ({"rate": "5", "importance": "4"}, {"rate": "4"})
        for fields in both:
            phone.page = await phone.send({**phone.page.form("next").hidden, **fields, "next": "1"})
        assert "第 3 题，共 4 题" in phone.page.lines
        assert await told(api) == ("started", [(ITEMS[0], 5, 4), (ITEMS[1], 4, None)])
        assert (await facts(house))[ITEMS[0]] == (5, 4)


async def test_a_rating_without_its_importance_in_the_chat_gets_it_on_the_page(folder: Path) -> None:
    async with open_house_with_pages(folder) as house, house.client() as api:
        response = await asked(api, MATRIX, contacts=[CONTACT])
        await taps(house, Verb.RATE, response, ITEMS[0], 5)
        phone = await Phone.at(api, survey_link(house, response))
        fields: dict[str, Any] = {"rate": "5", "importance": "3", "next": "1"}
        phone.page = await phone.send({**phone.page.form("next").hidden, **fields})
        assert await told(api) == ("started", [(ITEMS[0], 5, 3)])
        assert "第 2 题，共 4 题" in phone.page.lines


@pytest.mark.parametrize("forged", ["6", "-1", "x"])
async def test_a_forged_importance_changes_nothing(forged: str, folder: Path) -> None:
    async with open_house_with_pages(folder) as house, house.client() as api:
        response = await asked(api, MATRIX, contacts=[CONTACT])
        phone = await Phone.at(api, survey_link(house, response))
        await phone.send({**phone.page.form("next").hidden, "rate": "5", "importance": forged})
        assert (await told(api))[1] == []
        await taps(house, Verb.RATE, response, ITEMS[0], 5)
        await taps(house, Verb.WEIGH, response, ITEMS[0], 6)
        assert await told(api) == ("started", [(ITEMS[0], 5, None)])


async def test_what_a_paper_says_of_importance_is_entered_with_its_ratings(api: httpx.AsyncClient) -> None:
    answers = {item: {"value": 4, "importance": weight} for item, weight in zip(ITEMS[:2], (5, None), strict=True)}
    body = {"number": "0042", "survey": MATRIX, "source": "paper", "by": "王芳", "answers": answers}
    entered = await api.post("/api/v1/responses", json=body)
    assert entered.status_code == 201, entered.text
    assert [one["importance"] for one in entered.json()["answers"]] == [5, None]
    answers[ITEMS[1]]["importance"] = 6
    assert (await api.post("/api/v1/responses", json=body)).status_code == 422
    unasked = {"survey": "after_service", "answers": {"attitude": {"value": 4, "importance": 5}}}
    refused = await api.post("/api/v1/responses", json=body | unasked)
    assert "attitude.importance" in refused.text


async def test_the_page_after_the_end_corrects_the_rating_and_leaves_its_importance(folder: Path) -> None:
    async with open_house_with_pages(folder) as house, house.client() as api:
        phone = await Phone.at(api, survey_link(house, await asked(api, MATRIX)))
        for _ in ITEMS:
            fields = {"rate": "5", "importance": "2", "next": "1"}
            phone.page = await phone.send({**phone.page.form("next").hidden, **fields})
        await phone.press("skip")
        assert "您的评分" in phone.page.lines
        await phone.press("rate", 3, form=phone.page.forms[0])
        status, answers = await told(api)
        assert (status, answers[0], answers[1]) == ("completed", (ITEMS[0], 3, 2), (ITEMS[1], 5, 2))
        assert (await facts(house))[ITEMS[0]] == (3, 2)


async def test_on_the_page_back_and_skip_work_beside_it_and_who_declined_sees_it_no_more(folder: Path) -> None:
    async with open_house_with_pages(folder) as house, house.client() as api:
        response = await asked(api, MATRIX, contacts=[CONTACT])
        phone = await Phone.at(api, survey_link(house, response))
        fields = {"rate": "4", "importance": "5", "next": "1"}
        phone.page = await phone.send({**phone.page.form("next").hidden, **fields})
        await phone.press("back")
        assert 'value="4" required checked' in phone.page.html
        assert 'name="importance" value="5" checked' in phone.page.html
        await phone.press("skip")
        assert await told(api) == ("started", [(ITEMS[0], 4, 5)])
        await taps(house, Verb.RATE, response, ITEMS[1], 5)
        await taps(house, Verb.NO_IMPORTANCE, response, f"weight:{ITEMS[1]}")
        phone = await Phone.at(api, survey_link(house, response))
        assert "这一项对您重要吗？可以不选" not in phone.page.lines
        await phone.press("rate", 5)
        assert await told(api) == ("started", [(ITEMS[0], 4, 5), (ITEMS[1], 5, None), (ITEMS[2], 5, None)])
