"""The sample company in a database of its own, as large as is wanted."""

import time
from datetime import timedelta

from bot.jobs.sample.sample_database import CompanySize, SampleDatabase
from bot.wiring.services import Services, open_services
from config.settings.loading import load_settings
from config.settings.settings import Settings

__all__ = ["CUSTOMERS", "company_in", "fill_company", "settings_for"]

CUSTOMERS = 97_000
"""So many customers give a million answers in 13 months."""
_A_STEP = timedelta(seconds=30)


def settings_for(url: str) -> Settings:
    """Return the settings of a database, all others as they are without a file."""
    return load_settings({"HUIFANG_DATABASE__URL": url})


def company_in(services: Services) -> SampleDatabase:
    """Return what loads the sample company."""
    return SampleDatabase(services.store, services.writer, services.reader, services.receiver, services.clock)


async def fill_company(url: str, customers: int) -> str:
    """Load the sample company, or go on where that broke off; return its last month, such as 2026-10.

    Print how far it is and how long it took; one that is there already, as a run before left it, is taken as it is.
    """
    begun = time.monotonic()
    async with open_services(settings_for(url)) as services:
        company, shown = company_in(services), 0
        there = await company.standing()
        if there is not None and there.is_whole:
            return there.month
        while not (told := await company.load(CompanySize(customers=customers), _A_STEP)).is_whole:
            if told.done * 20 // told.of > shown:
                shown = told.done * 20 // told.of
                print(f"{told.done:,} of {told.of:,} portions, {time.monotonic() - begun:.0f} s", flush=True)
    print(f"the sample company of {customers:,} customers: {time.monotonic() - begun:.0f} s", flush=True)
    return told.month
