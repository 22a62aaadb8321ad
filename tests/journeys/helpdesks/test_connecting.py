"""A new user plugs a help desk in by what `huifang connect` prints, and by nothing else."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.connectors.connector_registry import CONNECTORS
from tests.support.commands import huifang
from tests.support.helpdesks import SHEETS, Case
from tests.support.helpdesks.sheets import GENERIC_PATHS
from tests.support.town.town import town_at
from tests.support.town.words import step


@pytest.mark.some(1)
@pytest.mark.parametrize("name", list(CONNECTORS))
async def test_by_the_printed_steps_alone_a_customer_is_asked(name: str, tmp_path: Path) -> None:
    sheet = SHEETS[name]
    async with town_at(tmp_path, "webhook", warm=True) as town:
        settings = {"http.public_url": str(town.product.api.base_url)}
        printed = (await huifang(tmp_path, settings, "connect", name)).out
        (address,), (secret,) = (
            re.findall(rf"^{word}: +(\S+)$", printed, re.MULTILINE) for word in ("Address", "Secret")
        )
        (lines,) = re.findall(r"^    \[hooks\..*\n    secret = .*$", printed, re.MULTILINE)
        assert tomllib.loads(lines) == {"hooks": {name: {"secret": secret}}}
        if name == "generic":
            lines += "".join(f'\npaths.{key} = "{path}"' for key, path in GENERIC_PATHS.items())
        (tmp_path / "huifang.toml").write_text(lines.replace("    ", ""))
        await town.product.start()
        mei = await town.customer()
        chat = str(mei.account.id) if sheet.has_chat_fields else ""
        case = Case(1, "solved", datetime.now(UTC), chat=chat, event="first")
        sent = sheet.send(case, secret=secret)
        async with httpx.AsyncClient() as desk:
            answer = await desk.post(address, content=sent.body, headers=dict(sent.headers))
        assert answer.status_code == 201, answer.text
        if not chat:
            customer = answer.json()["ticket"]["customer"]["id"]
            link = await town.call("POST", f"/api/v1/customers/{customer}/links", {"channel": "telegram"})
            await mei.start(link["url"].partition("start=")[2])
        await mei.sees(step(1))
        listed = (await huifang(tmp_path, {}, "deliveries", name)).out
        assert f"stored  {name}/{sheet.ticket(1)}  closed; survey " in listed
