"""What a comment says as a whole, by the real process: judged while it runs, and once, whenever it is killed."""

from pathlib import Path

import pytest

from tests.support.town.town import Town, eventually, town_at

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
