"""A phone without JavaScript: it reads the page's forms, presses buttons, and follows where it is led."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx

from bot.channels.sandbox.channel import SandboxChannel
from bot.channels.web.descriptor import WebChannel
from bot.signed_links import LinkPurpose, Links
from dialogs.interview.model import Interview
from scoring.values import replace
from storage.model.records import OutboxMessage
from storage.unit_of_work.selects import all_of
from tests.support.web.house import URL, House, open_house
from tests.support.web.tickets import TICKET

__all__ = [
    "LINKS",
    "Form",
    "Page",
    "Phone",
    "asked",
    "interview_of",
    "messages",
    "open_house_with_pages",
    "opened",
    "survey_link",
]

LINKS = Links(URL, b"an installation's own key, 32 by")
_VOID = {"input", "meta", "link", "img", "br", "path", "circle"}


@dataclass(slots=True)
class Form:
    """A form as the page has it: where it goes, what it holds, which buttons it shows (name, value, text)."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    writes: bool = False


class Page(HTMLParser):
    """What a phone sees of an answer: its text, line by line, and its forms."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.status = answer.status_code
        self.html = answer.text
        self.headers = answer.headers
        self.lines: list[str] = []
        self.forms: list[Form] = []
        self.classes: list[str] = []
        self._button: tuple[str, str] | None = None
        self.feed(answer.text)

    @property
    def text(self) -> str:
        """Everything that can be read."""
        return "\n".join(self.lines)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        self.classes += have.get("class", "").split()
        match tag:
            case "form":
                self.forms.append(Form(have["action"]))
            case "input" if have.get("type") == "hidden":
                self.forms[-1].hidden[have["name"]] = have["value"]
            case "textarea":
                self.forms[-1].writes = True
            case "button" if self.forms and "name" in have:
                self._button = have["name"], have["value"]
                self.forms[-1].buttons.append((*self._button, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._button = None

    def handle_data(self, data: str) -> None:
        if not data.strip():
            return
        self.lines.append(data.strip())
        if self._button is not None:
            name, value, text = self.forms[-1].buttons[-1]
            self.forms[-1].buttons[-1] = name, value, f"{text} {data.strip()}".strip()

    def form(self, name: str) -> Form:
        """Return the first form with such a button."""
        return next(form for form in self.forms if any(button[0] == name for button in form.buttons))


@dataclass(slots=True)
class Phone:
    """A browser on a phone; `page` is what it shows."""

    browser: httpx.AsyncClient
    page: Page

    @classmethod
    async def at(cls, browser: httpx.AsyncClient, link: str, **headers: str) -> "Phone":
        """Open a link."""
        return cls(browser, Page(await browser.get(link, headers=headers, follow_redirects=True)))

    async def press(self, name: str, value: object = 1, *, text: str | None = None, form: Form | None = None) -> Page:
        """Press a button of the page, with words in its field; gives what is shown then."""
        chosen = form or self.page.form(name)
        assert any(button[:2] == (name, str(value)) for button in chosen.buttons), chosen
        written = {"text": text or ""} if chosen.writes else {}
        self.page = await self.send({**chosen.hidden, **written, name: str(value)})
        return self.page

    async def send(self, fields: dict[str, str], **headers: str) -> Page:
        """Post fields to the page shown, as its form or a crooked one does, and follow."""
        here = str(self.browser.base_url.join(self.page.forms[0].action.replace("./", "/s/")))
        answer = await self.browser.post(here, data=fields, headers={"origin": URL, **headers}, follow_redirects=True)
        return Page(answer)


@asynccontextmanager
async def open_house_with_pages(folder: Path, **changed: Any) -> AsyncIterator[House]:  # noqa: ANN401 (fields of Web)
    """Open a house whose links are signed, and where customers may be asked on the page alone."""
    channels = {"sandbox": SandboxChannel(URL), "web": WebChannel(LINKS)}
    async with open_house(folder, bindable=channels, **changed) as house:
        house.web.receiver.adopt(replace(house.web.receiver.policy, links=LINKS))
        yield house


async def asked(
    api: httpx.AsyncClient,
    survey: str = "after_service",
    ticket: str = "42",
    **customer: Any,  # noqa: ANN401 (any JSON)
) -> str:
    """Close a ticket and ask at once in the sandbox; gives the response's id."""
    body = {**TICKET, "customer": {**TICKET["customer"], **customer}}
    assert (await api.put(f"/api/v1/tickets/zendesk/{ticket}", json=body)).is_success
    told = await api.post(f"/api/v1/tickets/zendesk/{ticket}/survey", json={"survey": survey})
    assert told.is_success, told.text
    (response,) = (await api.get(f"/api/v1/responses?ticket=zendesk/{ticket}")).json()["items"]
    return str(response["id"])


def survey_link(house: House, interview: str, lasts: timedelta = timedelta(hours=72)) -> str:
    """Return the link to an interview's page, as a message carries it."""
    return LINKS.url(LinkPurpose.SURVEY, interview, house.clock.now() + lasts)


async def opened(
    house: House,
    api: httpx.AsyncClient,
    survey: str = "after_service",
    **customer: str,
) -> Phone:
    """Ask a customer, and open the page on a phone."""
    return await Phone.at(api, survey_link(house, await asked(api, survey, **customer)))


async def interview_of(house: House, interview: str) -> Interview:
    """Return an interview as it is stored."""
    async with house.store.reading() as session:
        found = await session.records(Interview, all_of(Interview))
    return next(one for one in found if one.id == interview)


async def messages(house: House) -> list[OutboxMessage]:
    """Return every message ever made."""
    async with house.store.reading() as session:
        return await session.records(OutboxMessage, all_of(OutboxMessage))
