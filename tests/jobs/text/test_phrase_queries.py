"""What is looked up of a new phrase for a chat: examples, masked, and what else is spoken of by those who use it."""

from functools import partial

from bot.jobs.text.phrase_queries import PhraseQueries
from dialogs.improvement.phrase_cards import PhraseStep, PhraseView
from dialogs.messages import Address, Inbound, Person, Tap, Verb
from scoring.values import replace
from storage.text.proposals import replace_proposals
from storage.unit_of_work.writer import Writer
from tests.support.database.worded import comment_reader, worded_visit, wrote
from tests.support.web.service import Service

TEAM = Address("sandbox", "team")


async def looked_up(service: Service, phrase: str) -> tuple[PhraseView, ...] | None:
    """Return what a press on a phrase looks up."""
    web, clock = service.house.web, service.house.clock
    policy = replace(web.receiver.policy, team=(TEAM,))
    tap = Tap(Verb.PHRASE, phrase, PhraseStep.OPEN)
    inbound = Inbound("n1", TEAM, Person("u1", "陈工"), service.now, tap, message="m1", callback="n1")
    return await PhraseQueries(web.reader, clock).look_up(inbound, policy)


async def test_the_dimensions_of_those_who_use_it_come_first_and_examples_are_masked(service: Service) -> None:
    texts = ["让我三进三出，我是王女士，打 13812345678", "又要三进三出", "很好"]
    low, high = {"attitude": 1, "convenience": 5}, {"attitude": 5, "convenience": 5}
    visits = [
        worded_visit(f"{n}", service.now, low if n < 2 else high, text, name="王女士") for n, text in enumerate(texts)
    ]
    await wrote(service, *visits)
    await comment_reader(service).look()
    writer = Writer(service.house.store, service.house.clock.now)
    await writer.perform(partial(replace_proposals, [("三进三出", 2)]))
    (view,) = await looked_up(service, "三进三出") or ()
    assert view.people == 2
    assert view.dimensions[0][0] == "attitude"
    assert set(view.examples) == {"让我三进三出，我是***，打 ***", "又要三进三出"}
    assert await looked_up(service, "没有这句") == ()
