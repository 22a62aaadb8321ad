"""The fake also runs as a process of its own, and has a lean mode for benches."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.support.botapi import TOKEN
from tests.support.botapi.http.lean import LeanTelegram, Sent

Json = dict[str, Any]
KEYBOARD = '{"inline_keyboard":[[{"text":"4 分","callback_data":"v4"}]]}'


@asynccontextmanager
async def running(*options: str) -> AsyncIterator[str]:
    """Run the fake as a process; gives its base address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.botapi", *options, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.kill()
        await process.communicate()


async def post(url: str, body: Json) -> Any:  # noqa: ANN401 (any JSON)
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
        return await answer.json()


@pytest.mark.proof
async def test_people_act_from_another_process() -> None:
    async with running() as base, aiohttp.ClientSession() as session:
        await post(f"{base}/world/people/10001/start", {"text": "token", "name": "王女士"})
        method = f"{base}/bot{TOKEN}"
        (update,) = (await post(f"{method}/getUpdates", {"timeout": 1}))["result"]
        assert update["message"]["text"] == "/start token"
        await post(f"{method}/sendMessage", {"chat_id": 10001, "text": "态度", "reply_markup": KEYBOARD})
        await post(f"{base}/world/people/10001/taps", {"text": "4"})
        updates = (await post(f"{method}/getUpdates", {"timeout": 1, "offset": update["update_id"] + 1}))["result"]
        assert updates[0]["callback_query"]["data"] == "v4"
        async with session.get(f"{base}/world/chats/10001") as answer:
            assert [message["text"] for message in await answer.json()] == ["/start token", "态度"]
        async with session.get(f"{base}/world/violations") as answer:
            assert await answer.json() == []
        stranger = await post(f"{base}/world/people/10002/says", {"text": "您好"})
        assert "must press Start first" in stranger["problem"]


@pytest.mark.proof
async def test_the_lean_mode_answers_as_a_process() -> None:
    async with running("--lean") as base:
        answer = await post(f"{base}/bot{TOKEN}/sendMessage", {"chat_id": 10001, "text": "x"})
        assert answer["result"]["chat"]["id"] == 10001


async def test_the_lean_mode_hears_messages_in_a_form_and_in_json() -> None:
    heard: list[Sent] = []
    lean = LeanTelegram(TOKEN, heard.append)
    base = await lean.listen()
    values = {"chat_id": "10001", "message_id": "7", "text": "态 度", "reply_markup": KEYBOARD}
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{base}/bot{TOKEN}/sendMessage", data=values) as answer:
            assert (await answer.json())["result"]["message_id"] == 1
        async with session.post(f"{base}/bot{TOKEN}/editMessageText", json=values) as answer:
            assert (await answer.json())["result"]["message_id"] == 7
        for method, code in {"sendMessage": 400, "sendMesage": 404, "getMe": 200, "answerCallbackQuery": 200}.items():
            async with session.post(f"{base}/bot{TOKEN}/{method}", json={"text": "x"}) as answer:
                assert answer.status == code
        async with session.post(f"{base}/bot1:wrong/getMe") as answer:
            assert answer.status == 401
    lean.close()
    assert heard == [Sent(10001, 1, KEYBOARD.encode(), is_edit=False), Sent(10001, 7, KEYBOARD.encode(), is_edit=True)]
    assert lean.calls == 7
