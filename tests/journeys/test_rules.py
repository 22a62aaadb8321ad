"""Rules are taken over while the service runs; a wrong file changes nothing, says so, and keeps nobody from working."""

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio

from tests.support.database.ledger import Ledger
from tests.support.process import Product, product_at
from tests.support.town.town import eventually

_QUICK = 8.0
"""Seconds; a change is seen within three, and the machine may be busy."""


@pytest_asyncio.fixture
async def product(tmp_path: Path) -> AsyncIterator[Product]:
    write(tmp_path, rule("first"))
    async with product_at(tmp_path, {}, warm=True) as made:
        made.roles = "web"  # whatever its roles, a process decides by these rules
        await made.start()
        await closes(made)
        yield made


def rule(name: str) -> str:
    return f'[[rules]]\nname = "{name}"\nteams = ["north"]\nsurvey = "ten_point"\n'


def write(folder: Path, text: str) -> None:
    (folder / "rules.toml").write_text(text, "utf-8")


def hang_up(product: Product) -> None:
    assert product.process is not None
    os.kill(product.process.pid, signal.SIGHUP)


async def closes(product: Product) -> None:
    body = {"status": "closed", "team": "north", "customer": {"id": "c-1"}}
    assert (await product.api.put("/api/v1/tickets/desk/1", json=body)).status_code == 201


async def explained(product: Product) -> Any:  # noqa: ANN401 (JSON is anything)
    return (await product.api.get("/api/v1/tickets/desk/1/survey/explain")).json()


async def decides(product: Product, name: str | None) -> None:
    async def look() -> bool | None:
        return True if (await explained(product))["rule"] == name else None

    await eventually(look, _QUICK)


async def warned(product: Product, *, stands: bool) -> str:
    async def look() -> str | None:
        ready = (await product.api.get("/readyz")).text
        return ready if ("rules" in ready) is stands else None

    return await eventually(look, _QUICK)


async def test_rules_are_taken_over_when_the_file_changes_and_a_wrong_file_is_not(product: Product) -> None:
    assert (await explained(product))["rule"] == "first"
    write(product.folder, rule("second"))
    await decides(product, "second")
    write(product.folder, rule("third").replace("ten_point", "ten_points"))
    told = await warned(product, stands=True)
    assert "rules[1].survey: There is no survey 'ten_points'. Did you mean ten_point?" in told
    assert (await explained(product))["rule"] == "second"
    write(product.folder, rule("fourth"))
    await decides(product, "fourth")
    await warned(product, stands=False)
    (product.folder / "rules.toml").unlink()
    await decides(product, None)
    alarms = [line for line in product.log.splitlines() if '"alarm": "rules"' in line or "alarm=rules" in line]
    assert len(alarms) == 1, product.log


async def test_hanging_up_reads_the_rules_anew_and_ends_nobody(product: Product) -> None:
    write(product.folder, rule("second"))
    hang_up(product)
    await decides(product, "second")
    write(product.folder, "[[rules]\n")
    hang_up(product)
    await warned(product, stands=True)
    assert (await explained(product))["rule"] == "second"
    stored = (await explained(product))["invitation"]
    assert (stored["rule"], stored["survey"], stored["status"]) == ("first", "ten_point", "scheduled")


async def test_wrong_rules_stop_the_start_like_any_setting(tmp_path: Path) -> None:
    write(tmp_path, rule("one") + rule("one"))
    async with product_at(tmp_path, {}, warm=True) as made:
        assert await made.ends() == 1
        assert "rules.toml: rules[2].name: 'one' is the name of 2 entries. Give each its own name." in made.log


async def test_a_calendar_entry_becomes_a_campaign_and_goes_with_its_entry(product: Product) -> None:
    entry = '[[calendar]]\nname = "月末回访"\nwhen = "monthly last 10:00"\n[calendar.audience]\nclosed_within = "31d"\n'
    ledger = Ledger(product.folder / "var" / "huifang.db")

    async def stands(text: str, state: str) -> None:
        async def look() -> bool | None:
            found = ledger.rows("SELECT name, kind, state, origin FROM campaigns")
            return True if [tuple(row) for row in found] == [("月末回访", "survey", state, "rules")] else None

        write(product.folder, text)
        hang_up(product)
        await eventually(look, _QUICK)

    await stands(rule("first") + entry, "scheduled")
    await stands(rule("first"), "cancelled")
    await stands(rule("first") + entry, "scheduled")
