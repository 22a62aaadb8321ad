"""Outgoing webhooks are sent at least once, in order, and until an endpoint has failed for a day."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.http_client.guarded_post import GuardedPoster
from bot.chat_migrations import Moves
from bot.handlers.common.policy import Policy
from bot.handlers.outgoing import endpoint_commands
from bot.handlers.outgoing.endpoint_commands import EndpointChange, NewEndpoint
from bot.jobs.outgoing.endpoint_desk import EndpointDesk
from bot.jobs.outgoing.hook_sender import HookSender
from bot.process.after_commit import CommitFeed
from bot.process.alarms import Alarms
from bot.receiver import Receiver
from bot.telemetry.instruments import BacklogLevels, Instruments
from scoring.values import replace
from storage.connection.session import Session
from storage.connection.store import Store
from storage.model.outgoing.hook_records import EndpointStatus, HookDelivery, HookDeliveryStatus, HookEndpoint
from storage.outgoing.delivery_claims import HOOK_LEASE, claim_deliveries, settle_delivery
from storage.unit_of_work.writer import Writer
from tests.dialogs.samples import PHRASES
from tests.support.database.migrated import copy_migrated
from tests.support.outgoing.happenings import open_issue
from tests.support.outgoing.hook_receiver import HookReceiver, answer, hook_receiver
from tests.support.time.patience import PATIENCE
from tests.support.web.clockwork import Clockwork
from tests.support.web.survey_pages import LINKS


class Post:
    """A sender with its database and a clock that a test turns; and who receives."""

    def __init__(self, store: Store, receiver: HookReceiver, poster: GuardedPoster) -> None:
        self.store, self.receiver, self.clock = store, receiver, Clockwork()
        feed = CommitFeed()
        self.writer = Writer(store, self.clock.now, on_commit=feed.publish)
        self.decides = Receiver(self.writer, self.clock, Policy({}, {}, PHRASES, links=LINKS), Moves())
        self.alarms, self.counted = Alarms(self.clock), Counter[str]()
        self.desk = EndpointDesk(store, self.writer, self.decides, self.clock, poster)
        self.sender = HookSender(self.desk, self.alarms, lambda kind: self.counted.update([kind.value]))
        feed.subscribe(self.sender.take)
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Let the sender run."""
        self._running = asyncio.ensure_future(self.sender.run())

    async def stop(self) -> None:
        """End the sender as a signal does."""
        if self._running is not None:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running
        self._running = None

    async def add(self, name: str = "CRM", url: str = "") -> HookEndpoint:
        """Add an endpoint, the receiver unless another one is named."""
        wanted = NewEndpoint(name, url or self.receiver.url)
        needs = endpoint_commands.endpoint_needs("")
        return await self.decides.do(needs, lambda context: endpoint_commands.add_endpoint(context, wanted, "test"))

    async def enable(self, endpoint: HookEndpoint) -> None:
        """Enable an endpoint again."""
        change = EndpointChange(enabled=True)
        await self.decides.do(
            endpoint_commands.endpoint_needs(endpoint.id),
            lambda context: endpoint_commands.change_endpoint(context, endpoint.id, change, "test"),
        )
        await self.desk.release_waiting(endpoint.id)

    async def passes(self, time: timedelta) -> None:
        """Turn the clock, and let the sender see it."""
        self.clock.passes(time)
        self.sender.look_again()

    async def becomes(self, endpoint: HookEndpoint, seen: Callable[[list[HookDelivery]], object]) -> list[HookDelivery]:
        """Return the deliveries, the oldest first, once something is so."""
        found: list[HookDelivery] = []

        async def look() -> object:
            found[:] = reversed((await self.desk.reads.deliveries(endpoint.id, None, 100)).items)
            return seen(found)

        await _until(look, lambda: str(found))
        return found


async def _until(look: Callable[[], Awaitable[object]], told: Callable[[], str]) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            while not await look():  # noqa: ASYNC110 (it is a row that changes)
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(told()) from None


def all_delivered(found: list[HookDelivery]) -> bool:
    return bool(found) and {one.state for one in found} == {HookDeliveryStatus.DELIVERED}


def attempts(number: int) -> Callable[[list[HookDelivery]], bool]:
    """Return whether the oldest has been tried so often, and is not being tried at the moment."""
    return lambda found: found[0].attempts == number and found[0].state is HookDeliveryStatus.WAITING


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}"
    found: str = request.getfixturevalue("migrated_postgres")
    return found


@pytest.fixture
async def post(url: str) -> AsyncIterator[Post]:
    poster = GuardedPoster(allow_private=True, within=1.0)
    async with Store.open(url) as store, hook_receiver() as receiver:
        one = Post(store, receiver, poster)
        one.start()
        yield one
        await one.stop()
        await one.writer.stop()
        await poster.close()


async def test_what_happens_is_sent_at_once_and_counted(post: Post) -> None:
    endpoint = await post.add()
    issue = await open_issue(post.decides)
    (one,) = await post.becomes(endpoint, all_delivered)
    assert (one.code, one.attempts, one.subject) == (200, 1, issue)
    assert post.receiver.types() == ["issue.opened"]
    assert post.counted == {"delivered": 1}


async def test_a_failure_is_tried_again_later_and_later(post: Post) -> None:
    endpoint = await post.add()
    post.receiver.usual = answer(500, "later")
    await open_issue(post.decides)
    for number, most in ((1, 1.2), (2, 2.4), (3, 4.8), (4, 9.6)):
        (one,) = await post.becomes(endpoint, attempts(number))
        assert 0 < (one.due_at - post.clock.now()).total_seconds() <= most
        assert (one.code, one.answer, one.why) == (500, "later", "it answered 500")
        await post.passes(timedelta(seconds=most))
    post.receiver.usual = answer(204)
    await post.passes(timedelta(minutes=10))
    await post.becomes(endpoint, all_delivered)
    assert post.counted["failed"] >= 4


async def test_what_an_endpoint_asks_for_holds_for_all_of_its_deliveries(post: Post) -> None:
    endpoint = await post.add()
    post.receiver.answers += [answer(429, Retry_After="300")]
    await open_issue(post.decides)
    (one,) = await post.becomes(endpoint, attempts(1))
    assert one.due_at == post.clock.now() + timedelta(seconds=300)
    await open_issue(post.decides, "水管漏了")
    await post.passes(timedelta(seconds=299))
    await asyncio.sleep(0.2)
    assert len(post.receiver.got) == 1
    await post.passes(timedelta(seconds=1))
    await post.becomes(endpoint, all_delivered)


async def test_one_endpoint_does_not_hold_up_another(post: Post) -> None:
    async with hook_receiver() as other:
        bad = await post.add("bad")
        good = await post.add("good", other.url)
        post.receiver.usual = answer(503)
        for number in range(20):
            await open_issue(post.decides, f"漏水 {number}")
        assert len(await post.becomes(good, lambda found: len(found) == 20 and all_delivered(found))) == 20
        assert not all_delivered(await post.becomes(bad, lambda found: len(found) == 20))
        assert len(post.receiver.got) < 20  # after some failures it gets a pause instead of all that is due


async def test_after_a_day_of_failures_the_endpoint_is_disabled_with_an_alarm_that_says_what_to_do(post: Post) -> None:
    endpoint = await post.add("客服系统")
    post.receiver.usual = answer(500)
    await open_issue(post.decides)
    await post.becomes(endpoint, attempts(1))
    await post.passes(timedelta(hours=23))
    await post.becomes(endpoint, attempts(2))
    assert post.alarms.standing() == []
    await post.passes(timedelta(hours=1, minutes=30))
    await post.becomes(endpoint, attempts(3))
    await _until(_alarmed(post), lambda: "no alarm")
    (alarm,) = post.alarms.standing()
    assert (alarm.name, alarm.about) == ("hook_endpoint", "客服系统")
    assert alarm.text == (
        f"webhook endpoints are sent nothing any more: '客服系统' ({endpoint.id}): for 24 hours issue.opened did not"
        " arrive there: it answered 500. Mend it, then `huifang webhooks enable ENDPOINT`"
    )
    before = len(post.receiver.got)
    await open_issue(post.decides, "水管漏了")
    await post.passes(timedelta(days=2))
    await asyncio.sleep(0.2)
    assert len(post.receiver.got) == before
    post.receiver.usual = answer(200)
    await post.enable(endpoint)
    assert len(await post.becomes(endpoint, all_delivered)) == 2
    await _until(_quiet(post), lambda: "the alarm stands")


async def test_what_is_never_taken_is_given_up_after_a_day_where_others_are_taken_and_they_go_on(post: Post) -> None:
    endpoint, refused = await post.add("CRM"), set[str]()

    async def picks(writer: asyncio.StreamWriter) -> None:
        is_refused = any(one in post.receiver.got[-1].body.decode() for one in refused)
        await answer(500 if is_refused else 200)(writer)

    post.receiver.answers += [answer(500)]
    post.receiver.usual = picks
    refused.add(await open_issue(post.decides))
    await post.becomes(endpoint, attempts(1))
    await post.passes(timedelta(minutes=5))
    await open_issue(post.decides, "水管漏了")
    await post.becomes(endpoint, lambda found: len(found) == 2 and all_delivered(found[1:]))
    await post.passes(timedelta(hours=25))
    poison, _ = await post.becomes(endpoint, lambda found: found[0].state is HookDeliveryStatus.FAILED)
    assert poison.why == "for 24 hours it was not taken, while others were: it answered 500"
    await _until(_alarmed(post), lambda: "no alarm")
    (alarm,) = post.alarms.standing()
    assert (alarm.name, alarm.about) == ("hook_delivery", "CRM")
    assert alarm.text == (
        f"1 webhooks are given up, while others arrive: issue.opened {poison.number} to 'CRM': {poison.why}."
        " Replay or drop it: `huifang webhooks`"
    )
    kept = await post.desk.reads.endpoint(endpoint.id)
    assert kept is not None
    assert (kept.state, kept.why) == (EndpointStatus.ACTIVE, "")
    await open_issue(post.decides, "门锁坏了")
    await post.becomes(endpoint, lambda found: len(found) == 3 and all_delivered(found[1:]))
    tried = len(post.receiver.got)
    await post.passes(timedelta(days=3))
    await asyncio.sleep(0.2)
    assert len(post.receiver.got) == tried, "what is given up is sent no more"
    refused.clear()
    await post.desk.replay(endpoint.id, poison.number, "test")
    await post.becomes(endpoint, all_delivered)
    await _until(_quiet(post), lambda: "the alarm stands")


async def test_what_is_given_up_holds_up_nothing_of_its_subject_and_can_be_dropped(post: Post) -> None:
    endpoint = await post.add()
    post.receiver.usual = answer(500)
    await open_issue(post.decides)
    (one,) = await post.becomes(endpoint, attempts(1))
    failed = replace(one, state=HookDeliveryStatus.FAILED, attempts=one.attempts + 1)

    async def give_up(session: Session, _now: datetime) -> bool:
        await claim_deliveries(session, one.due_at, endpoint.id, 1)
        return await settle_delivery(session, failed)

    assert await post.writer.perform(give_up)
    assert await post.desk.reads.next_due(endpoint.id) is None
    assert [found.number for found in (await post.desk.reads.standing())[1]] == [one.number]
    assert isinstance(await post.desk.drop(endpoint.id, one.number, "test"), HookDelivery)
    assert (await post.desk.reads.standing())[1] == []


def _alarmed(post: Post) -> Callable[[], Awaitable[object]]:
    async def look() -> object:
        return post.alarms.standing()

    return look


def _quiet(post: Post) -> Callable[[], Awaitable[object]]:
    async def look() -> object:
        return not post.alarms.standing()

    return look


async def test_an_endpoint_that_is_gone_is_disabled_at_once(post: Post) -> None:
    endpoint = await post.add()
    post.receiver.usual = answer(410)
    await open_issue(post.decides)
    await post.becomes(endpoint, attempts(1))
    await _until(_alarmed(post), lambda: "no alarm")
    found = await post.desk.reads.endpoint(endpoint.id)
    assert found is not None
    assert (found.state, found.why) == (EndpointStatus.DISABLED, "it answered 410 Gone")
    assert post.counted == {"refused": 1}


async def test_what_was_cut_off_is_sent_again_when_its_lease_ends(post: Post) -> None:
    endpoint = await post.add()

    async def never(_writer: Any) -> None:  # noqa: ANN401 (a stream)
        await asyncio.sleep(60)

    post.receiver.answers += [never]
    await open_issue(post.decides)
    await post.receiver.until(lambda: post.receiver.got)
    await post.stop()  # in the midst of it
    (one,) = await post.becomes(endpoint, lambda found: found[0].state is HookDeliveryStatus.SENDING)
    assert one.attempts == 1
    post.start()
    await post.passes(HOOK_LEASE)
    (one,) = await post.becomes(endpoint, all_delivered)
    assert one.attempts == 2
    first, second = post.receiver.got
    assert (first.event, first.body) == (second.event, second.body)


async def test_removing_an_endpoint_waits_for_what_is_under_way(post: Post) -> None:
    endpoint, may_end = await post.add(), asyncio.Event()

    async def waits(writer: Any) -> None:  # noqa: ANN401 (a stream)
        await may_end.wait()
        await answer(200)(writer)

    post.receiver.answers += [waits]
    await open_issue(post.decides)
    await post.receiver.until(lambda: post.receiver.got)
    removing = asyncio.ensure_future(post.desk.remove(endpoint.id, "test"))
    await asyncio.sleep(0.2)
    assert not removing.done()
    may_end.set()
    removed = await removing
    assert isinstance(removed, HookEndpoint)
    assert removed.state is EndpointStatus.REMOVED
    await open_issue(post.decides, "水管漏了")
    await asyncio.sleep(0.2)
    assert len(post.receiver.got) == 1


async def test_signatures_are_of_the_moment_and_by_both_secrets_while_one_is_being_changed(post: Post) -> None:
    endpoint, key = await post.add(), LINKS.key
    old = endpoint_commands.secret_numbered(key, endpoint.id, 1)
    new = endpoint_commands.secret_numbered(key, endpoint.id, 2)
    rotated = replace(endpoint, secret_number=2, overlap_until=post.clock.now() + timedelta(hours=24))
    now = post.clock.now()
    assert list(endpoint_commands.secrets_at(key, endpoint, now)) == [old]
    assert list(endpoint_commands.secrets_at(key, rotated, now)) == [new, old]
    assert list(endpoint_commands.secrets_at(key, rotated, now + timedelta(hours=24))) == [new]


async def test_attempts_are_counted_for_prometheus_by_what_they_met_and_nothing_else(post: Post) -> None:
    instruments = Instruments()
    sender = HookSender(post.desk, post.alarms, instruments.hook_attempted)
    await post.stop()
    endpoint = await post.add("客服系统")
    post.receiver.answers += [answer(500), answer(302), answer(404)]
    await open_issue(post.decides)
    running = asyncio.ensure_future(sender.run())
    for number in (1, 2, 3):
        await post.becomes(endpoint, attempts(number))
        post.clock.passes(timedelta(minutes=30))
        sender.look_again()
    await post.becomes(endpoint, all_delivered)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    text = instruments.exposition(BacklogLevels((), None), [], post.clock.now()).decode()
    counted = sorted(line for line in text.splitlines() if line.startswith("huifang_webhook_sends_total{"))
    assert counted == [
        'huifang_webhook_sends_total{outcome="delivered"} 1.0',
        'huifang_webhook_sends_total{outcome="failed"} 1.0',
        'huifang_webhook_sends_total{outcome="redirected"} 1.0',
        'huifang_webhook_sends_total{outcome="refused"} 1.0',
    ]
    assert endpoint.id not in text
    assert "客服系统" not in text


async def test_what_is_played_is_told_to_nobody_and_what_waits_is_not_sent(post: Post) -> None:
    endpoint = await post.add()
    await post.stop()
    first = await open_issue(post.decides, "等着")
    in_earnest = post.decides.policy
    post.decides.adopt(replace(in_earnest, is_played=True))
    await open_issue(post.decides, "只是演练")
    post.start()
    await asyncio.sleep(0.3)
    await post.stop()
    assert post.receiver.got == []
    post.decides.adopt(in_earnest)
    post.start()
    (told,) = await post.becomes(endpoint, all_delivered)
    assert told.subject == first
