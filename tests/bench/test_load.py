"""The load generator of `make bench` walks whole interviews and counts what it says it counts."""

import os
import signal
import sqlite3
from pathlib import Path

import pytest

from bench.keyboard import next_press
from bench.measure import free_port, percentile, running
from bench.sizes.scrape_cost import print_scrape_cost
from bench.subjects import HOOK, SECRET, null_bot, ptb_bot
from bench.trial import Plan, trial
from tests.support.botapi import FakeTelegram
from tests.support.botapi.http.webhook import Subscription

STEPS = 6  # five ratings and a comment
SMALL = Plan(customers=10, prepared=10, seconds=0.5, rate=20.0)


def test_customers_press_the_best_rating_and_nothing_else() -> None:
    assert (
        next_press(b'{"inline_keyboard":[[{"text":"1 x","callback_data":"a"},{"text":"5","callback_data":"b"}]]}')
        == "b"
    )
    assert next_press(b'{"inline_keyboard":[[{"text":"1","callback_data":"a"}]]}') == "a"
    assert next_press(b'{"inline_keyboard":[[{"text":"Skip","callback_data":"s"}]]}') is None
    assert next_press(b"") is None


@pytest.mark.proof
async def test_the_generator_alone_loses_nothing(tmp_path: Path) -> None:
    outcome = await trial(null_bot, tmp_path, SMALL)
    assert (outcome.fixed.answers, outcome.fixed.refused, outcome.fixed.unanswered) == (10, 0, 0)
    closed = outcome.closed
    assert (closed.surplus, closed.refused, closed.unanswered) == (0, 0, 0)
    assert abs(closed.answers - closed.interviews * STEPS) <= STEPS * SMALL.customers * 2
    assert 0 < closed.p50 <= closed.p99


@pytest.mark.proof
async def test_the_comparison_bot_stores_every_answer_that_it_replied_to(tmp_path: Path) -> None:
    outcome = await trial(ptb_bot, tmp_path, SMALL)
    with sqlite3.connect(tmp_path / "ptb.db") as database:
        (stored,) = database.execute("SELECT count(*) FROM answers").fetchone()
    database.close()
    assert outcome.closed.answers > 0
    assert outcome.closed.unanswered == 0
    assert outcome.fixed.answers + outcome.closed.answers <= stored


@pytest.mark.proof
async def test_the_comparison_bot_goes_on_where_a_kill_interrupted_it(tmp_path: Path) -> None:
    async with FakeTelegram().serve() as telegram:
        mei, port = telegram.user(10001), free_port()
        subject = ptb_bot(port, telegram.api_base, tmp_path)
        webhook = Subscription(f"http://127.0.0.1:{port}{HOOK}", SECRET)
        await telegram.bot.webhook.subscribe(webhook)
        async with running(subject.command, {}, port, tmp_path / "first.log") as pid:
            await mei.start()
            await mei.sees("响应速度")
            await mei.taps("4")
            await mei.sees("解决问题")
            await mei.answered()
            os.kill(pid, signal.SIGKILL)
        async with running(subject.command, {}, port, tmp_path / "second.log"):
            await mei.taps("5")
            await mei.sees("服务态度")
            await telegram.all_taken()
        assert telegram.violations == []


def test_percentiles_are_values_that_occurred() -> None:
    assert percentile([3.0, 1.0, 2.0, 4.0], 0.5) == 3.0
    assert percentile([1.0, 2.0], 0.99) == 2.0
    assert percentile([], 0.99) == 0.0


@pytest.mark.proof
async def test_a_scrape_is_measured_beside_a_load(capsys: pytest.CaptureFixture[str]) -> None:
    await print_scrape_cost(1)
    told = capsys.readouterr().out
    assert told.startswith("a scrape of /metrics (")
    assert "every 15 s" in told
