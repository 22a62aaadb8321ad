"""A town where customers are in WeChat and the team in a WeCom group: the product between two fakes of one platform."""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx

from tests.support.database.ledger import Ledger
from tests.support.process import KEY, Product, product_at
from tests.support.time.patience import PATIENCE
from tests.support.town.town import eventually
from tests.support.wechat import AES_KEY, APP_ID, APP_SECRET, TOKEN, FakeWeChat, Person, Robot

__all__ = [
    "CLOSURE_TEMPLATE",
    "INVITATION_TEMPLATE",
    "WechatTown",
    "answer_page",
    "closing_in_wechat",
    "wechat_settings",
    "wechat_town_at",
]

Json = dict[str, Any]
ROBOT_KEY = "robot-key-5e1f77"
INVITATION_TEMPLATE, CLOSURE_TEMPLATE = "invitation-template", "closure-template"


def closing_in_wechat(person: Person) -> Json:
    """Return what the help desk says of this customer's ticket when it closes it."""
    contacts = [{"channel": "wechat", "address": person.openid}]
    customer = {"id": f"c-{person.openid}", "name": person.customer.name, "contacts": contacts}
    return {"status": "closed", "subject": "空调不制冷", "agent": {"id": "a17", "name": "李工"}, "customer": customer}


def wechat_settings(wechat: FakeWeChat) -> dict[str, str]:
    """Return the settings with which the product speaks to this platform."""
    return {
        "wechat.app_id": APP_ID,
        "wechat.app_secret": APP_SECRET,
        "wechat.token": TOKEN,
        "wechat.aes_key": AES_KEY,
        "wechat.api_base": wechat.api_base,
    }


async def answer_page(api: httpx.AsyncClient, url: str, deeds: Iterable[Mapping[str, str]]) -> None:
    """Fill in the page of a survey, form by form, as a browser without scripts does."""
    for deed in deeds:
        page = await api.get(url)
        (step_shown, *_) = re.findall(r'name="step" value="([^"]*)"', page.text)
        answer = await api.post(url, data={**deed, "step": step_shown})
        assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text


@dataclass(slots=True, repr=False)
class WechatTown:
    """The product, the platform, the robot's group. `private` are customers' words, which no log may hold."""

    product: Product
    wechat: FakeWeChat
    robot: Robot
    private: list[str] = field(default_factory=list)

    @property
    def ledger(self) -> Ledger:
        """Return the product's own database, to read."""
        return Ledger(self.product.folder / "var" / "huifang.db")

    async def types(self, person: Person, text: str) -> str:
        """Let a customer write something that nobody shall find in a log; gives what the platform made of it."""
        self.private.append(text)
        return (await person.types(text)).outcome

    async def put(self, ticket: str, status: str, person: Person, **changes: object) -> Json:
        """Tell the product of a ticket; gives the answer."""
        body = closing_in_wechat(person) | {"status": status} | changes
        return await self.call("PUT", f"/api/v1/tickets/desk/{ticket}", body)

    async def survey_becomes(
        self, ticket: str, status: str, reason: str | None = None, within: float = PATIENCE
    ) -> Json:
        """Wait until a ticket's survey has this status and reason."""

        async def look() -> Json | None:
            survey: Json = (await self.call("GET", f"/api/v1/tickets/desk/{ticket}"))["survey"]
            return survey if (survey["status"], survey["reason"]) == (status, reason) else None

        return await eventually(look, within)

    async def issue(self, ticket: str, kind: str = "low_score", within: float = PATIENCE) -> Json:
        """Wait for a ticket's issue of a kind."""

        async def look() -> Json | None:
            items = (await self.call("GET", f"/api/v1/issues?ticket=desk/{ticket}"))["items"]
            return next((item for item in items if item["kind"] == kind), None)

        return await eventually(look, within)

    async def response(self, ticket: str) -> Json:
        """Return the only response of a ticket."""
        (response,) = (await self.call("GET", f"/api/v1/responses?ticket=desk/{ticket}"))["items"]
        return dict(response)

    async def resolve(self, issue: Json, note: str) -> Json:
        """Let 李工 write the sentence that the customer reads."""
        return await self.call("POST", f"/api/v1/issues/{issue['id']}/resolve", {"by": "李工", "note": note})

    async def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Json:
        """Call the API; it must succeed."""
        answer = await self.product.api.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        told: Json = answer.json()
        return told

    def check(self) -> None:
        """Hold what holds on every journey: no rule of the platform broken, no window overrun, no secret in a log."""
        assert self.wechat.violations == []
        assert self.wechat.met(45047) == []
        log = self.product.log
        secrets = [APP_SECRET, TOKEN, AES_KEY, ROBOT_KEY, KEY, *self.private]
        assert [secret for secret in secrets if secret in log] == []
        assert "Traceback" not in log, log


@asynccontextmanager
async def wechat_town_at(folder: Path, settings: Mapping[str, str] | None = None) -> AsyncIterator[WechatTown]:
    """Found a town whose product runs and is known to the platform; afterwards the town is checked."""
    async with FakeWeChat().serve() as wechat:
        robot = wechat.robot(ROBOT_KEY)
        ours = {
            "survey.delay": "0s",
            "survey.quiet_hours": "off",
            "survey.quarantine": "0s",
            "alerts.settle": "1s",
            **wechat_settings(wechat),
            "wecom.robot_url": robot.url,
            "wecom.on_call": "zhangsan,13800138000",
        }
        async with product_at(folder, ours | dict(settings or {}), warm=True) as product:
            await product.start()
            await wechat.courier.register(f"http://127.0.0.1:{product.port}/hooks/wechat")
            town = WechatTown(product, wechat, robot)
            yield town
            town.check()
