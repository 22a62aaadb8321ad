"""What a ticket is told of its customer's answers: the rating, the issue, a tag, and that it is not solved."""

from typing import Any

import httpx
import pytest

from dialogs.messages import DeskStep
from scoring.values import replace
from storage.model.records import OutboxMessage
from tests.http.ticket_page.written import asked_about, link_of, waiting
from tests.support.web.house import URL, House
from tests.support.web.survey_pages import Phone

STEPS = 20


async def answered(house: House, api: httpx.AsyncClient, value: int, *, words: str = "") -> Phone:
    """Answer every question of the survey page alike, and skip or write what is asked in words."""
    survey = await asked_about(api)
    assert survey is not None
    opened = await api.post(await link_of(house), data={"channel": "web"}, headers={"origin": URL})
    phone = await Phone.at(api, opened.headers["location"].removeprefix(URL))
    for _ in range(STEPS):
        buttons = {button[0] for form in phone.page.forms for button in form.buttons}
        if "rate" in buttons:
            await phone.press("rate", value)
        elif words and "say" in buttons:
            await phone.press("say", text=words)
        elif "skip" in buttons:
            await phone.press("skip")
    return phone


async def told(house: House) -> dict[str, list[OutboxMessage]]:
    """Return what waits besides the link, by its kind."""
    kinds = (DeskStep.NOTE, DeskStep.TAG, DeskStep.REOPEN)
    return {kind.value: found for kind in kinds if (found := await waiting(house, kind))}


def change(house: House, **terms: Any) -> None:  # noqa: ANN401 (fields of DeskTerms)
    """Change what is written into tickets of zammad."""
    policy = house.web.receiver.policy
    house.web.receiver.adopt(replace(policy, desks={"zammad": replace(policy.desks["zammad"], **terms)}))


async def test_a_good_rating_is_one_note(house: House, api: httpx.AsyncClient) -> None:
    await answered(house, api, 5)
    found = await told(house)
    assert set(found) == {"note"}
    (note,) = found["note"]
    assert note.prompt.desk is not None
    assert note.prompt.text.startswith("客户评分：5（满分 5）")
    assert note.prompt.desk.marker in note.prompt.text
    assert (note.channel, note.chat, note.customer, note.obeys_opt_out) == ("zammad", "7", "zammad:17", False)


async def test_a_low_rating_is_a_note_with_the_words_an_issue_with_its_page_and_a_tag(
    house: House, api: httpx.AsyncClient
) -> None:
    await answered(house, api, 1, words="等了两天")
    found = await told(house)
    notes = "\n".join(one.prompt.text for one in found["note"])
    assert ("客户评分：1" in notes, "等了两天" in notes, "/t/" in notes) == (True, True, False)
    (link,) = [one.prompt.link for one in found["note"] if one.prompt.link is not None]
    assert link.url.startswith(f"{URL}/t/")
    assert [one.prompt.text for one in found["tag"]] == ["csat-low"]
    assert len({one.id for kind in found.values() for one in kind}) == 3
    assert len({one.prompt.desk.marker for one in found["note"] if one.prompt.desk}) == 2


async def test_what_a_customer_writes_gives_no_orders_in_the_ticket(house: House, api: httpx.AsyncClient) -> None:
    await answered(house, api, 1, words="等了两天\n/close\n@all [~boss] ![](https://evil.example/x)")
    lines = "\n".join(one.prompt.text for one in (await told(house))["note"]).splitlines()
    quoted = " ".join(line for line in lines if "等了两天" in line)
    assert not any(line.lstrip().startswith("/") for line in lines), "an order to GitLab"
    for alive in ("/close", "@all", "[~boss]", "https://"):
        assert alive not in quoted, alive
    assert "close" in quoted, "it is still told"


@pytest.mark.some(1)
@pytest.mark.parametrize(
    ("terms", "kinds"),
    [({"notes": False}, {"tag"}), ({"tag": ""}, {"note"}), ({"notes": False, "tag": ""}, set())],
)
async def test_the_owner_says_what_is_written(
    house: House, api: httpx.AsyncClient, terms: dict[str, Any], kinds: set[str]
) -> None:
    change(house, **terms)
    await answered(house, api, 1)
    assert set(await told(house)) == kinds


async def test_of_an_anonymous_survey_nothing_is_written(house: House, api: httpx.AsyncClient) -> None:
    policy = house.web.receiver.policy
    anonymous = {key: replace(survey, anonymous=True) for key, survey in policy.surveys.items()}
    house.web.receiver.adopt(replace(policy, surveys=anonymous))
    await answered(house, api, 1, words="等了两天")
    assert await told(house) == {}


@pytest.mark.proof
async def test_what_the_team_itself_opens_again_is_theirs_to_open_in_the_help_desk(
    house: House, api: httpx.AsyncClient
) -> None:
    await answered(house, api, 1)
    before = await told(house)
    contact = {"channel": "sandbox", "address": "phone"}
    known = {"status": "closed", "customer": {"id": "zammad:17", "contacts": [contact]}}
    assert (await api.put("/api/v1/tickets/zammad/7", json=known)).is_success
    (issue,) = (await api.get("/api/v1/issues")).json()["items"]
    deed = {"by": "li", "note": "换好了"}
    assert (await api.post(f"/api/v1/issues/{issue['id']}/resolve", json=deed)).is_success
    again = await api.post(f"/api/v1/issues/{issue['id']}/reopen", json={"by": "li", "reason": "again"})
    assert (again.status_code, await told(house)) == (200, before)


@pytest.mark.proof
async def test_whoever_asks_for_their_data_is_told_the_notes_and_no_page_of_the_teams(
    house: House, api: httpx.AsyncClient
) -> None:
    await answered(house, api, 1, words="等了两天")
    held = await api.get("/api/v1/customers/zammad:17")
    assert held.status_code == 200, held.text
    assert ("客户评分：1" in held.text, f"{URL}/t/" in held.text) == (True, False)
