"""A token that is lost stops the start: customers of a real channel get no sandbox instead, nor a word from one."""

from pathlib import Path

import pytest

from tests.support.botapi import flood
from tests.support.commands import huifang
from tests.support.town.town import Town, town_at
from tests.support.town.words import step

LOST = ("telegram.token", "telegram.team_chat", "telegram.webhook_secret", "telegram.mode")


@pytest.mark.proof  # four starts of the process
async def test_where_customers_were_served_a_lost_token_stops_the_start_and_a_sandbox_sends_nothing(
    tmp_path: Path,
) -> None:
    async with town_at(tmp_path, "polling", warm=True) as town:
        await town.product.start()
        mei = await town.customer()
        await town.put("first", "closed", mei)
        await mei.sees(step(1))
        town.telegram.faults.plant(flood(600), method="sendMessage", times=None)
        wang = await town.customer("王先生", started=False)
        await town.put("waits", "closed", wang)
        await town.survey_becomes("waits", "scheduled")
        await town.product.stop()
        town.telegram.faults.clear()
        await _refused(town, tmp_path)
        await _played(town, wang.account.id)


async def _refused(town: Town, folder: Path) -> None:
    """Start without the token."""
    town.product.settings = {key: value for key, value in town.product.settings.items() if key not in LOST}
    already = len(town.product.log)
    assert await town.product.ends() == 1
    said = town.product.log[already:].splitlines()
    (problem,) = (line for line in said if line.startswith("huifang: "))
    assert problem == (
        "huifang: telegram.token: It is not set, and this database has served customers on telegram: they would get a "
        "sandbox instead. Set it again (HUIFANG_TELEGRAM__TOKEN), or start with --sandbox to play on this database "
        "with nothing sent to anybody."
    )
    assert "Traceback" not in town.product.log[already:]
    assert not [line for line in said if "/console/" in line]
    doctor = await huifang(folder, town.product.settings, "doctor")
    assert doctor.code == 1
    assert "problem: telegram.token: It is not set, and this database has served customers on telegram" in doctor.out


async def _played(town: Town, waiting: int) -> None:
    """Start the sandbox, without the token and with it, and close a ticket of somebody with a real chat there."""
    calls, without = len(town.telegram.log), dict(town.product.settings)
    for number, more in enumerate(({}, {"telegram.token": town.telegram.token, "telegram.team_chat": "-4001234"})):
        town.product.settings = without | more
        town.product.options = ("--sandbox",)
        await town.product.start()
        assert "/console/enter?key=" in town.product.log
        contacts = [{"channel": "telegram", "address": str(waiting)}]
        body = {"status": "closed", "customer": {"id": f"c-played-{number}", "contacts": contacts}}
        await town.call("PUT", f"/api/v1/tickets/desk/played-{number}", body)
        await town.survey_becomes(f"played-{number}", "scheduled", reason="no_contact")
        await town.product.stop()
    assert len(town.telegram.log) == calls
