"""Words against the stars, through the doors: asked once in the chat and on the page; nothing waits for it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.sandbox.channel import BUTTON, parse_action
from dialogs.interview.model import InterviewState
from dialogs.messages import Tap, Verb
from scoring.values import replace
from storage.model.fact_records import RatingFact
from storage.model.records import AnswerLog, OutboxMessage
from storage.unit_of_work.selects import all_of
from tests.support.channels import able
from tests.support.rights import fulfil
from tests.support.web.house import House
from tests.support.web.service import Service
from tests.support.web.survey_pages import (
    Page,
    Phone,
    asked,
    interview_of,
    messages,
    open_house_with_pages,
    survey_link,
)
from tests.support.web.tickets import TICKET

CONTACT = {"channel": "sandbox", "address": "phone"}
ITEMS = ("response_speed", "problem_solving", "attitude", "convenience", "after_care")
ONES, FIVES = dict.fromkeys(ITEMS, 1), dict.fromkeys(ITEMS, 5)
WHICH = "您打了 1 分，是想打 5 分吗？"


async def _acts(house: House, field: str, said: str, after: float = 10) -> None:
    house.clock.passes(timedelta(seconds=after))
    key = f"{house.clock.now():%d%H%M%S}-{field}"
    raw = f'{{"id":"{key}","chat":"phone","person":"customer","{field}":"{said}"}}'.encode()
    await house.web.receiver.receive(parse_action(raw, house.clock.now()), "sandbox:phone", raw)


async def says(house: House, *texts: str) -> None:
    """Let the customer type."""
    for text in texts:
        await _acts(house, "text", text)


async def taps(house: House, response: str, verb: Verb, value: int = 0, step: str = "clarify") -> None:
    """Let the customer press a button of the chat."""
    await _acts(house, "tap", BUTTON.encode(Tap(verb, response, step, value)).replace('"', '\\"'))


async def told(api: httpx.AsyncClient) -> dict[str, Any]:
    """Return the one response, as the API shows it."""
    (response,) = (await api.get("/api/v1/responses")).json()["items"]
    return dict(response)


def rated(response: dict[str, Any]) -> dict[str, int]:
    """Return the ratings of a response."""
    return {answer["question"]: answer["value"] for answer in response["answers"]}


def both(response: dict[str, Any]) -> set[tuple[int, int, int | None]]:
    """Return of each rating in doubt what was given, what may be meant, and what the customer said it is."""
    asked = (answer["clarification"] for answer in response["answers"])
    return {(one["given"], one["meant"], one["confirmed"]) for one in asked if one}


async def counted(house: House) -> list[tuple[str, int]]:
    """Return what figures count."""
    async with house.store.reading() as session:
        return sorted((one.item, one.value) for one in await session.records(RatingFact, all_of(RatingFact)))


async def history(house: House) -> list[tuple[str, int | None]]:
    """Return the history of the answer to the first question."""
    async with house.store.reading() as session:
        lines = await session.records(AnswerLog, all_of(AnswerLog))
    mine = sorted((line for line in lines if ITEMS[0] in line.question), key=lambda line: line.number)
    return [(line.question, line.value) for line in mine]


async def issues(api: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Return the issues with their timelines."""
    items = (await api.get("/api/v1/issues")).json()["items"]
    return [(await api.get(f"/api/v1/issues/{one['id']}")).json() for one in items]


def to_customer(sent: list[OutboxMessage]) -> Iterator[str]:
    """Yield what the customer was sent."""
    yield from (one.prompt.text for one in sent if one.address.chat == "phone")


async def test_the_alert_is_out_as_the_words_are_sent_and_a_correction_edits_the_card(
    house: House, api: httpx.AsyncClient
) -> None:
    response = await asked(api, contacts=[CONTACT])
    await says(house, "都是1分", "非常满意")
    assert sum(WHICH in text for text in to_customer(await messages(house))) == 1
    assert (await interview_of(house, response)).state is InterviewState.CLARIFYING
    (issue,) = await issues(api)
    assert (issue["kind"], issue["severity"], issue["status"]) == ("low_score", "high", "open")
    assert issue["opened_at"] == house.clock.now().isoformat().replace("+00:00", "Z")
    await taps(house, response, Verb.CLARIFY, 1)
    done = await told(api)
    assert (done["status"], rated(done), both(done), done["flags"]) == ("completed", FIVES, {(1, 5, 5)}, [])
    (corrected,) = await issues(api)
    events = [event["event"] for event in corrected["timeline"]]
    assert (corrected["id"], events) == (issue["id"], ["opened", "corrected"])
    assert await counted(house) == sorted(FIVES.items())
    assert await history(house) == [
        (ITEMS[0], 1),
        (f"clarify:{ITEMS[0]}", 5),
        (ITEMS[0], 5),
        (f"clarified:{ITEMS[0]}", 5),
    ]


async def test_who_keeps_the_rating_is_believed_and_a_second_press_changes_nothing(
    house: House, api: httpx.AsyncClient
) -> None:
    response = await asked(api, contacts=[CONTACT])
    await says(house, "都是1分", "非常满意")
    await taps(house, response, Verb.CLARIFY, 0)
    await taps(house, response, Verb.CLARIFY, 1)
    done = await told(api)
    assert (done["status"], rated(done), both(done), done["flags"]) == ("completed", ONES, {(1, 5, 1)}, [])
    assert await counted(house) == sorted(ONES.items())


async def test_five_stars_with_blame_turned_over_raise_the_issue_that_they_hid(
    house: House, api: httpx.AsyncClient
) -> None:
    response = await asked(api, contacts=[CONTACT])
    await says(house, "都是5分", "太差了")
    assert await issues(api) == []
    await taps(house, response, Verb.CLARIFY, 1)
    assert rated(await told(api)) == ONES
    (issue,) = await issues(api)
    assert (issue["kind"], issue["severity"]) == ("low_score", "high")


@pytest.mark.parametrize("way", ["skip", "stop", "reopened", "end"])
async def test_unanswered_it_stays_as_rated_and_is_flagged_whatever_ends_it(
    way: str, house: House, api: httpx.AsyncClient
) -> None:
    response = await asked(api, contacts=[CONTACT])
    await says(house, "都是1分", "非常满意")
    said_at = house.clock.now()
    match way:
        case "skip":
            await says(house, "跳过")
        case "stop":
            await says(house, "退订")
        case "end":
            await says(house, "算了")
        case _:
            body = {**TICKET, "status": "reopened", "closed_at": None}
            assert (await api.put("/api/v1/tickets/zendesk/42", json=body)).is_success
    done = await told(api)
    assert (done["status"], rated(done), both(done)) == ("completed", ONES, {(1, 5, None)})
    assert done["flags"] == ["contradiction"]
    assert done["completed_at"] == said_at.isoformat().replace("+00:00", "Z")
    assert await counted(house) == sorted(ONES.items())
    explained = (await api.get(f"/api/v1/responses/{response}/explain")).json()
    assert [one["flag"] for one in explained["flags"]] == ["contradiction"]


async def test_nobody_else_is_asked_or_flagged(house: House, api: httpx.AsyncClient) -> None:
    await asked(api, contacts=[CONTACT])
    await says(house, "都是1分", "太差了")
    done = await told(api)
    assert (done["status"], both(done), done["flags"]) == ("completed", set(), [])


async def test_back_shows_the_comment_and_it_is_not_asked_again(house: House, api: httpx.AsyncClient) -> None:
    response = await asked(api, contacts=[CONTACT])
    await says(house, "都是1分", "非常满意")
    await taps(house, response, Verb.BACK)
    assert (await interview_of(house, response)).state is InterviewState.COMMENTING
    await says(house, "真的非常满意")
    done = await told(api)
    assert (done["status"], done["flags"]) == ("completed", ["contradiction"])


async def test_words_that_are_no_answer_are_kept_and_the_second_ones_go_to_the_team(
    house: House, api: httpx.AsyncClient
) -> None:
    await asked(api, contacts=[CONTACT])
    await says(house, "都是5分", "太差了", "这个事情怎么说呢", "师傅上午来的")
    waits = await told(api)
    assert [one["text"] for one in waits["said"]] == ["这个事情怎么说呢", "师傅上午来的"]
    (issue,) = await issues(api)
    assert issue["kind"] == "manual"
    await says(house, "不是")
    assert (await told(api))["status"] == "completed"


async def contradicts(service: Service) -> None:
    """Let a customer be asked, and contradict herself."""
    await service.closes("1", "mei", person={"contacts": [{"channel": "sandbox", "address": "phone-mei"}]})
    await service.passes(timedelta(minutes=31))
    for words in ("都是1分", "非常满意"):
        await service.says(words, "phone-mei")


async def test_when_the_time_is_over_it_is_complete_as_of_the_comment(service: Service) -> None:
    await contradicts(service)
    said_at = service.now
    await service.passes(timedelta(hours=73))
    done = await told(service.api)
    assert (done["status"], both(done), done["flags"]) == ("completed", {(1, 5, None)}, ["contradiction"])
    assert done["completed_at"] == said_at.isoformat().replace("+00:00", "Z")
    assert await counted(service.house) == sorted(ONES.items())


async def test_who_is_erased_while_it_is_asked_leaves_ratings_and_no_words(service: Service) -> None:
    await contradicts(service)
    assert (await service.api.delete("/api/v1/customers/mei")).is_success
    await fulfil(service.house)
    erased = await told(service.api)
    assert (rated(erased), erased["comment"], erased["said"]) == (ONES, None, [])


async def test_a_press_on_a_page_that_is_out_of_date_is_said_not_to_count(folder: Path) -> None:
    async with open_house_with_pages(folder) as house, house.client() as api:
        phone = await Phone.at(api, survey_link(house, await asked(api, contacts=[CONTACT])))
        await says(house, "都是1分", "非常满意")
        phone.page = Page(await api.get(survey_link(house, (await told(api))["id"])))
        shown = phone.page
        await phone.press("back")
        assert "非常满意" in phone.page.html
        phone.page = shown
        await phone.press("clarify", 1)
        assert "那一步已经答过了，刚才点的没有记上。请看现在这一步。" in phone.page.lines
        await phone.press("say", text="非常满意")
        done = await told(api)
        assert (done["status"], rated(done), done["flags"]) == ("completed", ONES, ["contradiction"])


@pytest.mark.parametrize("answer", ["是", "5", "不是", "1分"])
async def test_without_buttons_that_are_edited_it_is_typed(answer: str, house: House, api: httpx.AsyncClient) -> None:
    house.web.receiver.adopt(able(house.web.receiver.policy, "sandbox", edits=False))
    await asked(api, contacts=[CONTACT])
    await says(house, "都是1分", "非常满意")
    (prompt,) = (one.prompt for one in await messages(house) if WHICH in one.prompt.text)
    assert prompt.typed == "改成 5 分，回复「是」；就是 1 分，回复「不是」。"
    await says(house, answer)
    done = await told(api)
    assert (done["status"], rated(done)) == ("completed", FIVES if answer in ("是", "5") else ONES)


@pytest.mark.parametrize(("press", "values"), [(1, FIVES), (0, ONES)])
async def test_the_page_asks_on_a_screen_of_its_own_without_scripts(
    press: int, values: dict[str, int], folder: Path
) -> None:
    async with open_house_with_pages(folder) as house, house.client() as api:
        phone = await Phone.at(api, survey_link(house, await asked(api)))
        for item in ITEMS:
            await phone.press("rate", 1)
            if any(form.writes for form in phone.page.forms) and item != ITEMS[-1]:
                await phone.press("skip")
        await phone.press("say", text="非常满意")
        assert f"多问一句：{WHICH}" in phone.page.lines
        assert [button[2] for button in phone.page.form("clarify").buttons] == [
            "是，改成 5 分",
            "不改，就是 1 分",
            "上一步",
        ]
        (issue,) = await issues(api)
        assert issue["kind"] == "low_score"
        await phone.press("clarify", press)
        assert ("改好了，谢谢您告诉我们！" in phone.page.lines) is bool(press)
        done = await told(api)
        assert (rated(done), both(done) and done["status"]) == (values, "completed")


async def test_a_survey_that_does_not_ask_flags_all_the_same(house: House, api: httpx.AsyncClient) -> None:
    policy = house.web.receiver.policy
    surveys = {key: replace(survey, asks_contradiction=False) for key, survey in policy.surveys.items()}
    house.web.receiver.adopt(replace(policy, surveys=surveys))
    await asked(api, contacts=[CONTACT])
    await says(house, "都是1分", "非常满意")
    done = await told(api)
    assert (done["status"], both(done), done["flags"]) == ("completed", set(), ["contradiction"])
