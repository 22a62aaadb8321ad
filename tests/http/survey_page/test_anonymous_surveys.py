"""An anonymous survey over the page and the API: asked like any other, and afterwards nobody can tell."""

from datetime import timedelta
from typing import Any

import httpx

from tests.support.web.house import House
from tests.support.web.survey_pages import Phone, asked, interview_of, messages, survey_link

FIGURES = "/api/v1/surveys/anonymous_pulse/anonymous"


async def answers(house: House, api: httpx.AsyncClient, number: int, ratings: tuple[int, ...], text: str = "") -> str:
    """Let somebody be asked and answer on the page; an empty text leaves the comment open."""
    who = {"id": f"c-{number}", "contacts": [{"channel": "sandbox", "address": f"phone{number}"}]}
    interview = await asked(api, "anonymous_pulse", f"t-{number}", **who)
    phone = await Phone.at(api, survey_link(house, interview))
    for rating in ratings:
        await phone.press("rate", rating)
    if text:
        await phone.press("say", text=text)
    return interview


async def response(api: httpx.AsyncClient, interview: str) -> dict[str, Any]:
    found = (await api.get("/api/v1/responses")).json()["items"]
    return next(one for one in found if one["id"] == interview)


async def test_the_page_says_that_it_is_anonymous_before_and_after(house: House, api: httpx.AsyncClient) -> None:
    phone = await Phone.at(api, survey_link(house, await asked(api, "anonymous_pulse")))
    assert "这次评价不记名" in phone.page.text
    for rating in (5, 4, 3):
        await phone.press("rate", rating)
    page = await phone.press("say", text="挺好")
    assert "回答已经和您分开保存" in page.text
    assert "意见反馈" in page.text
    assert "您的评分" not in page.text
    assert not any(button[0] == "rate" for form in page.forms for button in form.buttons)


async def test_the_api_tells_that_somebody_answered_and_nothing_of_what(house: House, api: httpx.AsyncClient) -> None:
    begun = await answers(house, api, 1, (5, 4))
    ended = await answers(house, api, 2, (3, 3, 3), "我要投诉")
    for interview, status in ((begun, "started"), (ended, "completed")):
        told = await response(api, interview)
        assert told["status"] == status
        hidden = {name: told[name] for name in ("score", "answers", "comment", "started_at", "completed_at")}
        assert hidden == {"score": None, "answers": [], "comment": None, "started_at": None, "completed_at": None}
    assert (await api.get("/api/v1/issues")).json()["items"] == []
    kept = await interview_of(house, ended)
    assert (kept.answers, kept.comment, kept.message) == ((), None, "")
    assert "投诉" not in repr(await messages(house))


async def test_five_people_of_a_month_that_is_over_are_shown_together(house: House, api: httpx.AsyncClient) -> None:
    for number in range(4):
        await answers(house, api, number, (5, 4, 3), f"谢谢 {number}")
    house.clock.passes(timedelta(days=40))
    assert (await api.get(FIGURES)).json() == {"survey": "anonymous_pulse", "least": 5, "months": []}


async def test_the_figures_of_a_month(house: House, api: httpx.AsyncClient) -> None:
    for number in range(5):
        await answers(house, api, number, (5, 4, 3 if number else 4), f"谢谢 {number}")
    assert (await api.get(FIGURES)).json()["months"] == []  # the month goes on
    house.clock.passes(timedelta(days=40))
    (month,) = (await api.get(FIGURES)).json()["months"]
    assert (month["version"], month["n"]) == (2, 5)
    again = next(one for one in month["questions"] if one["question"] == "again")
    ratings = {"1": 0, "2": 0, "3": 4, "4": 1, "5": 0}
    assert again == {"question": "again", "n": 5, "ratings": ratings, "importances": None}
    assert month["comments"] == [f"谢谢 {number}" for number in range(5)]


async def test_a_survey_that_is_not_anonymous_has_no_such_figures(api: httpx.AsyncClient) -> None:
    for survey in ("after_service", "nobodys"):
        told = await api.get(f"/api/v1/surveys/{survey}/anonymous")
        assert told.status_code == 404
        assert "/api/v1/responses" in told.json()["detail"]
