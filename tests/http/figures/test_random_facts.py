"""Whatever people do, in whatever order, the facts agree with the answers: ratings, closings, exclusions."""

from pathlib import Path

import pytest

from storage.verification.verify import verify_database
from tests.support.web.house import DATABASE
from tests.support.web.random_company import RandomCompany
from tests.support.web.service import open_service


@pytest.mark.parametrize(("steps", "seed"), [(60, 2), pytest.param(250, 3, marks=pytest.mark.proof)])
async def test_the_facts_agree_with_the_answers_whatever_people_do(steps: int, seed: int, folder: Path) -> None:
    async with open_service(folder) as service:
        company = RandomCompany(service, seed)
        await company.begin()
        for _ in range(steps):
            await company.step()
        sums, now = await company.counted(), service.now
    found = await verify_database(f"sqlite:///{folder / DATABASE}", now)
    assert [str(one) for one in found.violations] == [], sums
    assert sums["raw"] >= 10, sums
