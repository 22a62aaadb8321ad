"""What a comment says as a whole, by the real process: judged while it runs, and once, whenever it is killed."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.town.town import Town, eventually, town_at
from tests.support.town.words import said as words
from tests.support.town.words import step
from tests.text.small_encoder import plain_file

FACT = "师傅周二来的"
KNOCKED = "半夜有人敲我家门，说是你们派来的"
SAID = "师傅态度恶劣，再也不会来了"
ENTERED = {"source": "paper", "by": "王芳", "answers": {"attitude": {"value": 1}}, "comment": SAID}
Row = tuple[object, ...]


def read(town: Town) -> list[Row]:
    return [tuple(row) for row in town.ledger.rows("SELECT response, polarity FROM comment_readings")]


@pytest.mark.proof
async def test_a_kill_between_judging_and_storing_loses_nothing_and_stores_it_once(tmp_path: Path) -> None:
    async with town_at(tmp_path, "polling", warm=True) as town:
        await town.product.start()
        await eventually(lambda: _has_looked(town), within=60)
        mei = await town.customer()
        await town.put("42", "closed", mei)
        entered = await town.call("POST", "/api/v1/responses", ENTERED | {"ticket": "desk/42"})
        assert (entered["comment_polarity"], read(town)) == (None, [])
        await town.settles()
        await town.product.stop()
        await town.product.launch(crash_at="comments_judged")
        await town.product.dies()
        assert read(town) == []
        await town.product.start()
        await eventually(lambda: _is_read(town), within=60)
        assert read(town) == [(entered["id"], -1)]
        listed = await town.call("GET", "/api/v1/responses?comment=negative")
        assert [(one["id"], one["comment_polarity"]) for one in listed["items"]] == [(entered["id"], "negative")]
        assert "attitude" in listed["items"][0]["comment_dimensions"]
        assert (await town.call("GET", "/api/v1/responses?comment=positive"))["items"] == []
        await town.settles()
        await town.check()


async def _has_looked(town: Town) -> bool | None:
    return bool(town.ledger.rows("SELECT 1 FROM notes WHERE key = 'comments.read'")) or None


async def _is_read(town: Town) -> bool | None:
    return bool(read(town)) or None


@pytest.mark.proof
async def test_the_encoder_is_asked_beside_the_running_service_and_again_after_a_kill(tmp_path: Path) -> None:
    async with town_at(tmp_path, "polling", warm=True) as town:
        (town.product.folder / "text").mkdir()
        (town.product.folder / "text" / "encoder.bin").write_bytes(plain_file(good=30.0, bad=-30.0))
        await town.product.start()
        await eventually(lambda: _has_looked(town), within=60)
        await town.put("42", "closed", await town.customer())
        entered = await town.call("POST", "/api/v1/responses", ENTERED | {"ticket": "desk/42", "comment": FACT})
        await town.settles()
        await town.product.stop()
        await town.product.launch(crash_at="sentences_read")
        await town.product.dies(within=120)
        assert read(town) == [(entered["id"], 0)], "by words and weights it says nothing"
        await town.product.start()
        await eventually(lambda: _is_praised(town), within=60)
        listed = await town.call("GET", "/api/v1/responses?comment=positive")
        assert [one["id"] for one in listed["items"]] == [entered["id"]]
        assert "\nhuifang_waiting_comments 0.0\n" in (await town.product.api.get("/metrics")).text
        await eventually(lambda: _is_alone(town), within=60)
        await town.settles()
        await town.check()


@pytest.mark.proof
async def test_what_no_alert_word_says_reaches_the_team_once_though_killed_before_it_was_stored(tmp_path: Path) -> None:
    async with town_at(tmp_path, "polling", warm=True) as town:
        (town.product.folder / "text").mkdir()
        (town.product.folder / "text" / "encoder.bin").write_bytes(plain_file(alert=3.0))
        await town.product.start()
        mei = await town.customer()
        await town.put("42", "closed", mei)
        await mei.sees(step(1))
        await mei.says("都是5分")
        await mei.sees(words("ask.comment"))
        await town.writes(mei, KNOCKED)
        await town.survey_becomes("42", "completed")
        await town.settles()
        await town.product.stop()
        assert _reasons(town) == [], "it has none of the alert words"
        await town.product.launch(crash_at="sentences_read")
        await town.product.dies(within=120)
        assert len(_reasons(town)) == 1, "it is raised before it is stored as read"
        await town.product.start()
        await town.group.sees(KNOCKED)
        await eventually(lambda: _is_asked_about(town), within=60)
        (issue,) = await town.issues("42")
        assert (issue["kind"], issue["severity"], issue["reasons"]) == ("complaint", "high", ["reading"])
        card = await town.group.sees(words("reason.reading"))
        assert len([one for one in town.group.messages if KNOCKED in one.text]) == 1, card.text
        await town.settles()
        await town.check()


def _reasons(town: Town) -> list[Row]:
    return [tuple(row) for row in town.ledger.rows("SELECT reasons FROM issues")]


async def _is_asked_about(town: Town) -> bool | None:
    return town.ledger.rows("SELECT count(*) FROM comment_readings WHERE encoder <> 0") == [(1,)] or None


@pytest.mark.proof
async def test_a_service_that_is_stopped_leaves_no_process_of_the_encoder(tmp_path: Path) -> None:
    async with town_at(tmp_path, "polling", warm=True) as town:
        await town.product.start()
        mei = await town.customer()
        for number in range(300):
            await town.put(f"{number}", "closed", mei)
            said = ENTERED | {"ticket": f"desk/{number}", "comment": f"{FACT}，第{number}次"}
            await town.call("POST", "/api/v1/responses", said)
        await town.product.stop()
        await town.product.start()
        child = await eventually(lambda: _child(town), within=60)
        await town.product.stop()
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
        waiting = town.ledger.rows("SELECT count(*) FROM comment_readings WHERE encoder = 0")
        await town.product.start()
        await eventually(lambda: _all_read(town), within=60)
        assert waiting[0][0] > 0, "it was stopped before it had read them all"


async def _is_praised(town: Town) -> bool | None:
    return [polarity for _, polarity in read(town)] == [1] or None


async def _all_read(town: Town) -> bool | None:
    return town.ledger.rows("SELECT count(*) FROM comment_readings WHERE encoder = 0") == [(0,)] or None


async def _child(town: Town) -> int | None:
    """Return the number of the process that reads by the encoder, None where there is none."""
    children = [int(one) for one in _children_of(_pid(town)) if b"sentence_process" in _command(one)]
    return children[0] if children else None


async def _is_alone(town: Town) -> bool | None:
    return (await _child(town)) is None or None


def _pid(town: Town) -> int:
    assert town.product.process is not None
    return town.product.process.pid


def _children_of(pid: int) -> list[str]:
    return [one for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()]


def _command(pid: str) -> bytes:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""
