"""What looks at every case of a large period is done by a process of its own, and comes to the same."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace as with_other
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.http.api.periods.content import PeriodDesk, PublishRequest, prepared
from bot.http.app import create_app
from config.settings.loading import load_settings
from scoring.values import replace
from storage.model.fact_records import Closing
from storage.reads.reader import Reader
from tests.http.figures.test_failed_process import fails
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import KEY, URL, House

OCTOBER = datetime(2026, 10, 15, 4, tzinfo=UTC)
TARGETS = "time_to_done <= 24h\ntime_on_site <= 4h working team=north\ntime_to_resolve <= 48h\ncsat >= 80"
PERIOD = "/api/v1/periods/2026-10"
FIGURES, SHOWN = f"{PERIOD}/figures", "/api/v1/metrics/targets?period=2026-10"
Doors = dict[str, httpx.AsyncClient]


@asynccontextmanager
async def _clients(house: House) -> AsyncIterator[Doors]:
    """Yield a client of the house as it is, and one of a house to which nine tickets are much."""
    webs = {"little": house.web, "much": with_other(house.web, reader=Reader(house.store, much=1))}
    async with AsyncExitStack() as stack:
        yield {
            name: await stack.enter_async_context(
                httpx.AsyncClient(
                    transport=httpx.ASGITransport(create_app(web)),
                    base_url=URL,
                    headers={"authorization": f"Bearer {KEY}"},
                )
            )
            for name, web in webs.items()
        }


@pytest.fixture
async def doors(house: House) -> AsyncIterator[Doors]:
    times = [OCTOBER - timedelta(hours=hours) for hours in (2, 30, 50)]
    for number in range(9):
        visit = closed_visit(str(number), OCTOBER, {"attitude": 4}, team=("north", "south")[number % 2])
        opened = times[number % 3]
        told = (replace(one, opened_at=opened) if isinstance(one, Closing) else one for one in visit)
        await store_records(house.store, OCTOBER, *told)
    settings = load_settings({"HUIFANG_TEAM__TARGETS": TARGETS})
    receiver = house.web.receiver
    receiver.adopt(replace(receiver.policy, targets=settings.team.targets))
    async with _clients(house) as clients:
        yield clients


@pytest.mark.proof
async def test_targets_of_single_cases_are_the_same(doors: Doors) -> None:
    here, apart = [(await doors[name].get(SHOWN)).json() for name in ("little", "much")]
    assert here == apart
    assert [one["denominator"] for one in here["items"]] == [9, 0, 0, 9]
    assert here["items"][0]["numerator"] == 3


@pytest.mark.proof
async def test_what_is_published_is_the_same_and_nothing_waits_then(doors: Doors, house: House) -> None:
    wanted = PublishRequest("2026-10", "figures", 1, "陈总", asked=("", "team"))
    web = house.web
    desks = [
        PeriodDesk(reader, web.forms, web.receiver.policy, web.clock.now())
        for reader in (web.reader, Reader(house.store, much=1))
    ]
    here, apart = [await prepared(desk, wanted) for desk in desks]
    assert here == apart
    assert sum(n for _, n in here.tally.ratings) == 9
    published = await doors["much"].post(FIGURES, json={"by": "陈总", "revision": 1, "cuts": ["", "team"]})
    assert published.status_code == 201, published.text
    assert published.json()["digest"] == here.digest
    standing = [(await doors[name].get(PERIOD)).json() for name in doors]
    assert standing[0] == standing[1]
    assert [one["waiting"] for one in standing[0]["published"]] == [[]]


DOORS: dict[str, Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]] = {
    "targets": lambda client: client.get(SHOWN),
    "publishing": lambda client: client.post(FIGURES, json={"by": "陈总", "revision": 1}),
}


@pytest.mark.parametrize("door", DOORS)
async def test_it_is_503_where_that_process_fails(
    doors: Doors, folder: Path, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    with monkeypatch.context() as planted:
        fails(planted, folder, "kill -9 $$")
        answer = await DOORS[door](doors["much"])
    assert answer.status_code == 503
    assert "was killed, as where there is no memory for it" in answer.json()["detail"]
