"""Which words of customers the digest quotes: different people's, the worst first, with what names somebody masked."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.jobs.digest import DigestJob
from bot.process.alarms import Alarms
from dialogs.messages import Prompt
from dialogs.time.recurrence import read_recurrence_rule
from scoring.values import replace
from storage.model.records import OutboxMessage, Purpose
from storage.privacy.erasure import ErasureTask, erase
from storage.unit_of_work.writer import Writer
from tests.jobs.test_digest import TEAM, WEEKLY
from tests.support.database.worded import comment_reader, worded_visit, wrote
from tests.support.web.fixtures import folder, service
from tests.support.web.service import Service

__all__ = ["folder", "service"]

GOOD, FAIR, BAD = ({"response_speed": value, "attitude": value} for value in (5, 3, 1))


async def digested(service: Service, *comments: tuple[str, dict[str, int], str]) -> OutboxMessage:
    """Store a response of each customer with these words, and return the digest of the week after."""
    receiver, clock = service.house.web.receiver, service.house.clock
    receiver.adopt(replace(receiver.policy, team=(TEAM,)))
    job = DigestJob(receiver, service.house.web.reader, clock, Alarms(clock), WEEKLY, ZoneInfo("Asia/Shanghai"))
    await job.look(WEEKLY)
    visits = [
        worded_visit(number, service.now, ratings, text, name=f"王{number}") for number, ratings, text in comments
    ]
    await wrote(service, *visits)
    await comment_reader(service).look()
    await service.passes(timedelta(days=8))
    await job.look(read_recurrence_rule("weekly mon 09:00"))
    return [one for one in await service.messages(Purpose.ALERT) if one.prompt.file is not None][-1]


def quoted(prompt: Prompt) -> list[str]:
    return [line for line in prompt.text.splitlines() if line.startswith("“")]


async def test_the_worst_the_best_and_the_next_worst_are_quoted(service: Service) -> None:
    message = await digested(
        service,
        ("1", FAIR, "等了两天，打了三次电话"),
        ("2", BAD, "师傅没来，也没人说一声"),
        ("3", GOOD, "师傅很耐心，讲得清楚"),
        ("4", GOOD, "很快就修好了"),
    )
    first, second, third = quoted(message.prompt)
    assert (first, third) == ("“师傅没来，也没人说一声”", "“等了两天，打了三次电话”")
    assert second in ("“师傅很耐心，讲得清楚”", "“很快就修好了”")


async def test_what_names_somebody_is_masked(service: Service) -> None:
    message = await digested(service, ("1", BAD, "我是王1，电话 13800138000，一直没人来"))
    (line,) = quoted(message.prompt)
    assert "13800138000" not in line
    assert "王1" not in line
    assert "一直没人来" in line


async def test_words_cannot_call_anybody(service: Service) -> None:
    message = await digested(service, ("1", BAD, "@all 看 https://evil.example /start"))
    (line,) = quoted(message.prompt)
    assert "@all" not in line
    assert "https://evil.example" not in line


async def test_a_long_comment_is_cut_and_a_letter_is_no_quote(service: Service) -> None:
    message = await digested(service, ("1", BAD, "慢" * 500), ("2", BAD, "差"))
    (line,) = quoted(message.prompt)
    assert len(line) <= 122
    assert line.endswith("…”")


async def test_the_same_words_of_several_are_quoted_once(service: Service) -> None:
    message = await digested(service, *((str(number), BAD, "等太久了") for number in range(4)))
    assert quoted(message.prompt) == ["“等太久了”"]


async def test_without_words_there_is_no_heading_for_them(service: Service) -> None:
    message = await digested(service, ("1", GOOD, "好"))
    assert "客户说" not in message.prompt.text


async def test_whoever_is_erased_is_quoted_no_more(service: Service) -> None:
    message = await digested(service, ("1", BAD, "师傅没来，也没人说一声"))
    store, writer = service.house.store, Writer(service.house.store, service.house.clock.now)
    await erase(store, writer, ErasureTask("c-1", "anonymous-1", b"key", blank=Prompt("（已删除）")))
    kept = await service.house.web.reader.message(message.id)
    assert kept is not None
    assert kept.prompt == Prompt("")
