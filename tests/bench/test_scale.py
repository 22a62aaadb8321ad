"""What `python -m bench.scale` fills a database with breaks no promise, and holds whom it measures."""

from pathlib import Path

import pytest

from bench.scale.filling import COMPANY, SURVEYS_OF_COMPANY, SURVEYS_OF_ONE, fill, person
from dialogs.campaign.model import Audience
from storage.connection.store import Store
from storage.privacy.export import export_personal_data
from storage.reads.audiences import candidates
from storage.verification.verify import verify_database
from tests.storage.samples import NOW

SURVEYS = 1000


@pytest.fixture(params=["sqlite", "postgres"])
async def filled(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    is_file = request.param == "sqlite"
    url: str = f"sqlite:///{tmp_path}/huifang.db" if is_file else request.getfixturevalue("postgres_url")
    await fill(url, SURVEYS)
    return url


@pytest.mark.proof
async def test_a_filled_database_is_one_that_the_product_could_have_made(filled: str) -> None:
    found = await verify_database(filled, NOW)
    assert found.violations == ()
    async with Store.open(filled) as store:
        audience = await candidates(store, Audience(), NOW, ("telegram",), unfinished=False)
        copies = [await export_personal_data(store, customer) for customer in (person(2), COMPANY)]
    assert len(audience) == SURVEYS // SURVEYS_OF_ONE + 1
    surveys = [len(copy["interviews"]) if copy else 0 for copy in copies]
    assert surveys[1] == SURVEYS_OF_COMPANY
    assert surveys[0] > 0
