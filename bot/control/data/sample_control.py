"""Commands on the sample company: load some of it, say how far it is, take it out."""

from collections.abc import Mapping
from typing import Any

from bot.control.execute import CommandHandler
from bot.control.protocol import CommandProblem
from bot.jobs.sample.sample_database import CompanySize, SampleDatabase, SampleRefused, SampleStanding
from bot.wiring.services import Services

__all__ = ["SAMPLE_COMMANDS"]

Json = dict[str, Any]
_SIZES = ("seed", "customers", "months")


async def _load(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Load the sample company for some seconds; return how far it is. Raises CommandProblem."""
    given = {name: arguments[name] for name in _SIZES if name in arguments}
    if not all(isinstance(value, int) for value in given.values()):
        raise CommandProblem(f"{', '.join(_SIZES)} must be whole numbers")
    try:
        told = await _database(services).load(CompanySize(**given))
    except SampleRefused as why:
        raise CommandProblem(str(why)) from None
    return _told(told)


async def _show(services: Services, _arguments: Mapping[str, Any]) -> Json:
    """Return how far the sample company is loaded, and an empty month where there is none."""
    told = await _database(services).standing()
    return _told(SampleStanding("", 0, 0, is_whole=False) if told is None else told)


def _told(standing: SampleStanding) -> Json:
    return {"month": standing.month, "done": standing.done, "of": standing.of, "whole": standing.is_whole}


async def _remove(services: Services, _arguments: Mapping[str, Any]) -> Json:
    return {"removed": await _database(services).remove()}


def _database(services: Services) -> SampleDatabase:
    return SampleDatabase(services.store, services.writer, services.reader, services.receiver, services.clock)


SAMPLE_COMMANDS: Mapping[str, CommandHandler] = {"sample load": _load, "sample show": _show, "sample remove": _remove}
