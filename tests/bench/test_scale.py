"""What `python -m bench.scale` fills a database with breaks no promise, and holds whom it measures."""

from pathlib import Path

import pytest

from bench.scale.filling import COMPANY, SURVEYS_OF_COMPANY, SURVEYS_OF_ONE, fill, person
from bench.sizes.year_size import measure_year, year_of
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
@pytest.mark.long
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


@pytest.mark.proof
@pytest.mark.long
async def test_what_a_year_takes_is_measured_on_either_database(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    postgres: str = request.getfixturevalue("postgres_url")
    for url in (f"sqlite:///{tmp_path}/huifang.db", postgres):
        found = await measure_year(url, tmp_path, 30)
        assert found.surveys == year_of(30) == 400
        assert found.disk > 400_000
        assert found.backup_disk > 0
        assert 0 < found.each < 1
        assert found.line().startswith("| 30 | 400 | ")
