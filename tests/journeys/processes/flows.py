"""What people do with the product, each flow to its end and with what must have come of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from tests.journeys.processes.pair import WITHIN, Pair
from tests.support.botapi import Person
from tests.support.town.town import Json, closing, eventually
from tests.support.town.wechat_town import answer_page, closing_in_wechat
from tests.support.town.words import asked, said, step

__all__ = ["FLOWS", "OVERALL", "RARE_FLOWS", "answers", "asks", "is_asked"]

QUESTIONS = range(1, 6)
OVERALL = "整体感受"
"""The only question of the survey `feedback`."""

Flow = Callable[[Pair, str], Awaitable[None]]


async def asks(pair: Pair, ticket: str, person: Person, **more: str) -> None:
    """Close a ticket, again and again until somebody says that it is known."""
    await _closes(pair, ticket, closing(person) | more)


async def _closes(pair: Pair, ticket: str, body: Json) -> None:
    async def look() -> bool | None:
        told = await pair.town.product.api.put(f"/api/v1/tickets/desk/{ticket}", json=body)
        return True if told.is_success else None

    await eventually(look, WITHIN)


async def is_asked(pair: Pair, ticket: str, **more: str) -> Person:
    """Close a ticket of a new customer, and wait for the first question."""
    person = pair.person()
    await asks(pair, ticket, person, **more)
    await person.sees(step(1), within=WITHIN)
    return person


async def answers(person: Person, within: float = WITHIN, pause: float = 0.0) -> None:
    """Press the best rating at each question and skip the comment."""
    for place in QUESTIONS:
        await asyncio.sleep(pause)
        await person.taps("5", message=await person.sees(step(place), within=within))
    await person.sees(said("ask.comment"), within=within)
    await person.taps(said("button.skip"))
    await person.sees(said("done.thanks_name", name="王女士"), within=within)


async def _satisfied(pair: Pair, ticket: str) -> None:
    person = await is_asked(pair, ticket)
    await answers(person)
    response = await pair.town.response(ticket)
    assert (response["status"], [one["value"] for one in response["answers"]]) == ("completed", [5] * 5)


async def _hesitant(pair: Pair, ticket: str) -> None:
    """Write instead of pressing, go back, correct, skip, and change the language."""
    person = await is_asked(pair, ticket)
    await person.says("4")
    await person.taps(said("button.back"), message=await person.sees(step(2), within=WITHIN))
    await person.taps("5", message=await person.sees(step(1), within=WITHIN))
    await person.taps(said("button.skip"), message=await person.sees(step(2), within=WITHIN))
    await person.sees(step(3), within=WITHIN)
    response = await pair.town.response(ticket)
    assert next((one["question"], one["value"]) for one in response["answers"]) == ("response_speed", 5)


async def _unhappy(pair: Pair, ticket: str) -> None:
    """Be heard by the team, which claims, mends and tells; have the last word."""
    person = await is_asked(pair, ticket)
    await person.taps("1")
    await person.sees(asked("ask.why", 1, 1), within=WITHIN)
    await person.says("没有人来")
    for place in QUESTIONS[1:]:
        await person.taps("5", message=await person.sees(step(place), within=WITHIN))
    card = await pair.town.group.sees(f"desk/{ticket}「", within=WITHIN)
    await pair.town.li.taps(said("button.claim"), message=card)
    issue = await _issue_becomes(pair, ticket, "claimed")
    note = {"by": "小李", "note": f"修好了 {ticket}。"}
    await pair.town.call("POST", f"/api/v1/issues/{issue['id']}/resolve", note)
    closure = await person.sees(f"修好了 {ticket}。", within=WITHIN)
    await person.taps(said("button.solved"), message=closure)
    await person.sees(said("closure.solved"), within=WITHIN)
    issue = await _issue_becomes(pair, ticket, "closed")
    assert issue["claimed_by"] == "小李"


async def _issue_becomes(pair: Pair, ticket: str, status: str) -> Json:
    async def look() -> Json | None:
        found = [issue for issue in await pair.town.issues(ticket) if issue["status"] == status]
        return found[0] if found else None

    return await eventually(look, WITHIN)


async def _left_alone(pair: Pair, ticket: str) -> None:
    person = await is_asked(pair, ticket)
    await person.taps("4")
    await person.sees(step(2), within=WITHIN)
    await person.says("/stop")
    await person.sees(said("notice.stopped"), within=WITHIN)
    await asks(pair, f"{ticket}-again", person)
    assert (await pair.town.survey(f"{ticket}-again"))["reason"] == "opted_out"


async def _spontaneous(pair: Pair, ticket: str) -> None:
    """Speak up unasked, after a survey."""
    person = await is_asked(pair, ticket)
    await answers(person)
    last = person.last
    await person.says("/feedback")
    await person.taps("5", message=await person.sees(OVERALL, after=last, within=WITHIN))
    await person.sees(said("ask.comment"), after=last, within=WITHIN)


async def _gone(pair: Pair, ticket: str) -> None:
    """See everything that is kept, and be forgotten."""
    person = await is_asked(pair, ticket)
    await person.says("/forgetme")
    await person.taps(said("rights.forget_yes"), within=WITHIN)
    await person.sees(said("rights.forgotten"), within=WITHIN)


async def _reminded(pair: Pair, ticket: str) -> None:
    """Be reminded by a campaign, which leaves alone who has answered."""
    late, early = await asyncio.gather(*(is_asked(pair, f"{ticket}-{who}") for who in ("late", "early")))
    await answers(early)
    customers = [closing(person)["customer"]["id"] for person in (late, early)]
    draft = {"name": ticket, "kind": "reminder", "audience": {"customers": customers}}
    drafted = await _answered(pair, "POST", "/api/v1/campaigns", draft)
    campaign = f"/api/v1/campaigns/{drafted['id']}"
    await _answered(pair, "POST", f"{campaign}/start", or_else=HTTPStatus.CONFLICT)  # it may have been heard before

    await late.sees(said("remind.length", count=5), within=WITHIN)

    async def look() -> Json | None:
        told = await _answered(pair, "GET", campaign)
        return told if told["status"] == "finished" else None

    told = await eventually(look, WITHIN)
    assert (told["progress"]["audience"], told["progress"]["sent"]) == (1, 1)
    await answers(late)


async def _answered(
    pair: Pair, method: str, path: str, body: Json | None = None, or_else: HTTPStatus = HTTPStatus.OK
) -> Json:
    """Call the API, again and again until somebody answers; it must succeed."""

    async def look() -> Json | None:
        answer = await pair.town.product.api.request(method, path, json=body)
        if answer.status_code == HTTPStatus.BAD_GATEWAY:
            return None
        assert answer.is_success or answer.status_code == or_else, f"{method} {path}: {answer.text}"
        told: Json = answer.json()
        return told

    return await eventually(look, WITHIN)


async def _in_wechat(pair: Pair, ticket: str) -> None:
    """Be asked in WeChat, where one has just written; press, write, and be thanked."""
    person = pair.wechat.person()
    await person.types("你们什么时候来修？")
    await _closes(pair, ticket, closing_in_wechat(person))
    await person.reads(step(1), within=WITHIN)
    await person.clicks("5", within=WITHIN)
    for place in QUESTIONS[1:]:
        await person.reads(step(place), within=WITHIN)
        await person.types("4")
    await person.reads(said("ask.comment"), within=WITHIN)
    await person.types("很好")
    await person.reads(said("done.thanks_name", name="王女士"), within=WITHIN)
    await _is_completed(pair, ticket, [5, 4, 4, 4, 4])


async def _on_the_page(pair: Pair, ticket: str) -> None:
    """Be invited by template in WeChat, where one has not written for long, and answer on the page."""
    person = pair.wechat.person()
    await _closes(pair, ticket, closing_in_wechat(person))
    invitation = await person.reads("空调不制冷", way="template", within=WITHIN)
    deeds = [*[{"rate": "4"}] * len(QUESTIONS), {"say": "1", "text": "就这样"}]
    await answer_page(pair.town.product.api, invitation.url, deeds)
    await _is_completed(pair, ticket, [4] * 5)


async def _is_completed(pair: Pair, ticket: str, values: list[int]) -> None:
    await pair.town.survey_becomes(ticket, "completed", within=WITHIN)
    assert [one["value"] for one in (await pair.town.response(ticket))["answers"]] == values


async def _contrary(pair: Pair, ticket: str) -> None:
    """Contradict oneself, and press both buttons at once: one of them counts, at whichever process."""
    person = await is_asked(pair, ticket)
    await person.says("都是1分")
    await person.sees(said("ask.why_all"), within=WITHIN)
    await person.says("非常满意")
    shown = await person.sees(said("ask.which", given=1, meant=5), within=WITHIN)
    labels = (said(f"button.clarify_{which}", given=1, meant=5) for which in ("yes", "no"))
    await asyncio.gather(*(person.taps(label, message=shown) for label in labels))
    await pair.town.survey_becomes(ticket, "completed", within=WITHIN)
    response = await pair.town.response(ticket)
    (confirmed,) = {one["clarification"]["confirmed"] for one in response["answers"]}
    query = "SELECT value, standing FROM ratings WHERE response = '{}'"
    assert await pair.rows(query.format(response["id"])) == [(confirmed, None)] * 5


FLOWS: Mapping[str, Flow] = {
    "satisfied": _satisfied,
    "hesitant": _hesitant,
    "unhappy": _unhappy,
    "left alone": _left_alone,
    "spontaneous": _spontaneous,
    "gone": _gone,
}
"""What happens all the time."""

RARE_FLOWS: Mapping[str, Flow] = {
    "reminded": _reminded,
    "contrary": _contrary,
    "in WeChat": _in_wechat,
    "on the page": _on_the_page,
}
"""What is tried once at each place: it needs more calls, and its fakes more time, than all the others."""
