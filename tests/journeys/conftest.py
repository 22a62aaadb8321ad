"""The town that most journeys share, since a process takes seconds to start; each journey has its own customers."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.town.town import Town, living_town_at
from tests.support.warm import warm_interpreter


@pytest.fixture(scope="session", autouse=True)
def _warm_interpreter() -> None:
    """Let the interpreter that starts products warm up while the shared town starts its own."""
    warm_interpreter()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """Run the product by webhook, everything at once, for all journeys of this worker."""
    async with living_town_at(tmp_path_factory.mktemp("town"), "webhook") as town:
        yield town


@pytest_asyncio.fixture(loop_scope="session")
async def town(shared_town: Town) -> AsyncIterator[Town]:
    """Lend the shared town; it is checked after every journey."""
    yield shared_town
    await shared_town.check()
