"""A channel that is not in the product: its folder as somebody would write it, and the line by which it is listed."""

import shutil
from pathlib import Path

from tests.house.tree import ROOT, plant

__all__ = ["house_with_pager"]

DESCRIPTOR = '''"""The pager as the registry of channels lists it."""

from collections.abc import AsyncIterator

from bot.channels.descriptor import ChannelDescriptor, ChannelServices, Connection, SettingProblem
from bot.channels.webhooks import CallParameter, Operation, WebhookAddress
from bot.ports import Capabilities, ChatIds
from config.settings.settings import Settings

__all__ = ["PAGER"]


class _Pager(ChannelDescriptor):
    name = "pager"
    capabilities = Capabilities(
        customers=True, chat_ids=ChatIds(str.isdecimal, "must be digits"), binding=True, buttons=True, edits=True
    )
    address = WebhookAddress(
        "/hooks/pager",
        {
            "post": Operation(
                "What a pager says",
                (CallParameter("header", "x-pager", "who calls"),),
                takes="application/json",
                answer="Stored",
                problems=(400, 413),
            )
        },
    )

    def is_on(self, settings: Settings) -> bool:
        return True

    async def connect(self, settings: Settings, services: ChannelServices) -> Connection:
        from bot.channels.pager.channel import PagerChannel, Webhook

        return Connection(channel=PagerChannel(), webhook=Webhook(services))

    async def examine(self, settings: Settings) -> AsyncIterator[SettingProblem]:
        yield SettingProblem("pager", "It has no battery.", "Charge it.")


PAGER = _Pager()
'''

CHANNEL = '''"""The pager: writes what it is sent into a file, and takes a press or a text by webhook."""

import json
from datetime import datetime
from pathlib import Path

from bot.channels.button_data import compact_codec
from bot.channels.descriptor import ChannelServices
from bot.channels.webhooks import WebhookAnswer, WebhookCall
from bot.ports import Binding, Delivery, Parsed, Sent
from dialogs.messages import Address, Inbound, Person, Text
from storage.model.records import OutboxMessage

BUTTON = compact_codec("button", 200)


class PagerChannel:
    name = "pager"

    async def send(self, message: OutboxMessage, edits: str) -> Delivery:
        taps = [BUTTON.encode(choice.means) for row in message.prompt.rows for choice in row]
        line = {"chat": message.chat, "text": message.prompt.text, "taps": taps, "edits": edits}
        with Path("pager.jsonl").open("a") as paper:
            paper.write(json.dumps(line) + "\\n")
        return Sent(edits or message.id)

    async def acknowledge(self, callback: str, text: str, *, alert: bool) -> None:
        return

    async def binding(self, token: str, expires_at: datetime) -> Binding:
        return Binding(f"https://pager.example/{token}", token)

    async def close(self) -> None:
        return


class Webhook:
    def __init__(self, services: ChannelServices) -> None:
        self._services = services

    async def __call__(self, call: WebhookCall) -> WebhookAnswer:
        raw = await call.body()
        told = json.loads(raw)
        said = BUTTON.decode(told["tap"]) if "tap" in told else Text(told["text"])
        if said is None:
            return WebhookAnswer(400, b"This is no button of ours.")
        place, now = Address("pager", told["chat"]), self._services.clock.now()
        key = f"pager:{told['id']}"
        await self._services.receive(Parsed(key, Inbound(key, place, Person(told["chat"]), now, said)), "pager", raw)
        return WebhookAnswer(200, b"beep")
'''


def house_with_pager(folder: Path) -> Path:
    """Copy the shell into a folder, add the channel's package and its line in the registry; return the folder."""
    shutil.copytree(ROOT / "bot", folder / "bot")  # with its bytecode
    package = {"__init__.py": "", "descriptor.py": DESCRIPTOR, "channel.py": CHANNEL}
    plant(folder / "bot" / "channels" / "pager", package)
    registry = folder / "bot" / "channels" / "registry.py"
    text = registry.read_text("utf-8")
    listed = "CHANNELS: tuple[ChannelDescriptor, ...] = ("
    assert listed in text
    line = "from bot.channels.pager.descriptor import PAGER\n"
    text = text.replace("from bot.channels.sandbox", f"{line}from bot.channels.sandbox", 1)
    registry.write_text(text.replace(listed, f"{listed}PAGER, ", 1), "utf-8")
    return folder
