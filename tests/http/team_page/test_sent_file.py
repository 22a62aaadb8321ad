"""A file of a message is fetched by its link, for as long as link and message last, and shown in the sandbox."""

from datetime import timedelta

import httpx
import pytest

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_team
from bot.handlers.common.sent_files import FILE_LINK_LASTS, NewFile, message_with_file
from bot.signed_links import LinkPurpose
from dialogs.messages import Address, Prompt
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.model.records import OutboxMessage
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.support.web.house import URL, House

TEAM = Address("sandbox", "team")
PICTURE = NewFile("上周.png", "image/png", b"\x89PNG\r\n\x1a\n")
REPORT = NewFile('十月 "服务".pdf', "application/pdf", b"%PDF-1.7")


async def sent(house: House, file: NewFile, message_id: str = "out_1") -> OutboxMessage:
    """Write a message with a file into the team's chat, as a page of ours shows it once it has arrived."""

    def decide(context: DecisionContext) -> Decision[OutboxMessage]:
        plain = message_to_team(context, TEAM, Prompt("上周的数字"), message_id)
        arrived = replace(plain, status=SendingState.SENT, receipt=message_id, sent_at=context.now)
        stored, carries = message_with_file(context, arrived, file)
        return Decision(Changes((stored, carries)), carries)

    return await house.web.receiver.do(Needs(), decide)


def link_of(message: OutboxMessage) -> str:
    assert message.prompt.file is not None
    assert message.prompt.file.page is not None
    return message.prompt.file.page.url.removeprefix(URL)


async def fetched(house: House, link: str) -> httpx.Response:
    async with house.client(key=None) as anybody:
        return await anybody.get(link)


async def test_a_picture_is_shown_and_another_file_is_given_under_its_name(house: House) -> None:
    picture = await fetched(house, link_of(await sent(house, PICTURE)))
    assert (picture.status_code, picture.headers["content-type"], picture.content) == (
        200,
        "image/png",
        PICTURE.content,
    )
    assert picture.headers["content-disposition"].startswith("inline;")
    report = await fetched(house, link_of(await sent(house, REPORT, "out_2")))
    assert report.content == REPORT.content
    assert report.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''%E5%8D%81%E6%9C%88%20%22%E6%9C%8D%E5%8A%A1%22.pdf"
    )
    assert "sandbox" in report.headers["content-security-policy"]


@pytest.mark.parametrize("token", ["", "nothing", "A" * 60])
async def test_a_forged_link_opens_nothing(house: House, token: str) -> None:
    await sent(house, PICTURE)
    assert (await fetched(house, f"/a/{token}")).status_code == 404


async def test_a_link_to_something_else_opens_no_file(house: House) -> None:
    await sent(house, PICTURE)
    links, until = house.web.receiver.policy.links, house.clock.now() + timedelta(days=1)
    other = links.url(LinkPurpose.DATA, "out_1", until).removeprefix(URL).replace("/d/", "/a/")
    assert (await fetched(house, other)).status_code == 404
    nobody = links.url(LinkPurpose.FILE, "out_9", until).removeprefix(URL)
    assert (await fetched(house, nobody)).status_code == 404


async def test_an_old_link_says_so(house: House) -> None:
    link = link_of(await sent(house, PICTURE))
    house.clock.passes(FILE_LINK_LASTS)
    answer = await fetched(house, link)
    assert (answer.status_code, answer.json()["detail"]) == (410, "This link is too old. Ask for the file once more.")


async def test_the_same_file_in_two_messages_is_stored_once(house: House) -> None:
    first, second = await sent(house, PICTURE), await sent(house, PICTURE, "out_2")
    assert first.prompt.file is not None
    assert second.prompt.file is not None
    assert first.prompt.file.hash == second.prompt.file.hash
    for one in (first, second):
        assert (await fetched(house, link_of(one))).content == PICTURE.content


async def test_the_sandbox_shows_the_picture_in_the_teams_chat(house: House, api: httpx.AsyncClient) -> None:
    message = await sent(house, PICTURE)
    await sent(house, REPORT, "out_2")
    api.headers["origin"] = URL
    await api.post("/console/enter", data={"key": house.web.console.invite()})
    lines = (await api.get("/console/sandbox/state")).json()["chats"]["team"]
    files = [line["file"] for line in lines]
    assert files[0] == {"name": "上周.png", "url": link_of(message), "is_picture": True}
    assert (files[1]["name"], files[1]["is_picture"]) == ('十月 "服务".pdf', False)
    assert (await api.get(files[0]["url"])).content == PICTURE.content
