"""What happens and what is told of it are saved together, or neither is."""

import pytest

from scoring.values import replace
from storage.connection.store import Store
from storage.model.errors import DecisionFailed, WriteConflict
from storage.model.outgoing.hook_records import EndpointStatus, HookEndpoint, HookEventType
from storage.model.records import Customer
from storage.outgoing.delivery_claims import claim_deliveries
from storage.reads.outgoing.hook_reads import HookReads
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.jobs import Job
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Writer
from tests.storage.sample_hooks import told
from tests.storage.samples import NOW, save

CRM = HookEndpoint("hook_crm", "CRM", "https://crm.example.com/", NOW)


async def events(store: Store, endpoint: str = CRM.id) -> list[str]:
    """Return what is to be sent to an endpoint, the oldest first."""
    page = await HookReads(store).deliveries(endpoint, None, 100)
    return [one.event for one in reversed(page.items)]


async def test_what_could_not_be_saved_is_not_told(store: Store, writer: Writer) -> None:
    await save(writer, CRM, Customer("c-mei"))
    with pytest.raises(WriteConflict):
        await save(writer, Customer("c-mei"), told(NOW))
    assert await events(store) == []
    await save(writer, Customer("c-li"), told(NOW))
    assert await events(store) == ["evt_1"]


async def test_a_decision_that_raises_tells_nothing_and_the_others_of_its_batch_do(
    store: Store, writer: Writer
) -> None:
    await save(writer, CRM)

    def raises(_rows: Snapshot, _now: object) -> Decision[None]:
        raise KeyError("a mistake of ours")

    def tells(_rows: Snapshot, _now: object) -> Decision[None]:
        return Decision(Changes((told(NOW),)), None)

    failing = writer.decide(Job(Needs(), raises))
    with pytest.raises(DecisionFailed):
        await failing
    await writer.decide(Job(Needs(), tells))
    assert await events(store) == ["evt_1"]


async def test_each_endpoint_is_told_what_it_listens_to(store: Store, writer: Writer) -> None:
    answers = replace(CRM, id="hook_answers", events=(HookEventType.RESPONSE_COMPLETED,))
    issues = replace(CRM, id="hook_issues", events=(HookEventType.ISSUE_OPENED, HookEventType.ISSUE_CLOSED))
    await save(writer, CRM, answers, issues)
    opened = replace(told(NOW, 2, "iss_1"), type=HookEventType.ISSUE_OPENED)
    await save(writer, told(NOW, 1), opened)
    assert await events(store) == ["evt_1", "evt_2"]
    assert await events(store, "hook_answers") == ["evt_1"]
    assert await events(store, "hook_issues") == ["evt_2"]


async def test_an_endpoint_is_not_told_what_was_before_it(store: Store, writer: Writer) -> None:
    await save(writer, told(NOW, 1))
    await save(writer, CRM)
    await save(writer, told(NOW, 2))
    assert await events(store) == ["evt_2"]


async def test_an_endpoint_added_by_another_process_is_told_at_once(migrated_postgres: str) -> None:
    async with Store.open(migrated_postgres) as one, Store.open(migrated_postgres) as other:
        first, second = Writer(one, lambda: NOW), Writer(other, lambda: NOW)
        await save(first, told(NOW, 1))
        await save(second, CRM)
        await save(first, told(NOW, 2))
        await save(second, replace(CRM, state=EndpointStatus.REMOVED, version=1))
        await save(first, told(NOW, 3))
        assert await events(one) == ["evt_2"]
        for writer in (first, second):
            await writer.stop()


async def test_many_events_of_one_commit_keep_their_order(store: Store, writer: Writer) -> None:
    await save(writer, CRM)
    await save(writer, *(told(NOW, number) for number in range(30)))
    assert await events(store) == [f"evt_{number}" for number in range(30)]


async def test_a_body_comes_back_to_the_letter(writer: Writer) -> None:
    await save(writer, CRM)
    body = '{"data":"等太久 😡 \\u0000 \\" \\\\"}'
    await save(writer, replace(told(NOW), body=body))
    (claimed,) = await writer.perform(lambda session, now: claim_deliveries(session, now, CRM.id, 9))
    assert claimed.body == body
