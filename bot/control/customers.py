"""Commands on a customer's data: give all of it, forget the person."""

from collections.abc import Mapping
from typing import Any

from bot.control.arguments import done, word
from bot.control.talk import Problem
from bot.jobs import data_requests
from bot.wiring.services import Services
from storage.model.registers import Request

__all__ = ["export_customer", "forget_customer"]


async def export_customer(desk: Services, arguments: Mapping[str, Any]) -> str:
    """Return everything held about a person, as readable JSON."""
    try:
        held = await data_requests.export(desk.reader, word(arguments, "customer"), desk.clock.now())
    except LookupError as unknown:
        raise Problem(str(unknown)) from None
    return held.decode()


async def forget_customer(desk: Services, arguments: Mapping[str, Any]) -> str:
    """Forget a person; gives the id under which the register of requests has it."""
    return done(Request, await data_requests.forget(desk, word(arguments, "customer"), "command line")).id
