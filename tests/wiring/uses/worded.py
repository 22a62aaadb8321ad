"""Uses of the database for the words of customers and what follows from them, for the places that are made to fail."""

import itertools
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.jobs.team_warnings.recurrences import RecurrenceJob
from bot.jobs.text.comment_reader import CommentReadingJob
from bot.jobs.text.phrase_search import PhraseMiningJob
from bot.jobs.text.sentence_reader import SentenceReadingJob
from bot.process.alarms import Alarms
from bot.wiring.services import Services
from storage.text.waiting_sentences import noted_waiting
from tests.jobs.imports.import_uses import IMPORT_USES
from tests.support.web.clockwork import Clockwork
from tests.text.small_encoder import plain_file
from tests.wiring.uses.improved import FINDING_USES

__all__ = ["TEXT_USES"]

_numbers = itertools.count(1)
_WORDS = "slow in every way"


def _inside(services: Services) -> tuple[Any, ...]:
    clock = Clockwork()
    clock.passes(timedelta(days=next(_numbers)))
    return services.store, services.writer, services.receiver, services.reader, clock, Alarms(clock)


async def _read_a_comment(desk: Any) -> object:  # noqa: ANN401 (the desk of the uses)
    """Enter a response with a comment, and have it read."""
    person = f"c-wrote-{next(_numbers)}"
    closed = {"status": "closed", "customer": {"id": person}}
    said = {"customer": person, "source": "paper", "by": "y", "answers": {"attitude": {"value": 1}}, "comment": _WORDS}
    entered = await desk.call("PUT", f"tickets/desk/{person}", closed)
    if entered.is_success:
        entered = await desk.call("POST", "responses", said)
    if entered.is_success:
        await CommentReadingJob(*_inside(desk.container.services)).look()
    return entered


async def _ask_the_encoder(desk: Any) -> object:  # noqa: ANN401 (as above)
    """Have what waits read by a small encoder of the owner."""
    text = desk.container.settings.files.directory / "text"
    text.mkdir(exist_ok=True)
    (text / "encoder.bin").write_bytes(plain_file(good=9.0))
    await SentenceReadingJob(*_inside(desk.container.services)).look()
    return await noted_waiting(desk.container.services.store)


async def _map_a_phrase(desk: Any) -> object:  # noqa: ANN401 (as above)
    said = {"phrase": f"word number {next(_numbers)}", "dimension": "fee"}
    return await desk.command("text map", **said)


TEXT_USES: Mapping[str, Callable[[Any], Awaitable[object]]] = {
    **FINDING_USES,
    **IMPORT_USES,
    "read a comment": _read_a_comment,
    "ask the encoder": _ask_the_encoder,
    "what recurs": lambda desk: RecurrenceJob(*_inside(desk.container.services)[2:]).look(),
    "look for phrases": lambda desk: PhraseMiningJob(*_inside(desk.container.services)).look(),
    "the phrases of a period": lambda desk: desk.call("GET", "text/phrases"),
    "what was written": lambda desk: desk.container.services.reader.texts.words(["int_none"]),
    "proposed phrases": lambda desk: desk.call("GET", "text/proposals"),
    "map a phrase": _map_a_phrase,
    "the mapped phrases": lambda desk: desk.container.services.phrases.look(),
}
"""What each of them is called, and does with a process."""
