"""`huifang connect` and `huifang deliveries` at the terminal."""

import json
from pathlib import Path

import pytest

from bot.connectors.connector_registry import CONNECTORS
from tests.support.commands import huifang
from tests.support.process import product_at

SECRET = "c2VjcmV0LW9mLXphbW1hZC0wODE1"


async def test_without_a_name_the_help_desks_are_listed(tmp_path: Path) -> None:
    told = await huifang(tmp_path, {}, "connect")
    assert [line.split()[0] for line in told.out.splitlines()] == list(CONNECTORS)


@pytest.mark.parametrize("command", ["connect", "deliveries"])
async def test_an_unknown_help_desk_is_a_problem_that_names_the_known(command: str, tmp_path: Path) -> None:
    told = await huifang(tmp_path, {}, command, "lotus")
    assert (told.code, told.out) == (1, "")
    assert "there is no connector lotus, only" in told.err
    assert "zammad" in told.err


@pytest.mark.parametrize("name", list(CONNECTORS))
async def test_a_secret_that_is_set_is_not_drawn_again(name: str, tmp_path: Path) -> None:
    settings = {f"hooks.{name}.secret": SECRET, "http.public_url": "https://ask.example.com"}
    printed = (await huifang(tmp_path, settings, "connect", name)).out
    assert f"Secret:  {SECRET}" in printed
    assert f"https://ask.example.com/hooks/tickets/{name}" in printed
    assert "Write this into huifang.toml" not in printed
    assert "http.public_url" not in printed


async def test_each_drawn_secret_is_another_one(tmp_path: Path) -> None:
    first, second = [(await huifang(tmp_path, {}, "connect", "zammad")).out for _ in range(2)]
    assert first != second


async def test_nothing_came_yet(tmp_path: Path) -> None:
    told = await huifang(tmp_path, {}, "deliveries")
    assert (told.code, told.out) == (0, "Nothing came yet.\n")
    assert (await huifang(tmp_path, {}, "deliveries", "zammad")).out == "Nothing came from zammad yet.\n"
    assert (await huifang(tmp_path, {}, "deliveries", "--format", "json")).out == ""


async def test_what_is_not_there_cannot_be_decided_again(tmp_path: Path) -> None:
    told = await huifang(tmp_path, {}, "deliveries", "--replay", "hook:zammad:none")
    assert (told.code, told.out) == (1, "")
    assert "there is no delivery hook:zammad:none" in told.err


async def test_what_the_service_refused_is_listed_with_the_reason(tmp_path: Path) -> None:
    async with product_at(tmp_path, {"hooks.zammad.secret": SECRET}, warm=True) as product:
        await product.start()
        answer = await product.api.post("/hooks/tickets/zammad", content=b"{}", headers={"x-hub-signature": "sha1=00"})
        assert answer.status_code == 401
        told = await huifang(tmp_path, product.settings, "deliveries")
        as_json = await huifang(tmp_path, product.settings, "deliveries", "zammad", "--format", "json")
    assert "  refused 401  zammad  The delivery is not believed: " in told.out
    assert told.out.endswith("from 127.0.0.1\n")
    assert json.loads(as_json.out)["status"] == 401
