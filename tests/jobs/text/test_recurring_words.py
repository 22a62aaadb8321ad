"""What customers write and what recurs: one warning for each time, whatever stops, starts or runs twice."""

import asyncio
from datetime import timedelta

from bot.handlers.common.context import DecisionContext
from bot.jobs.sample.sample_database import CompanySize
from bot.jobs.team_warnings.recurrences import RecurrenceJob
from bot.process.alarms import Alarms
from dialogs.messages import Address
from dialogs.time.doubt import Doubt
from scoring.validity import ExclusionReason
from scoring.values import replace
from storage.model.records import Purpose
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.support.database.worded import comment_reader, worded_visit, wrote
from tests.support.web.service import Service

LOW = {"response_speed": 1, "attitude": 4}
WEEK = timedelta(days=7)


def job(service: Service) -> RecurrenceJob:
    """Return the job of a process; the team has a chat."""
    receiver, clock = service.house.web.receiver, service.house.clock
    receiver.adopt(replace(receiver.policy, team=(Address("sandbox", "team"),)))
    return RecurrenceJob(receiver, service.house.web.reader, clock, Alarms(clock))


async def waited(service: Service, *numbers: int, words: str = "等待时间太长") -> None:
    await wrote(service, *(worded_visit(f"{number}", service.now, LOW, words) for number in numbers))
    await comment_reader(service).look()


async def told(service: Service) -> list[str]:
    alerts = await service.messages(Purpose.ALERT)
    return [one.prompt.text for one in alerts if "写到" in one.prompt.text or "抱怨" in one.prompt.text]


async def test_two_processes_and_a_restart_tell_it_once(service: Service) -> None:
    await waited(service, 1, 2, 3)
    await asyncio.gather(job(service).look(), job(service).look())
    await job(service).look()
    assert len(await told(service)) == 1


async def test_nothing_is_told_while_the_sample_company_is_loaded(service: Service) -> None:
    sample = service.house.web.sample
    assert sample is not None
    await sample.load(CompanySize(customers=20, months=2), timedelta(minutes=5))
    await waited(service, 1, 2, 3)
    await job(service).look()
    assert await service.messages(Purpose.ALERT) == []
    assert await sample.remove()
    await job(service).look()
    assert len(await told(service)) == 1


async def test_it_is_told_again_only_after_it_had_ceased(service: Service) -> None:
    await waited(service, 1, 2, 3)
    await job(service).look()
    await service.passes(timedelta(days=3))
    await waited(service, 4, 5, 6)
    await job(service).look()
    assert len(await told(service)) == 1, "it has not ceased"
    await service.passes(WEEK + timedelta(days=1))
    await job(service).look()
    await waited(service, 7, 8)
    await job(service).look()
    assert len(await told(service)) == 1, "two are not enough"
    await waited(service, 9)
    await job(service).look()
    assert len(await told(service)) == 2


async def test_what_was_written_over_more_than_the_time_is_no_recurrence(service: Service) -> None:
    for number in range(4):
        await waited(service, number)
        await job(service).look()
        await service.passes(timedelta(days=4))
    assert await told(service) == []


async def test_what_does_not_count_and_what_praises_does_not_recur(service: Service) -> None:
    await waited(service, 1, 2, 3)
    receiver = service.house.web.receiver

    def excludes(context: DecisionContext) -> Decision[None]:
        interview = context.snapshot.interview("int_1")
        assert interview is not None
        return Decision(Changes((replace(interview, exclusion=ExclusionReason.MALICIOUS),)), None)

    await receiver.do(Needs(interviews=frozenset({"int_1"})), excludes)
    await waited(service, 4, 5, 6, words="师傅很耐心")
    await comment_reader(service).look()
    await job(service).look()
    assert await told(service) == []


async def test_nothing_is_told_while_the_time_is_in_doubt(service: Service) -> None:
    await waited(service, 1, 2, 3)
    service.house.clock.unsure = Doubt(service.now, service.now + WEEK)
    await job(service).look()
    assert await told(service) == []
    service.house.clock.unsure = None
    await job(service).look()
    assert len(await told(service)) == 1


async def test_it_opens_one_finding_of_the_department_with_those_who_wrote_it(service: Service) -> None:
    await waited(service, 1, 2, 3)
    await asyncio.gather(job(service).look(), job(service).look())
    (found,) = (await service.api.get("/api/v1/findings")).json()["items"]
    assert (found["kind"], found["status"], found["department"]) == ("recurrence", "open", "north")
    assert "等待时间太长" in found["text"]
    told = (await service.api.get(f"/api/v1/findings/{found['id']}")).json()
    assert [(one["customer"], one["said"]) for one in told["voices"]] == [
        (f"c-{number}", "等待时间太长") for number in (1, 2, 3)
    ]
    await service.passes(WEEK + timedelta(days=1))
    await job(service).look()
    await waited(service, 4, 5, 6)
    await job(service).look()
    assert len((await service.api.get("/api/v1/findings")).json()["items"]) == 2, "it came again"


async def test_an_owners_own_number_holds_from_the_next_look_on(service: Service) -> None:
    await waited(service, 1, 2, 3)
    await service.rules("[recurring]\ncustomers = 4\n")
    await job(service).look()
    assert await told(service) == []
    await service.rules('[recurring]\ncustomers = 2\nwithin = "1d"\n')
    await job(service).look()
    assert ["1天" in text for text in await told(service)] == [True]


async def test_a_sentence_of_somebodys_own_is_kept_by_its_dimension_alone(service: Service) -> None:
    await waited(service, 1, words="希望下次能早一点把师傅派到我们这个很远很远的郊区小区里面来")
    table = (await service.api.get("/api/v1/text/phrases", params={"period": "2026-11"})).json()
    assert table["cuts"][0]["withheld"] == 0 or all(len(one["phrase"]) <= 14 for one in table["cuts"][0]["phrases"])
