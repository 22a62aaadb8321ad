"""A rater's phone without scripts: it opens `/f/…`, fills fields, looks, sends."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

from tests.support.web.house import URL

__all__ = ["RaterPhone", "rater_link"]


async def rater_link(api: httpx.AsyncClient, role: str, rater: str = "", **changed: Any) -> str:  # noqa: ANN401 (any JSON)
    """Return the link of a rater of a17 for the third quarter."""
    body = {"form": "appraisal_360", "subject": "a17", "period": "2026-Q3", "role": role, "rater": rater} | changed
    answer = await api.post("/api/v1/assessments/links", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["url"])


class _Fields(HTMLParser):
    """The text of a page and what its form holds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.names: list[str] = []
        self.held: dict[str, str] = {}
        self.buttons: list[str] = []
        self.files: list[str] = []
        self.links: list[str] = []
        self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        if tag == "button":
            self.buttons.append(have["value"])
        elif tag == "textarea":
            self._area = have["name"]
            self.names.append(self._area)
        elif tag == "a":
            self.links.append(have.get("href", ""))
        elif tag == "input" and have["type"] == "file":
            self.files.append(have["name"])
        elif tag == "input":
            self.names.append(have["name"])
            if have["type"] in ("hidden", "text") or "checked" in have:
                self.held.setdefault(have["name"], have["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.held[self._area] = data.removeprefix("\n")
        elif data.strip():
            self.lines.append(data.strip())


@dataclass(slots=True)
class RaterPhone:
    """What it shows, and what stands in the fields."""

    browser: httpx.AsyncClient
    link: str
    status: int = 0
    text: str = ""
    names: list[str] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    @classmethod
    async def at(cls, browser: httpx.AsyncClient, link: str, query: str = "", **headers: str) -> "RaterPhone":
        """Open a link."""
        phone = cls(browser, link)
        phone.look(await browser.get(link + query, headers=headers))
        return phone

    def look(self, answer: httpx.Response) -> None:
        """Take in a page."""
        page = _Fields(answer.text)
        self.status, self.text = answer.status_code, "\n".join(page.lines)
        self.names, self.held, self.buttons = page.names, page.held, page.buttons
        self.files, self.links = page.files, page.links

    async def press(self, button: str, origin: str = URL, **fields: str) -> "RaterPhone":
        """Press a button with some fields filled in, and follow."""
        assert button in self.buttons, self.text
        given = {name.replace("__", "."): value for name, value in fields.items()}
        data = self.held | given | {"do": button}
        self.look(await self.browser.post(self.link, data=data, headers={"origin": origin}, follow_redirects=True))
        return self

    async def attach(self, button: str, chosen: dict[str, tuple[str, bytes]], **fields: str) -> "RaterPhone":
        """Choose files for some items, and press a button; fields of files that are not chosen are sent empty."""
        given = {name.replace("__", "."): value for name, value in fields.items()}
        files = {name: chosen.get(name, ("", b"")) for name in self.files}
        data = self.held | given | {"do": button}
        headers = {"origin": URL}
        answer = await self.browser.post(self.link, data=data, files=files, headers=headers, follow_redirects=True)
        self.look(answer)
        return self

    async def fill(self, rating: int) -> "RaterPhone":
        """Enter the same rating for every item, review the sheet and submit it; return the page that follows."""
        items = {name: str(rating) for name in self.names if name.startswith("v.")}
        await self.press("review", **items)
        return await self.press("send")
