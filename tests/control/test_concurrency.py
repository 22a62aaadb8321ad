"""Commands that come at the same time: all are done, and of those that exclude each other one."""

import asyncio
import logging

import pytest

from tests.control.conftest import Run


async def test_commands_at_the_same_time_are_all_done(run: Run) -> None:
    names = [f"member {number:02}" for number in range(40)]
    added = await asyncio.gather(*(run("user add", name=name, role="agent") for name in names))
    assert [reply.problem for reply in added] == [""] * 40
    assert len({reply.gave["code"] for reply in added}) == 40
    assert [member["name"] for member in (await run("user list")).gave] == names


async def test_of_those_who_claim_one_telegram_account_at_the_same_time_one_gets_it(run: Run) -> None:
    replies = await asyncio.gather(
        *(run("user add", name=name, role="agent", telegram="42") for name in ("Ana", "Bo", "Cy"))
    )
    assert sorted(bool(reply.problem) for reply in replies) == [False, True, True]
    assert [member["telegram"] for member in (await run("user list")).gave] == ["42"]


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "9999-12-31T23:59-12:00"])
async def test_a_moment_at_the_end_of_the_calendar_is_told_as_one_that_there_is_not(
    at: str, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    reply = await run("campaign create", name="谢谢", kind="notice", text="谢谢您！", at=at)
    assert reply.problem == f"{at!r} is no moment; write it like 2026-12-01T10:00"
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
