"""The first minute: no settings at all, a link on the terminal, and the whole loop on one page."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.support.process import product_at
from tests.support.town.town import Json, eventually
from tests.support.town.words import said, step

PAGE = "/console/sandbox"


@dataclass(slots=True)
class Visitor:
    """Somebody in front of the page: sees both chats, types and taps in either."""

    http: httpx.AsyncClient
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def posts(self, what: str, **body: str) -> httpx.Response:
        """Send what the page's script sends."""
        body = {"id": f"action-{next(self._numbers)}"} | body
        answer = await self.http.post(f"{PAGE}/{what}", json=body, headers={"origin": str(self.http.base_url)})
        assert answer.is_success, answer.text
        return answer

    async def sees(self, chat: str, fragment: str) -> Json:
        """Wait for a message of ours that holds this; gives the newest."""

        async def look() -> Json | None:
            lines = (await self.http.get(f"{PAGE}/state")).json()["chats"][chat]
            return next((line for line in reversed(lines) if fragment in line["text"] and not line["by"]), None)

        return await eventually(look)

    async def taps(self, chat: str, message: Json, label: str) -> None:
        """Press a button under a message."""
        taps = {key["label"]: key["tap"] for row in message["rows"] for key in row}
        person = "customer" if chat == "phone" else "li"
        await self.posts("act", chat=chat, person=person, name=person, tap=taps[label], message=message["id"])


async def test_without_any_setting_the_whole_loop_is_played_on_one_page(tmp_path: Path) -> None:
    async with product_at(tmp_path, {}, warm=True) as product:
        await product.start()
        base = str(product.api.base_url)
        async with httpx.AsyncClient(base_url=base, trust_env=False, follow_redirects=True) as http:
            await _enter(http, product.log)
            await _play(Visitor(http))
        assert "太慢了" not in product.log


async def _enter(http: httpx.AsyncClient, log: str) -> None:
    """Come in by the one-time link: looking burns nothing, entering burns it."""
    assert (await http.get(f"{PAGE}/state")).status_code == 401
    (link,) = re.findall(r"http://\S+/console/enter\?key=\S+", log)
    for _ in range(2):
        assert (await http.get(link)).status_code == 200
    key, ours = {"key": link.rpartition("=")[2]}, {"origin": str(http.base_url)}
    entered = await http.post("/console/enter", data=key, headers=ours)
    assert (entered.status_code, entered.url.path) == (200, PAGE)
    async with httpx.AsyncClient(base_url=http.base_url, trust_env=False) as somebody:
        assert (await somebody.post("/console/enter", data=key, headers=ours)).status_code == 401


async def _play(visitor: Visitor) -> None:
    closed = (await visitor.posts("close", name="王女士", subject="空调不制冷")).json()
    assert closed["asked"] is True
    await visitor.taps("phone", await visitor.sees("phone", step(1)), "1")
    await visitor.sees("phone", said("ask.why", question="响应速度", value=1))
    await visitor.posts("act", chat="phone", person="customer", text="太慢了")
    for place in range(2, 6):
        await visitor.taps("phone", await visitor.sees("phone", step(place)), "5")
    await visitor.taps("phone", await visitor.sees("phone", said("ask.comment")), said("button.skip"))
    card = await visitor.sees("team", "太慢了")
    await visitor.taps("team", card, said("button.claim"))
    await visitor.taps("team", await visitor.sees("team", said("state.claimed", name="li")), said("button.resolve"))
    question = await visitor.sees("team", "li，")
    note = "明天一早上门重装。"
    await visitor.posts("act", chat="team", person="li", name="li", text=note, replies_to=question["id"])
    await visitor.taps("team", await visitor.sees("team", note), said("button.send"))
    await visitor.taps("phone", await visitor.sees("phone", note), said("button.solved"))
    await visitor.sees("phone", said("closure.solved"))
    await visitor.sees("team", said("state.confirmed"))
